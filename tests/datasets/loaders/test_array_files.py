"""Files of arrays as people and libraries write them."""

import gzip
import json
import re
import shutil

import numpy as np
import pytest
import scipy.io

import ganprofile as gp
from ganprofile.errors import GanprofileError

RANDOM = np.random.default_rng(0)
PARTS = {}
for part, count in {"train": 12, "val": 4, "test": 6}.items():
    labels = np.arange(count) % 3
    PARTS[part] = (RANDOM.integers(0, 256, (count, 8, 8), dtype=np.uint8), labels)
TRAIN, TEST = PARTS["train"], PARTS["test"]
# A frame of paper, as most sets have, by which pixels are told from labels.
for images, _ in PARTS.values():
    images[:, [0, -1]] = images[:, :, [0, -1]] = 0
    images[0, 1, 1] = 255


def check(loaded, expected_test="test", names=("0", "1", "2")):
    train, test = loaded
    assert train.class_names == names
    assert np.array_equal(train.images[..., 0], TRAIN[0])
    assert np.array_equal(train.labels, TRAIN[1])
    assert (test is None) == (expected_test is None)
    if test is not None:
        assert np.array_equal(test.images[..., 0], PARTS[expected_test][0])
        assert np.array_equal(test.labels, PARTS[expected_test][1]) and test.split == "test"


NAMES = {
    "keras": ("x_train", "y_train", "x_test", "y_test"),
    "capitals": ("X_train", "y_train", "X_test", "y_test"),
    "the part first": ("trainX", "trainY", "testX", "testY"),
    "run together": ("Xtrain", "ytrain", "Xtest", "ytest"),
    "words": ("train_images", "train_labels", "test_images", "test_labels"),
    "plain": ("train", "train_labels", "test", "test_labels"),
    "data": ("training_data", "training_targets", "testing_data", "testing_targets"),
    "short": ("X_tr", "y_tr", "X_te", "y_te"),
    "numbers": ("arr_0", "arr_1", "arr_2", "arr_3"),
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_two_parts_in_an_npz(tmp_path, names, capsys):
    np.savez(tmp_path / "a.npz", **dict(zip(names, [*TRAIN, *TEST], strict=True)))
    check(gp.load(tmp_path / "a.npz"))
    assert names[1] in capsys.readouterr().err, "which array was taken for what"


@pytest.mark.parametrize(
    "names",
    [
        ("X", "y"),
        ("data", "target"),
        ("images", "labels"),
        ("image", "label"),
        ("x_train", "y_train"),
        ("arr_0", "arr_1"),
        ("digits", "kinds"),
        ("pics", "labels"),
    ],
)
def test_one_part_in_an_npz(tmp_path, names):
    np.savez_compressed(tmp_path / "a.npz", **dict(zip(names, TRAIN, strict=True)))
    check(gp.load(tmp_path / "a.npz"), None)


def test_the_parts_of_medmnist(tmp_path, capsys):
    arrays = {}
    for part, (images, labels) in PARTS.items():
        arrays |= {f"{part}_images": images, f"{part}_labels": labels[:, None].astype(np.uint8)}
    np.savez(tmp_path / "medmnist.npz", **arrays)
    check(gp.load(tmp_path / "medmnist.npz"))
    assert "the validation part is left out" in capsys.readouterr().err
    del arrays["test_images"], arrays["test_labels"]
    np.savez(tmp_path / "medmnist.npz", **arrays)
    check(gp.load(tmp_path / "medmnist.npz"), "val")
    assert "the validation part is the test part" in capsys.readouterr().err


def test_an_array_without_labels_is_unlabelled_and_said(tmp_path, capsys):
    np.savez(tmp_path / "a.npz", TRAIN[0])
    train, test = gp.load(tmp_path / "a.npz")
    assert train.labels is None and test is None and len(train) == 12
    assert "arr_0 as the images to learn from, which have no labels" in capsys.readouterr().err


def test_test_images_without_labels_are_left_out(tmp_path, capsys):
    np.savez(tmp_path / "a.npz", x_train=TRAIN[0], y_train=TRAIN[1], x_test=TEST[0])
    check(gp.load(tmp_path / "a.npz"), None)
    assert "the test part has no labels and is left out" in capsys.readouterr().err


def test_further_arrays_are_said(tmp_path, capsys):
    np.savez(tmp_path / "a.npz", X=TRAIN[0], y=TRAIN[1], angles=np.zeros(12))
    check(gp.load(tmp_path / "a.npz"), None)
    assert "the arrays angles are not read" in capsys.readouterr().err


FURTHER = {
    "labelled": {"x_extra": TEST[0], "y_extra": TEST[1]},
    "first in the alphabet": {"a_images": TEST[0], "a_labels": TEST[1]},
    "two": {"x_extra": TEST[0], "x_more": TEST[0], "y_extra": TEST[1]},
    "unlabelled": {"X_unlabeled": TEST[0]},
    "no name": {"images": TEST[0], "labels": TEST[1]},
}


@pytest.mark.parametrize("kind", ["npz", "npy", "mat"])
@pytest.mark.parametrize("further", FURTHER.values(), ids=FURTHER)
def test_what_is_no_part_does_not_replace_the_training_part(tmp_path, further, kind, capsys):
    arrays = {"x_train": TRAIN[0], "y_train": TRAIN[1], "x_test": TEST[0], "y_test": TEST[1]}
    for order in (arrays | further, further | arrays):
        if kind == "npz":
            np.savez(tmp_path / "a.npz", **order)
        elif kind == "mat":
            scipy.io.savemat(tmp_path / "a.mat", order)
        for name, array in order.items() if kind == "npy" else ():
            np.save(tmp_path / f"{name}.npy", array)
        check(gp.load(tmp_path))
        said = capsys.readouterr().err
        assert "x_train (train images)" in said
        left = said.partition(": the arrays ")[2].partition(" are not read")[0]
        assert set(left.split(", ")) == set(further)


@pytest.mark.parametrize("further", ["unseen", "extra", "Zusatz"])
def test_a_file_that_is_no_part_is_left_aside(tmp_path, further, capsys):
    for name, (images, labels) in {"train": TRAIN, "held_out": TEST, further: TEST}.items():
        np.savez(tmp_path / f"{name}.npz", images=images, labels=labels)
    check(gp.load(tmp_path))
    assert f"the arrays {further} images, {further} labels are not read" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["num_classes", "classes", "writers", "images_count"])
def test_a_number_by_itself_is_said(tmp_path, name, capsys):
    np.savez(tmp_path / "a.npz", images=TRAIN[0], labels=TRAIN[1], **{name: 3})
    check(gp.load(tmp_path / "a.npz"), None)
    assert f"the arrays {name} are not read" in capsys.readouterr().err


def test_all_parts_have_one_range(tmp_path, capsys):
    """A test part that happens to use fewer levels must not be scaled by its own."""
    images = (TRAIN[0] // 16).astype(np.float32) + 1
    dark = np.minimum(TEST[0] // 16, 3).astype(np.float32)
    np.savez(tmp_path / "a.npz", x_train=images, y_train=TRAIN[1], x_test=dark, y_test=TEST[1])
    train, test = gp.load(tmp_path / "a.npz")
    assert train.images.max() == 255 and test.images.max() == round(3 * 255 / 16)
    assert "levels of which 16 is the highest" in capsys.readouterr().err


def write_h5(path, arrays):
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        file.update(arrays)


STORED = {
    "npz": lambda path, arrays: np.savez(path, **arrays),
    "mat": lambda path, arrays: scipy.io.savemat(path, arrays),
    "h5": write_h5,
}


@pytest.mark.parametrize("kind", STORED)
@pytest.mark.parametrize("noise", [0, 2])
def test_grey_in_three_channels_has_one_as_pictures_have(tmp_path, kind, noise, capsys):
    """Also where a lossy file left them not quite equal; colours in one part are colours."""
    train, test = (np.repeat(images[..., None], 3, -1) for images, _ in (TRAIN, TEST))
    train[..., 2] = np.minimum(train[..., 2], 255 - noise) + noise * (train[..., 2] > 0)
    arrays = {"x_train": train, "y_train": TRAIN[1], "x_test": test, "y_test": TEST[1]}
    STORED[kind](tmp_path / f"a.{kind}", arrays)
    loaded = gp.load(tmp_path / f"a.{kind}")
    assert (
        "show only greys in their three channels, which were taken for one"
        in capsys.readouterr().err
    )
    assert loaded[0].image_shape == loaded[1].image_shape == (8, 8, 1)
    assert np.abs(loaded[0].images[..., 0].astype(int) - TRAIN[0]).max() <= noise
    assert gp.load(tmp_path / f"a.{kind}", channels=3)[0].image_shape == (8, 8, 3)
    test[0, 1, 1] = 255, 0, 0
    STORED[kind](tmp_path / f"a.{kind}", arrays)
    for part in gp.load(tmp_path / f"a.{kind}"):
        assert part.image_shape == (8, 8, 3)
    assert "were taken for one" not in capsys.readouterr().err


def test_zeros_and_ones_become_paper_and_ink(tmp_path, capsys, monkeypatch):
    """Semeion's images: blank, if they were taken for levels of 255."""
    ink = (TRAIN[0] > 127).reshape(12, 64)
    np.savez(tmp_path / "a.npz", images=ink.astype(int), labels=np.eye(3)[TRAIN[1]])
    train, _ = gp.load(tmp_path / "a.npz")
    assert np.array_equal(train.images.reshape(12, 64), 255 * ink)
    assert train.labels.tolist() == TRAIN[1].tolist()
    said = capsys.readouterr().err
    assert "scaled to 0..255" in said and "images of 8x8" in said and "one 1 per row" in said
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    report = gp.import_dataset(tmp_path / "a.npz", "semeion")
    assert report["blank"] == [] and any("scaled to 0..255" in s for s in report["assumed"])


LABELS = {
    "floats": (TRAIN[1].astype(float), ("0", "1", "2"), TRAIN[1]),
    "bytes": (np.array([b"a ", b"b", b"c"])[TRAIN[1]], ("a", "b", "c"), TRAIN[1]),
    "text": (np.array(["b", "a", "ä"])[TRAIN[1]], ("a", "b", "ä"), np.array([1, 0, 2])[TRAIN[1]]),
    "from one": (TRAIN[1] + 1, ("1", "2", "3"), TRAIN[1]),
    "gaps": (np.array([3, 5, 8])[TRAIN[1]], ("3", "5", "8"), TRAIN[1]),
    "signs": (np.array([-1, 1, 1])[TRAIN[1]], ("-1", "1"), np.array([0, 1, 1])[TRAIN[1]]),
    "column": (TRAIN[1][:, None], ("0", "1", "2"), TRAIN[1]),
}


@pytest.mark.parametrize(("stored", "names", "expected"), LABELS.values(), ids=LABELS)
def test_labels_of_other_kinds(tmp_path, stored, names, expected):
    np.savez(tmp_path / "a.npz", images=TRAIN[0], labels=stored)
    train, _ = gp.load(tmp_path / "a.npz")
    assert train.class_names == names and train.labels.tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("of_train", "of_test"), [("float64", "U9"), ("U9", "int32"), ("O", "float32")]
)
def test_numbers_in_one_part_and_text_in_the_other_are_one_class(
    tmp_path, of_train, of_test, capsys
):
    texts = TRAIN[1].astype(str).astype(of_train), TEST[1].astype("U9").astype(of_test)
    for name, labels in zip(("train", "test"), texts, strict=True):
        np.save(tmp_path / f"y_{name}.npy", np.array(labels.tolist()))
    np.save(tmp_path / "x_train.npy", TRAIN[0])
    np.save(tmp_path / "x_test.npy", TEST[0])
    check(gp.load(tmp_path))
    assert "text in one part and numbers in the other" in capsys.readouterr().err


def test_labels_of_both_parts_may_stand_in_rows_and_columns(tmp_path):
    """As MATLAB keeps vectors."""
    arrays = {"y_train": TRAIN[1][None], "y_test": TEST[1][:, None]}
    np.savez(tmp_path / "a.npz", x_train=TRAIN[0], x_test=TEST[0], **arrays)
    check(gp.load(tmp_path / "a.npz"))


def test_class_names_beside_labels(tmp_path):
    names = np.array(["one", "two", "three"])
    for labels in (TRAIN[1], TRAIN[1] + 1, names[TRAIN[1]]):
        np.savez(tmp_path / "a.npz", X=TRAIN[0], y=labels, target_names=names)
        check(gp.load(tmp_path / "a.npz"), None, tuple(names))


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"x_test": TEST[0], "y_test": TEST[1]}, "has no training images"),
        ({"images": TRAIN[0], "x": TRAIN[0]}, "the arrays images and x, which seem to be the same"),
        ({"a": TRAIN[0], "b": TRAIN[0], "c": TRAIN[0][:, 1:]}, "no array 'images', 'x_train'"),
        ({"x": TRAIN[0], "y": TRAIN[1][:5]}, "a label for each of 12 images. Received: 5"),
        ({"x": TRAIN[0], "y": np.ones((12, 2))}, "one label for each image"),
        ({"x": TRAIN[0], "y": TRAIN[1] + 0.5}, "Received: fractions"),
        ({"x": TRAIN[0], "y": np.array([""] * 12)}, "image 0 has none"),
        ({"x": TRAIN[0] * np.nan, "y": TRAIN[1]}, "NaN"),
        (
            {"x_train": TRAIN[0], "y_train": TRAIN[1], "x_test": TEST[0][:, 1:], "y_test": TEST[1]},
            r"parts of one shape, .* Received: \(12, 8, 8\) and \(6, 7, 8\)",
        ),
        (
            {
                "x_train": TRAIN[0][1:],
                "y_train": TRAIN[1],
                "x_test": TEST[0],
                "y_test": TEST[1][1:],
            },
            "Received: 12 labels for 11 images",
        ),
    ],
)
def test_arrays_that_cannot_be_meant(tmp_path, arrays, sentence):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(GanprofileError, match=sentence):
        gp.load(tmp_path / "a.npz")


@pytest.mark.parametrize(
    "names",
    [
        NAMES["keras"],
        NAMES["words"],
        ("mnist_train_images", "mnist_train_labels", "mnist_test_images", "mnist_test_labels"),
    ],
)
def test_npy_files(tmp_path, names):
    for name, array in zip(names, [*TRAIN, *TEST], strict=True):
        np.save(tmp_path / f"{name}.npy", array)
    check(gp.load(tmp_path))
    check(gp.load(tmp_path / f"{names[0]}.npy"))
    shutil.make_archive(tmp_path.parent / "packed", "zip", tmp_path)
    check(gp.load(tmp_path.parent / "packed.zip"))


def test_an_npy_file_that_is_not_read_is_said(tmp_path, capsys):
    for name, array in {"images": TRAIN[0], "labels": TRAIN[1], "names": np.array(["a"])}.items():
        np.save(tmp_path / f"{name}.npy", array)
    check(gp.load(tmp_path), None)
    assert "names.npy not read." in capsys.readouterr().err


def test_an_npy_file_by_itself_and_pairs(tmp_path):
    np.save(tmp_path / "images.npy", TRAIN[0])
    assert gp.load(tmp_path / "images.npy")[0].labels is None
    np.save(tmp_path / "labels.npy", TRAIN[1])
    check(gp.load(tmp_path), None)
    check(gp.load(tmp_path / "images.npy"), None)
    np.save(tmp_path / "scans.npy", TEST[0])
    assert len(gp.load(tmp_path / "scans.npy")[0]) == 6
    np.save(tmp_path / "labels.npy", np.array([{}, None], object), allow_pickle=True)
    with pytest.raises(GanprofileError, match=r"labels\.npy cannot be read .*Object arrays"):
        gp.load(tmp_path)
    names = np.array([*"cab"], object)[TRAIN[1]]
    np.save(tmp_path / "labels.npy", names)
    np.savez(tmp_path / "a.npz", images=TRAIN[0], labels=names)
    for file in (tmp_path, tmp_path / "a.npz"):
        with pytest.raises(GanprofileError, match=r"made plain before: names with labels\.astype"):
            gp.load(file)
    np.save(tmp_path / "labels.npy", names.astype(str))
    train = gp.load(tmp_path / "images.npy")[0]
    assert [train.class_names[label] for label in train.labels] == names.tolist()


def test_an_npz_for_each_part(tmp_path):
    for name, (images, labels) in (("training-images", TRAIN), ("testing-images", TEST)):
        np.savez(tmp_path / f"{name}.npz", images=images, labels=labels, classes=list("abc"))
    check(gp.load(tmp_path), names=("a", "b", "c"))
    np.savez(tmp_path / "testing-images.npz", images=TEST[0], labels=TEST[1], classes=list("abd"))
    with pytest.raises(GanprofileError, match=r"training-images classes call classes otherwise"):
        gp.load(tmp_path)
    for name, (images, labels) in (("training-images", TRAIN), ("testing-images", TEST)):
        np.savez(tmp_path / f"{name}.npz", images=images, labels=labels)
    check(gp.load(tmp_path))
    (tmp_path / "testing-images.npz").unlink()
    check(gp.load(tmp_path), None)


def pixel_rows(images, labels, place=0):
    rows = images.reshape(len(images), -1).tolist()
    for row, label in zip(rows, labels.tolist(), strict=True):
        row.insert(len(row) if place else 0, label)
    return rows


def write_pixels(path, rows, heading=None, separator=","):
    lines = [separator.join(map(str, row)) for row in ([heading] if heading else []) + rows]
    text = "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


KAGGLE = ["label", *(f"pixel{k}" for k in range(64))]


@pytest.mark.parametrize("heading", [KAGGLE, list(range(65)), None])
@pytest.mark.parametrize("name", ["train.csv", "a.csv.gz", "a.txt"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_of_pixels(tmp_path, heading, name, separator):
    write_pixels(tmp_path / name, pixel_rows(*TRAIN), heading, separator)
    check(gp.load(tmp_path / name), None)
    check(gp.load(tmp_path), None)


@pytest.mark.parametrize("heading", [[*KAGGLE[1:], "class"], None])
def test_labels_in_the_last_column(tmp_path, heading, capsys):
    write_pixels(tmp_path / "a.csv", pixel_rows(*TRAIN, place=1), heading)
    check(gp.load(tmp_path / "a.csv"), None)
    assert ("the last column was taken for the labels" in capsys.readouterr().err) != bool(heading)


def test_letters_as_labels_and_pixels_from_zero_to_one(tmp_path):
    rows = pixel_rows(TRAIN[0] / 255, np.array(["a", "b", "c"])[TRAIN[1]])
    write_pixels(tmp_path / "a.csv", rows)
    check(gp.load(tmp_path / "a.csv"), None, ("a", "b", "c"))


def test_the_index_that_pandas_writes(tmp_path, capsys):
    rows = [[k, *row] for k, row in enumerate(pixel_rows(*TRAIN))]
    write_pixels(tmp_path / "a.csv", rows, ["", *KAGGLE])
    check(gp.load(tmp_path / "a.csv"), None)
    assert "the first column counts the rows" in capsys.readouterr().err


def test_a_folder_as_kaggle_packs_it(tmp_path, capsys):
    write_pixels(tmp_path / "train.csv", pixel_rows(*TRAIN), KAGGLE)
    write_pixels(tmp_path / "test.csv", TEST[0].reshape(6, -1).tolist(), KAGGLE[1:])
    (tmp_path / "sample_submission.csv").write_text("ImageId,Label\n1,0\n")
    check(gp.load(tmp_path), None)
    said = capsys.readouterr().err
    assert "test part has no labels" in said and "sample_submission.csv not read" in said
    write_pixels(tmp_path / "test.csv", pixel_rows(*TEST), KAGGLE)
    check(gp.load(tmp_path))
    write_pixels(tmp_path / "training.csv", pixel_rows(*TEST), KAGGLE)
    with pytest.raises(GanprofileError, match="which is the train part cannot be told"):
        gp.load(tmp_path)


@pytest.mark.parametrize("heading", ["", "label\n"])
def test_labels_in_a_table_of_their_own(tmp_path, heading, capsys):
    """As the Arabic characters AHCD come."""
    for part, (images, labels) in (("Train", TRAIN), ("Test", TEST)):
        rows = images.reshape(len(images), -1).tolist()
        write_pixels(tmp_path / f"csv{part}Images {len(rows)}x64.csv", rows)
        text = heading + "".join(f"{label}\n" for label in labels)
        (tmp_path / f"csv{part}Label {len(rows)}x1.csv").write_text(text)
    check(gp.load(tmp_path))
    assert "csvTrainLabel 12x1.csv was taken for the labels" in (said := capsys.readouterr().err)
    assert "not read" not in said
    check(gp.load(tmp_path / "csvTrainImages 12x64.csv"), None)


def test_labels_beside_the_names_of_images(tmp_path):
    write_pixels(tmp_path / "images.csv", TRAIN[0].reshape(12, -1).tolist())
    rows = "".join(f"{k},{'abc'[label]},x\n" for k, label in enumerate(TRAIN[1]))
    (tmp_path / "labels.csv").write_text("id,label,writer\n" + rows)
    check(gp.load(tmp_path), None, ("a", "b", "c"))


@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("labelled", [False, True])
def test_rows_of_coloured_pixels(tmp_path, planar, labelled, capsys):
    slope = np.arange(8)[:, None] * 16 + np.arange(8) + 30
    images = np.stack([slope // 2, slope + 90, 255 - slope], -1)[None].repeat(12, 0)
    images = (images - np.arange(12)[:, None, None, None]).astype(np.uint8)
    stored = np.moveaxis(images, -1, 1) if planar else images
    rows = pixel_rows(stored, TRAIN[1]) if labelled else stored.reshape(12, -1).tolist()
    write_pixels(tmp_path / "a.csv", rows)
    train, _ = gp.load(tmp_path / "a.csv", invert="no")
    assert np.array_equal(train.images, images) and (train.labels is not None) == labelled
    order = "one colour after the other" if planar else "pixel by pixel"
    assert f"were taken for coloured images of 8x8, {order}" in capsys.readouterr().err


def test_published_csv_files_one_at_a_time(tmp_path):
    images, labels = np.zeros((4, 28, 28), np.uint8), np.array([0, 1, 0, 1])
    images[:, 3, 5:20] = np.arange(40, 44)[:, None] * 5
    write_pixels(tmp_path / "mnist_train.csv", pixel_rows(images, labels))
    for path in (tmp_path, tmp_path / "mnist_train.csv"):
        assert np.array_equal(gp.load(path)[0].images[..., 0], images)
    write_pixels(tmp_path / "emnist-letters-train.csv", pixel_rows(images.swapaxes(1, 2), labels))
    train, _ = gp.load(tmp_path / "emnist-letters-train.csv")
    assert np.array_equal(train.images[..., 0], images), "upright"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([[*row[:-1], ""] for row in pixel_rows(*TRAIN)], "12 rows of images lack a value"),
        ([row[:-9] for row in pixel_rows(*TRAIN)], "has 55 columns that were taken for pix"),
        ([*pixel_rows(*TRAIN)[:1], [9] * 65], "cannot be told"),
        ([*pixel_rows(*TRAIN), [1] * 12], "is no table of numbers"),
    ],
)
def test_tables_of_pixels_that_cannot_be_meant(tmp_path, rows, sentence):
    has_heading = "told" not in sentence
    write_pixels(tmp_path / "a.csv", rows, KAGGLE[: len(rows[0])] if has_heading else None)
    with pytest.raises(GanprofileError, match=sentence):
        gp.load(tmp_path / "a.csv")


@pytest.mark.parametrize("labels", ["0123", "abcd"])
@pytest.mark.parametrize("missing", ["", " "])
def test_rows_without_a_label_are_counted_from_1(tmp_path, labels, missing):
    rows = [[label, *row[1:]] for label, row in zip(labels * 3, pixel_rows(*TRAIN), strict=True)]
    rows[4][0] = rows[7][0] = missing
    write_pixels(tmp_path / "a.csv", rows, KAGGLE)
    with pytest.raises(GanprofileError, match="2 rows of images lack a .*, the first is row 5"):
        gp.load(tmp_path / "a.csv")


@pytest.mark.parametrize("place", [0, 2, 30])
def test_the_heading_of_the_labels_can_be_named(tmp_path, place, capsys):
    """A writer's name comes first, so that two columns are no pixels."""
    rows = [[f"w{k}", *row] for k, row in enumerate(pixel_rows(*TRAIN))]
    heading = ["writer_no", "Letter Id", *KAGGLE[1:]]
    rows = [[*row[:1], *row[2 : 2 + place], row[1], *row[2 + place :]] for row in rows]
    heading = [heading[0], *heading[2 : 2 + place], heading[1], *heading[2 + place :]]
    write_pixels(tmp_path / "a.csv", rows, heading)
    told = (
        "64 columns, pixel0 to pixel63, .*told: writer_no, letter_id. Name it with `label_column`"
    )
    with pytest.raises(GanprofileError, match=told):
        gp.load(tmp_path / "a.csv")
    for name in ("Letter Id", "letter_id"):
        check(gp.load(tmp_path / "a.csv", label_column=name), None)
    assert "a.csv: not read: writer_no." in capsys.readouterr().err
    with pytest.raises(gp.UsageError, match="no column `label_column='x'`. Received: writer_no, l"):
        gp.load(tmp_path / "a.csv", label_column="x")


def test_what_is_held_out_may_lack_the_column_of_labels(tmp_path, capsys):
    write_pixels(tmp_path / "train.csv", pixel_rows(*TRAIN), ["glyph", *KAGGLE[1:]])
    write_pixels(tmp_path / "test.csv", TEST[0].reshape(6, -1).tolist(), KAGGLE[1:])
    check(gp.load(tmp_path, label_column="glyph"), None)
    check(gp.load(tmp_path), None)
    assert "the column 'glyph' was taken for the labels" in capsys.readouterr().err


def test_a_column_is_named_only_where_there_are_headings(tmp_path):
    write_pixels(tmp_path / "a.csv", pixel_rows(*TRAIN))
    with pytest.raises(gp.UsageError, match="no line of headings, so that `label_column='x'`"):
        gp.load(tmp_path / "a.csv", label_column="x")
    np.savez(tmp_path / "a.npz", images=TRAIN[0], labels=TRAIN[1])
    with pytest.raises(
        gp.UsageError, match="`label_column` is for Parquet files and tables of pix"
    ):
        gp.load(tmp_path / "a.npz", label_column="x")
    with pytest.raises(
        gp.UsageError, match="`image_column` is for Parquet files. .*a CSV or ARFF with"
    ):
        gp.load(tmp_path / "a.csv", image_column="x")


def test_what_is_there_instead_of_labels_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    np.savez(tmp_path / "a.npz", images=TRAIN[0])
    with pytest.raises(gp.UsageError, match=r"It holds images \(12, 8, 8\), none of which"):
        gp.import_dataset(tmp_path / "a.npz", "x")
    write_pixels(tmp_path / "a.csv", TRAIN[0].reshape(12, -1).tolist(), KAGGLE[1:])
    with pytest.raises(gp.UsageError, match="Give it a column called label"):
        gp.import_dataset(tmp_path / "a.csv", "x")


def test_parquet_of_other_columns(tmp_path, monkeypatch, capsys):
    import pyarrow
    from pyarrow import parquet

    from ganprofile.images import encode_png

    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    path = tmp_path / "x.parquet"

    def write(**columns):
        parquet.write_table(pyarrow.table(columns), path)

    pictures = [encode_png(image[..., None]) for image in TRAIN[0]]
    write(img=pictures, glyph=TRAIN[1].tolist(), writer=[1] * 12)
    with pytest.raises(gp.UsageError, match="columns, img, glyph, writer, img was.*`label_column`"):
        gp.import_dataset(path, "x")
    check(gp.load(path, label_column="glyph"), None)
    write(image=[f"{k}.png" for k in range(12)], label=TRAIN[1].tolist())
    with pytest.raises(GanprofileError, match="row 1 names '0.png', which is not there"):
        gp.load(path)
    pixels = {f"p{k}": column for k, column in enumerate(TRAIN[0].reshape(12, -1).T)}
    write(**pixels, glyph=TRAIN[1])
    check(gp.load(path), None)
    assert "the column 'glyph' was taken for the labels" in capsys.readouterr().err
    write(pen=TRAIN[1], **pixels, glyph=TRAIN[1])
    with pytest.raises(GanprofileError, match="cannot be told: pen, glyph. Name it"):
        gp.load(path)
    check(gp.load(path, label_column="glyph"), None)


@pytest.fixture
def hugging_face_set():
    """`DatasetDict` of the parts, as people push it."""
    datasets = pytest.importorskip("datasets")
    from PIL import Image

    features = datasets.Features(
        {"image": datasets.Image(), "label": datasets.ClassLabel(names=["zero", "one", "two"])}
    )

    def made(part):
        images, labels = PARTS[part]
        content = {"image": [Image.fromarray(i) for i in images], "label": labels.tolist()}
        return datasets.Dataset.from_dict(content, features=features)

    return made


def test_parquet_as_hugging_face_writes_it(tmp_path, hugging_face_set):
    names = ("zero", "one", "two")
    (tmp_path / "data").mkdir()
    hugging_face_set("train").to_parquet(tmp_path / "data" / "train-00000-of-00001.parquet")
    check(gp.load(tmp_path / "data" / "train-00000-of-00001.parquet"), None, names)
    hugging_face_set("test").to_parquet(tmp_path / "data" / "test-00000-of-00001.parquet")
    for path in (tmp_path, tmp_path / "data"):
        check(gp.load(path), "test", names)
    whole = hugging_face_set("train")
    (tmp_path / "data" / "train-00000-of-00001.parquet").unlink()
    for k in range(2):
        shard = whole.shard(2, k, contiguous=True)
        shard.to_parquet(tmp_path / "data" / f"train-0000{k}-of-00002.parquet")
    check(gp.load(tmp_path), "test", names)


def test_parquet_in_folders_and_of_numbers(tmp_path, capsys):
    import pyarrow
    from pyarrow import parquet

    for part in ("train", "validation"):
        images, labels = PARTS[part[:5] if part == "train" else "val"]
        table = {"pixels": images.tolist(), "label": np.array(["a", "b", "c"])[labels].tolist()}
        (tmp_path / part).mkdir()
        parquet.write_table(pyarrow.table(table), tmp_path / part / "0000.parquet")
    check(gp.load(tmp_path), "val", ("a", "b", "c"))
    assert "the validation part is the test part" in capsys.readouterr().err
    parquet.write_table(pyarrow.table({"x1": [1]}), tmp_path / "features.parquet")
    with pytest.raises(GanprofileError, match="no column of pictures, called image. Received: x1"):
        gp.load(tmp_path / "features.parquet")
    (tmp_path / "features.parquet").write_bytes(b"PAR1")
    with pytest.raises(GanprofileError, match="is no Parquet or Arrow file"):
        gp.load(tmp_path / "features.parquet")


def test_a_damaged_picture_in_a_parquet_file_is_named(tmp_path, monkeypatch):
    import pyarrow
    from pyarrow import parquet

    from ganprofile.images import encode_png

    good = [encode_png(image[..., None]) for image in TRAIN[0][:3]]
    rows = [{"bytes": content, "path": None} for content in [*good, b"no picture"]]
    metadata = {"huggingface": json.dumps({"info": {"features": {"label": {"names": ["a"]}}}})}
    table = pyarrow.table({"image": rows, "label": [0] * 4}).replace_schema_metadata(metadata)
    parquet.write_table(table, tmp_path / "x.parquet")
    with pytest.raises(GanprofileError, match=r"x\.parquet/train/row-4\.png is not a readable"):
        gp.load(tmp_path / "x.parquet")
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    report = gp.import_dataset(tmp_path / "x.parquet", "x")
    assert report["images"] == {"train": 3} and list(report["unreadable"]) == ["train/row-4.png"]
    assert list(report["images_per_class"]) == ["a"]


def test_pixels_as_bytes_in_a_parquet_file_are_told_so(tmp_path):
    import pyarrow
    from pyarrow import parquet

    rows = [image.tobytes() for image in TRAIN[0][:3]]
    parquet.write_table(pyarrow.table({"image": rows, "label": [0, 1, 0]}), tmp_path / "x.parquet")
    with pytest.raises(GanprofileError, match=r"bytes in each row, and no PNG.*frombuffer"):
        gp.load(tmp_path / "x.parquet")


ONE_CLASS = [TRAIN[0][k == TRAIN[1]][: 4 - k] for k in range(3)]


@pytest.mark.parametrize(
    "names",
    [
        ("a", "b", "c"),
        ("full_numpy_bitmap_a", "full_numpy_bitmap_b", "full_numpy_bitmap_c"),  # as QuickDraw's
        ("images_a", "images_b", "images_c"),
        ("X", "Y", "Z"),
        ("V", "X", "Z"),
    ],
)
@pytest.mark.parametrize("kind", ["npz", "npy", "rows"])
def test_an_array_for_each_class(tmp_path, names, kind, capsys):
    stored = [one.reshape(len(one), -1) if kind == "rows" else one for one in ONE_CLASS]
    arrays = dict(zip(names, stored, strict=True))
    if kind == "npz":
        np.savez(tmp_path / "a.npz", **arrays)
    for name, array in arrays.items() if kind != "npz" else ():
        np.save(tmp_path / f"{name}.npy", array)
    train, _ = gp.load(tmp_path)
    called = tuple(name.rpartition("_")[2] for name in names)
    assert train.class_names == called and train.class_counts().tolist() == [4, 3, 2]
    assert np.array_equal(train.images[..., 0], np.concatenate(ONE_CLASS))
    told = f"3 arrays of images were taken for one class each, {called[0]} to {called[-1]}"
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["npz", "npy"])
@pytest.mark.parametrize("called", ["{}", "full_numpy_bitmap_{}"])
@pytest.mark.parametrize("part", ["train", "test"])
def test_a_class_that_may_be_a_part_is_refused(tmp_path, kind, called, part):
    """QuickDraw has a class of trains."""
    arrays = dict(zip(map(called.format, "abc"), ONE_CLASS, strict=True))
    arrays[called.format(part)] = TRAIN[0]
    if kind == "npz":
        np.savez(tmp_path / "a.npz", **arrays)
    for name, array in arrays.items() if kind == "npy" else ():
        np.save(tmp_path / f"{name}.npy", array)
    with pytest.raises(gp.UsageError, match=f"{part} among what seems to be a class each"):
        gp.load(tmp_path)


@pytest.mark.parametrize(
    "names",
    [
        ("x_train", "x_val", "x_test"),
        ("XTrain", "XVal", "XTest"),
        ("images", "masks", "edges"),
        ("arr_0", "arr_1"),
    ],
)
def test_arrays_that_are_no_classes(tmp_path, names):
    arrays = (images for images, _ in PARTS.values())
    np.savez(tmp_path / "a.npz", **dict(zip(names, arrays, strict=False)))
    assert gp.load(tmp_path / "a.npz")[0].labels is None


@pytest.mark.parametrize("words", [("chars", "digits"), ("upper_case", "lower_case")])
def test_two_sets_in_a_file_are_named_and_one_can_be_read(tmp_path, monkeypatch, words):
    arrays = {
        f"{role}_{word}_{part}": array
        for word in words
        for part, pair in (("train", TRAIN), ("test", TEST))
        for role, array in zip("xy", pair, strict=True)
    }
    np.savez(tmp_path / "both.npz", **arrays)
    sets = f"holds 2 sets: x_{words[0]}_train, .*; x_{words[1]}"
    with pytest.raises(gp.UsageError, match=sets) as caught:
        gp.load(tmp_path / "both.npz")
    monkeypatch.chdir(tmp_path)
    exec(re.search(r"numpy\.savez.*\)", str(caught.value))[0], {"numpy": np})  # what it advises
    train, test = gp.load(tmp_path / f"{words[0]}.npz")
    assert train.labels.tolist() == TRAIN[1].tolist() and len(test) == len(TEST[0])
    (tmp_path / "apart").mkdir()
    for name, array in arrays.items():
        np.save(tmp_path / "apart" / f"{name}.npy", array)
    with pytest.raises(gp.UsageError, match="put its files into a folder of their own"):
        gp.load(tmp_path / "apart")


@pytest.mark.parametrize("names", [[f"data_batch_{k}" for k in "123"], [f"fold{k}" for k in "012"]])
def test_pieces_of_a_set_are_no_classes(tmp_path, names):
    arrays = dict(zip(names, [images for images, _ in PARTS.values()], strict=True))
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(GanprofileError, match="seem to be the same|has no array 'images'"):
        gp.load(tmp_path / "a.npz")


def write_csv(path, images, labels):
    rows = np.column_stack([labels, images.reshape(len(labels), -1)])
    heading = ",".join(["label", *(f"pixel{k}" for k in range(64))])
    np.savetxt(path, rows, "%d", ",", header=heading, comments="")


@pytest.mark.parametrize("kind", ["npy", "npz", "mat", "csv"])
def test_folders_of_parts_hold_arrays(tmp_path, kind):
    for part, (images, labels) in {"Training": TRAIN, "test": TEST}.items():
        folder = tmp_path / "mine" / part
        folder.mkdir(parents=True)
        if kind == "npy":
            np.save(folder / "images.npy", images)
            np.save(folder / "labels.npy", labels)
        elif kind == "npz":
            np.savez(folder / "data.npz", images=images, labels=labels)
        elif kind == "mat":
            scipy.io.savemat(folder / "data.mat", {"images": images, "labels": labels})
        else:
            write_csv(folder / "data.csv", images, labels)
    check(gp.load(tmp_path / "mine", invert="no"))


def test_one_array_of_labels_is_of_the_first_of_two_arrays_of_images(tmp_path, capsys):
    images, labels = TRAIN
    stored = {"raw": images, "clean": images[::-1] // 2, "labels": labels, "writers": labels + 5}
    np.savez(tmp_path / "a.npz", **stored)
    train, test = gp.load(tmp_path / "a.npz")
    assert np.array_equal(train.images[..., 0], images) and test is None
    assert train.labels.tolist() == labels.tolist()
    assert train.writers.tolist() == (labels + 5).tolist()
    said = capsys.readouterr().err
    assert "clean as the images to test with, which have no labels" in said
    assert "the test part has no labels and is left out" in said


@pytest.mark.parametrize("has_test", [False, True])
def test_a_validation_part_without_labels_is_left_out(tmp_path, capsys, has_test):
    stored = {"x_train": TRAIN[0], "y_train": TRAIN[1], "x_val": PARTS["val"][0]}
    stored |= {"x_test": TEST[0], "y_test": TEST[1]} if has_test else {}
    np.savez(tmp_path / "a.npz", **stored)
    check(gp.load(tmp_path / "a.npz"), "test" if has_test else None)
    assert "the validation part has no labels and is left out" in capsys.readouterr().err


def test_how_many_classes_there_are_is_no_name_of_one(tmp_path, capsys):
    scipy.io.savemat(tmp_path / "a.mat", {"images": TRAIN[0], "labels": TRAIN[1], "classes": 3})
    check(gp.load(tmp_path / "a.mat"), None)
    assert "the arrays classes are not read" in capsys.readouterr().err


def written_in(root, kind, part, arrays):
    """Arrays of one part of a set as files, or groups of one, that are of the part."""
    kind, _, place = kind.partition(" in ")
    folder = root / part if place == "folders" else root
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "npy":
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array)
    elif kind == "npz":
        np.savez(folder / ("a.npz" if place == "folders" else f"{part}.npz"), **arrays)
    elif kind == "mat":
        scipy.io.savemat(folder / f"{part}.mat", arrays)
    else:
        h5py = pytest.importorskip("h5py")
        with h5py.File(folder / ("a.h5" if place == "groups" else f"{part}.h5"), "a") as file:
            group = file.require_group(part) if place == "groups" else file
            for name, array in arrays.items():
                group[name] = array.tolist() if array.dtype.kind == "U" else array


@pytest.mark.parametrize("listed", ["by both", "by one", "otherwise"])
@pytest.mark.parametrize(
    "kind",
    [
        *("npy in folders", "npz in folders", "npz in files", "mat in files", "mat in folders"),
        *("h5 in files", "h5 in folders", "h5 in groups"),
    ],
)
def test_parts_have_one_list_of_classes(tmp_path, kind, listed):
    """Numbers of two lists are of other classes, whichever part is written last."""
    names = np.array(["ka", "kha", "ga"])
    lists = {
        "by both": (names, names),
        "by one": (names, None),
        "otherwise": (names, names[::-1].copy()),
    }
    root = tmp_path / "set"
    for part, own in zip(("train", "test"), lists[listed], strict=True):
        images, labels = PARTS[part]
        arrays = {"images": images, "labels": labels}
        written_in(root, kind, part, arrays if own is None else {**arrays, "class_names": own})
    if listed == "otherwise":
        with pytest.raises(gp.UsageError, match=r"class_names call classes otherwise, so that"):
            gp.load(root)
        return
    check(gp.load(root), names=("ka", "kha", "ga"))


def test_numbers_called_classes_in_a_group_are_no_names(tmp_path):
    for part in ("train", "test"):
        images, labels = PARTS[part]
        written_in(tmp_path / "set", "h5 in groups", part, {"images": images, "classes": labels})
    with pytest.raises((gp.UsageError, GanprofileError), match="label"):
        gp.load_for_training(tmp_path / "set")[0].subset(1)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("first_label", [None, 1])
@pytest.mark.parametrize("names", [("1", "10", "2"), ("ka", "kha", "ga")])
@pytest.mark.parametrize("kind", ["numbers", "numbers as text"])
def test_numbers_beside_text_are_places_among_names_that_are_known(
    tmp_path, swapped, first_label, names, kind, capsys
):
    """`ImageFolder` sorts 10 before 2, so that a number is no name."""
    if kind == "numbers as text" and "1" in names:
        return  # text is a name where it can be one
    parts = {"train": TRAIN, "test": TEST}
    numbered, spelled = ("test", "train") if swapped else ("train", "test")
    places = parts[numbered][1] + (first_label or 0)
    labels = {
        numbered: places if kind == "numbers" else places.astype(str).astype("U3"),
        spelled: np.array(names)[parts[spelled][1]],
    }
    if kind == "numbers as text":
        labels[spelled] = parts[spelled][1] + (first_label or 0)
    arrays = {f"x_{part}": images for part, (images, _) in parts.items()}
    arrays |= {f"y_{part}": own for part, own in labels.items()}
    np.savez(tmp_path / "a.npz", **arrays, class_names=names)
    check(gp.load(tmp_path / "a.npz", first_label=first_label), names=names)
    assert "taken for places among the names of the classes" in capsys.readouterr().err


def test_what_numbers_beside_text_are_taken_for_is_said(tmp_path, capsys):
    """And `first_label`, by which they are places, says something."""
    names = ("ka", "kha", "ga")
    arrays = {"x_train": TRAIN[0], "y_train": TRAIN[1] + 1, "class_names": names}
    arrays |= {"x_test": TEST[0], "y_test": np.array(names)[TEST[1]]}
    np.savez(tmp_path / "a.npz", **arrays)
    for first_label in (None, 1):
        check(gp.load(tmp_path / "a.npz", first_label=first_label), names=names)
        err = capsys.readouterr().err
        assert ("1 was taken for the first, 'ka'" in err) == (first_label is None)
        assert "of which `first_label` says nothing" not in err
