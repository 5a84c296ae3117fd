"""Pushing to the Hub, of which `stand_in_hub` is a local stand-in."""

import dataclasses
import hashlib
import json
import shutil
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
import yaml

import ganprofile as gp
from ganprofile.datasets.formats.attributes import write_attributes
from ganprofile.datasets.formats.checksums import ChecksumReport, compare
from ganprofile.images import encode_png, save_png
from ganprofile.publishing.cards import card_of
from ganprofile.reporting.page import Captioned, Page
from ganprofile.reporting.render import render
from tests.conftest import run_command


@pytest.fixture
def drawn(tmp_path):
    """A written set whose record names a folder of this machine."""
    return gp.generate("digits-cgan", per_class=2, score=False, output=tmp_path / "drawn").path


def test_a_dry_run_lists_every_file_and_asks_nobody(stand_in_hub, drawn, in_process):
    (drawn / ".secret").write_text("x")
    (drawn / "model.pkl").write_bytes(b"x")
    (drawn / "other.PKL").write_bytes(b"x")
    (drawn / "host.txt").symlink_to("/etc/hostname")
    code, out, err = in_process("push", drawn, "hf://me/drawn", "--dry-run", "--json")
    plan = json.loads(out)
    stay = {".secret", "model.pkl", "other.PKL", "host.txt"}
    here = {file.name for file in drawn.iterdir()} - stay
    assert code == 0 and set(plan["files"]) == here | {"README.md"} and plan["private"]
    assert plan["files"]["shard-00000.npz"] == (drawn / "shard-00000.npz").stat().st_size
    assert set(plan["left_out"]) == stay
    assert "Handwriting is personal data" in err and "only you may see" in err
    assert stand_in_hub.asked == [] and {file.name for file in drawn.iterdir()} > here
    code, out, _ = in_process("push", drawn, "hf://me/drawn", "--dry-run")
    assert code == 0 and "shard-00000.npz" in out


def test_a_set_comes_back_as_it_was(stand_in_hub, drawn, in_process, tmp_path):
    code, out, err = in_process("push", drawn, "hf://me/drawn")
    assert code == 0 and out.strip() == f"{stand_in_hub.url}/datasets/me/drawn"
    assert "Handwriting is personal data" in err
    repository = stand_in_hub.repos["dataset", "me/drawn"]
    assert repository["private"] is True
    everything = b"".join(stand_in_hub.files("dataset", "me/drawn").values())
    assert str(tmp_path).encode() not in everything and b"/weights/digits-cgan" not in everything
    assert (
        json.loads(stand_in_hub.files("dataset", "me/drawn")["dataset.json"])["made_from"][
            "run_folder"
        ]
        == "digits-cgan"
    )
    back, _ = gp.load("hf:me/drawn")
    assert back.fingerprint == gp.load(drawn)[0].fingerprint
    fetched = next((tmp_path / "home").rglob("dataset.json")).parent
    sums = compare(fetched)
    assert sums == ChecksumReport(sums.files, [], [], [], [], []) and sums.files >= 4


def test_classes_that_are_called_as_paths_keep_their_names(stand_in_hub, digits, tmp_path):
    names = ("/a", "/b/a", "C:\\b", *digits[1].class_names[3:])
    data = dataclasses.replace(digits[1].subset(2), class_names=names)
    data = data.of_classes(names[:4])
    data = dataclasses.replace(data, provenance={"made_from": {"run_folder": "/home/me/runs/x"}})
    data.save(tmp_path / "named")
    gp.push(tmp_path / "named", "hf:me/named")
    back, _ = gp.load("hf:me/named")
    assert back.fingerprint == data.fingerprint and back.class_names == names[:4]
    assert back.provenance["made_from"]["run_folder"] == "x"
    record = json.loads(stand_in_hub.files("dataset", "me/named")["dataset.json"])
    assert record["recipe"][-1] == {"of_classes": {"names": list(names[:4])}}


def test_a_card_is_valid_front_matter(stand_in_hub, drawn):
    gp.push(drawn, "hf:me/drawn", licence="cc-by-4.0")
    card = stand_in_hub.files("dataset", "me/drawn")["README.md"]
    _, front, text = card.decode().split("---\n", 2)
    assert yaml.safe_load(front)["license"] == "cc-by-4.0"
    assert "## Licence\n\nWho pushed it states this licence: cc-by-4.0.\n\nReal images" in text
    assert "license: unknown" in (drawn / "README.md").read_text() and "7 2" in text
    (drawn / "README.md").unlink()
    gp.push(drawn, "hf:me/again", licence="cc-by-4.0")
    assert stand_in_hub.files("dataset", "me/again")["README.md"] == card
    (drawn / "README.md").write_text("---\nlicense: mit\n---\n# My own\n")
    gp.push(drawn, "hf:me/own")
    assert b"# My own" in stand_in_hub.files("dataset", "me/own")["README.md"]
    with pytest.raises(gp.UsageError, match="README.md does not leave the licence open"):
        gp.push(drawn, "hf:me/other", licence="cc0-1.0")
    (drawn / "README.md").write_bytes(b"---\nlicense: unknown\n---\n# Schr\xf6der\n")
    for licence in (None, "mit"):
        with pytest.raises(gp.UsageError, match="README.md is no UTF-8, which the Hub reads. Save"):
            gp.push(drawn, "hf:me/latin", licence=licence)


def test_a_model_draws_the_same_from_the_hub(stand_in_hub, in_process, tmp_path, monkeypatch):
    model = gp.Run.open("digits-cgan")
    gp.push("digits-cgan", "hf:me/gen", public=True)
    files = stand_in_hub.files("model", "me/gen")
    assert set(files) == {
        *("README.md", "config.json", "evaluation.json", "generator.keras", "grid.png")
    }
    front = yaml.safe_load(files["README.md"].decode().split("---\n")[1])
    assert front["library_name"] == "keras" and "gan" in front["tags"]
    assert stand_in_hub.repos["model", "me/gen"]["private"] is False
    again = gp.Run.open("hf:me/gen")
    assert again.fingerprint == model.fingerprint and again.path.name == "gen"
    stand_in_hub.asked.clear()
    options = ["--count", "2", "--offline", "--output", tmp_path / "s"]
    code, out, _ = in_process("sample", "hf:me/gen", *options)
    assert code == 0 and len(out.split()) == 2 and stand_in_hub.asked == []
    plan = gp.generate("hf:me/gen", per_class=2, score=False, output=tmp_path / "x", dry_run=True)
    assert plan["would_draw"]["7"] == 2


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        ({"held_out": True, "images": 60}, "4,940 images of digits, beside 60 that told the best"),
        ({"held_out": False, "images": 60}, "5,000 images of digits\n"),
        (None, "5,000 images of digits\n"),
    ],
)
def test_a_models_card_says_how_many_images_it_was_trained_on(criterion, words):
    config = {**gp.Run.open("digits-cgan").config, "criterion": criterion}
    leaving = SimpleNamespace(kind="model", record=lambda: config)
    assert f"**Trained on**: {words}" in card_of(leaving, SimpleNamespace(repo="me/gen"), None)


def test_a_models_card_shows_names_like_markup_as_they_are():
    config = gp.Run.open("digits-cgan").config
    dataset = {**config["dataset"], "name": "<b>mine", "class_names": ["`", "<i>"]}
    leaving = SimpleNamespace(kind="model", record=lambda: {**config, "dataset": dataset})
    card = card_of(leaving, SimpleNamespace(repo="me/gen"), None)
    assert "images of \\<b>mine" in card and "2 classes, `'` `<i>`, conditioned" in card


def test_a_reader_reads_the_same_from_the_hub(stand_in_hub, digits, tmp_path):
    reader = gp.train_reader("digits", "k-nn", subset=5, output=tmp_path / "r", progress=False)
    (reader.path / "folds.npz").write_bytes(b"images of people's handwriting")
    gp.push(reader.path, "hf:me/reader")
    assert "folds.npz" not in stand_in_hub.files("model", "me/reader")
    card = stand_in_hub.files("model", "me/reader")["README.md"].decode()
    assert "pipeline_tag: image-classification" in card and "It reads " in card
    images = digits[1].images[:20]
    again = gp.Reader.open("hf:me/reader")
    np.testing.assert_array_equal(again.read(images)[0], reader.read(images)[0])


@pytest.fixture(scope="module")
def report_with_pictures():
    """A report as any is rendered, with an image in it."""
    picture = encode_png(np.zeros((8, 8, 1), np.uint8))
    return render(Page("t", "s", (), (), (Captioned("Doubtful", ((picture, "7 read as 1"),)),)))


def test_what_shows_people_stays_with_a_reader(
    stand_in_hub, report_with_pictures, tmp_path, in_process
):
    reader = gp.train_reader("digits", "k-nn", subset=5, output=tmp_path / "r", progress=False)
    (reader.path / "folds.npz").write_bytes(b"images of people's handwriting")
    (reader.path / "report.html").write_text(report_with_pictures)
    (reader.path / "paper").mkdir()
    (reader.path / "paper" / "doubtful.svg").write_text("images, too")
    code, out, err = in_process("push", reader.path, "hf://me/r", "--dry-run", "--json")
    plan = json.loads(out)
    assert code == 0 and set(plan["files"]) == {"README.md", "reader.json", "classifier.skops"}
    assert plan["left_out"] == ["folds.npz", "paper/doubtful.svg", "report.html"]
    assert plan["left_out_of_people"] == ["folds.npz", "report.html"]
    assert "People's images are in folds.npz, report.html: therefore" in " ".join(err.split())
    gp.push(reader.path, "hf:me/r")
    assert set(stand_in_hub.files("model", "me/r")) - {".gitattributes"} == set(plan["files"])


def test_what_shows_people_stays_at_any_depth(report_with_pictures, tmp_path):
    held = ["judged/closest_pairs.png", "judged/synthetic_and_real.png", "r/folds.npz", "s.html"]
    other = ["a/closest_pairs.png", "a/7.html", "judged/evaluation.json", "r/reader.json"]
    for name in (*held, *other, "r/notes.txt"):
        (tmp_path / "all" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "all" / name).write_text("{}")
    (tmp_path / "all" / "s.html").write_text(report_with_pictures)
    plan = gp.push(tmp_path / "all", "hf:me/all", dry_run=True)
    assert set(plan["files"]) == {*other, "README.md"} and plan["left_out_of_people"] == held
    assert plan["left_out"] == sorted([*held, "r/notes.txt"])


def test_paths_are_cut_or_named_at_any_depth(stand_in_hub, drawn, tmp_path):
    inside = tmp_path / "all" / "sets" / "a"
    shutil.copytree(drawn, inside)
    record = json.loads((inside / "dataset.json").read_text())
    record["made_from"]["dataset_recipe"] = [{"load": "/home/people/scans", "split": "train"}]
    record["read"] = {"/home/a/1.png": 1, "/home/b/1.png": 2}
    (inside / "dataset.json").write_text(json.dumps(record))
    written = {
        "sets/table.csv": "file,label\n/home/somebody/1.png,1\n",
        "sets/windows.json": '{"file": "C:\\\\Users\\\\me\\\\1.png"}',
        "sets/notes.txt": "see https://here/home/me and ../home/me, 1/2, /a",
        "theirs/of/config.json": "[1]",
    }
    for name, text in written.items():
        (tmp_path / "all" / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / "all" / name).write_text(text)
    (tmp_path / "all" / "b").mkdir()
    write_attributes(tmp_path / "all" / "b", {"file": np.array(["/mnt/scans/1.png"])})
    plan = gp.push(tmp_path / "all", "hf:me/all", dry_run=True)
    assert plan["paths_cut"] == ["sets/a/dataset.json"]
    left = ["b/attributes.npz", "sets/a/dataset.json", "sets/table.csv", "sets/windows.json"]
    assert plan["paths_left"] == left
    gp.push(tmp_path / "all", "hf:me/all")
    files = stand_in_hub.files("dataset", "me/all")
    left = json.loads(files["sets/a/dataset.json"])
    assert left["made_from"]["dataset_recipe"][0]["load"] == "scans"
    assert left["read"] == record["read"], "what would become one stays apart"
    digest = hashlib.sha256(files["sets/a/dataset.json"]).hexdigest()
    assert f"{digest}  dataset.json" in files["sets/a/SHA256SUMS"].decode()


def test_names_of_writers_are_said(tmp_path, capsys):
    (tmp_path / "mine" / "train").mkdir(parents=True)
    columns = {"writer_name": np.array(["Anna_M", "Bo", ""]), "age": np.array([1, 2, 3])}
    write_attributes(tmp_path / "mine" / "train", columns)
    (tmp_path / "mine" / "report.json").write_text('{"alike": "train Anna_M/0.png"}')
    (tmp_path / "mine" / "notes.txt").write_text("Bo, Annabel_M")
    plan = gp.push(tmp_path / "mine", "hf:me/mine", dry_run=True)
    assert plan["writers_named_in"] == ["report.json", "train/attributes.npz"]
    said = " ".join(capsys.readouterr().err.split())
    assert "2 writers (Anna_M, Bo) can be known by name from: report.json, train/attr" in said


def test_names_in_a_collection_and_a_profile_are_said_and_its_pictures_stay(tmp_path):
    (tmp_path / "mine" / "28").mkdir(parents=True)
    (tmp_path / "mine" / "p").mkdir()
    (tmp_path / "mine" / "other").mkdir()
    write_attributes(tmp_path / "mine" / "28", {"name": np.array(["Ann Lee", "Bo"])})
    write_attributes(tmp_path / "mine" / "other", {"name": np.array(["one.png", "two.png"])})
    info = {"provenance": {"origin": ["sheets"]}}
    (tmp_path / "mine" / "28" / "dataset.json").write_text(json.dumps(info))
    profile = {
        "profile.json": "{}",
        "writers.csv": "writer,images,name\n0,3,Cy Dee\n",
        "profile.md": "Cy Dee writes",
        "hands.png": "",
    }
    for name, text in profile.items():
        (tmp_path / "mine" / "p" / name).write_text(text)
    plan = gp.push(tmp_path / "mine", "hf:me/mine", dry_run=True)
    assert plan["writers_named_in"] == ["28/attributes.npz", "p/profile.md", "p/writers.csv"]
    assert plan["left_out_of_people"] == ["p/hands.png"]


def test_a_folder_of_scans_goes_whole_and_comes_back(stand_in_hub, tmp_path):
    for name in "ab":
        (tmp_path / "scans" / name).mkdir(parents=True)
        for k in range(3):
            picture = np.random.default_rng([ord(name), k]).integers(0, 255, (28, 28, 1))
            save_png(tmp_path / "scans" / name / f"{k}.png", picture.astype(np.uint8))
    (tmp_path / "scans" / "notes.txt").write_text(f"from {tmp_path}/scanner\n")
    plan = gp.push(tmp_path / "scans", "hf:me/scans", dry_run=True)
    assert plan["kind"] == "dataset" and plan["paths_left"] == ["notes.txt"]
    (tmp_path / "scans" / "notes.txt").unlink()
    gp.push(tmp_path / "scans", "hf:me/scans")
    back, _ = gp.load("hf:me/scans", invert="no")
    assert back.fingerprint == gp.load(tmp_path / "scans", invert="no")[0].fingerprint


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dataset.json", '{"labels": [["00000/img0.png", 7]]}'),
        ("config.json", '{"scanner": "x"}'),
    ],
)
def test_files_of_others_that_are_called_as_ours_make_no_set_or_run(tmp_path, name, content):
    for folder in ("0", "1"):
        (tmp_path / "scans" / folder).mkdir(parents=True)
        save_png(tmp_path / "scans" / folder / "a.png", np.zeros((28, 28, 1), np.uint8))
    (tmp_path / "scans" / name).write_text(content)
    plan = gp.push(tmp_path / "scans", "hf:me/scans", dry_run=True)
    assert plan["kind"] == "dataset" and {"0/a.png", "README.md"} <= {*plan["files"]}


def test_arrays_of_hdf5_go_and_come_back_and_networks_stay(stand_in_hub, digits, tmp_path):
    few = digits[1].subset(3)
    (tmp_path / "h5").mkdir()
    for name, attribute in (("train.h5", "made_by"), ("old.h5", "model_config")):
        with h5py.File(tmp_path / "h5" / name, "w") as file:
            file.update({"images": few.images, "labels": few.labels})
            file.attrs[attribute] = "{}"
    (tmp_path / "h5" / "new.weights.h5").write_bytes((tmp_path / "h5" / "train.h5").read_bytes())
    (tmp_path / "h5" / "broken.h5").write_bytes(b"nothing")
    plan = gp.push(tmp_path / "h5", "hf:me/h5", dry_run=True)
    assert set(plan["files"]) == {"train.h5", "README.md"}
    gp.push(tmp_path / "h5", "hf:me/h5")
    assert np.array_equal(gp.load("hf:me/h5")[0].images, few.images)
    (tmp_path / "h5" / "train.h5").unlink()
    with pytest.raises(gp.UsageError, match="no file that could leave.*stay here: broken.h5, new"):
        gp.push(tmp_path / "h5", "hf:me/h5")


def test_what_is_there_is_neither_opened_nor_replaced(stand_in_hub, drawn):
    gp.push(drawn, "hf:me/drawn")
    with pytest.raises(gp.UsageError, match="files on 127.0.0.1:.* already. Use another name, or"):
        gp.push(drawn, "hf:me/drawn")
    with pytest.raises(gp.UsageError, match="is there on 127.0.0.1:.* and private. Open it on"):
        gp.push(drawn, "hf:me/drawn", public=True)
    stand_in_hub.put("dataset", "me/open", {"old.png": b"x", ".gitattributes": b""})
    with pytest.raises(gp.UsageError, match=r"and public. Say `public`, or use another name"):
        gp.push(drawn, "hf:me/open", force=True)
    gp.push(drawn, "hf:me/open", public=True, force=True)
    files = stand_in_hub.files("dataset", "me/open")
    assert "old.png" not in files and ".gitattributes" in files and "shard-00000.npz" in files


@pytest.mark.parametrize(
    "record", ["benchmark.json", "study.json", "evaluation.json", "profile.json"]
)
def test_results_hold_nothing_that_the_hub_takes(tmp_path, record):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / record).write_text("{}")
    with pytest.raises(gp.UsageError, match=rf"results \({record}\) .*ganprofile report "):
        gp.push(tmp_path, "hf:me/mine", dry_run=True)


def test_exported_models_and_folders_of_readers_are_no_data(tmp_path):
    (tmp_path / "exported").mkdir()
    (tmp_path / "exported" / "mine.onnx").write_bytes(b"")
    with pytest.raises(gp.UsageError, match="mine.onnx is an exported model. Give the run"):
        gp.push(tmp_path / "exported" / "mine.onnx", "hf:me/mine", dry_run=True)
    with pytest.raises(gp.UsageError, match="holds an exported model, mine.onnx, of which no"):
        gp.push(tmp_path / "exported", "hf:me/mine", dry_run=True)
    (tmp_path / "readers" / "first").mkdir(parents=True)
    (tmp_path / "readers" / "first" / "reader.json").write_text("{}")
    with pytest.raises(gp.UsageError, match=r"a folder of readers. Name one: .*readers/first"):
        gp.push(tmp_path / "readers", "hf:me/mine", dry_run=True)


def test_what_cannot_be_meant_is_refused_before_anybody_is_asked(stand_in_hub, drawn, tmp_path):
    with pytest.raises(gp.UsageError, match="`offline=True` forbids that anything leaves"):
        gp.push(drawn, "hf:me/drawn", offline=True)
    with pytest.raises(gp.UsageError, match="There is no folder .*none. Name a set"):
        gp.push(tmp_path / "none", "hf:me/drawn")
    with pytest.raises(gp.UsageError, match="is a set that ganprofile wrote, no model"):
        gp.push(drawn, "hf:models/me/drawn")
    with pytest.raises(gp.UsageError, match="Push to all of a repository, hf:me/drawn"):
        gp.push(drawn, "hf:me/drawn/part")
    run = gp.Run.create(tmp_path, gp.train("digits", "cgan", dry_run=True))
    with pytest.raises(gp.UsageError, match="draws nothing yet. Finish it"):
        gp.push(run.path, "hf:me/run")
    assert stand_in_hub.asked == []


@pytest.mark.slow
def test_the_commands_find_the_endpoint_and_augment_from_the_hub(stand_in_hub, digits, tmp_path):
    few = digits[0].subset(per_class=12).save(tmp_path / "few", "imagefolder")
    done = run_command("push", few, "hf://me/few", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shutil.rmtree(few)
    done = run_command(
        "augment", "hf:me/few", "--per-class", "20", "--dry-run", "--json", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["output"].endswith("augmented/hf-me-few")


def test_a_licence_that_is_stated_is_not_said_to_be_unknown(stand_in_hub, digits, tmp_path):
    unknown = dataclasses.replace(digits[0].subset(1), provenance={}, recipe=None)
    unknown.save(tmp_path / "mine")
    assert "is not known to ganprofile" in (tmp_path / "mine" / "README.md").read_text()
    gp.push(tmp_path / "mine", "hf:me/mine", licence="mit")
    card = stand_in_hub.files("dataset", "me/mine")["README.md"].decode()
    assert "Who pushed it states this licence: mit.\n\nHandwriting is personal" in card
    assert "is not known to" not in card


@pytest.mark.parametrize("licence", ["", "bogus\nfoo: bar", "CC BY 4.0"])
def test_what_is_no_licence_stays_out_of_the_card(drawn, licence):
    with pytest.raises(gp.UsageError, match="`licence` should be a licence as the Hub spells it"):
        gp.push(drawn, "hf:me/drawn", licence=licence, dry_run=True)
