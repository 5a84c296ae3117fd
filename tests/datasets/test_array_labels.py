"""Labels as people keep them, and what is said of them."""

import datetime
import decimal
import enum
import gzip
import struct

import numpy as np
import pandas as pd
import pytest

import ganprofile as gp
from ganprofile.datasets.array_labels import to_labels

LETTERS = tuple("abc")


@pytest.mark.parametrize(
    ("values", "names", "first", "indices", "class_names", "said"),
    [
        ([0, 1, 1], (), None, [0, 1, 1], "01", None),
        ([1, 2, 2], (), None, [0, 1, 1], "12", "The labels are 1..2"),
        ([1, 2, 2], (), 1, [0, 1, 1], "12", None),
        ([0, 1, 3], (), None, [0, 1, 2], "013", "no image has the label '2'"),
        ([1, 3], (), 1, [0, 1], "13", "no image has the label '2'"),
        ([-1, 0], (), -1, [0, 1], ("-1", "0"), None),
        ([-1, 1], (), None, [0, 1], ("-1", "1"), "are -1..1"),
        ([1.0, 0.0], (), None, [1, 0], "01", None),
        ([[1], [0]], (), None, [1, 0], "01", None),
        ([[1, 0, 1]], (), None, [1, 0, 1], "01", None),
        ([[0, 1], [1, 0], [0, 1]], (), None, [1, 0, 1], "01", "one-hot"),
        ([[0, 0, 1], [1, 0, 0]], (), None, [1, 0], "02", "no image has the label '1'"),
        ([[0, 0, 1], [1, 0, 0]], LETTERS, None, [2, 0], LETTERS, "one-hot"),
        (["b", "a"], (), None, [1, 0], "ab", None),
        ([b"b", b"a"], LETTERS, None, [1, 0], LETTERS, None),
        (["b", "a"], (), 1, [1, 0], "ab", "`first_label` says nothing"),
        (np.array(["x", "y"], object), (), None, [0, 1], "xy", None),
        (np.array(["nan", "y"]), (), None, [0, 1], ("nan", "y"), None),
        (["nan", "y"], (), None, [0, 1], ("nan", "y"), None),
        (["1", 0.0, "0"], (), None, [1, 0, 0], "01", None),
        (np.array(["1", 0.0, 1.0], object), (), None, [1, 0, 1], "01", None),
        ([1, 2, 3], LETTERS, None, [0, 1, 2], LETTERS, "1 was taken for the first, 'a'"),
        ([1, 2, 3], LETTERS, 1, [0, 1, 2], LETTERS, None),
        ([1, 2], LETTERS, None, [1, 2], LETTERS, "label 0, which was taken for the first class"),
        ([1, 2], LETTERS, 0, [1, 2], LETTERS, None),
        ([1, 2], "012", None, [1, 2], "012", None),
        ([1, 2], "012", 0, [1, 2], "012", None),
        ([1, 2], "012", 1, [0, 1], "012", "the label 1 is the class '0', though the names are"),
        ([2, 1], ("00", "01", "02"), None, [2, 1], ("00", "01", "02"), None),
        ([0, 2], LETTERS, None, [0, 2], LETTERS, None),
        ([0, 1], {"b": 1, "a": 0}, None, [0, 1], "ab", None),
        ([0, 1], {1: "b", 0: "a"}, None, [0, 1], "ab", None),
        ([1, 1], {2: "b", 1: "a"}, None, [0, 0], "ab", None),
        ([1, 2], {0: "a", 1: "b", 2: "c"}, None, [1, 2], LETTERS, None),
        (["b", "a"], {np.int64(0): "a", np.int64(1): "b"}, None, [1, 0], "ab", None),
        ([[0, 1], [1, 0]], {"b": 1, "a": 0}, None, [1, 0], "ab", "one-hot"),
        ([0, 1], dict.fromkeys("ba").keys(), None, [0, 1], "ba", None),
        ([0, 1], {}, None, [0, 1], "01", None),
    ],
)
def test_labels_are_understood_and_what_was_assumed_is_said(
    values, names, first, indices, class_names, said
):
    found, found_names, sentences = to_labels(values, len(indices), "The labels", names, first)
    assert found.tolist() == indices and found.dtype == np.int32
    assert found_names == tuple(class_names)
    text = " ".join(sentences)
    assert (said in text) if said else not text


@pytest.mark.parametrize(
    ("values", "names", "first", "sentence"),
    [
        ([-1, 0], (), None, r"should be 0 or more. Received: -1..0.*`first_label=-1`"),
        ([0, 1], (), 1, r"should be 1 or more. Received: 0..1"),
        ([0.5, 1], (), None, r"whole numbers.*Received: fractions, such as 0.5 for image 0"),
        ([np.nan, 1], (), None, "NaN or infinite values, such as nan for image 0"),
        ([0, 3], LETTERS, None, r"should be 0..2 for its 3 class names. Received: 0..3"),
        ([1, 3], LETTERS, 0, r"should be 0..2 for its 3 class names. Received: 1..3"),
        (["a", "z"], LETTERS, None, "'z', which is none of the class names: 'a' 'b' 'c'"),
        ([0, 1, 2], (), None, r"each of 2 images. Received: 3, .* of shape \(3,\)"),
        ([[1, 1], [0, 1]], (), None, "or be one-hot"),
        ([[0, 1], [1, 0]], LETTERS, None, "2 one-hot columns. Received: 3 class names"),
        ([[0], [1, 2]], (), None, "one array of numbers or names"),
        ([0, 2**40], (), None, "32-bit"),
        ([0, 1], {"a", "b"}, None, "no order in a set. Give a list"),
        ([0, 1], {"a": "b", "c": "d"}, None, "number -> name, or name -> number. Received: 'a'"),
        ([0, 1], {0: 5, 1: 7}, None, "number -> name, or name -> number. Received: 0 -> 5"),
        ([0, 1], {"a": 0, "b": 2}, None, r"numbers 0\.\.1, each once. Received: '0' '2'"),
        ([0, 1], {"a": 0, "b": 0}, None, r"numbers 0\.\.1, each once"),
        ([1, 2], {"a": 1, "b": 2}, 0, "numbered from 1. Received: `first_label=0`"),
        (["a", " "], (), None, "x: image 1 has none"),
        (["a", None], (), None, "^x are missing in 1 of 2 rows, such as row 2"),
        (["a", np.nan], (), None, "^x are missing in 1 of 2 rows, such as row 2"),
        ([["a"], [np.nan]], (), None, "x are missing in 1 of 2 rows, such as row 2"),
        (np.array([np.nan, "a"], object), (), None, "missing in 1 of 2 rows, such as row 1"),
        (np.array([np.float32("nan"), 1], object), (), None, "missing in 1 of 2 rows"),
        (pd.Series(["a", np.nan]), (), None, "missing in 1 of 2 rows, such as row 2"),
        (pd.Series(["a", pd.NA], dtype="string"), (), None, "missing in 1 of 2 rows"),
        (pd.Categorical(["a", np.nan]), (), None, "missing in 1 of 2 rows, such as row 2"),
    ],
)
def test_labels_that_cannot_be_meant_are_refused(values, names, first, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        to_labels(values, 2, "x", names, first)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (datetime.date(2026, 1, 2), r"Received: date, such as datetime.date\(2026, 1, 2\) for"),
        (enum.Enum("Letter", "A B").A, "Received: Letter, such as <Letter.A: 1> for image 0. Give"),
        ({"id": 1, "name": "x" * 99}, "whole numbers, or names as text. Received: dict, such as"),
        (1 + 2j, "Received: complex128, such as"),
        (decimal.Decimal("3.5"), "fractions, such as 3.5"),
        (decimal.Decimal("nan"), "missing in 2 of 2 rows"),
    ],
)
def test_labels_of_a_kind_that_is_none_are_called_what_they_are(value, sentence):
    with pytest.raises(gp.UsageError, match=sentence) as refusal:
        to_labels([value, value], 2, "x")
    assert len(str(refusal.value)) < 250


def test_whole_decimals_are_numbers():
    labels, names, said = to_labels([decimal.Decimal("3.00"), decimal.Decimal("0")], 2, "x")
    assert labels.tolist() == [1, 0] and names == ("0", "3") and len(said) == 1
    assert to_labels([decimal.Decimal("3.00"), "A"], 2, "x")[1] == ("3", "A")


def test_a_file_of_labels_from_1_gets_no_class_0(digits, tmp_path, capsys):
    some = digits[0].subset(2)
    np.savez(tmp_path / "letters.npz", images=some.images, labels=some.labels[:, None] + 1.0)
    loaded, _ = gp.load(tmp_path / "letters.npz")
    assert loaded.class_names == tuple(map(str, range(1, 11)))
    assert np.array_equal(loaded.labels, some.labels)
    assert "The labels of" in capsys.readouterr().err
    arguments, _ = gp.load(tmp_path / "letters.npz", first_label=1)
    assert arguments.fingerprint == loaded.fingerprint and arguments.recipe[0]["first_label"] == 1
    assert gp.datasets.from_recipe(arguments.recipe).fingerprint == arguments.fingerprint
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("stem", ["", "runes-"])
def test_idx_labels_from_1_get_no_class_0(digits, tmp_path, stem):
    some = digits[0].subset(3)
    for part, shown in (("train", some), ("test", digits[1].subset(3))):
        for kind, header, values in (
            ("images-idx3", (2051, 30, 28, 28), shown.images),
            ("labels-idx1", (2049, 30), shown.labels.astype(np.uint8) + 17),
        ):
            content = struct.pack(f">{len(header)}I", *header) + values.tobytes()
            (tmp_path / f"{stem}{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(content))
    train, test = gp.load(tmp_path)
    assert train.class_names == test.class_names == tuple(map(str, range(17, 27)))
    assert np.array_equal(train.labels, some.labels)


def test_the_option_is_refused_where_labels_are_known_and_said_where_they_are_names(
    digits, tmp_path, capsys
):
    with pytest.raises(gp.UsageError, match="digits comes with its labels. Remove `first_label`"):
        gp.load("digits", first_label=1)
    digits[0].subset(1).save(tmp_path / "saved", format="imagefolder")
    gp.load(tmp_path / "saved", first_label=1)
    assert "`first_label` says nothing" in capsys.readouterr().err


DIGITS = {
    "digits": [*"0123456789"],
    "of Bangla": [*"০১২৩৪৫৬৭৮৯"],
    "numbered": [f"digit_{k}" for k in range(10)],
    "words": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}


@pytest.mark.parametrize("names", DIGITS.values(), ids=DIGITS)
def test_ten_may_be_zero_and_nobody_guesses(names):
    labels = [3, 10, 1, 2, 9]
    with pytest.raises(gp.UsageError, match="10 may stand for zero.*`first_label=0` if 10 is zero"):
        to_labels(labels, 5, "The labels", names)
    found, _, said = to_labels(labels, 5, "The labels", names, 0)
    assert found.tolist() == [3, 0, 1, 2, 9] and "10 was taken for zero" in said[0]
    found, _, said = to_labels(labels, 5, "The labels", names, 1)
    assert found.tolist() == [2, 9, 0, 1, 8] and not said
    found, _, said = to_labels(labels, 5, "The labels", [*names[1:], names[0]])
    assert [*names[1:], names[0]][found[1]] == names[0] and "1 was taken for the first" in said[0]


def test_ten_without_names_is_spoken_of_and_named_by_a_file(tmp_path, capsys):
    images = np.arange(20, dtype=np.uint8)[:, None, None] * np.eye(8, dtype=np.uint8) * 13
    np.savez(tmp_path / "a.npz", images=images, labels=np.arange(20) % 10 + 1)
    assert gp.load(tmp_path / "a.npz")[0].class_names[-1] == "10"
    said = capsys.readouterr().err
    assert "if 10 stands for the digit zero" in said and "lines 1,1 to 9,9 and 10,0" in said
    lines = [f"{k},{k % 10}\n" for k in range(1, 11)]
    (tmp_path / "class_names.csv").write_text("".join(lines))
    train, _ = gp.load(tmp_path / "a.npz")
    assert [train.class_names[k] for k in train.labels[:10]] == [*"1234567890"]


def test_an_import_remembers_the_first_label(digits, tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    some = digits[0].subset(2)
    names = list("abcdefghijk")
    np.savez(tmp_path / "x.npz", images=some.images, labels=some.labels + 1, class_names=names)
    report = gp.import_dataset(tmp_path / "x.npz", "mine", first_label=1)
    assert report["first_label"] == 1 and report["empty_classes"] == ["k"]
    assert gp.load("mine")[0].class_names == tuple("abcdefghij")
    with pytest.raises(gp.UsageError, match="Import it again, in its place, with `first_label=1`"):
        gp.load("mine", first_label=1)


def test_names_that_differ_by_blanks_stay_apart():
    labels, names, said = to_labels(np.array(["a", "a ", "b", "a"]), 4, "The labels of x")
    assert names == ("a", "a ", "b") and labels.tolist() == [0, 1, 2, 0]
    assert "'a' and 'a ' are classes of their own" in said[0]
    labels, names, said = to_labels(np.array(["a ", "b ", "a "]), 3, "The labels of x")
    assert names == ("a", "b") and said == []


def test_whole_numbers_as_text_lose_their_point():
    names = ["3.0", "0.0", "3.0", "10.0"]
    dataset = gp.Dataset.from_arrays(np.zeros((4, 8, 8), np.uint8), names)
    assert [dataset.class_names[label] for label in dataset.labels] == ["3", "0", "3", "10"]


IMAGES = np.random.default_rng(0).integers(0, 256, (4, 8, 8), dtype=np.uint8)


def called(labels, *names, **options):
    dataset = gp.Dataset.from_arrays(IMAGES, labels, *names, **options)
    return [dataset.class_names[label] for label in dataset.labels]


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ({"b": 1, "a": 0}, {0: "a", 1: "b"}),
        ({"b": 1, "a": 0}, {"a": 0, "b": 1}),
        ({"b": 1, "a": 0}, ["a", "b"]),
        ({"of_y_b": 1, "of_y_a": 0}, ["a", "b"]),
    ],
)
def test_columns_of_one_hot_labels_go_by_their_headings(columns, names):
    frame = pd.DataFrame({name: np.array([1, 0, 0, 1]) == one for name, one in columns.items()})
    assert called(frame.astype(int), names) == ["b", "a", "a", "b"]


def test_headings_of_one_hot_labels_in_several_forms(capsys):
    rows = np.array([[1, 0], [0, 1], [0, 1], [1, 0]])
    assert called(pd.DataFrame(rows, columns=[1, 0]), [0, 1]) == ["1", "0", "0", "1"]
    frame = pd.DataFrame(rows, columns=["b", "a"])
    dataset = gp.Dataset.from_arrays(IMAGES, frame, iter("cab"))
    assert dataset.class_names == ("c", "a", "b") and dataset.labels.tolist() == [2, 1, 1, 2]
    frame = pd.DataFrame(rows, columns=["e\u0301", "a"])
    assert called(frame, ["a", "\u00e9"]) == ["\u00e9", "a", "a", "\u00e9"]
    assert "in this order" not in capsys.readouterr().err
    assert called(pd.DataFrame(rows, columns=["x", "z"]), ["a", "b"]) == ["a", "b", "b", "a"]
    said = "the columns 'x' 'z' were taken for the classes 'a' 'b', in this order"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "names", [("a ", "a", "b"), (" b", "a", "c"), (" ", "a", "b"), ("1.0", "2.0", "3.0")]
)
def test_labels_that_are_called_as_the_classes_are_stay_so(names):
    labels = [names[k] for k in (0, 1, 0, 2)]
    assert called(labels, names) == labels


def test_numbers_as_text_are_in_their_order():
    dataset = gp.Dataset.from_arrays(IMAGES, ["1", "2", "10", "1"])
    assert dataset.class_names == ("1", "2", "10")


def test_what_is_masked_is_missing():
    masked = np.ma.array([0, 1, 0, 1], mask=[0, 1, 0, 0])
    with pytest.raises(gp.UsageError, match="missing in 1 of 4 rows, such as row 2"):
        gp.Dataset.from_arrays(IMAGES, masked)
    with pytest.raises(gp.UsageError, match="labels of unnamed has masked values"):
        gp.Dataset(IMAGES[..., None], masked)
    with pytest.raises(gp.UsageError, match="has masked levels"):
        gp.Dataset.from_arrays(np.ma.array(IMAGES, mask=IMAGES > 9), [0, 1, 0, 1])


@pytest.mark.parametrize(
    ("writers", "numbers"),
    [
        (pd.Series(["ann", np.nan, "bob", None]), [0, -1, 1, -1]),
        (pd.Series(["ann", None, "bob", None], dtype="string"), [0, -1, 1, -1]),
        ([5, np.nan, 10, 2], [5, -1, 10, 2]),
        (np.ma.array([5, -9, 10, 2], mask=[0, 1, 0, 0]), [5, -1, 10, 2]),
    ],
)
def test_writers_that_are_not_told_are_nobody(writers, numbers):
    dataset = gp.Dataset.from_arrays(IMAGES, [0, 1, 0, 1], writers=writers)
    assert dataset.writers.tolist() == numbers


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((2,), {}, "should be a list of names, or a dict. Received: 2"),
        ((["a", "b"],), {"first_label": "1"}, "`first_label` should be a whole number"),
        ((["a", "b"],), {"first_label": 1.5}, "`first_label` should be a whole number"),
    ],
)
def test_arguments_of_another_kind_are_refused(arguments, options, message):
    with pytest.raises(gp.UsageError, match=message):
        called([1, 2, 1, 2], *arguments, **options)


def test_images_and_labels_in_a_list_are_told_what_to_do():
    with pytest.raises(gp.UsageError, match=r"Give a tuple, \(images, labels\)"):
        gp.load([IMAGES, [0, 1, 0, 1]])


@pytest.mark.parametrize("missing", ["NA", "<NA>", "n/a", "None", "nan"])
@pytest.mark.parametrize("numbers", ["012", ("0.0", "1.0", "2.0")])
def test_words_for_none_among_numbers_are_no_class(numbers, missing):
    labels = [*numbers, missing]
    with pytest.raises(
        gp.UsageError, match=f"none among numbers, the first '{missing}' of image 3"
    ):
        gp.Dataset.from_arrays(IMAGES, labels)
    named = gp.Dataset.from_arrays(IMAGES, labels, class_names=labels)
    assert named.class_names == tuple(labels)
    assert gp.Dataset.from_arrays(IMAGES, ["Fe", "Na", "K", "NA"]).class_names == (
        *("Fe", "K", "NA", "Na"),
    )
