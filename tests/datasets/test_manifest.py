"""Rows of a manifest, piece by piece."""

import pytest

import ganprofile as gp
from ganprofile.datasets import manifest as manifest_module
from ganprofile.datasets.manifest import Manifest
from ganprofile.errors import GanprofileError

TEXT = 'item,writer,class_name\r\n0,,a\r\n1,7,"b,\nc"\r\n2,3,\r\n'


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "manifest.csv"
    path.write_bytes(TEXT.encode())
    return path


def test_rows_come_in_order_with_the_columns_asked_for(written, monkeypatch):
    monkeypatch.setattr(manifest_module, "PIECE", 2)
    manifest = Manifest(written, ("class_name", "writer", "score"))
    assert manifest.take(0).to_pylist() == []
    assert manifest.take(1).to_pylist() == [{"class_name": "a", "writer": "", "score": None}]
    (rest,) = manifest.pieces()
    assert rest["class_name"].to_pylist() == ["b,\nc", ""]
    assert manifest.writers(rest).tolist() == [7, 3]
    assert not len(manifest.take(1))


def test_more_rows_than_a_block_of_the_reader(tmp_path):
    path = tmp_path / "manifest.csv"
    lines = [f"{number},{number % 5}" for number in range(300_000)]
    path.write_text("\n".join(["item,writer", *lines]))
    manifest = Manifest(path, ("item", "writer"))
    first = manifest.take(123_456)
    assert len(first) == 123_456
    rest = list(manifest.pieces())
    assert rest[0]["item"][0].as_py() == "123456" and rest[-1]["item"][-1].as_py() == "299999"
    assert sum(map(len, rest)) == 300_000 - 123_456


def test_unknown_writers_are_minus_one(written):
    manifest = Manifest(written, ("writer",))
    assert manifest.writers(manifest.take(3)).tolist() == [-1, 7, 3]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, r"missing or damaged \(there is no such file\)\. Put back the file"),
        ("", "Empty CSV file"),
        ("item,writer\n0,1,2\n", "Expected 2 columns, got 3"),
        ("item,writer\n0\n", "Expected 2 columns, got 1"),
        ("item\n0\n", "no column 'writer'"),
        ("item;writer\n0;1\n", "no column 'writer' between commas.* Put back the file"),
        ("item,writer\n0,Ann\n", "Ann"),
        ("item,writer\n0,99999999999\n", "99999999999"),
    ],
)
def test_what_is_damaged_is_named(tmp_path, text, why):
    path = tmp_path / "manifest.csv"
    if text is not None:
        path.write_text(text)
    manifest = Manifest(path, ("item", "writer"))
    with pytest.raises(GanprofileError, match=why) as caught:
        manifest.writers(manifest.take(10))
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("item", ["{}", "b/{:07d}.png", "letters of a/{}.tiff"])
def test_rows_in_another_order_than_the_images_are_refused(tmp_path, monkeypatch, item):
    path = tmp_path / "manifest.csv"
    rows = [f"{item.format(number)},{number % 3}" for number in range(12)]
    path.write_text("\n".join(["item,writer", *rows]))
    assert len(Manifest(path, ("writer",)).take(12)) == 12
    path.write_text("\n".join(["item,writer", *sorted(rows, key=lambda row: row[-1])]))
    with pytest.raises(GanprofileError, match="1.* stands behind number 9.*column 'item'"):
        list(Manifest(path, ("writer",)).pieces())


def test_items_without_numbers_are_in_the_order_in_which_they_are(tmp_path):
    path = tmp_path / "manifest.csv"
    path.write_text("item,writer\nsecond,7\nfirst,3\n")
    assert Manifest(path, ("writer",)).take(2)["writer"].to_pylist() == ["7", "3"]


def test_a_set_that_was_loaded_leaves_no_file_open(digits, tmp_path, monkeypatch):
    """A process that is forked later would wait for the thread that reads it."""
    left, close = [], Manifest.close
    monkeypatch.setattr(Manifest, "close", lambda self: left.append(self) or close(self))
    gp.load(digits[0].subset(3).save(tmp_path / "set"))
    assert left and all(next(manifest._tables, None) is None for manifest in left)
