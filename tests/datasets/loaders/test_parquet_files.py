"""Parquet files whose rows name pictures instead of holding them."""

import base64
import io
import json
import zipfile

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from PIL import Image

import ganprofile as gp

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 8, 8), dtype=np.uint8)
IMAGES[:, [0, -1]] = IMAGES[:, :, [0, -1]] = 0
LABELS = np.arange(12) % 3
NAMES = [f"images/{label}/{k}.png" for k, label in enumerate(LABELS)]


@pytest.fixture
def root(tmp_path):
    """A folder of pictures."""
    for name, image in zip(NAMES, IMAGES, strict=True):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(tmp_path / name)
    return tmp_path


def write(path, pictures, rows=slice(None), names=("ka", "kha", "ga"), **columns):
    """Labels are places in `names`, whichever these are."""
    features = {"label": {"names": list(names), "_type": "ClassLabel"}}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    labels = [names.index(("ka", "kha", "ga")[label]) for label in LABELS[rows]]
    columns = {name: values[rows] for name, values in columns.items()}
    table = pyarrow.table({"image": pictures[rows], "label": labels, **columns})
    path.parent.mkdir(exist_ok=True)
    pyarrow.parquet.write_table(table.replace_schema_metadata(metadata), path)


def picture_bytes(image):
    content = io.BytesIO()
    Image.fromarray(image).save(content, "PNG")
    return content.getvalue()


def check(loaded, rows=slice(None)):
    assert np.array_equal(loaded.images[..., 0], IMAGES[rows])
    assert loaded.labels.tolist() == LABELS[rows].tolist()
    assert loaded.class_names == ("ka", "kha", "ga")


WAYS = {
    "text": lambda names: names,
    "paths of Hugging Face's": lambda names: [{"bytes": None, "path": one} for one in names],
    "of Windows": lambda names: [one.replace("/", "\\") for one in names],
}


@pytest.mark.parametrize("stored", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("place", ["train.parquet", "data/train-00000-of-00001.parquet"])
def test_files_are_found_beside_the_table_or_in_the_folder(root, stored, place):
    write(root / place, stored(NAMES))
    check(gp.load(root)[0])
    check(gp.load(root / place)[0]) if "/" not in place else None


def test_parts_by_file(root):
    write(root / "train.parquet", NAMES, slice(9))
    write(root / "test.parquet", NAMES, slice(9, 12))
    train, test = gp.load(root)
    check(train, slice(9))
    check(test, slice(9, 12))


def test_columns_that_are_left_are_said_once(root, capsys):
    for number, rows in enumerate((slice(6), slice(6, 12))):
        columns = {"character": ["k"] * 12, "class": [7] * 12, "writer": ["a"] * 12}
        write(root / f"train-{number}.parquet", NAMES, rows, **columns)
    check(gp.load(root)[0])
    said = "image was taken for the pictures and label for the labels; not read: character, class."
    assert capsys.readouterr().err.count(said) == 1


FURTHER = ["extra", "unlabelled", "predictions", "0000", "sub/extra"]


@pytest.mark.parametrize("train", ["train", "train-00000-of-00001", "training/0000"])
@pytest.mark.parametrize("further", FURTHER)
def test_files_of_no_part_are_left_aside(root, train, further, capsys):
    write(root / f"{train}.parquet", NAMES, slice(8))
    write(root / "held-out.parquet", NAMES, slice(8, 10))
    write(root / f"{further}.parquet", NAMES, slice(10, 12))
    loaded = gp.load(root)
    for part, rows in zip(loaded, (slice(8), slice(8, 10)), strict=True):
        check(part, rows)
    assert f"{further}.parquet not read, as other files" in capsys.readouterr().err


def test_files_of_no_part_are_learned_from_where_none_is_called_train(root, capsys):
    write(root / "0000.parquet", NAMES, slice(6))
    write(root / "0001.parquet", NAMES, slice(6, 12))
    check(gp.load(root)[0])
    assert "to learn from" not in capsys.readouterr().err
    (root / "0001.parquet").rename(root / "more.parquet")
    check(gp.load(root)[0])
    assert "0000.parquet, more.parquet are the images to learn from" in capsys.readouterr().err


def read_halves(root, names):
    """A set in two files of these names, which are read as one."""
    for name, rows in zip(names, (slice(6), slice(6, 12)), strict=True):
        write(root / f"{name}.parquet", NAMES, rows)
    check(gp.load(root)[0])


@pytest.mark.parametrize(
    "names",
    [
        ("hiragana-train-00000-of-00001", "katakana-train-00000-of-00001"),
        ("data/one_train", "data/two_train"),
        ("train/clean", "train/more"),
    ],
)
def test_files_of_one_part_that_may_be_of_several_sets_are_said(root, names, capsys):
    read_halves(root, names)
    said = f"{names[0]}.parquet, {names[1]}.parquet are the images to learn from, as one set; if"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "names",
    [
        ("train-00000-of-00002-a09b74b3ef9c3b56", "train-00001-of-00002-0d1c3f5b7c9e1a2b"),
        ("part-0-train", "part-1-train"),
        ("train/data-00000-of-00002", "train/data-00001-of-00002"),
    ],
)
def test_shards_of_one_part_are_one_set(root, names, capsys):
    read_halves(root, names)
    assert "to learn from" not in capsys.readouterr().err


@pytest.mark.parametrize("flags", [[False, True] * 6, [0, 1] * 6])
@pytest.mark.parametrize("are_pixels", [False, True])
def test_flags_that_may_say_the_parts_are_said(root, flags, are_pixels, capsys):
    columns = {"image": NAMES, "label": LABELS, "is_test": flags}
    if are_pixels:
        del columns["image"]
        columns |= {f"pixel{k}": IMAGES.reshape(12, -1)[:, k] for k in range(64)}
    pyarrow.parquet.write_table(pyarrow.table(columns), root / "all.parquet")
    train, test = gp.load(root / "all.parquet")
    assert np.array_equal(train.images[..., 0], IMAGES) and test is None
    assert "the column 'is_test' is not read, so that images to test" in capsys.readouterr().err


BOTH = [0, 3, 6, 1, 4, 7]  # of two classes


@pytest.mark.parametrize("first_label", [None, 0])
def test_labels_go_by_the_names_of_their_file(root, first_label, capsys):
    """As `class_encode_column` counts the classes of each file by itself."""
    pictures = np.array(NAMES)
    write(root / "train.parquet", pictures, slice(9))
    write(root / "test.parquet", pictures, slice(9, 12), names=("ga", "kha", "ka"))
    for _ in range(2):
        train, test = gp.load(root, first_label=first_label)
        check(train, slice(9))
        check(test, slice(9, 12))
        assert "its files name their classes differently" in capsys.readouterr().err
        write(root / "test.parquet", pictures, slice(9, 12), names=("none", "ka", "kha", "ga"))
    write(root / "test.parquet", pictures, BOTH, names=("kha", "ka"))
    _, test = gp.load(root, allow_overlap=True)
    assert test.labels.tolist() == LABELS[BOTH].tolist()


def test_labels_go_by_the_names_of_their_shard(root):
    shards = {0: slice(6), 1: slice(6, 12)}
    for k, (names, rows) in enumerate(
        zip([("ka", "kha", "ga"), ("ga", "ka", "kha")], shards.values(), strict=True)
    ):
        write(root / f"train-0000{k}-of-00002.parquet", NAMES, rows, names)
    check(gp.load(root)[0])


def test_a_class_of_test_images_that_the_training_part_lacks_is_said(root, capsys):
    pictures = np.array(NAMES)
    write(root / "train.parquet", pictures, BOTH, names=("ka", "kha"))
    write(root / "test.parquet", pictures, [2, 5, 10])
    train, test = gp.load(root)
    assert train.labels.tolist() == LABELS[BOTH].tolist() and test.labels.tolist() == [2, 2, 1]
    assert "(train) has no image of the class 'ga'" in capsys.readouterr().err


@pytest.mark.parametrize("stored", list(WAYS.values())[:2])
def test_a_file_that_is_not_there_is_named(root, stored):
    (root / NAMES[4]).unlink()
    write(root / "train.parquet", stored(NAMES))
    for load in (gp.load, lambda path: gp.import_dataset(path, "x", dry_run=True)):
        with pytest.raises(gp.GanprofileError, match="row 5 names 'images/1/4.png', which is not"):
            load(root / "train.parquet")


def test_a_file_of_that_name_in_another_folder_is_not_meant(root):
    other = next(root / name for name in NAMES if "/1/" not in name).parent
    (root / NAMES[4]).rename(other / "lost.png")
    lost = [*NAMES[:4], "images/1/lost.png", *NAMES[5:]]
    write(root / "train.parquet", lost)
    with pytest.raises(gp.GanprofileError, match="row 5 names 'images/1/lost.png', which is not"):
        gp.load(root / "train.parquet")


def test_what_others_packed_names_no_file_outside(root, tmp_path):
    table = root / "table.parquet"
    write(table, [str(root / name) for name in NAMES])
    check(gp.load(table)[0])
    with zipfile.ZipFile(root / "packed.zip", "w") as file:
        file.write(table, "packed/table.parquet")
    with pytest.raises(gp.GanprofileError, match="which is not there"):
        gp.load(root / "packed.zip")


def test_folders_may_be_the_labels_all_the_same(root):
    write(root / "images" / "metadata.parquet", NAMES)
    assert gp.load(root / "images", labels="folders")[0].class_names == ("0", "1", "2")


def test_writers_and_parts_by_columns(root, capsys):
    """Numbers of writers are the same in both parts; who wrote a picture may be unknown."""
    writers = ["anna", "bo", None, "cy"] * 3
    parts = ["train"] * 8 + ["test"] * 4
    columns = {"image": NAMES, "label": LABELS, "writer_id": writers, "split": parts}
    pyarrow.parquet.write_table(pyarrow.table(columns), root / "all.parquet")
    train, test = gp.load(root / "all.parquet")
    assert train.writers.tolist() == [0, 1, -1, 2] * 2 and test.writers.tolist() == [0, 1, -1, 2]
    for part in (train, test):
        assert part.attributes["writer_name"].tolist()[:4] == ["anna", "bo", "", "cy"]
    assert np.array_equal(test.images[..., 0], IMAGES[8:])
    assert "a column says to which part each image belongs" in capsys.readouterr().err


@pytest.mark.parametrize("said", [["test"] * 12, ["train"] * 11 + ["left"]])
def test_parts_that_cannot_be_meant_are_refused(root, said):
    columns = {"image": NAMES, "label": LABELS, "split": said}
    pyarrow.parquet.write_table(pyarrow.table(columns), root / "all.parquet")
    with pytest.raises(
        gp.GanprofileError, match="no row of the training part|has the split 'left'"
    ):
        gp.load(root / "all.parquet")


def test_writers_of_pixels(root):
    """Pictures as lists, and a column for each pixel."""
    pixels = IMAGES.reshape(12, -1)
    beside = {"label": LABELS, "writer": np.arange(12) // 4 + 7}
    tables = {
        "lists": {"image": [*map(np.ndarray.tolist, IMAGES)], **beside},
        "columns": {**beside, **{f"pixel{k}": pixels[:, k] for k in range(64)}},
    }
    for name, columns in tables.items():
        pyarrow.parquet.write_table(pyarrow.table(columns), root / f"{name}.parquet")
        train, _ = gp.load(root / f"{name}.parquet")
        assert train.writers.tolist() == [7] * 4 + [8] * 4 + [9] * 4
        assert np.array_equal(train.images[..., 0], IMAGES)


CARD = """---
license: mit
dataset_info:
  features:
  - name: image
    dtype: image
  - name: label
    dtype:
      class_label:
        names:
          '0': ka
          '2': ga
          '1': kha
---
# Letters
"""


@pytest.mark.parametrize(
    ("card", "names"),
    [
        (CARD, ("ka", "kha", "ga")),
        (CARD.replace("dtype:\n", "sequence:\n"), ("ka", "kha", "ga")),
        (CARD.replace("dtype:\n", "list:\n"), ("ka", "kha", "ga")),
        (CARD.replace("dtype:\n      class_label:", "list: string\n    other:"), ("0", "1", "2")),
        (CARD.replace("'2'", "'3'"), ("0", "1", "2")),
        (CARD.replace("label", "other"), ("0", "1", "2")),
        ("---\n- [\n---\n", ("0", "1", "2")),
        ("# Letters", ("0", "1", "2")),
    ],
)
def test_names_of_classes_in_the_card(root, card, names):
    """As a repository of Hugging Face's has them, where the file itself does not."""
    table = pyarrow.table({"image": NAMES, "label": LABELS})
    (root / "data").mkdir()
    pyarrow.parquet.write_table(table, root / "data" / "train-00000-of-00001.parquet")
    (root / "README.md").write_text(card)
    train, _ = gp.load(root)
    assert train.class_names == names and train.labels.tolist() == LABELS.tolist()


SETS = """---
configs:
- config_name: small
  data_files:
  - split: train
    path: {small}/train-*
- config_name: capital
  data_files: [{{split: train, path: [{capital}/train-*]}}]
dataset_info:
- config_name: small
  features: [{{name: label, dtype: {{class_label: {{names: [ka, kha, ga]}}}}}}]
- config_name: capital
  features: [{{name: label, dtype: {{class_label: {{names: [KA, KHA, GA]}}}}}}]
---
"""


@pytest.mark.parametrize("with_configs", [True, False])
@pytest.mark.parametrize("below", ["", "data/"])
def test_one_of_several_sets_has_the_names_that_the_card_around_it_gives(
    root, capsys, with_configs, below
):
    places = {"small": "one", "capital": "two"} if with_configs else {"small": "small"}
    places = {name: f"{below}{place}" for name, place in {"capital": "capital", **places}.items()}
    card = SETS.format(**places)
    card = card if with_configs else card.replace("configs:", "others:")
    (root / "README.md").write_text(card)
    table = pyarrow.table({"image": NAMES, "label": LABELS})
    for place in places.values():
        (root / place).mkdir(parents=True)
        file = root / place / "train-00000-of-00001.parquet"
        pyarrow.parquet.write_table(table.set_column(0, "image", [held(root)]), file)
    for name, place in places.items():
        names = ("ka", "kha", "ga") if name == "small" else ("KA", "KHA", "GA")
        for path in (root / place, root / place / "train-00000-of-00001.parquet"):
            assert gp.load(path)[0].class_names == names
            said = f"The names of the classes are those that {root.name}/README.md gives."
            assert capsys.readouterr().err.count(said) == 1


def held(root):
    """Pictures that the table holds, wherever it lies."""
    return [{"bytes": (root / name).read_bytes(), "path": None} for name in NAMES]


FILES = {
    "a list": "[{split: train, path: data/part_a.parquet}, {split: test, path: data/*_b.*}]",
    "by splits": "{train: [data/part_a.parquet], test: ./data/part_b.parquet}",
    "a validation part": "{train: data/part_a*, validation: '**/part_b.parquet'}",
}


@pytest.mark.parametrize("files", FILES.values(), ids=FILES)
@pytest.mark.parametrize("named", ["", "data"])
def test_the_card_says_which_file_is_which_part(root, files, named, capsys):
    write(root / "data/part_a.parquet", held(root), slice(8))
    write(root / "data/part_b.parquet", held(root), slice(8, 12))
    write(root / "data/old-train.parquet", held(root), slice(3))
    (root / "README.md").write_text(
        f"---\nconfigs:\n- config_name: only\n  data_files: {files}\n---\n"
    )
    train, test = gp.load(root / named)
    check(train, slice(8))
    check(test, slice(8, 12))
    said = "old-train.parquet not read, as README.md does not name it for the set only"
    assert said in (err := capsys.readouterr().err) and "to learn from" not in err


def card_of_sets(root, usual, *names):
    """Each set has a file in `data/`, and one that the card does not name has another there."""
    sets = (
        f"- config_name: {name}\n  default: {usual == name}\n  data_files: data/{name}-*.parquet\n"
        for name in names
    )
    (root / "README.md").write_text(f"---\nconfigs:\n{''.join(sets)}---\n")
    for name, rows in zip(names, (slice(8), slice(8, 12)), strict=True):
        write(root / f"data/{name}-0.parquet", held(root), rows)


def test_several_sets_that_the_card_names_are_refused(root):
    card_of_sets(root, None, "hira", "kata")
    with pytest.raises(
        gp.UsageError, match="several sets, as README.md says: hira, kata. Name the file"
    ):
        gp.load(root)
    check(gp.load(root / "data/kata-0.parquet")[0], slice(8, 12))
    write(root / "hira/x.parquet", held(root), slice(8))
    card = (root / "README.md").read_text()
    (root / "README.md").write_text(card.replace("data/hira-*", "hira/*"))
    with pytest.raises(gp.UsageError, match="Name the folder of one, such as .*hira"):
        gp.load(root)
    check(gp.load(root / "hira")[0], slice(8))


def test_the_usual_one_of_several_sets_is_read(root, capsys):
    card_of_sets(root, "kata", "hira", "kata")
    check(gp.load(root)[0], slice(8, 12))
    assert "hira-0.parquet not read, as README.md does not name it" in capsys.readouterr().err


@pytest.mark.parametrize(
    "configs", ["7", "[7]", "[{data_files: 7}]", "[{data_files: [7]}]", "[{data_files: no/*}]"]
)
def test_a_card_that_names_no_file_says_nothing(root, configs):
    write(root / "train.parquet", NAMES)
    (root / "README.md").write_text(f"---\nconfigs: {configs}\n---\n")
    check(gp.load(root)[0])


@pytest.mark.parametrize("is_divided", [True, False])
def test_what_datasets_saves_is_read_as_it_was(tmp_path, is_divided):
    datasets = pytest.importorskip("datasets")
    names = ["ka", "kha", "ga"]
    kinds = {"image": datasets.Image(), "label": datasets.ClassLabel(names=names)}
    pictures = [Image.fromarray(image) for image in IMAGES]
    columns = {"image": pictures, "label": LABELS}
    made = datasets.Dataset.from_dict(columns, features=datasets.Features(kinds))
    if is_divided:
        held = made.select(range(8, 12))
        made = datasets.DatasetDict({"train": made.select(range(8)), "test": held})
    made.save_to_disk(str(tmp_path / "saved"))
    first = tmp_path / "saved" / ("train" * is_divided)
    (first / "cache-0123456789abcdef.arrow").write_bytes(b"what datasets keeps for itself")
    train, test = gp.load(tmp_path / "saved")
    check(train, slice(8) if is_divided else slice(None))
    if is_divided:
        check(test, slice(8, 12))
    else:
        check(gp.load(next((tmp_path / "saved").glob("data-*.arrow")))[0])


def test_feather_files_are_read_and_damaged_ones_named(tmp_path):
    import pyarrow.feather

    table = pyarrow.table({"pixels": IMAGES.reshape(12, -1).tolist(), "label": LABELS.tolist()})
    pyarrow.feather.write_feather(table, tmp_path / "mine.feather")
    assert np.array_equal(gp.load(tmp_path / "mine.feather")[0].images[..., 0], IMAGES)
    (tmp_path / "mine.feather").write_bytes(b"ARROW1 and no more")
    with pytest.raises(gp.GanprofileError, match="is no Parquet or Arrow file"):
        gp.load(tmp_path / "mine.feather")


def shards(root, first, second, names=("a-0", "a-1")):
    """Two files of nine and three rows."""
    for name, rows, more in zip(names, (slice(9), slice(9, 12)), (first, second), strict=True):
        columns = {"image": NAMES, "label": LABELS, "writer": [f"w{k}" for k in LABELS]}
        columns = {key: columns[key][rows] for key in more if key in columns} | {
            key: values for key, values in more.items() if key not in columns
        }
        pyarrow.parquet.write_table(pyarrow.table(columns), root / f"{name}.parquet")


USUAL = dict.fromkeys(("image", "label"))


@pytest.mark.parametrize("held_out", ["test", "validation"])
def test_parts_that_one_of_several_files_names_are_kept(root, held_out, capsys):
    shards(root, USUAL | {"split": ["train"] * 6 + [held_out] * 3}, USUAL)
    train, test = gp.load(root)
    assert np.array_equal(train.images[..., 0], IMAGES[[0, 1, 2, 3, 4, 5, 9, 10, 11]])
    assert np.array_equal(test.images[..., 0], IMAGES[6:9])
    said = capsys.readouterr().err
    assert "a-0.parquet: a column says to which part each image belongs" in said
    assert "a-1.parquet say no part (3) and were taken for training" in said


def test_a_column_of_parts_counts_beside_a_file_of_the_test_part(root, capsys):
    split = ["train"] * 6 + ["validation"] * 3
    shards(root, USUAL | {"split": split}, USUAL, ("train", "test"))
    train, test = gp.load(root)
    assert np.array_equal(train.images[..., 0], IMAGES[:6])
    assert np.array_equal(test.images[..., 0], IMAGES[9:])
    assert "the validation part is left out" in capsys.readouterr().err


def test_writers_that_one_of_several_files_names_are_kept(root, capsys):
    shards(root, USUAL | {"writer": None}, USUAL)
    assert gp.load(root)[0].writers.tolist() == [*LABELS[:9], -1, -1, -1]
    assert "a-1.parquet has no column of writers, but" in capsys.readouterr().err


def test_a_file_without_the_labels_of_the_others_is_named(root):
    shards(root, USUAL, {"image": None, "klass": ["ka"] * 3})
    sentence = r"a-1\.parquet has no labels, but .*a-0\.parquet has\. Of its columns, image, klass,"
    with pytest.raises(gp.GanprofileError, match=sentence):
        gp.load(root)


def test_a_held_out_file_without_the_labels_of_the_others_is_left_out(root, capsys):
    shards(
        root, USUAL | {"split": ["train"] * 6 + ["test"] * 3}, {"image": None}, ("train", "test")
    )
    assert np.array_equal(gp.load(root)[1].images[..., 0], IMAGES[6:9])
    assert "test.parquet: the images of the test part have no labels" in capsys.readouterr().err


def test_names_of_classes_that_one_of_several_files_has_are_those_of_all(root):
    shards(root, USUAL, USUAL)
    write(root / "a-1.parquet", NAMES, slice(9, 12))
    check(gp.load(root)[0])


@pytest.mark.parametrize("names", [("a-0", "a-1"), ("train", "test")])
def test_numbers_in_one_file_and_text_in_the_other_are_one_class(root, names, capsys):
    for name, rows, kind in zip(names, (slice(9), slice(9, 12)), (float, str), strict=True):
        columns = {"image": NAMES[rows], "label": LABELS[rows].astype(kind)}
        pyarrow.parquet.write_table(pyarrow.table(columns), root / f"{name}.parquet")
    assert gp.load(root)[0].class_names == ("0", "1", "2")
    assert "text in one part and numbers in the other" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["Sequence", "List", "list"])
def test_lists_of_one_label_have_their_names(root, kind):
    """As Hugging Face's `Sequence(ClassLabel)` keeps them."""
    label = {"names": ["ka", "kha", "ga"], "_type": "ClassLabel"}
    feature = [label] if kind == "list" else {"feature": label, "_type": kind}
    metadata = {"huggingface": json.dumps({"info": {"features": {"label": feature}}})}
    for name, rows in {"train": slice(9), "test": slice(9, 12)}.items():
        labels = LABELS[rows, None].tolist() if name == "train" else LABELS[rows]
        table = pyarrow.table({"image": NAMES[rows], "label": labels})
        table = table.replace_schema_metadata(metadata)
        pyarrow.parquet.write_table(table, root / f"{name}.parquet")
    for loaded, rows in zip(gp.load(root), (slice(9), slice(9, 12)), strict=True):
        check(loaded, rows)


@pytest.mark.parametrize(
    ("row", "odd", "received"),
    [
        (11, [0] * 60, r"one of \(60,\) in row 12"),
        (11, None, "none in row 12"),
        (0, None, "none in row 1"),
        (3, [None] + [0] * 63, "one that lacks numbers in row 4"),
    ],
)
def test_lists_that_make_no_picture_are_named(root, row, odd, received):
    pictures = IMAGES.reshape(12, -1).tolist()
    pictures[row] = odd
    table = pyarrow.table({"image": pictures, "label": LABELS})
    pyarrow.parquet.write_table(table, root / "a.parquet")
    with pytest.raises(
        gp.GanprofileError, match=rf"a\.parquet .*one shape, \(64,\)\. .*{received}"
    ):
        gp.load(root / "a.parquet")


def test_a_row_without_a_picture_is_named_wherever_it_stands(root):
    pictures = [(root / name).read_bytes() for name in NAMES]
    for row in (0, 5):
        some = [None if k == row else picture for k, picture in enumerate(pictures)]
        table = pyarrow.table({"image": some, "label": LABELS})
        pyarrow.parquet.write_table(table, root / "a.parquet")
        with pytest.raises(gp.GanprofileError, match=f"row {row + 1} of the train part has no pic"):
            gp.load(root / "a.parquet")


def test_files_that_keep_pictures_in_other_ways_are_named(root):
    shards(root, USUAL, USUAL)
    table = pyarrow.table({"image": IMAGES.tolist(), "label": LABELS})
    pyarrow.parquet.write_table(table, root / "a-1.parquet")
    with pytest.raises(gp.GanprofileError, match="a-1.parquet has pictures as numbers, .*a-0.par"):
        gp.load(root)


def test_lists_of_labels_of_several_lengths_are_no_damage(root):
    table = pyarrow.table({"image": NAMES, "label": [[0]] * 11 + [[0, 1]]})
    pyarrow.parquet.write_table(table, root / "a.parquet")
    with pytest.raises(gp.UsageError, match="labels of .*a.parquet should be one array of numbers"):
        gp.load(root / "a.parquet")


def test_labels_that_are_all_minus_one_are_said_to_be_none(root, capsys):
    """As Hugging Face marks what is not labelled."""
    table = pyarrow.table({"image": NAMES, "label": [-1] * 12})
    pyarrow.parquet.write_table(table, root / "a.parquet")
    assert gp.load(root / "a.parquet")[0].labels is None
    assert "has no labels. All labels in its column label are -1" in capsys.readouterr().err


@pytest.mark.parametrize("are_there", ["files", "bytes"])
def test_pictures_beside_columns_that_count_features_are_pictures(root, are_there):
    features = {f"feature_{k}": np.zeros(12) for k in range(64)}
    stored = [{"bytes": (root / n).read_bytes(), "path": None} for n in NAMES]
    write(root / "train.parquet", NAMES if are_there == "files" else stored, **features)
    check(gp.load(root / "train.parquet")[0])


def test_pictures_as_text_are_pictures(root):
    texts = [base64.b64encode((root / name).read_bytes()).decode() for name in NAMES]
    write(root / "of_text" / "train.parquet", texts)
    check(gp.load(root / "of_text")[0])


def test_a_column_that_spells_out_numbers_has_the_names(tmp_path):
    names = [("ka", "kha", "ga")[label] for label in LABELS]
    columns = {"label": LABELS, "character": names, "image": IMAGES.tolist()}
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "train.parquet")
    train, _ = gp.load(tmp_path / "train.parquet", invert="no")
    assert [train.class_names[label] for label in train.labels] == names


def test_labels_that_stand_for_none_are_named_with_their_image(root):
    write(root / "train.parquet", NAMES)
    table = pyarrow.parquet.read_table(root / "train.parquet")
    numbers = pyarrow.array([*LABELS[:5], -1, *LABELS[6:]])
    table = table.set_column(1, "label", numbers)
    pyarrow.parquet.write_table(table, root / "train.parquet")
    with pytest.raises(gp.UsageError, match="1 of 12 are -1, .* the first that of image 5"):
        gp.load(root / "train.parquet")


BESIDE = {
    "writer": (np.arange(12) % 2, ["ann", "bob"]),
    "split": (np.arange(12) // 9, ["train", "test"]),
}


@pytest.mark.parametrize("are_pixels", [False, True])
def test_numbers_of_writers_and_parts_go_by_their_names(root, are_pixels):
    features = {"label": {"names": ["ka", "kha", "ga"], "_type": "ClassLabel"}}
    features |= {name: {"names": of, "_type": "ClassLabel"} for name, (_, of) in BESIDE.items()}
    pictures = {"image": [(root / name).read_bytes() for name in NAMES]}
    if are_pixels:
        pictures = {f"pixel{k}": column for k, column in enumerate(IMAGES.reshape(12, 64).T)}
    numbers = {name: values for name, (values, _) in BESIDE.items()}
    numbers["writer"] = np.where(np.arange(12) == 2, -1, numbers["writer"])
    table = pyarrow.table({"label": LABELS, **numbers, **pictures})
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    pyarrow.parquet.write_table(table.replace_schema_metadata(metadata), root / "a.parquet")
    train, test = gp.load(root / "a.parquet")
    check(train, slice(9))
    check(test, slice(9, None))
    assert train.attributes["writer_name"].tolist()[:4] == ["ann", "bob", "", "bob"]
    assert train.writers.tolist()[:4] == [0, 1, -1, 1]


HELD = {
    ("file_name", "image"): lambda content, image: {"bytes": content, "path": None},
    ("file", "image_path"): lambda content, image: base64.b64encode(content).decode(),
    ("image_id", "data"): lambda content, image: content,
    ("image_id", "pixel_values"): lambda content, image: image.tolist(),
    ("filename", "pixels"): lambda content, image: image.ravel().tolist(),
}


@pytest.mark.parametrize(("names", "stored"), HELD.items(), ids=map(" ".join, HELD))
@pytest.mark.parametrize("are_there", [False, True])
def test_pictures_in_a_table_come_before_names_of_files(root, capsys, names, stored, are_there):
    called, held = names
    files = range(12) if called == "image_id" else NAMES[:: -1 if are_there else 1]
    values = [stored((root / n).read_bytes(), i) for n, i in zip(NAMES, IMAGES, strict=True)]
    table = pyarrow.table({called: [*files], held: values, "label": LABELS})
    (root / "data").mkdir()
    path = root / ("a.parquet" if are_there else "data/a.parquet")
    pyarrow.parquet.write_table(table, path)
    train, _ = gp.load(path)
    assert np.array_equal(train.images[..., 0], IMAGES)
    assert f"{held} was taken for the pictures" in capsys.readouterr().err


def test_names_of_files_that_are_not_there_lead_to_the_column_of_pictures(root):
    table = pyarrow.table({"file": ["absent.png"] * 12, "scan": [b"1"] * 12, "label": LABELS})
    pyarrow.parquet.write_table(table, root / "a.parquet")
    with pytest.raises(gp.GanprofileError, match="name it with `image_column`"):
        gp.load(root / "a.parquet")
    table = pyarrow.table({"image_id": range(12), "label": LABELS})
    pyarrow.parquet.write_table(table, root / "a.parquet")
    with pytest.raises(gp.GanprofileError, match="has no column of pictures, called image"):
        gp.load(root / "a.parquet")


@pytest.mark.parametrize("kind", ["numbers", "texts", "columns of pixels", "numbers for names"])
@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("class_names.csv", "label,class_name\n0,ka\n1,kha\n2,ga\n"),
        ("classes.txt", "ka\nkha\nga\n"),
    ],
)
def test_a_file_beside_it_names_numbered_labels(tmp_path, kind, file, text, capsys):
    pixels = {f"pixel{k}": column for k, column in enumerate(IMAGES.reshape(12, -1).T)}
    pictures = {"image": [picture_bytes(image) for image in IMAGES]}
    labels = LABELS.astype(str) if kind == "texts" else LABELS
    columns = pixels if kind == "columns of pixels" else pictures
    table = pyarrow.table({"label": labels, **columns})
    if kind == "numbers for names":
        features = {"label": {"names": ["0", "1", "2"], "_type": "ClassLabel"}}
        metadata = {"huggingface": json.dumps({"info": {"features": features}})}
        table = table.replace_schema_metadata(metadata)
    pyarrow.parquet.write_table(table, tmp_path / "train.parquet")
    (tmp_path / file).write_text(text)
    for path in (tmp_path, tmp_path / "train.parquet"):
        check(gp.load(path)[0])
        assert f"{file} was taken for the names of the classes" in capsys.readouterr().err


def test_a_file_beside_labels_that_are_names_is_said_not_to_be_read(root, capsys):
    write(root / "train.parquet", NAMES)
    (root / "class_names.txt").write_text("a\nb\nc\n")
    check(gp.load(root)[0])
    said = capsys.readouterr().err
    assert "class_names.txt is not read: the labels have names already, such as 'ka'." in said


@pytest.mark.parametrize(
    ("file", "names"),
    [("classes.txt", "abcdefghijklmnopqrstuvwxyz0123456789"), ("char_dict.txt", "120")],
)
def test_texts_that_are_names_in_the_file_beside_them_stay_names(tmp_path, capsys, file, names):
    pictures = [picture_bytes(image) for image in IMAGES]
    table = pyarrow.table({"image": pictures, "label": LABELS.astype(str)})
    pyarrow.parquet.write_table(table, tmp_path / "train.parquet")
    (tmp_path / file).write_text("\n".join(names))
    train, _ = gp.load(tmp_path)
    assert train.class_names == ("0", "1", "2") and train.labels.tolist() == LABELS.tolist()
    said = f"{file} is not read: the classes are called as its names already"
    assert said in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["train-00000-of-00002.parquet"], "1 of 2 files are missing, such as train-00001-of-0000"),
        (
            ["train-00000-of-00004-5cb3.parquet", "train-00003-of-00004-5cb3.parquet"],
            "2 of 4 files",
        ),
        (["train-00000-of-00001.parquet", "test-00001-of-00002.parquet"], "such as test-00000-of"),
        (["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"], ""),
    ],
)
def test_a_shard_that_is_missing_is_named(root, names, said, capsys):
    for k, name in enumerate(names):
        write(root / name, [*map(picture_bytes, IMAGES)], slice(6 * k, 6 * k + 6))
    gp.load(root)
    err = capsys.readouterr().err
    assert said in err and ("missing" in err) == bool(said)
    gp.load(root / names[0])
    assert "missing" not in capsys.readouterr().err, "one file was asked for"


def test_files_of_names_in_the_folders_of_parts_are_read(tmp_path, capsys):
    for part, rows in {"train": slice(6), "test": slice(6, 12)}.items():
        (tmp_path / part).mkdir()
        pictures = [picture_bytes(image) for image in IMAGES[rows]]
        table = pyarrow.table({"image": pictures, "label": LABELS[rows]})
        pyarrow.parquet.write_table(table, tmp_path / part / "0.parquet")
        (tmp_path / part / "class_names.txt").write_text("ka\nkha\nga\n")
    train, test = gp.load(tmp_path)
    check(train, slice(6))
    check(test, slice(6, 12))
    (tmp_path / "test" / "class_names.txt").write_text("ga\nkha\nka\n")
    with pytest.raises(gp.UsageError, match="train/class_names.txt and .* call classes otherwise"):
        gp.load(tmp_path)


@pytest.mark.parametrize("are_pixels", [False, True])
@pytest.mark.parametrize(
    "names", [("train.parquet", "test.parquet"), ("a-0.parquet", "a-1.parquet")]
)
@pytest.mark.parametrize(
    ("beside", "expected", "said"),
    [
        (None, ("ka", "kha", "ga"), "labels are called as"),
        (("ka", "kha", "ga"), ("ka", "kha", "ga"), ""),
        (("ka", "ga", "kha"), "each its own", "its files number their classes differently"),
        (("ka", "kha", "nga"), "each its own", "its files number their classes differently"),
    ],
)
def test_what_a_column_spells_out_is_so_in_all_files(
    tmp_path, names, beside, expected, said, are_pixels, capsys
):
    spelled = np.array(("ka", "kha", "ga"))[LABELS]
    spelled = [spelled, None if beside is None else np.array(beside)[LABELS]]
    for k, (file, own) in enumerate(zip(names, spelled, strict=True)):
        rows = slice(6 * k, 6 * k + 6)
        columns = {"label": LABELS[rows]} | ({} if own is None else {"class_name": own[rows]})
        if are_pixels:
            columns |= {
                f"pixel{j}": column for j, column in enumerate(IMAGES[rows].reshape(6, -1).T)
            }
        else:
            columns["image"] = [*map(picture_bytes, IMAGES[rows])]
        pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / file)
    train, test = gp.load(tmp_path)
    found = [name for part in (train, test) if part for name in names_of(part)]
    if expected == "each its own":  # as where each file was numbered by itself
        assert found == [*spelled[0][:6], *spelled[1][6:]]
    else:
        assert found == [expected[label] for label in LABELS]
    err = capsys.readouterr().err
    assert said in err and ("numbers in the other" not in err)


def names_of(part):
    return [part.class_names[label] for label in part.labels]


def test_a_number_that_no_file_spells_out_makes_numbers_of_all(tmp_path, capsys):
    pictures = [*map(picture_bytes, IMAGES)]
    some = {"image": pictures[:6], "label": LABELS[:6], "class_name": [*"abc"] * 2}
    pyarrow.parquet.write_table(pyarrow.table(some), tmp_path / "train.parquet")
    others = {"image": pictures[6:], "label": LABELS[6:] + 1}
    pyarrow.parquet.write_table(pyarrow.table(others), tmp_path / "test.parquet")
    train, test = gp.load(tmp_path)
    assert names_of(train) == [*"012"] * 2 and names_of(test) == [*"123"] * 2
    assert "labels are numbers, as its files have no name for 3" in capsys.readouterr().err


@pytest.mark.parametrize("names_as", [int, str])
@pytest.mark.parametrize("alone", ["train", "test"])
def test_names_alone_in_one_file_are_not_numbers_of_the_others(tmp_path, alone, names_as):
    for part, rows in (("train", slice(6)), ("test", slice(6, 12))):
        columns = {"image": [*map(picture_bytes, IMAGES[rows])]}
        columns["class_name"] = [names_as(9 - label) for label in LABELS[rows]]
        if part != alone:
            columns["label"] = LABELS[rows]
        pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / f"{part}.parquet")
    parts = gp.load(tmp_path)
    found = [name for part in parts for name in names_of(part)]
    assert found == [str(9 - label) for label in LABELS]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"class_name": [*"acb"] * 2, "label": LABELS[:6]}, "call 1 'b' and 'c', but what the"),
        ({"class_name": [*"abd"] * 2}, "have no name for 3, but what the numbers in .*shard-2"),
    ],
)
def test_numbers_that_names_of_other_files_cannot_tell_are_refused(tmp_path, columns, message):
    tables = [{"class_name": [*"abc"] * 2, "label": LABELS[:6]}, columns, {"label": LABELS[:6] + 1}]
    pictures = [*map(picture_bytes, IMAGES[:6])]
    for k, table in enumerate(tables):
        table = pyarrow.table({"image": pictures, **table})
        pyarrow.parquet.write_table(table, tmp_path / f"shard-{k}.parquet")
    with pytest.raises(gp.GanprofileError, match=message):
        gp.load(tmp_path)


@pytest.mark.parametrize("alone", [0, 1])
def test_labels_of_a_column_that_another_file_has_beside_its_own_are_refused(tmp_path, alone):
    for part in (0, 1):
        columns = {"image": [*map(picture_bytes, IMAGES[:6])], "class_id": LABELS[:6]}
        columns |= {} if part == alone else {"label": 9 - LABELS[:6]}
        pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / f"shard-{part}.parquet")
    message = f"shard-{alone}.parquet has its labels in the column 'class_id', but .* in 'label'"
    with pytest.raises(gp.GanprofileError, match=message):
        gp.load(tmp_path)
    found, _ = gp.load(tmp_path, label_column="class_id")
    assert names_of(found) == [str(label) for label in LABELS[:6]] * 2


def written_as(folder, files):
    """Six rows in each file: `{name: (labels, names of classes or ())}`."""
    for file, (labels, names) in files.items():
        if names:
            features = {"label": {"names": list(names), "_type": "ClassLabel"}}
            metadata = {"huggingface": json.dumps({"info": {"features": features}})}
        pictures = [*map(picture_bytes, IMAGES[:6])]
        table = pyarrow.table({"image": pictures, "label": labels})
        table = table.replace_schema_metadata(metadata) if names else table
        pyarrow.parquet.write_table(table, folder / f"{file}.parquet")


@pytest.mark.parametrize("last", ["train-2", "test"])
@pytest.mark.parametrize(
    ("first_label", "said"), [(None, "so that 1 was taken for the first, 'ka'"), (1, "")]
)
def test_numbers_in_all_files_beside_text_begin_with_one_class(
    tmp_path, last, first_label, said, capsys
):
    """1 and 2 alone would be the second class and the third."""
    names, places = ("ka", "kha", "ga"), LABELS[:6] % 2
    train = {"train-0": (places + 1, names), "train-1": (np.array(names)[LABELS[:6]], ())}
    written_as(tmp_path, {**train, last: (LABELS[:6] + 1, names)})
    train, test = gp.load(tmp_path, first_label=first_label, allow_overlap=True)
    found = [name for part in (train, test) if part for name in names_of(part)]
    expected = [names[place] for place in [*places, *LABELS[:6], *LABELS[:6]]]
    assert found == expected and train.class_names == names
    err = capsys.readouterr().err
    assert said in err and "of which `first_label` says nothing" not in err


@pytest.mark.parametrize("spelled", ["train", "test"])
@pytest.mark.parametrize("placeholders", [(), ("0", "1", "2")])
@pytest.mark.parametrize(
    ("file", "text"),
    [("class_names.csv", "0,2\n1,1\n2,0\n"), ("classes.txt", "ka\nkha\nga\n")],
)
def test_a_file_beside_it_names_the_numbers_beside_text(
    tmp_path, file, text, spelled, placeholders, capsys
):
    (tmp_path / file).write_text(text)
    names = ("2", "1", "0") if file == "class_names.csv" else ("ka", "kha", "ga")
    numbered = "test" if spelled == "train" else "train"
    texts = LABELS[:6].astype(str) if placeholders else np.array(names)[LABELS[:6]]
    written_as(tmp_path, {spelled: (texts, ()), numbered: (LABELS[:6], placeholders)})
    for part in gp.load(tmp_path, allow_overlap=True):
        assert names_of(part) == [names[label] for label in LABELS[:6]]
    assert f"{file} was taken for the names of the classes" in capsys.readouterr().err


def test_names_that_end_as_numbers_do_stay_two(tmp_path):
    """Where a number has no name, those of `v1` and `v1.0` are theirs again."""
    pictures = [*map(picture_bytes, IMAGES)]
    some = {"image": pictures[:6], "label": LABELS[:6], "class_name": ["v1", "v1.0", "v 1"] * 2}
    pyarrow.parquet.write_table(pyarrow.table(some), tmp_path / "train.parquet")
    others = {"image": pictures[6:], "label": LABELS[6:] + 1}
    pyarrow.parquet.write_table(pyarrow.table(others), tmp_path / "test.parquet")
    assert names_of(gp.load(tmp_path)[0]) == [*"012"] * 2
