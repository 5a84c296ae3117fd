"""Tables in which one cell holds an image, or numbers have commas for points."""

import csv

import numpy as np
import pytest

import ganprofile as gp

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (12, 6, 6), dtype=np.uint8)
IMAGES[:, [0, -1]] = IMAGES[:, :, [0, -1]] = 0
IMAGES[0, 1, 1] = 255
LABELS = np.arange(12) % 3
TEXTS = [" ".join(map(str, image.ravel())) for image in IMAGES]


def write(path, rows, separator=","):
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def check(loaded, rows=slice(None)):
    assert np.array_equal(loaded.images[..., 0], IMAGES[rows])
    assert loaded.labels.tolist() == LABELS[rows].tolist()


def test_fer2013(tmp_path, capsys):
    usage = ["Training"] * 6 + ["PublicTest"] * 3 + ["PrivateTest"] * 3
    rows = zip(LABELS, TEXTS, usage, strict=True)
    path = write(tmp_path / "fer2013.csv", [("emotion", "pixels", "Usage"), *rows])
    train, test = gp.load(path)
    check(train, slice(6))
    check(test, slice(9, 12))
    said = capsys.readouterr().err
    assert "the column 'emotion' was taken for the labels" in said
    assert "the validation part is left out" in said


def test_a_usage_that_names_no_parts_is_none(tmp_path, capsys):
    rows = zip(LABELS, TEXTS, ["public domain"] * 12, strict=True)
    train, test = gp.load(write(tmp_path / "a.csv", [("label", "pixels", "usage"), *rows]))
    check(train)
    assert test is None and "not read: usage" in capsys.readouterr().err


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("written", ["numbers", "a list", "rows", "fractions"])
@pytest.mark.parametrize("heading", [("label", "image"), None])
def test_other_ways_of_writing(tmp_path, separator, written, heading):
    texts = {
        "numbers": TEXTS,
        "a list": [str(image.ravel().tolist()) for image in IMAGES],
        "rows": [str(image.tolist()) for image in IMAGES],
        "fractions": [" ".join(f"{v / 255:.4f}" for v in image.ravel()) for image in IMAGES],
    }[written]
    rows = [*([heading] if heading else []), *zip(LABELS, texts, strict=True)]
    check(gp.load(write(tmp_path / "a.csv", rows, separator))[0])


def test_more_text_than_csv_takes_by_itself(tmp_path):
    large = IMAGES.repeat(50, 1).repeat(50, 2)
    texts = [" ".join(map(str, image.ravel())) for image in large]
    rows = [("label", "pixels"), *zip(LABELS, texts, strict=True)]
    usual = 131_072
    before = csv.field_size_limit(usual)  # what SciPy reads before may have raised it
    assert max(map(len, texts)) > usual
    train, _ = gp.load(write(tmp_path / "a.csv", rows))
    assert np.array_equal(train.images[..., 0], large)
    assert csv.field_size_limit(before) == usual


def test_several_columns_that_may_have_the_labels_are_refused(tmp_path):
    rows = zip(LABELS, LABELS, TEXTS, strict=True)
    path = write(tmp_path / "a.csv", [("age", "gender", "pixels"), *rows])
    with pytest.raises(gp.GanprofileError, match="cannot be told: age, gender. Name it with"):
        gp.load(path)
    check(gp.load(path, label_column="gender")[0])


@pytest.mark.parametrize(
    ("row", "text", "sentence"),
    [
        (2, TEXTS[2] + " 7", r"row 3 has 37 pixels and the first row 36\. Bring the images"),
        (2, "0 ... 0", "row 3 has pixels that are no numbers"),
    ],
)
def test_rows_that_are_no_image_are_named(tmp_path, row, text, sentence):
    rows = [[label, one] for label, one in zip(LABELS, TEXTS, strict=True)]
    rows[row][1] = text
    path = write(tmp_path / "a.csv", [("label", "pixels"), *rows])
    with pytest.raises(gp.GanprofileError, match=rf"a\.csv: {sentence}"):
        gp.load(path)


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("written", ["{:.4f}", "{:.4g}"])  # the latter as spreadsheets do
@pytest.mark.parametrize("headed", [True, False])
def test_decimal_commas(tmp_path, separator, written, headed):
    rows = [
        [label, *(written.format(v / 255).replace(".", ",") for v in image.ravel())]
        for label, image in zip(LABELS, IMAGES, strict=True)
    ]
    headings = [["label", *(f"pixel{k}" for k in range(36))]] if headed else []
    check(gp.load(write(tmp_path / "a.csv", headings + rows, separator))[0])


def test_further_tables_beside_those_of_the_parts_are_said(tmp_path, capsys):
    """Kannada-MNIST's folder."""
    names = [f"pixel{k}" for k in range(36)]
    pixels = IMAGES.reshape(12, 36)
    labelled = [["label", *names], *np.column_stack([LABELS, pixels])]
    write(tmp_path / "train.csv", labelled)
    write(tmp_path / "Dig-MNIST.csv", labelled)
    write(tmp_path / "test.csv", [["id", *names], *np.column_stack([np.arange(12), pixels])])
    train, test = gp.load(tmp_path)
    check(train)
    assert test is None
    said = capsys.readouterr().err
    assert "Dig-MNIST.csv not read" in said and "the test part has no labels" in said


@pytest.mark.parametrize("side", [28, 40])
def test_arrays_as_numpy_prints_them_are_refused_with_what_to_do(tmp_path, side):
    """As pandas writes a column of arrays; cells of the larger are cut short."""
    images = np.arange(3 * side**2, dtype=np.uint8).reshape(3, side, side)
    with open(tmp_path / "x.csv", "w", newline="") as file:
        rows = [(str(image), label) for label, image in enumerate(images)]
        csv.writer(file).writerows([("image", "label"), *rows])
    with pytest.raises(gp.UsageError, match=r"images as NumPy prints arrays.*numpy\.savez"):
        gp.load(tmp_path / "x.csv")
