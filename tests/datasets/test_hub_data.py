"""Data on the Hub, of which `stand_in_hub` is a local stand-in."""

import io
import json

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.recipe import from_recipe
from ganprofile.images import encode_png

NAMES = ["five", "six"]


def pictures(count, seed=0):
    """PNGs of bright strokes on black, all different."""
    drawn = np.zeros((count, 28, 28, 1), np.uint8)
    drawn[:, 8:20, 8:20] = np.random.default_rng(seed).integers(0, 255, (count, 12, 12, 1))
    return [encode_png(one) for one in drawn]


def folders(parts=("train", "test")):
    return {
        f"{part}/{name}/{k}.png": content
        for p, part in enumerate(parts)
        for n, name in enumerate(NAMES)
        for k, content in enumerate(pictures(3, seed=10 * p + n))
    }


def parquet(count, seed, image="image", label="label"):
    """A file as `datasets` writes it, with features."""
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    features = {image: datasets.Image(), label: datasets.ClassLabel(names=NAMES)}
    content = {
        image: [{"bytes": one, "path": None} for one in pictures(count, seed)],
        label: [k % 2 for k in range(count)],
    }
    made = datasets.Dataset.from_dict(content, features=datasets.Features(features))
    made.to_parquet(file := io.BytesIO())
    return file.getvalue()


def test_parts_whose_names_differ_by_a_mark_have_places_of_their_own(stand_in_hub):
    of_train = {k.removeprefix("train/"): v for k, v in folders().items() if k.startswith("train/")}
    content = {f"{place}/{k}": v for place in ("data/a", "data-a") for k, v in of_train.items()}
    stand_in_hub.put("dataset", "me/few", content)
    for place in ("data/a", "data-a"):
        assert len(gp.load(f"hf:me/few/{place}")[0]) == len(of_train)


def test_a_folder_of_pictures_is_fetched_once_and_pinned(stand_in_hub, tmp_path, capsys):
    commit = stand_in_hub.put("dataset", "me/few", {"README.md": b"# few\n", **folders()})
    train_set, test_set = gp.load("hf:me/few")
    assert (len(train_set), len(test_set), train_set.class_names) == (6, 6, tuple(NAMES))
    assert train_set.name == "hf:me/few" and train_set.recipe[0]["revision"] == commit
    assert train_set.provenance["hub"] == f"me/few@{commit}"
    written = json.loads((train_set.save(tmp_path / "set") / "dataset.json").read_text())
    assert written["provenance"]["hub"] == f"me/few@{commit}"
    said = capsys.readouterr().err
    assert f"downloading 13 files, 0.0 MB, of revision {commit[:12]} from 127.0.0.1" in said
    stand_in_hub.asked.clear()
    again, _ = gp.load("hf:me/few", revision=commit)
    offline, _ = gp.load("hf:me/few", offline=True)
    assert again.fingerprint == offline.fingerprint == train_set.fingerprint
    assert stand_in_hub.asked == [] and capsys.readouterr().err == ""


def test_a_run_repeats_with_the_data_that_it_saw(stand_in_hub):
    commit = stand_in_hub.put("dataset", "me/few", folders())
    config = gp.train("hf:me/few", "cgan", dry_run=True)
    recipe = config["dataset"]["recipe"]
    assert recipe[0] == {"load": "hf:me/few", "revision": commit, "split": "train"}
    moved_on = {name: pictures(1, seed=99)[0] for name in folders()}
    stand_in_hub.put("dataset", "me/few", {**moved_on, "train/six/0.png": pictures(1, 7)[0]})
    assert from_recipe(recipe).fingerprint == config["dataset"]["fingerprint"]
    newest = gp.load("hf:me/few", allow_overlap=True)[0]
    assert newest.fingerprint != config["dataset"]["fingerprint"]


def test_parquet_files_have_their_class_names_and_splits(stand_in_hub):
    files = {"data/train-0.parquet": parquet(6, 0), "data/test-0.parquet": parquet(4, 1)}
    stand_in_hub.put("dataset", "me/rows", files)
    train_set, test_set = gp.load("hf:me/rows")
    assert (len(train_set), len(test_set), train_set.class_names) == (6, 4, tuple(NAMES))
    assert train_set.labels.tolist() == [0, 1, 0, 1, 0, 1]


def test_columns_of_other_names_are_said(stand_in_hub, in_process, tmp_path):
    file = parquet(6, 0, image="glyph", label="sign")
    stand_in_hub.put("dataset", "me/odd", {"train.parquet": file})
    with pytest.raises(
        gp.GanprofileError, match="Received: glyph, sign. Name yours with `image_column`"
    ):
        gp.load("hf:me/odd")
    with pytest.raises(gp.UsageError, match="has no column `label_column='x'`. Received: glyph, s"):
        gp.load("hf:me/odd", image_column="glyph", label_column="x")
    train_set, _ = gp.load("hf:me/odd", image_column="glyph", label_column="sign")
    assert train_set.class_names == tuple(NAMES)
    again = from_recipe(train_set.recipe)
    assert again.fingerprint == train_set.fingerprint
    columns = ["--image-column", "glyph", "--label-column", "sign"]
    code, out, _ = in_process("datasets", "show", "hf:me/odd", *columns, "--json")
    assert code == 0 and '"five"' in out
    for name, content in folders(["held-out"]).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    said = {"image_column": "glyph", "label_column": "sign"}
    test = tmp_path / "held-out"
    _, test_set = gp.load_for_training("hf:me/odd", test=test, allow_overlap=True, **said)
    assert len(test_set) == 6
    with pytest.raises(gp.UsageError, match="`image_column` is for Parquet files"):
        stand_in_hub.put("dataset", "me/few", folders())
        gp.load("hf:me/few", image_column="glyph")


def test_one_of_several_sets_is_named_by_its_folder(stand_in_hub):
    files = {f"{name}/train-0.parquet": parquet(4, k) for k, name in enumerate("ab")}
    stand_in_hub.put("dataset", "me/two", files)
    with pytest.raises(gp.UsageError, match="hf:me/two holds several sets: a, b. Name the folder"):
        gp.load("hf:me/two")
    first, _ = gp.load("hf:me/two/a")
    assert first.name == "hf:me/two/a" and len(first) == 4
    assert from_recipe(first.recipe).fingerprint == first.fingerprint
    assert first.recipe[0]["load"] == "hf:me/two/a"


def test_the_card_of_a_repository_names_the_classes_of_one_of_its_sets(stand_in_hub, capsys):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    parquet_files = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    rows = {"image": [{"bytes": one, "path": None} for one in pictures(4)], "label": [0, 1, 0, 1]}
    parquet_files.write_table(pyarrow.table(rows), file := io.BytesIO())
    kind = f"{{class_label: {{names: [{', '.join(NAMES)}]}}}}"
    card = f"---\ndataset_info: {{features: [{{name: label, dtype: {kind}}}]}}\n---\n"
    files = {f"{name}/train-0.parquet": file.getvalue() for name in "ab"}
    stand_in_hub.put("dataset", "me/named", {"README.md": card.encode(), **files})
    assert gp.load("hf:me/named/a")[0].class_names == tuple(NAMES)
    assert "those that named/README.md gives" in capsys.readouterr().err
    with pytest.raises(gp.GanprofileError, match="no files in c that hold data"):
        gp.load("hf:me/named/c")


def test_code_and_pickles_are_not_fetched(stand_in_hub, tmp_path):
    bad = {"few.py": b"raise SystemExit", "data.pkl": b"\x80", ".hidden/x.png": b"x"}
    bad |= {"MANY.PY": b"raise SystemExit", "more/Data.Pkl": b"\x80"}
    stand_in_hub.put("dataset", "me/few", {**folders(), **bad})
    gp.load("hf:me/few")
    fetched = {file.name for file in (tmp_path / "home" / "hub").rglob("*")}
    assert "0.png" in fetched and not fetched & {"few.py", "data.pkl", ".hidden", ".cache"}
    assert not fetched & {"MANY.PY", "Data.Pkl"}
    stand_in_hub.put("dataset", "me/script", {"script.py": b"", "README.md": b""} | bad)
    with pytest.raises(gp.UsageError, match="Nothing in hf:me/script is a dataset"):
        gp.load("hf:me/script")
    stand_in_hub.put("dataset", "me/only", {"script.py": b""})
    with pytest.raises(gp.GanprofileError, match="has no files that hold data; code and pickles"):
        gp.load("hf:me/only")


def test_what_would_lie_elsewhere_is_refused(stand_in_hub, tmp_path):
    stand_in_hub.put("dataset", "me/out", {"../../x.png": b"x", "a/0.png": pictures(1)[0]})
    with pytest.raises(gp.GanprofileError, match=r"holds '../../x.png', which is no plain path"):
        gp.load("hf:me/out")
    table = b"file_name,label\n/etc/hostname,a\n"
    stand_in_hub.put("dataset", "me/table", {"metadata.csv": table, "0.png": pictures(1)[0]})
    with pytest.raises(gp.GanprofileError):
        gp.load("hf:me/table")
    assert not list((tmp_path / "home").rglob("x.png"))


def test_what_cannot_be_had_is_one_sentence(stand_in_hub, monkeypatch):
    from huggingface_hub import constants

    with pytest.raises(gp.GanprofileError, match="knows no hf:me/none that you may see"):
        gp.load("hf:me/none")
    stand_in_hub.put("dataset", "me/few", folders())
    with pytest.raises(gp.GanprofileError, match="hf:me/few has no revision 'v9' on 127.0.0.1"):
        gp.load("hf:me/few@v9")
    with pytest.raises(gp.GanprofileError, match="not on this machine, and `offline=True` forbids"):
        gp.load("hf:me/few", offline=True)
    with pytest.raises(gp.UsageError, match="hf:me/few is said to be a model. Name data"):
        gp.load("hf:models/me/few")
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(gp.GanprofileError, match="could not be downloaded: 127.0.0.1:9 cannot be"):
        gp.load("hf:me/few")


def test_the_library_is_asked_for_where_it_is_missing(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(gp.UsageError, match=r"pip install 'ganprofile\[hub\]'"):
        gp.load("hf:me/few")
