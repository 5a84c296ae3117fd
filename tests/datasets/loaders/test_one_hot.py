"""One-hot labels: in columns beside the pixels, in a table of their own, in arrays."""

import csv

import h5py
import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
import scipy.io
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.loaders.class_mapping import read_mapping

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (12, 6, 6), dtype=np.uint8)
IMAGES[:, [0, -1]] = IMAGES[:, :, [0, -1]] = 0  # blank rows, as MNIST has them at its edges
IMAGES[0, 1, 1] = 255
ROWS = IMAGES.reshape(12, 36)
LABELS = np.arange(12) % 3
ONE_HOT = np.eye(3, dtype=int)[LABELS]
PIXELS = [f"pixel{k}" for k in range(36)]
HEADINGS = {
    "counted": ([f"label_{k}" for k in range(3)], "012"),
    "names": (["bha", "ca", "na"], ("bha", "ca", "na")),
    "numbers": (["5", "6", "7"], "567"),
}


def write(path, heading, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([heading, *rows.tolist()] if heading else rows.tolist())


def check(path, names="012"):
    train, _ = gp.load(path)
    assert np.array_equal(train.images[..., 0], IMAGES)
    assert train.labels.tolist() == LABELS.tolist() and train.class_names == tuple(names)


@pytest.mark.parametrize(("headings", "names"), HEADINGS.values(), ids=HEADINGS)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_columns_beside_pixels(tmp_path, headings, names, ending, capsys):
    table = np.column_stack([ROWS, ONE_HOT])
    if ending == "csv":
        write(tmp_path / "a.csv", PIXELS + headings, table)
    else:
        columns = dict(zip(PIXELS + headings, table.T, strict=True))
        pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    check(tmp_path / f"a.{ending}", names)
    assert f"{headings[0]} to {headings[-1]}, were taken for one-hot" in capsys.readouterr().err


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("heading", [None, [str(k) for k in range(39)]], ids=["none", "counted"])
def test_columns_without_headings_of_their_own(tmp_path, last, heading, capsys):
    rows = np.column_stack([ROWS, ONE_HOT] if last else [ONE_HOT, ROWS])
    write(tmp_path / "a.csv", heading, rows)
    check(tmp_path / "a.csv")
    assert "3 columns were taken for one-hot" in capsys.readouterr().err


@pytest.mark.parametrize(("headings", "names"), [*HEADINGS.values(), (None, "012")])
@pytest.mark.parametrize("numbered", [False, True])
def test_a_table_of_their_own(tmp_path, headings, names, numbered, capsys):
    write(tmp_path / "train_images.csv", PIXELS, ROWS)
    numbers = np.arange(12)[:, None]
    if numbered and headings:
        headings, rows = ["id", *headings], np.column_stack([numbers, ONE_HOT])[::-1]
    else:
        rows = ONE_HOT
    write(tmp_path / "train_labels.csv", headings, rows)
    check(tmp_path, names)
    assert "taken for one-hot" in capsys.readouterr().err


def test_a_number_above_the_labels_is_their_heading(tmp_path):
    """As pandas writes a column without a name."""
    write(tmp_path / "images.csv", PIXELS, ROWS)
    write(tmp_path / "labels.csv", ["0"], LABELS[:, None])
    check(tmp_path)


def test_several_columns_of_which_none_is_called_label_are_refused(tmp_path):
    write(tmp_path / "images.csv", PIXELS, ROWS)
    for heading in (["curved", "dotted", "tall"], None):
        write(tmp_path / "labels.csv", heading, np.maximum(ONE_HOT, [1, 0, 0]))
        with pytest.raises(gp.GanprofileError, match=r"labels\.csv: which of its columns has the"):
            gp.load(tmp_path)


@pytest.mark.parametrize("written", [("0", "1"), ("False", "True")])
def test_columns_beside_the_names_of_pictures(tmp_path, written, capsys):
    """As in tables of Kaggle's and Roboflow's; the names of classes keep their capitals."""
    rows = []
    for k, (image, hot) in enumerate(zip(IMAGES, ONE_HOT, strict=True)):
        Image.fromarray(image).save(tmp_path / f"{k}.png")
        rows.append([f"{k}.png", *(written[one] for one in hot)])
    heading = ["image_id", " Ka", " ka", " Kha"]
    write(tmp_path / "train.csv", heading, np.array(rows))
    train, _ = gp.load(tmp_path)
    assert [train.class_names[k] for k in train.labels] == ["Ka", "ka", "Kha"] * 4
    assert np.array_equal(train.images[..., 0], IMAGES)
    assert "'image_id' and one-hot columns were taken" in capsys.readouterr().err
    rows = np.array(rows * 10)
    rows[105, 1:] = written[1]
    write(tmp_path / "train.csv", heading, rows)
    with pytest.raises(gp.GanprofileError, match="columns Ka to Kha should be one-hot"):
        gp.load(tmp_path)


def test_a_table_that_numbers_no_classes_is_no_mapping(tmp_path):
    """Roboflow calls such a table `_classes.csv`."""
    write(tmp_path / "_classes.csv", ["ka", "kha", "ga"], ONE_HOT)
    with pytest.raises(gp.GanprofileError, match="should name classes"):
        read_mapping(tmp_path / "_classes.csv")


@pytest.mark.parametrize("kind", ["npz", "npy", "mat", "h5"])
def test_arrays(tmp_path, kind, capsys):
    folder = tmp_path / "set"
    folder.mkdir()
    content = {"X_digits": IMAGES, "Y_digits": ONE_HOT.astype(float)}
    if kind == "npz":
        np.savez(folder / "a.npz", **content)
    elif kind == "mat":
        scipy.io.savemat(folder / "a.mat", content)
    elif kind == "h5":
        with h5py.File(folder / "a.h5", "w") as file:
            file.update(content)
    else:
        for name, array in content.items():
            np.save(folder / f"{name}.npy", array)
    check(folder)
    assert "taken for one-hot: 3 columns" in capsys.readouterr().err


def test_a_row_with_two_labels_is_named(tmp_path):
    rows = [[f"{k}.png", *ONE_HOT[k]] for k in range(12)]
    rows[4][1:] = [1, 1, 0]
    for k in range(12):
        Image.fromarray(IMAGES[k]).resize((12, 12)).save(tmp_path / f"{k}.png")
    write(tmp_path / "labels.csv", ["image", "ka", "kha", "ga"], np.array(rows))
    with pytest.raises(gp.GanprofileError, match="one 1 in each row and else 0; row 5 is not. Put"):
        gp.load(tmp_path)


def test_headings_of_one_number_are_classes_of_their_own(tmp_path):
    rows = np.column_stack([ROWS, ONE_HOT])
    write(tmp_path / "a.csv", [*PIXELS, "c1", "c01", "c2"], rows)
    train, _ = gp.load(tmp_path / "a.csv")
    assert [train.class_names[k] for k in train.labels] == ["c1", "c01", "c2"] * 4


@pytest.mark.parametrize(
    "names", [("1_0", "1_1", "10"), ("4E00", "5E02", "4E03"), ("4E00", "5E02", "10")]
)
def test_names_that_python_reads_as_numbers_stay_names(tmp_path, names):
    rows = [[names[label], *row] for label, row in zip(LABELS, ROWS, strict=True)]
    with open(tmp_path / "set.csv", "w", newline="") as file:
        csv.writer(file).writerows([["label", *PIXELS], *rows])
    assert gp.load(tmp_path / "set.csv")[0].class_names == tuple(sorted(names))
