"""LMDB databases of pictures of characters."""

import builtins

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.images import encode_png

IMAGES = np.random.default_rng(0).integers(0, 256, (12, 8, 8, 1), dtype=np.uint8)
IMAGES[:, [0, -1]] = IMAGES[:, :, [0, -1]] = 0


def write(folder, images, labels, first=1, count=None, encoding="utf-8"):
    lmdb = pytest.importorskip("lmdb", reason="lmdb is not installed")
    folder.mkdir(parents=True)
    with lmdb.open(str(folder), map_size=2**22) as database, database.begin(write=True) as writing:
        writing.put(b"num-samples", b"%d" % (count or len(images)))
        for k, (image, label) in enumerate(zip(images, labels, strict=True), first):
            writing.put(b"image-%09d" % k, encode_png(image))
            writing.put(b"label-%09d" % k, label.encode(encoding))


def test_characters_and_their_parts(tmp_path):
    write(tmp_path / "set" / "training", IMAGES, "가나다" * 4)
    write(tmp_path / "set" / "test", 255 - IMAGES[:6, ::-1], "다가나" * 2)
    train, _ = gp.load(tmp_path / "set" / "training")
    assert train.class_names == ("가", "나", "다") and train.labels.tolist() == [0, 1, 2] * 4
    assert np.array_equal(train.images, IMAGES)
    train, test = gp.load(tmp_path / "set", invert="no")
    assert len(train) == 12 and test.labels.tolist() == [2, 0, 1] * 2


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("train", "training"), "has train/ and training/, both for the train part"),
        (("train", "evaluation", "test"), "has evaluation/ and test/, both for the test part"),
        (("train", "extra"), "has the database extra/, which is no part of the set"),
        (("part2", "train"), "has the database part2/, which is no part of the set"),
    ],
)
def test_no_database_is_lost(tmp_path, names, sentence):
    for name in names:
        write(tmp_path / "set" / name, IMAGES, "abc" * 4)
    with pytest.raises(gp.UsageError, match=sentence):
        gp.load(tmp_path / "set")


def test_labels_in_another_encoding_are_named(tmp_path):
    write(tmp_path / "set", IMAGES, "a字" * 6, encoding="gbk")
    with pytest.raises(gp.GanprofileError, match=r"label-000000002 is no text in UTF-8.*encode"):
        gp.load(tmp_path / "set")


def test_words_are_refused(tmp_path):
    write(tmp_path / "set", IMAGES, [f"word{k}" for k in range(12)])
    with pytest.raises(gp.UsageError, match="holds words: 12 of 12 labels.*such as 'word0'"):
        gp.load(tmp_path / "set")


def test_words_that_come_often_are_words(tmp_path):
    write(tmp_path / "set", IMAGES, ["abcd", "efgh"] * 6)
    with pytest.raises(gp.UsageError, match="words: 12 of 12 labels have several letters.*'abcd'"):
        gp.load(tmp_path / "set")


@pytest.mark.parametrize("names", [("10", "11", *"123456789", "0"), ("कि", "क्ष", "ক্ষ") * 4])
def test_numbers_of_classes_and_letters_with_signs_are_no_words(tmp_path, names):
    write(tmp_path / "set", IMAGES, names)
    assert set(gp.load(tmp_path / "set")[0].class_names) == set(names)


def test_other_keys_are_named(tmp_path):
    lmdb = pytest.importorskip("lmdb", reason="lmdb is not installed")
    with lmdb.open(str(tmp_path / "x")) as database, database.begin(write=True) as writing:
        writing.put(b"0", b"pickle")
        writing.put(b"10", b"pickle")
    with pytest.raises(gp.GanprofileError, match="no key num-samples.*first keys: 0, 10. Write"):
        gp.load(tmp_path / "x")


def test_keys_that_begin_with_0_are_named(tmp_path):
    write(tmp_path / "set", IMAGES, "abc" * 4, first=0)
    with pytest.raises(gp.GanprofileError, match="counts its pictures from 0, and keys begin with"):
        gp.load(tmp_path / "set")


def test_more_pictures_than_are_counted_are_said(tmp_path, capsys):
    write(tmp_path / "set" / "train", IMAGES, "abc" * 4, count=9)
    write(tmp_path / "set" / "test", 255 - IMAGES, "abc" * 4)
    train, test = gp.load(tmp_path / "set", invert="no")
    said = capsys.readouterr().err.replace("\n", " ")
    assert len(train) == 9 and len(test) == 12
    assert "train has 12 pictures, but num-samples is 9: those after number 9" in said
    assert "test has 12 pictures" not in said


@pytest.mark.parametrize("first", [1, 3])
def test_missing_pictures_are_named(tmp_path, first):
    """Fewer than are counted, and a gap: here at the beginning."""
    write(tmp_path / "set", IMAGES, "abc" * 4, first=first, count=14 if first > 1 else 15)
    key, lost, count, remedy = {
        1: ("000000013", 3, 15, "Set num-samples to 12, or put in the others"),
        3: ("000000001", 2, 14, "Put it in, or number the pictures and labels without gaps"),
    }[first]
    sentence = (
        f"has no image-{key}: {lost} of the {count} pictures that num-samples says are missing"
    )
    with pytest.raises(gp.GanprofileError, match=f"{sentence}. {remedy}"):
        gp.load(tmp_path / "set")


def test_other_databases_are_named(tmp_path):
    lmdb = pytest.importorskip("lmdb", reason="lmdb is not installed")
    lmdb.open(str(tmp_path / "other")).close()
    with pytest.raises(gp.GanprofileError, match="other has no key num-samples.*keys: none"):
        gp.load(tmp_path / "other")
    (tmp_path / "other" / "data.mdb").write_bytes(b"nothing")
    with pytest.raises(gp.GanprofileError, match="other is no LMDB database of pictures"):
        gp.load(tmp_path / "other")


def test_without_the_library(tmp_path, monkeypatch):
    real = builtins.__import__

    def refuse(name, *arguments, **options):
        if name == "lmdb":
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    (tmp_path / "data.mdb").write_bytes(b"")
    with pytest.raises(gp.GanprofileError, match=r"pip install 'ganprofile\[lmdb\]'"):
        gp.load(tmp_path)


def test_a_part_to_test_with_may_have_no_labels(tmp_path, capsys):
    lmdb = pytest.importorskip("lmdb", reason="lmdb is not installed")
    for part in ("train", "test", "val"):
        images = IMAGES if part == "train" else IMAGES[:6, ::-1]
        write(tmp_path / "set" / part, images, "ab" * (len(images) // 2))
    for part in ("test", "train"):
        database = lmdb.open(str(tmp_path / "set" / part))
        with database, database.begin(write=True) as writing:
            for k in range(1, 13):
                writing.delete(b"label-%09d" % k)
        train, test = gp.load(tmp_path / "set")
        said = capsys.readouterr().err
        if part == "test":
            assert train.labels.tolist() == [0, 1] * 6 and test.labels.tolist() == [0, 1] * 3
            assert "the test part has no labels and is left out" in said
    assert train.labels is None and "It has no keys label-000000001" in said


def test_a_file_beside_it_names_numbered_labels(tmp_path, capsys):
    write(tmp_path / "set", IMAGES, "123" * 4)
    (tmp_path / "set" / "class_names.txt").write_text("ka\nkha\nga\n")
    train, _ = gp.load(tmp_path / "set")
    assert train.class_names == ("ka", "kha", "ga") and train.labels.tolist() == [0, 1, 2] * 4
    said = capsys.readouterr().err
    assert "class_names.txt was taken for the names of the classes" in said
    assert "1 was taken for the first, 'ka'" in said


def test_digits_are_no_places_in_a_list_that_has_them_as_names(tmp_path, capsys):
    write(tmp_path / "set", IMAGES, "012" * 4)
    (tmp_path / "set" / "class_names.txt").write_text("\n".join("abc012"))
    train, _ = gp.load(tmp_path / "set")
    assert train.class_names == ("0", "1", "2") and train.labels.tolist() == [0, 1, 2] * 4
    said = "class_names.txt is not read: the classes are called as its names already"
    assert said in " ".join(capsys.readouterr().err.split())
