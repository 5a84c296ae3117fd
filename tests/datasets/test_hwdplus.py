import itertools
import pickle
import subprocess
import sys

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.cards import read_card
from ganprofile.datasets.loaders import LoadOptions, hwdplus_files, read_path
from ganprofile.datasets.loaders.hwdplus_files import read_hwdplus
from ganprofile.datasets.loaders.hwdplus_writers import DEFAULT_WRITER_COLUMNS, PUBLISHED_COUNTS
from ganprofile.errors import GanprofileError

IMAGES, WRITER_INFO = "Images(28x28).npy", "WriterInfo.npy"


@pytest.fixture
def copy(hwdplus_form, tmp_path):
    """The same at 28 pixels only, to damage."""
    (tmp_path / IMAGES).symlink_to(hwdplus_form / IMAGES)
    np.save(tmp_path / WRITER_INFO, np.load(hwdplus_form / WRITER_INFO))
    return tmp_path


def replace(path, array):
    """Write in the place of a link, not through it."""
    path.unlink()
    np.save(path, array)


def rows_of(part):
    """A hashable row per image: what it shows, who wrote what, and all that is known of them."""
    columns = [part.labels, part.writers]
    columns += [part.attributes[name] for name in DEFAULT_WRITER_COLUMNS]
    return [
        (image.tobytes(), *row)
        for image, row in zip(part.images, zip(*columns, strict=True), strict=True)
    ]


def test_every_image_arrives_with_what_is_known_of_it(hwdplus_form):
    scans, table = np.load(hwdplus_form / IMAGES), np.load(hwdplus_form / WRITER_INFO)
    expected = sorted((bytes(255 - scan), *row) for scan, row in zip(scans, table, strict=True))
    reading = read_hwdplus(hwdplus_form)
    assert sorted(rows_of(reading.train) + rows_of(reading.test)) == expected
    assert reading.train.image_shape == (28, 28, 1) and reading.train.images.mean() < 50
    assert reading.train.class_names == tuple("0123456789")
    assert set(reading.train.attributes) == {*DEFAULT_WRITER_COLUMNS, "replicate"}


def test_the_partition_by_digits_has_every_writer_in_both_parts(hwdplus_form):
    reading = read_hwdplus(hwdplus_form, partition="digits")
    for part, count in ((reading.train, 10), (reading.test, 4)):
        pairs, counts = np.unique([part.writers, part.labels], axis=1, return_counts=True)
        assert pairs.shape == (2, 970) and set(counts) == {count}
    assert not set(rows_of(reading.train)) & set(rows_of(reading.test))
    replicates = np.concatenate([p.attributes["replicate"] for p in reading.parts])
    assert np.bincount(replicates).tolist() == [970] * 14
    assert len(set(reading.test.attributes["replicate"][:400].reshape(-1, 4).sum(axis=1))) > 5


def test_the_partition_by_individuals_keeps_writers_apart(hwdplus_form):
    reading = read_hwdplus(hwdplus_form, partition="individuals")
    train, test = (set(part.writers.tolist()) for part in reading.parts)
    assert (len(train), len(test)) == (68, 29) and not train & test
    assert len(reading.train) == 68 * 140 and set(reading.train.class_counts()) == {952}


def test_the_sizes_share_their_parts(hwdplus_form):
    small, large = read_hwdplus(hwdplus_form, 28), read_hwdplus(hwdplus_form, 100)
    assert large.train.image_shape == (100, 100, 1)
    for a, b in zip(small.parts, large.parts, strict=True):
        assert np.array_equal(a.writers, b.writers)
        assert np.array_equal(a.attributes["replicate"], b.attributes["replicate"])
        ink = [part.images.mean(axis=(1, 2, 3)) for part in (a, b)]
        assert np.corrcoef(*ink)[0, 1] > 0.99


@pytest.mark.parametrize("partition", hwdplus_files.PARTITIONS)
def test_the_order_of_the_rows_does_not_matter(hwdplus_form, copy, partition):
    order = np.random.default_rng(5).permutation(13580)
    replace(copy / IMAGES, np.load(hwdplus_form / IMAGES)[order])
    replace(copy / WRITER_INFO, np.load(hwdplus_form / WRITER_INFO)[order])
    ordered, shuffled = (read_hwdplus(f, partition=partition) for f in (hwdplus_form, copy))
    for a, b in zip(ordered.parts, shuffled.parts, strict=True):
        assert a.fingerprint == b.fingerprint
        for name in DEFAULT_WRITER_COLUMNS:
            assert np.array_equal(a.attributes[name], b.attributes[name])


@pytest.mark.parametrize("dtype", ["i8", ">i2", "f4", "f8"])
def test_any_number_type_gives_the_same(hwdplus_form, copy, dtype):
    replace(copy / IMAGES, np.load(hwdplus_form / IMAGES).astype(dtype))
    replace(copy / WRITER_INFO, np.load(hwdplus_form / WRITER_INFO).astype(dtype))
    reading = read_hwdplus(copy)
    assert reading.train.fingerprint == read_hwdplus(hwdplus_form).train.fingerprint
    assert reading.findings["dtype"] == np.dtype(dtype).name or dtype == ">i2"
    assert reading.train.attributes["age"].dtype == np.int32


def test_files_in_fortran_order_are_read(hwdplus_form, copy):
    replace(copy / IMAGES, np.asfortranarray(np.load(hwdplus_form / IMAGES)))
    assert read_hwdplus(copy).test.fingerprint == read_hwdplus(hwdplus_form).test.fingerprint


def test_reading_block_by_block_changes_nothing(hwdplus_form, monkeypatch):
    whole = read_hwdplus(hwdplus_form)
    monkeypatch.setattr(hwdplus_files, "BLOCK_BYTES", 784 * 999)
    assert [p.fingerprint for p in read_hwdplus(hwdplus_form).parts] == [
        p.fingerprint for p in whole.parts
    ]


def test_it_is_recognised_and_read_as_any_path(hwdplus_form, copy):
    assert read_path(copy, LoadOptions()).findings["kind"] == "hwdplus"
    large = read_path(hwdplus_form, LoadOptions(image_size=100))
    assert large.train.image_shape == (100, 100, 1)
    with pytest.raises(gp.UsageError, match="28, 100 and 500 pixels. Received: `image_size=64`"):
        read_path(copy, LoadOptions(image_size=64))
    assert not hwdplus_files.recognises(copy / IMAGES)


def test_a_missing_file_is_named_with_what_there_is(copy):
    with pytest.raises(GanprofileError, match=r"no Images\(500x500\).npy.*it has: Images\(28x28\)"):
        read_hwdplus(copy, 500)
    (copy / WRITER_INFO).unlink()
    with pytest.raises(GanprofileError, match="no WriterInfo.npy"):
        read_path(copy, LoadOptions())


def test_unknown_sizes_partitions_and_columns_are_wrong_usage(copy):
    with pytest.raises(gp.UsageError, match="28, 100, 500 pixels. Received: 64"):
        read_hwdplus(copy, 64)
    with pytest.raises(gp.UsageError, match="No partition 'writers'. Known: digits, individuals"):
        read_hwdplus(copy, partition="writers")
    with pytest.raises(gp.UsageError, match="`writer_columns` should be age,gender.*: age,sex"):
        read_hwdplus(copy, writer_columns=("age", "sex"))


WRONG_IMAGES = {
    "too few": (lambda a: a[:-1], r"shape \(13580, 28, 28\). Received: uint8 \(13579, 28, 28\)"),
    "other size": (lambda a: a[:, :27], r"Received: uint8 \(13580, 27, 28\)"),
    "flat": (lambda a: a.reshape(-1, 784), r"Received: uint8 \(13580, 784\)"),
    "booleans": (lambda a: a > 9, "integers or floats.*Received: bool"),
    "complex": (lambda a: a[:1].astype(complex), "integers or floats.*Received: complex128"),
    "text": (lambda a: a[:1].astype("S1"), r"integers or floats.*Received: \|S1"),
    "too high": (lambda a: a.astype("i2") + 1, r"levels in 0..255. Received: 1..256 in rows 0\.\."),
    "negative": (lambda a: a.astype("i2") - 200, r"in 0..255. Received: -200\.\.55"),
    "scaled": (lambda a: a / 255, "dark ink on white paper, 0..255. Received: a level of 0.9"),
    "nan": (lambda a: np.where(a == 0, np.nan, a), "in 0..255. Received: nan..nan"),
    "inverted": (lambda a: 255 - a, "dark ink on white paper.*a level of 34"),
}


@pytest.mark.parametrize("kind", WRONG_IMAGES)
def test_wrong_images_get_their_sentence(hwdplus_form, copy, kind):
    change, sentence = WRONG_IMAGES[kind]
    replace(copy / IMAGES, change(np.load(hwdplus_form / IMAGES)))
    with pytest.raises(GanprofileError, match=rf"Images\(28x28\).npy.*{sentence}"):
        read_hwdplus(copy)


@pytest.mark.parametrize("file", [IMAGES, WRITER_INFO])
@pytest.mark.parametrize("damage", ["pickle", "objects", "truncated", "empty", "npz", "noise"])
def test_damaged_files_and_pickles_are_refused(copy, file, damage, monkeypatch):
    monkeypatch.setattr(pickle, "load", lambda *_: pytest.fail("something was unpickled"))
    path = copy / file
    whole = path.read_bytes()
    path.unlink()
    if damage == "objects":
        np.save(path, np.full((3, 3), None, dtype=object), allow_pickle=True)
    elif damage == "npz":
        np.savez(path.open("wb"), table=np.zeros(3))
    else:
        path.write_bytes(
            {
                "pickle": pickle.dumps(np.zeros((2, 2))),
                "truncated": whole[: len(whole) // 2],
                "empty": b"",
                "noise": b"\x93NUMPY\x01\x00" + bytes(200),
            }[damage]
        )
    words = r"not a readable \.npy file of plain numbers|Received: NpzFile"
    with pytest.raises(GanprofileError, match=words) as refusal:
        read_hwdplus(copy)
    assert file in str(refusal.value)


def with_column(table, column, values):
    table = table.astype(float)
    table[:, column] = values
    return table


def moved(table, row, column, value):
    table = table.astype(float)
    table[row, column] = value
    return table


def swapped_writers(table):
    """One image of a 3 goes from the first writer to the second, a 4 the other way."""
    table = table.copy()
    table[[3 * 14, 140 + 4 * 14], 1] = table[[140 + 4 * 14, 3 * 14], 1]
    return table


WRONG_TABLES = {
    "transposed": (lambda t: t.T, r"lies on its side: its shape is \(9, 13580\)"),
    "too few rows": (lambda t: t[1:], r"\(13580, 9\).*Received: int\d+ \(13579, 9\)"),
    "too few columns": (lambda t: t[:, :8], r"Received: int\d+ \(13580, 8\)"),
    "one column": (lambda t: t[:, 0], r"Received: int\d+ \(13580,\)"),
    "text": (lambda t: t.astype("U4"), "Received: <U4"),
    "digits to 10": (lambda t: with_column(t, 0, t[:, 0] + 1), "Column 0 .*the digit, 0..9.*10 x"),
    "a digit more": (lambda t: moved(t, 0, 0, 1), "Received: 0 x 1357, 1 x 1359"),
    "a digit is nan": (lambda t: moved(t, 0, 0, np.nan), "Column 0 .*nan x 1"),
    "no writer": (
        lambda t: with_column(t, 1, t[:, 3]),
        r"one column with the writer.*column 1: 7140/6440; column 2: \d+ values in",
    ),
    "two writers": (lambda t: with_column(t, 2, t[:, 1]), "one column with the writer"),
    "a writer of fractions": (lambda t: with_column(t, 1, t[:, 1] / 2), "one column with the"),
    "digits of a writer": (swapped_writers, "14 rows each for every digit. Received: column 1"),
    "one image more": (lambda t: moved(t, 0, 1, t[-1, 1]), "one column with the writer"),
    "not constant": (
        lambda t: moved(t, 0, 3, 1 - t[0, 3]),
        r"Column 3 .*same in all rows of a writer. Writer \d+ \(column 1\) has \d x \d+, \d x \d+",
    ),
    "one writer's hand": (
        lambda t: with_column(t, 6, np.where(t[:, 1] == t[0, 1], 1 - t[:, 6], t[:, 6])),
        r"taken for handedness, has (85/12|83/14)\. Its columns.*column 5: 75/16/6 \(as language\)",
    ),
    "one writer's schooling": (
        lambda t: with_column(t, 7, np.where(t[:, 1] == t[0, 1], 9, t[:, 7])),
        "published counts.*column 7, taken for education",
    ),
    "a third gender": (
        lambda t: with_column(t, 3, np.where(t[:, 1] == t[0, 1], 2, t[:, 3])),
        "taken for gender, has 5[01]/4[56]/1",
    ),
    "codes that are no numbers": (
        lambda t: with_column(t, 8, t[:, 8] / 2),
        "column 8, taken for medium, has 45/44/8",
    ),
    "too old": (
        lambda t: with_column(t, 2, t[:, 2] + 100),
        r"taken for age, has \d+ values in 1\d\d\.\.1\d\d",
    ),
    "too small": (
        lambda t: with_column(t, 4, np.where(t[:, 1] == t[0, 1], 20, t[:, 4])),
        r"taken for height, has \d+ values in 20\.\.",
    ),
    "infinitely old": (
        lambda t: with_column(t, 2, np.where(t[:, 1] == t[0, 1], np.inf, t[:, 2])),
        r"taken for age, has .*\.\.inf",
    ),
}


@pytest.mark.parametrize("kind", WRONG_TABLES)
def test_wrong_tables_get_their_sentence(copy, kind):
    change, sentence = WRONG_TABLES[kind]
    table = np.load(copy / WRITER_INFO)
    np.save(copy / WRITER_INFO, change(table))
    with pytest.raises(GanprofileError, match=sentence) as refusal:
        read_hwdplus(copy)
    assert str(copy / WRITER_INFO) in str(refusal.value)


def test_the_writer_is_found_in_any_column_and_the_order_can_be_said(hwdplus_form, copy):
    table = np.load(copy / WRITER_INFO)
    columns = ("medium", "height", "education", "language", "age", "gender", "handedness")
    places = [2 + DEFAULT_WRITER_COLUMNS.index(name) for name in columns]
    np.save(copy / WRITER_INFO, table[:, [0, *places[:4], 1, *places[4:]]])
    with pytest.raises(GanprofileError, match=r"column 3: 55/22/13/7 \(as education\).*age,gender"):
        read_hwdplus(copy)
    reading = read_hwdplus(copy, writer_columns=columns)
    assert rows_of(reading.train) == rows_of(read_hwdplus(hwdplus_form).train)


def test_no_two_characteristics_can_be_mistaken_for_each_other():
    for a, b in itertools.combinations(PUBLISHED_COUNTS.values(), 2):
        assert a != b
    assert all(sum(sizes) == 97 for sizes in PUBLISHED_COUNTS.values())


def test_an_age_that_was_not_given_stays_unknown(copy):
    table = np.load(copy / WRITER_INFO)
    shy = table[5000, 1]
    np.save(
        copy / WRITER_INFO, with_column(table, 2, np.where(table[:, 1] == shy, np.nan, table[:, 2]))
    )
    train = read_hwdplus(copy).train
    assert np.array_equal(np.isnan(train.attributes["age"]), train.writers == shy)


def test_the_card_counts_right_and_says_what_it_was_tested_with(hwdplus_form):
    for config, partition in (("hwdplus", "digits"), ("hwdplus/individuals", "individuals")):
        card = read_card(config)
        reading = read_hwdplus(hwdplus_form, partition=partition)
        assert card["images"] == {part.split: len(part) for part in reading.parts}
        assert "not on the published files" in card["tested_with"]
        assert tuple(card["image_shape"]) == reading.train.image_shape


MEASURED = """
import pathlib, re, sys
from ganprofile.datasets.loaders.hwdplus_files import read_hwdplus
def peak():
    return int(re.search("VmHWM:[^0-9]*([0-9]+)", pathlib.Path("/proc/self/status").read_text())[1])
before = peak()
read_hwdplus(sys.argv[1], 100)
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
def test_large_files_are_read_in_little_more_memory_than_the_result_takes(hwdplus_form, tmp_path):
    """1.1 GB of int64 at 100 pixels, which become 0.14 GB."""
    source = np.load(hwdplus_form / "Images(100x100).npy", mmap_mode="r")
    path = tmp_path / "Images(100x100).npy"
    wide = np.lib.format.open_memmap(path, "w+", np.int64, source.shape)
    for first in range(0, len(source), 500):
        wide[first : first + 500] = source[first : first + 500]
    del wide
    (tmp_path / WRITER_INFO).symlink_to(hwdplus_form / WRITER_INFO)
    ran = subprocess.run(
        [sys.executable, "-c", MEASURED, tmp_path], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) * 1024 < source.nbytes + 150e6
