"""`datasets import`: inspected, named, kept, loaded again."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets import imported
from ganprofile.datasets.imports import imported_names
from ganprofile.datasets.loaders import stored_set
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.images import read_png
from tests.conftest import run_command
from tests.forked import run_forked


@pytest.fixture
def user_data(tmp_path, monkeypatch):
    """An empty user data folder."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "datasets"


@pytest.fixture
def scans(tmp_path):
    """Two parts of dark characters on light paper, with everything that goes wrong in them."""
    root = tmp_path / "scans"
    random = np.random.default_rng(0)
    for part, count in (("train", 6), ("test", 2)):
        for name in "ab":
            folder = root / part / name
            folder.mkdir(parents=True)
            for k in range(count):
                pixels = np.full((20, 20), 255, np.uint8)
                pixels[4:16, 4:16] = random.integers(0, 100, (12, 12))
                Image.fromarray(pixels).save(folder / f"{k}.png")
    train = root / "train"
    shutil.copy(train / "a" / "0.png", train / "a" / "again.png")
    shutil.copy(train / "a" / "1.png", train / "b" / "conflict.png")
    shutil.copy(train / "b" / "2.png", root / "test" / "b" / "leak.png")
    (train / "a" / "broken.png").write_bytes((train / "a" / "0.png").read_bytes()[:50])
    Image.new("L", (20, 20), 255).save(train / "b" / "blank.png")
    (train / "notes.txt").write_text("x")
    (train / "c").mkdir()
    return root


def test_the_report_names_everything(user_data, scans):
    report = gp.import_dataset(scans, "mine", image_size=28)
    assert report["kind"] == "folder" and report["images"] == {"train": 15, "test": 5}
    counts = {"a": {"train": 7, "test": 2}, "b": {"train": 8, "test": 3}}
    assert report["images_per_class"] == counts
    assert report["image_shape"] == [28, 28, 1] and report["sizes"] == {"20x20": 20}
    assert report["light_paper_share"] == 1 and report["inverted"] is True
    assert list(report["unreadable"]) == ["train/a/broken.png"]
    assert report["empty_classes"] == ["c"]
    assert report["duplicates"] == {"train": 2, "test": 0}
    assert (
        "train train/a/again.png (class 'a') = train train/a/0.png (class 'a')"
        in (report["duplicate_examples"])
    )
    assert report["shared_by_train_and_test"] == 1
    assert "test/b/leak.png" in report["shared_examples"][0]
    (conflict,) = report["conflicting_labels"]
    assert "train/a/1.png (class 'a')" in conflict and "b/conflict.png (class 'b')" in conflict
    assert report["blank"] == ["train train/b/blank.png (class 'b')"]
    assert len(report["warnings"]) == 5
    height, width, _ = read_png(user_data / "mine" / "grid.png").shape
    assert height > 2 * (2 * 30 - 2) and width >= 600, "enlarged, with names beside the rows"
    assert json.loads((user_data / "mine" / "report.json").read_text()) == report
    assert imported() == [report]


@pytest.mark.slow
def test_what_was_imported_is_loaded_by_its_name_and_trained_on(user_data, scans, tmp_path):
    gp.import_dataset(scans, "mine", image_size=28)
    with pytest.raises(gp.UsageError, match="1 of 15 training images are also among the 5 test"):
        gp.load("mine")
    train, test = gp.load("mine", allow_overlap=True)
    direct = gp.load(without_damage(scans), image_size=28, allow_overlap=True)
    for one, other in zip((train, test), direct, strict=True):
        assert one.fingerprint == other.fingerprint
        assert one.attributes["file"].tolist() == other.attributes["file"].tolist()
    run = gp.train(train, "cgan", epochs=1, output=tmp_path / "runs", progress=False)
    assert run.config["dataset"]["name"] == "mine"
    assert run.config["dataset"]["provenance"]["overlap_with_test_allowed"]["images"] == 1
    assert run.dataset().fingerprint == train.fingerprint, "the recipe finds it again"


def test_the_folder_of_an_import_is_what_was_imported(user_data, tiny, tmp_path, capsys):
    """The one that the report names."""
    rows = np.arange(len(tiny))
    parts = {"train": tiny.part(rows % 2 == 0, "train"), "test": tiny.part(rows % 2 == 1, "test")}
    for part, one in parts.items():
        one.save(tmp_path / "saved" / part, format="npz")
    np.savez(tmp_path / "one.npz", images=tiny.images, labels=tiny.labels)
    arrays = [(one.images, one.labels) for one in parts.values()]
    names = ("x_train", "y_train", "x_test", "y_test")
    both = dict(zip(names, [array for pair in arrays for array in pair], strict=True))
    np.savez(tmp_path / "two.npz", **both)
    for name in ("one", "two"):
        report = gp.import_dataset(tmp_path / f"{name}.npz", name)
        by_name, by_folder = gp.load(name), gp.load(report["folder"])
        for known, found in zip(by_name, by_folder, strict=True):
            assert known is found is None or known.fingerprint == found.fingerprint
    train, test = gp.load(tmp_path / "saved")
    assert (train.split, test.split) == ("train", "test")
    for part, one in zip(parts.values(), (train, test), strict=True):
        assert part.fingerprint == one.fingerprint
    (tmp_path / "saved" / "extra").mkdir()
    assert not stored_set.recognises(tmp_path / "saved")


def test_an_import_that_lost_a_part_is_refused(user_data, tiny, tmp_path):
    both = {"images": tiny.images, "labels": tiny.labels}
    arrays = {f"{name}_{part}": both[name] for name in both for part in ("train", "test")}
    np.savez(tmp_path / "two.npz", **arrays)
    folder = gp.import_dataset(tmp_path / "two.npz", "two")["folder"]
    shutil.rmtree(f"{folder}/test")
    for place in ("two", folder):
        with pytest.raises(GanprofileError, match="lacks the folder test, of which its report"):
            gp.load(place, allow_overlap=True)
        problems = gp.verify(place, progress=False).problems
        assert problems and all(line.startswith("test: ") for line in problems)


def test_a_set_that_was_saved_inside_another_is_said_to_be_left_out(digits, tmp_path, capsys):
    few = digits[0].subset(2)
    few.save(tmp_path / "set")
    assert gp.load(tmp_path / "set")[0].fingerprint == few.fingerprint
    assert "left out" not in capsys.readouterr().err
    few.save(tmp_path / "set" / "test")
    assert gp.load(tmp_path / "set")[1] is None
    said = "test is a set that ganprofile wrote, and left out."
    assert said in capsys.readouterr().err
    few.save(tmp_path / "parts" / "train")
    few.save(tmp_path / "parts" / "train" / "more")
    gp.load(tmp_path / "parts")
    assert "train/more is a set that ganprofile wrote" in capsys.readouterr().err


def test_parts_of_other_classes_are_refused(tiny, tmp_path):
    for part, names in {"train": "ab", "test": "ba"}.items():
        images = np.roll(tiny.images[:6], len(part), axis=1)
        gp.Dataset(images, np.arange(6) % 2, tuple(names)).save(tmp_path / "set" / part)
    with pytest.raises(gp.UsageError, match="a training and a test part of other classes"):
        gp.load(tmp_path / "set")


def without_damage(scans):
    (scans / "train" / "a" / "broken.png").unlink()
    (scans / "train" / "c").rmdir()
    return scans


def test_without_duplicates_nothing_leaks(user_data, scans):
    report = gp.import_dataset(scans, "mine", image_size=28, drop_duplicates=True)
    assert report["dropped"] == {"train": 4, "test": 0}
    assert any("conflict.png" in line for line in report["dropped_examples"])
    assert report["images"] == {"train": 11, "test": 5}
    assert sum(parts["train"] for parts in report["images_per_class"].values()) == 11
    assert report["duplicates"] == {"train": 0, "test": 0}
    assert report["shared_by_train_and_test"] == 0 and not report["conflicting_labels"]
    assert not any("drop_duplicates" in line for line in report["warnings"])
    train, test = gp.load("mine")
    assert (len(train), len(test)) == (11, 5)
    assert not set(train.image_hashes) & set(test.image_hashes)


@pytest.mark.parametrize("packed", ["zip", "tgz"])
def test_an_archive_is_imported_like_its_folder(user_data, scans, tmp_path, packed):
    scans = without_damage(scans)
    archive = tmp_path / f"packed.{packed}"
    if packed == "zip":
        with zipfile.ZipFile(archive, "w") as file:
            for path in sorted(scans.rglob("*.png")):
                file.write(path, f"scans/{path.relative_to(scans)}")
    else:
        with tarfile.open(archive, "w:gz") as file:
            file.add(scans, "scans")
    gp.import_dataset(archive, "packed")
    gp.import_dataset(scans, "plain")
    for one, other in zip(
        gp.load("packed", allow_overlap=True), gp.load("plain", allow_overlap=True), strict=True
    ):
        assert one.fingerprint == other.fingerprint
    assert gp.load(archive, allow_overlap=True)[0].name == "packed"


def test_a_table_in_an_archive_may_not_name_files_outside_of_it(user_data, tmp_path):
    secret = tmp_path / "secret.png"
    Image.new("L", (8, 8)).save(secret)
    for k, name in enumerate([str(secret), "../" * 9 + str(secret)[1:]]):
        with zipfile.ZipFile(tmp_path / f"{k}.zip", "w") as file:
            file.writestr("labels.csv", f"file,label\n{name},a\n")
        with pytest.raises(GanprofileError, match="which lies outside"):
            gp.import_dataset(tmp_path / f"{k}.zip", "x")
    assert imported_names() == []


def test_every_kind_of_path_can_be_imported(user_data, tiny, tmp_path):
    tiny.save(tmp_path / "set")
    np.savez(tmp_path / "a.npz", images=tiny.images, labels=tiny.labels)
    for name, path in (("one", tmp_path / "set"), ("two", tmp_path / "a.npz")):
        gp.import_dataset(path, name)
        assert np.array_equal(gp.load(name)[0].images, tiny.images)
    assert imported_names() == ["one", "two"]
    assert gp.load("one")[0].fingerprint == tiny.fingerprint


@pytest.mark.parametrize("name", ["", "a/b", "../a", ".a", "x" * 65, "a b", "é"])
def test_names_that_are_no_file_names_are_refused(user_data, scans, name):
    with pytest.raises(gp.UsageError, match="up to 64 letters"):
        gp.import_dataset(scans, name)


def test_names_that_are_taken_are_refused(user_data, scans):
    with pytest.raises(gp.UsageError, match="mnist is a dataset that ganprofile knows"):
        gp.import_dataset(scans, "mnist")
    gp.import_dataset(scans, "mine")
    with pytest.raises(gp.UsageError, match="exists already. Choose another `name`"):
        gp.import_dataset(scans, "mine")
    assert gp.import_dataset(scans, "mine", image_size=32, force=True)["image_shape"][0] == 32
    assert gp.load("mine", allow_overlap=True)[0].image_shape == (32, 32, 1)


def test_force_replaces_imports_alone(user_data, scans):
    own = user_data / "own"
    own.mkdir(parents=True)
    (own / "p.txt").write_text("precious")
    for force in (False, True):
        with pytest.raises(gp.UsageError, match="own .*is not an import, so `force` does not"):
            gp.import_dataset(scans, "own", force=force)
    gp.import_dataset(scans, "mine")
    gp.import_dataset(scans, "mine", force=True)
    for name in ("notes.txt", "train/notes.txt"):
        (user_data / "mine" / name).write_text("precious")
        with pytest.raises(gp.UsageError, match=f"mine holds files .*{name}.*another `name`"):
            gp.import_dataset(scans, "mine", force=True)
        (user_data / "mine" / name).unlink()


def test_a_dry_run_leaves_nothing(user_data, scans):
    assert gp.import_dataset(scans, "mine", dry_run=True)["images"]["train"] == 15
    assert not user_data.exists()


def test_what_is_no_dataset_is_refused_with_what_can_be_read(user_data, tmp_path):
    with pytest.raises(gp.UsageError, match="does not exist"):
        gp.import_dataset(tmp_path / "nowhere", "x")
    (tmp_path / "void").mkdir()
    with pytest.raises(
        gp.UsageError, match="It is empty. Give a folder with one of pictures for each class"
    ):
        gp.import_dataset(tmp_path / "void", "x")
    np.savez(tmp_path / "u.npz", images=np.zeros((2, 4, 4), np.uint8))
    with pytest.raises(gp.UsageError, match="only labelled sets"):
        gp.import_dataset(tmp_path / "u.npz", "x")


def test_two_processes_importing_one_name_leave_one_whole_set(user_data, scans):
    command = [sys.executable, "-m", "ganprofile", "datasets", "import", str(scans)]
    command += ["--name", "race", "--image-size", "28"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, env=os.environ, **pipes) for _ in range(3)]
    results = [(*process.communicate(timeout=120), process.returncode) for process in processes]
    assert sorted(code for _, _, code in results) == [0, 2, 2], results
    assert all("exists already" in err for _, err, code in results if code == 2)
    assert [entry.name for entry in user_data.iterdir()] == ["race"], "no half-written folder"
    assert len(gp.load("race", allow_overlap=True)[0]) == 15


@pytest.mark.slow
def test_the_command_says_what_it_found(user_data, scans, tmp_path):
    done = run_forked("datasets", "import", scans, "--name", "mine", "--image-size", "28")
    assert done.returncode == 0, done.stderr
    for text in ("broken.png", "conflict.png", "again.png", "leak.png", "grid.png", "20x20"):
        assert text in done.stdout.replace("\n", ""), text
    listed = run_forked("datasets", "list").stdout
    assert "mine" in listed and "imported from" in listed
    shown = run_forked(
        "datasets", "show", "mine", "--grid", "--histogram", "--output", tmp_path / "pictures"
    )
    assert shown.returncode == 0, shown.stderr
    assert {p.name for p in (tmp_path / "pictures").iterdir()} == {"mine.png", "mine-histogram.png"}
    refused = run_forked("train", "--dataset", "mine", "--epochs", "1", cwd=tmp_path)
    assert refused.returncode == 2 and "--allow-overlap" in refused.stderr
    assert not (tmp_path / "runs").exists()


def test_names_come_before_paths_and_known_ones_are_listed(user_data, scans, tmp_path, monkeypatch):
    gp.import_dataset(scans, "mine", image_size=28, drop_duplicates=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    assert len(gp.load("mine")[0]) == 11
    with pytest.raises(gp.UsageError, match="It is empty. Give a folder with one of pictures"):
        gp.load("./mine")
    with pytest.raises(gp.UsageError, match="Known: digits, .*, mine; or give"):
        gp.load("nothing")


def test_what_a_kill_left_is_no_dataset(user_data, scans):
    gp.import_dataset(scans, "mine")
    shutil.copytree(user_data / "mine", user_data / ".mine.1234abcd.partial")
    assert imported_names() == ["mine"]


def test_a_set_that_says_where_to_write_is_not_obeyed(user_data, tiny, tmp_path):
    tiny.save(tmp_path / "set")
    info = json.loads((tmp_path / "set" / "dataset.json").read_text())
    victim = tmp_path / "victim"
    (tmp_path / "set" / "dataset.json").write_text(json.dumps({**info, "split": str(victim)}))
    with pytest.raises(GanprofileError, match="mistakes 'split'"):
        gp.import_dataset(tmp_path / "set", "x")
    assert not victim.exists()
    (tmp_path / "set" / "dataset.json").write_text(json.dumps({**info, "split": "validation"}))
    gp.import_dataset(tmp_path / "set", "x")
    assert gp.load("x")[0].split == "train"


def test_a_few_pictures_the_other_way_round_are_named(user_data, tmp_path, capsys):
    folder = tmp_path / "odd" / "a"
    folder.mkdir(parents=True)
    for k in range(20):
        pixels = np.full((9, 9), 255 if k else 0, np.uint8)
        pixels[3:6, 4] = 128
        Image.fromarray(pixels).save(folder / f"{k}.png")
    report = gp.import_dataset(tmp_path / "odd", "odd")
    assert report["other_polarity"] == ["a/0.png"]
    (sentence,) = [line for line in report["warnings"] if "the other way round" in line]
    assert sentence.startswith("1 of 20 images, such as a/0.png,")
    gp.load("odd")
    assert f"odd: {sentence}." in capsys.readouterr().err, "whatever is made of it later"


def test_labels_that_conflict_across_the_parts_are_named(user_data, tmp_path):
    for part, name in (("train", "a"), ("test", "b"), ("train", "b")):
        folder = tmp_path / "x" / part / name
        folder.mkdir(parents=True)
        pixels = np.zeros((9, 9), np.uint8)
        pixels[4, 2:7] = 255 if part + name != "trainb" else 100
        Image.fromarray(pixels).save(folder / "1.png")
    report = gp.import_dataset(tmp_path / "x", "x")
    (conflict,) = report["conflicting_labels"]
    assert "train/a/1.png (class 'a')" in conflict and "test/b/1.png (class 'b')" in conflict


def test_a_damaged_import_does_not_hide_the_others(user_data, scans, capsys):
    gp.import_dataset(scans, "mine")
    for name, content in (("bad", "{}"), ("worse", "{")):
        (user_data / name).mkdir()
        (user_data / name / "report.json").write_text(content)
        with pytest.raises(GanprofileError):
            gp.load(name)
    assert [report["name"] for report in imported()] == ["mine"]
    said = capsys.readouterr().err
    assert "bad is left out" in said and "worse is left out" in said and "`force=True`" in said


def test_what_killed_imports_left_is_swept_away_later(user_data, scans):
    for age in (0, 2 * 24 * 3600):
        left = user_data / f".mine.{age}.partial"
        (left / "train").mkdir(parents=True)
        os.utime(left, (time.time() - age,) * 2)
    gp.import_dataset(scans, "mine")
    assert sorted(entry.name for entry in user_data.iterdir()) == [".mine.0.partial", "mine"]


def test_an_import_leaves_what_others_keep_beside_it(user_data, scans):
    """Hidden folders of other programs; and what a killed import had moved away to replace it."""
    gp.import_dataset(scans, "mine")
    (user_data / "mine").rename(user_data / ".mine.0123abcd.old")
    for name in (".git", ".mine.0123abcd.old", ".other.0123abcd.partial.set"):
        left = user_data / name
        left.mkdir(exist_ok=True)
        (left / "HEAD").write_text("theirs")
        os.utime(left, (time.time() - 2 * 24 * 3600,) * 2)
    gp.import_dataset(scans, "second")
    assert sorted(entry.name for entry in user_data.iterdir()) == [".git", "mine", "second"]
    assert (user_data / ".git" / "HEAD").is_file() and "mine" in imported_names()


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_that_is_no_import_is_not_replaced(user_data, scans, force):
    (user_data / "mine").mkdir(parents=True)
    (user_data / "mine" / "notes.txt").write_text("theirs")
    with pytest.raises(gp.UsageError, match="is not an import, so `force` does not replace it"):
        gp.import_dataset(scans, "mine", force=force)
    assert (user_data / "mine" / "notes.txt").is_file()


def test_a_disk_that_fills_up_while_unpacking_is_called_that(user_data, scans, tmp_path):
    resource = pytest.importorskip("resource")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as file:
        file.writestr("a/1.bin", bytes(100_000))
    done = run_command(
        *("datasets", "import", tmp_path / "x.zip", "--name", "x"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )
    assert done.returncode == 1 and "cannot be unpacked into" in done.stderr
    assert "TMPDIR" in done.stderr and "damaged" not in done.stderr


def test_the_command_says_a_thing_once(user_data, tmp_path, in_process):
    """What was assumed is among the warnings, and the sentence on a broken file names it."""
    random = np.random.default_rng(0)
    images = random.random((20, 8, 8)).astype(np.float32)
    np.savez(tmp_path / "shares.npz", images=images, labels=np.arange(20) % 2)
    words = ("datasets", "import", tmp_path / "shares.npz", "--name", "shares", "--dry-run")
    code, out, err = in_process(*words)
    assert code == 0, err
    assert out.count("were taken for 0..1") == 1 and "assumed" not in out
    for name in "ab":
        (tmp_path / "scans" / name).mkdir(parents=True)
        for k, pixels in enumerate(random.integers(0, 99, (3, 8, 8), np.uint8)):
            Image.fromarray(pixels).save(tmp_path / "scans" / name / f"{k}.png")
    (tmp_path / "scans" / "a" / "broken.png").write_bytes(b"nothing")
    words = ("datasets", "import", tmp_path / "scans", "--name", "scans", "--dry-run")
    code, out, err = in_process(*words)
    assert code == 0, err
    assert out.count("broken.png") == 1 and "broken.png is not a readable" in out


def test_what_was_imported_is_meant_where_it_was_imported_from(
    user_data, scans, monkeypatch, capsys
):
    """A name that is the folder's own; another folder of that name stays another thing."""
    from ganprofile.runs.naming import run_named

    monkeypatch.chdir(scans.parent)
    gp.import_dataset(scans, scans.name, image_size=8)
    assert run_named(scans.name) is None
    assert "what was imported from here under that name is meant" in capsys.readouterr().err
    (elsewhere := scans.parent / "elsewhere" / scans.name).mkdir(parents=True)
    monkeypatch.chdir(elsewhere.parent)
    with pytest.raises(gp.UsageError, match="the name of a dataset and a folder or file here"):
        run_named(scans.name)


def test_an_empty_path_is_not_the_folder_one_is_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(gp.UsageError, match="`path` is empty"):
        gp.import_dataset("", "mine")


def test_a_test_part_by_itself_is_loaded_as_it_is_counted(digits, tmp_path, in_process):
    digits[1].select(range(20)).save(tmp_path / "set")
    report = gp.import_dataset(tmp_path / "set", "alone")
    train, test = gp.load("alone")
    assert report["images"] == {"train": 20} and test is None
    assert (len(train), train.split) == (20, "train")
    with pytest.raises(UsageError, match="when it was imported. Leave `photographs` out"):
        gp.load("alone", photographs="scans")
    with pytest.raises(UsageError, match="got its writers when it was imported"):
        gp.load("alone", writer_columns=["a", "b"])
    with pytest.raises(UsageError, match="A name has up to 64"):
        gp.import_dataset(tmp_path / "set", 5)
    path = Path(report["folder"]) / "report.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "images": 5}))
    code, out, said = in_process("datasets", "list")
    assert code == 0 and "mnist" in out and "lacks 'images'" in said
