"""Every format gives back what was written: pixels, labels, names, writers, order."""

import csv
import json
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ganprofile as gp
from ganprofile.datasets.formats import FORMATS, imagefolder, pieces
from ganprofile.datasets.formats.set_writer import checked_output
from ganprofile.datasets.formats.tfds import label_names
from ganprofile.errors import GanprofileError
from ganprofile.storage import arrays
from ganprofile.storage.files import read_json, write_json

COUNT = 25
AWKWARD = (
    *(
        "A",
        "a",
        "/",
        ".",
        "..",
        " ",
        "  ",
        "\t",
        "🙂",
        "new\nline",
        "car\rriage",
        'quo"te',
        "com,ma",
    ),
    *(
        '"',
        "'",
        "\\",
        "x" * 200,
        "CON",
        "con",
        "nul",
        "lpt1",
        "dot.",
        "blank ",
        " blank",
        "-rf",
        "_",
    ),
    *("\u00e9", "x\u0301", "ﬁ", "fi", "ß", "ss", "test", "train", "0", "00", "NA", "#", "=1+1"),
)


def make(shape=(28, 28, 1), class_names=("a", "b", "c"), count=COUNT):
    """Random images of classes from the first to the last, in no order."""
    random = np.random.default_rng(1)
    labels = np.linspace(0, len(class_names) - 1, count).round().astype(int)
    return gp.Dataset(
        random.integers(0, 256, (count, *shape), dtype=np.uint8),
        labels=random.permutation(labels),
        class_names=class_names,
        writers=random.integers(-1, 9, count),
        name="odd",
        split="test",
    )


def assert_same(again, dataset):
    for column in ("images", "labels", "writers"):
        assert np.array_equal(getattr(again, column), getattr(dataset, column)), column
    assert again.class_names == dataset.class_names
    assert (again.name, again.split) == (dataset.name, dataset.split)
    assert again.fingerprint == dataset.fingerprint


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("sides", [(28, 28), (32, 32), (64, 64), (28, 20), (20, 33)])
@pytest.mark.parametrize("format", FORMATS)
def test_what_was_written_is_read(tmp_path, format, sides, channels):
    dataset = make((*sides, channels))
    path = dataset.save(tmp_path / "set", format)
    again, no_test = gp.load(path)
    assert no_test is None
    assert_same(again, dataset)
    assert json.loads((path / "dataset.json").read_text())["fingerprint"] == dataset.fingerprint


@pytest.mark.parametrize("format", FORMATS)
def test_awkward_class_names_survive(tmp_path, format):
    dataset = make((8, 8, 1), AWKWARD, count=60)
    path = dataset.save(tmp_path / "set", format)
    assert_same(gp.load(path)[0], dataset)
    with open(path / "manifest.csv", newline="", encoding="utf-8") as file:
        names = [row["class_name"] for row in csv.DictReader(file)]
    assert names == [AWKWARD[label] for label in dataset.labels]


@pytest.mark.parametrize("format", FORMATS)
def test_ten_thousand_classes(tmp_path, format):
    dataset = make((8, 8, 1), [f"字{number}" for number in range(10_000)], count=200)
    if format == "idx":
        with pytest.raises(gp.UsageError, match="at most 256 classes. Received: 10000"):
            dataset.save(tmp_path / "set", format)
        assert list(tmp_path.iterdir()) == []
    else:
        assert_same(gp.load(dataset.save(tmp_path / "set", format))[0], dataset)


@pytest.mark.parametrize("format", FORMATS)
def test_a_set_without_known_writers_has_none(tmp_path, format):
    known = make()
    for writers in (None, np.full(COUNT, -1)):
        dataset = gp.Dataset(known.images, labels=known.labels, writers=writers)
        path = dataset.save(tmp_path / str(writers is None), format)
        assert gp.load(path)[0].writers is None
        assert gp.load(path)[0].fingerprint == dataset.fingerprint


SHARDS = {"npz": "shard-*.npz", "tfds": "*.tfrecord-*", "tfrecord": "data-*.tfrecord"}


@pytest.mark.parametrize("format", SHARDS)
def test_shards_are_cut_where_they_are_full(tmp_path, monkeypatch, format):
    monkeypatch.setattr(FORMATS[format], "SHARD", 10)
    dataset = make()
    path = dataset.save(tmp_path / "set", format)
    assert len(list(path.glob(SHARDS[format]))) == 3
    assert_same(gp.load(path)[0], dataset)


@pytest.mark.parametrize("format", FORMATS)
def test_large_images_are_written_and_read_by_their_bytes(tmp_path, monkeypatch, format):
    """Ten images a piece; and a set whose shards were larger, as they once were, is still read."""
    dataset = make((20, 20, 3))
    before = dataset.save(tmp_path / "before", format)
    monkeypatch.setattr(pieces, "PIECE_BYTES", 10 * 20 * 20 * 3 + 7)
    path = dataset.save(tmp_path / "set", format)
    if format in SHARDS:
        assert len(list(path.glob(SHARDS[format]))) == 3
        assert len(list(before.glob(SHARDS[format]))) == 1
    info = read_json(path / "dataset.json")
    assert [len(labels) for _, labels in FORMATS[format].blocks(path, info)] == [10, 10, 5]
    assert_same(gp.load(path)[0], dataset)
    assert_same(gp.load(before)[0], dataset)
    assert gp.verify(path).ok


@pytest.mark.parametrize(
    ("shape", "most", "expected"),
    [
        ((28, 28, 1), 50_000, 50_000),
        ((500, 500, 1), 50_000, 1073),
        ((500, 500, 3), 50_000, 357),
        ((500, 500, 3), 100, 100),
        ((20_000, 20_000, 3), 50_000, 1),
    ],
)
def test_how_many_images_are_a_piece(shape, most, expected):
    assert pieces.images_in_piece(shape, most) == expected
    assert pieces.PIECE_BYTES == 2**28 and 2 * pieces.PIECE_BYTES < arrays.MOST_ARRAY_BYTES


def test_a_large_shard_is_not_allocated_before_it_is_needed(tmp_path):
    writer = FORMATS["npz"].Writer(tmp_path, ["a"], (500, 500, 1))
    assert writer._images.nbytes <= pieces.PIECE_BYTES
    writer.close()


def test_what_could_not_be_read_again_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(arrays, "MOST_ARRAY_BYTES", 10_000)
    arrays.write_arrays(tmp_path / "small.npz", {"x": np.zeros(5_000, np.uint8)})
    assert len(arrays.open_arrays(tmp_path / "small.npz")["x"]) == 5_000
    with pytest.raises(GanprofileError, match="10,000 are the most that are read again"):
        arrays.write_arrays(tmp_path / "large.npz", {"x": np.zeros(10_001, np.uint8)})
    assert [path.name for path in tmp_path.iterdir()] == ["small.npz"]


@pytest.mark.parametrize("format", ["tfds", "tfrecord"])
def test_exchanged_shards_are_told(tmp_path, monkeypatch, format):
    """Both are whole files with right checksums inside; only the images' places tell."""
    monkeypatch.setattr(FORMATS[format], "SHARD", 10)
    path = make(count=30).save(tmp_path / "set", format)
    first, second, _ = sorted(path.glob(SHARDS[format]))
    second.rename(path / "aside")
    first.rename(second)
    (path / "aside").rename(first)
    with pytest.raises(GanprofileError, match="has image 10 where image 0 belongs"):
        gp.load(path)


@pytest.mark.parametrize(("format", "file"), [("tfds", "label.labels.txt"), ("tfrecord", "data-")])
def test_class_names_of_another_set_are_told(tmp_path, format, file):
    path = make().save(tmp_path / "set", format)
    info = json.loads((path / "dataset.json").read_text())
    info["class_names"][0] = "other"
    (path / "dataset.json").write_text(json.dumps(info))
    with pytest.raises(GanprofileError, match=f"{file}.*has other class names than dataset.json"):
        gp.load(path)


def test_images_keep_their_order_beyond_ten_million(tmp_path):
    """`9999999.png` comes before `10000000.png`, which text does not know."""
    dataset = make()
    path = dataset.save(tmp_path / "set", "imagefolder")
    for file in list(path.glob("*/*.png")):
        file.rename(file.with_name(f"{int(file.stem) + 9_999_990:07d}.png"))
    assert_same(gp.load(path)[0], dataset)


def test_foreign_files_in_class_folders_are_no_images(tmp_path):
    dataset = make()
    path = dataset.save(tmp_path / "set", "imagefolder")
    for name in (".DS_Store", "._0000001.png", "photo.png", "0000001.jpg"):
        (path / "a" / name).write_bytes(b"?")
    assert_same(gp.load(path)[0], dataset)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("007", "008", "010"), "such as '007' for numbers or truths"),
        (("1e5", "2", "3"), "such as '1e5' for"),
        (("True", "false"), "such as 'True' for"),
        (("0", "1", "-2"), ""),
        (("007", "1", "a"), ""),
    ],
)
def test_names_that_others_take_for_something_else_are_said(tmp_path, names, said, capsys):
    labels = np.arange(len(names), dtype=np.int32)
    images = np.zeros((len(names), 8, 8, 1), np.uint8)
    images[:, 2:6, 3:5] = 255
    gp.Dataset(images, labels, names).save(tmp_path / "set", "imagefolder")
    err = capsys.readouterr().err
    assert said in err and ("pandas" in err) == bool(said)


def test_class_folders_are_plain_where_that_is_safe():
    assert imagefolder.folder_names([str(d) for d in range(10)]) == [str(d) for d in range(10)]
    assert imagefolder.folder_names(["a", "A"]) == ["0_a", "1_A"]
    assert imagefolder.folder_names(["b", "a"]) == ["0_b", "1_a"]
    assert imagefolder.folder_names(["CON", "NUL"]) == ["0_CON", "1_NUL"]
    assert imagefolder.folder_names(["big", "test", "train-2"]) == ["0_big", "1", "2"]


def test_letters_of_all_scripts_stay_in_the_names_of_folders():
    arabic, devanagari = ["ب", "ت", "ث"], ["क", "कि", "क्ष"]
    assert imagefolder.folder_names(arabic) == arabic
    assert imagefolder.folder_names(arabic[::-1]) == ["0_ث", "1_ت", "2_ب"]
    assert imagefolder.folder_names(devanagari) == devanagari
    assert imagefolder.folder_names(["f", "e\u0301"]) == ["0_f", "1_é"], "a Mac may sort it first"
    assert imagefolder.folder_names(["Д", "д"]) == ["0_Д", "1_д"]
    assert imagefolder.folder_names(["ت/ب", "?", "ت. "]) == ["0_ت_ب", "1__", "2_ت__"]


def test_sets_with_folders_of_older_names_and_of_macs_are_read(tmp_path):
    dataset = make()
    names = ("ب", "é", "ت")
    dataset = gp.Dataset(dataset.images, np.arange(len(dataset)) % 3, names)
    path = dataset.save(tmp_path / "set", "imagefolder")
    assert (path / "1_é").is_dir()
    (path / "1_é").rename(path / unicodedata.normalize("NFD", "1_é"))
    assert_same(gp.load(path)[0], dataset)
    for label, name in enumerate(("0_ب", unicodedata.normalize("NFD", "1_é"), "2_ت")):
        (path / name).rename(path / f"{label}__")
    table = path / "classes.csv"
    rows = "".join(f"{label}__,{label},{name}\n" for label, name in enumerate(names))
    table.write_text(f"folder,label,class_name\n{rows}", encoding="utf-8")
    assert_same(gp.load(path)[0], dataset)
    assert len(gp.open_set(path).to_numpy()[0]) == len(dataset)
    table.write_text(f"folder,label,class_name\n{rows.replace('0__', '../set')}", encoding="utf-8")
    with pytest.raises(GanprofileError):
        gp.load(path)


DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789"),
}


@given(
    st.lists(
        st.text(max_size=300) | st.sampled_from([*AWKWARD, *DEVICES]),
        min_size=1,
        max_size=120,
        unique=True,
    )
)
def test_any_class_names_give_folders_for_every_file_system(class_names):
    folders = imagefolder.folder_names(class_names)
    assert folders == sorted(folders), "tools number the classes by sorted folder"
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert len({unicodedata.normalize(form, name).casefold() for name in folders}) == len(
            folders
        )
    for name in folders:
        assert name and len(name) < 64 and len(name.encode()) < 255
        assert name.isprintable() and not set(name) & set('/\\:*?"<>|\n. ')
        assert name[0] not in ".-_ " and name[-1] not in ". " and name.casefold() not in DEVICES


def test_names_that_look_like_those_of_others_in_tfds_labels_stay_apart():
    assert label_names(["a", " a", '" a"']) == ["a", '" a"', '"\\" a\\""']


@given(st.lists(st.text(max_size=9) | st.sampled_from(AWKWARD), min_size=1, unique=True))
def test_any_class_names_are_lines_of_tfds_labels(class_names):
    """TFDS strips the lines of its file of labels and leaves empty ones out."""
    names = label_names(class_names)
    lines = "\n".join(names).replace("\r", "\n").split("\n")
    assert [line.strip() for line in lines if line.strip()] == names
    assert len(set(names)) == len(names)


def test_what_to_do_with_a_set_whose_description_is_cut(digits, tmp_path):
    path = digits[0].subset(1).save(tmp_path / "set")
    description = path / "dataset.json"
    description.write_text(description.read_text(encoding="utf-8")[:200], encoding="utf-8")
    with pytest.raises(GanprofileError, match="copy the set again, or make it again"):
        gp.load(path)
    for force in (False, True):  # the user's own images may be in it
        with pytest.raises(GanprofileError, match="Remove the folder if it is not needed, or cho"):
            checked_output(path, force)


@pytest.mark.parametrize("mark", ["made_from", "labels_of"])
def test_a_set_that_was_made_is_replaced_though_its_description_is_cut(digits, tmp_path, mark):
    path = digits[0].subset(1).save(tmp_path / "set")
    description = path / "dataset.json"
    made = {**read_json(description), mark: {"name": "few", "seed": 3}}
    del made["recipe"]  # which what is saved alone says
    write_json(description, made)
    whole = description.read_text("utf-8")
    description.write_text(whole[: whole.index('"few"')], "utf-8")
    assert checked_output(path, True) == path
    (path / "notes.txt").write_text("mine")
    with pytest.raises(gp.UsageError, match=r"holds files .*\(notes.txt\)"):
        checked_output(path, True)


@pytest.mark.parametrize("is_cut", [False, True])
def test_real_images_of_a_made_set_that_were_saved_are_not_replaced(tmp_path, is_cut):
    kept = make()
    kept.provenance["made_from"] = {"model": "cgan", "run": "mine", "recipe": "r", "seed": 3}
    kept.save(tmp_path / "set")
    assert "cgan" not in (tmp_path / "set" / "README.md").read_text("utf-8")
    description = tmp_path / "set" / "dataset.json"
    whole = description.read_text("utf-8")
    description.write_text(whole[: whole.index('"run"')] if is_cut else whole, "utf-8")
    with pytest.raises(gp.UsageError, match="is a saved set of images that ganprofile did not"):
        checked_output(tmp_path / "set", True)


@pytest.mark.parametrize("force", [False, True])
def test_nothing_is_replaced_where_nothing_tells_what_is_the_users(digits, tmp_path, force):
    path = digits[0].subset(1).save(tmp_path / "set")
    (path / "SHA256SUMS").unlink()
    with pytest.raises(gp.UsageError, match="set exists already, and without its SHA256SUMS"):
        digits[0].subset(1).save(path, force=force)


def test_force_replaces_a_set_and_nothing_else(digits, tmp_path):
    few = digits[1].subset(2)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "notes.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(gp.UsageError, match="is not a set that ganprofile wrote.*`path`"):
            few.save(tmp_path / "work", force=force)
    assert (tmp_path / "work" / "notes.txt").read_text() == "mine"
    few.save(tmp_path / "set")
    with pytest.raises(gp.UsageError, match="exists already. Choose another `path` or add `force"):
        few.save(tmp_path / "set")
    digits[1].subset(3).save(tmp_path / "set", force=True)
    assert len(gp.load(tmp_path / "set")[0]) == 30


@pytest.mark.parametrize("format", ["npz", "imagefolder"])
def test_force_takes_nothing_that_a_user_put_into_a_set(digits, tmp_path, format):
    few, place = digits[1].subset(1), tmp_path / "set"
    few.save(place, format)
    (place / "scans").mkdir()
    few.save(place, format, force=True)
    (place / "scans").mkdir()
    for name in ("notes.txt", "scans/1.png"):
        (place / name).write_text("mine")
        with pytest.raises(gp.UsageError, match=f"set holds files .*{name}.*Move them elsewhere"):
            few.save(place, format, force=True)
        (place / name).unlink()
    card = place / "README.md"
    card.write_text(card.read_text("utf-8") + "Scanned by hand.\n", "utf-8")
    with pytest.raises(gp.UsageError, match=r"were changed since \(README.md\)"):
        few.save(place, format, force=True)
    assert "by hand" in card.read_text("utf-8")
