"""Whatever the bytes, a reader gives a dataset or one sentence, never another exception."""

import gzip
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ganprofile as gp
from ganprofile.datasets.formats.idx import read_idx
from ganprofile.datasets.loaders import LoadOptions
from ganprofile.datasets.loaders.shaping import shaped
from ganprofile.errors import GanprofileError

IMAGES = np.arange(6 * 5 * 4, dtype=np.uint8).reshape(6, 5, 4)
LABELS = np.array([0, 1, 2, 0, 1, 2])
SEVERAL = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def damage(content, changes):
    content = bytearray(content)
    for place, value in changes:
        content[place % len(content)] = value
    return bytes(content)


def a_sentence_or(result, read):
    """Call `read`; an error must be ours and one line."""
    try:
        return result(read())
    except GanprofileError as error:
        assert "\n" not in str(error)


changes = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=12)


@SEVERAL
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_as_idx(tmp_path, content, packed):
    path = tmp_path / ("x.gz" if packed else "x")
    path.write_bytes(gzip.compress(content) if packed else content)
    a_sentence_or(lambda values: values.tobytes(), lambda: read_idx(path))


@SEVERAL
@given(
    st.lists(st.integers(0, 2**32 - 1), max_size=4),
    st.sampled_from([0x08, 0x0C, 0x0D, 0x00]),
    st.binary(max_size=64),
)
def test_headers_that_promise_anything(tmp_path, sizes, kind, content):
    header = bytes([0, 0, kind, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)
    path = tmp_path / "x"
    path.write_bytes(header + content)

    def is_whole(values):
        assert values.shape == tuple(sizes) and values.nbytes == len(content)

    a_sentence_or(is_whole, lambda: read_idx(path))


@SEVERAL
@given(changes)
def test_damaged_npz_files(tmp_path, changes):
    path = tmp_path / "x.npz"
    np.savez(path, images=IMAGES, labels=LABELS, class_names=np.array(list("abc")))
    path.write_bytes(damage(path.read_bytes(), changes))
    a_sentence_or(lambda pair: pair[0].fingerprint, lambda: gp.load(path))


@SEVERAL
@given(changes, st.sampled_from(["dataset.json", "manifest.csv", "shard-00000.npz"]))
def test_damaged_written_sets(tmp_path, changes, name):
    gp.Dataset(IMAGES[..., None], LABELS, ("a", "b", "c")).save(tmp_path / "set", force=True)
    path = tmp_path / "set" / name
    path.write_bytes(damage(path.read_bytes(), changes))
    a_sentence_or(lambda pair: pair[0].fingerprint, lambda: gp.load(tmp_path / "set"))


@pytest.mark.slow  # SciPy believes a damaged file that promises gigabytes
@settings(SEVERAL, max_examples=20)
@given(changes)
def test_damaged_matlab_files(tmp_path, changes):
    import scipy.io

    part = {"images": np.zeros((3, 784), np.uint8), "labels": np.arange(3.0)[:, None]}
    path = tmp_path / "emnist-digits.mat"
    scipy.io.savemat(path, {"dataset": {"train": part, "test": part}})
    path.write_bytes(damage(path.read_bytes(), changes))
    a_sentence_or(
        lambda pair: pair[0].fingerprint,
        lambda: gp.load("emnist/digits", data_dir=tmp_path),
    )


@SEVERAL
@given(
    st.sampled_from([None, 8, 9, 28]),
    st.sampled_from([None, 1, 3]),
    st.sampled_from(["auto", "yes", "no"]),
    st.sampled_from([1, 3]),
)
def test_every_shape_can_be_asked_of_every_array(size, channels, invert, given_channels):
    images = IMAGES[..., None].repeat(given_channels, axis=-1)
    dataset = gp.Dataset(images, LABELS)
    reading = shaped(gp.datasets.loaders.LoadedData(dataset), LoadOptions(size, channels, invert))
    height, width = (size, size) if size else (5, 4)
    assert reading.train.image_shape == (height, width, channels or given_channels)
    assert np.array_equal(reading.train.labels, LABELS)
    if size is None and invert != "yes" and channels in (None, given_channels):
        assert np.array_equal(reading.train.images, images)
    if size is None and invert == "yes" and channels is None:
        assert np.array_equal(reading.train.images, 255 - images)


@pytest.mark.parametrize("kind", ["labels", "writers", "class_names"])
def test_objects_in_arrays_are_never_unpickled(tmp_path, kind):
    columns = {"images": IMAGES, "labels": LABELS, kind: np.array([{}] * 6, dtype=object)}
    np.savez(tmp_path / "x.npz", **columns)
    with pytest.raises(GanprofileError, match="Object arrays"):
        gp.load(tmp_path / "x.npz")


def test_arrays_that_promise_too_much_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("ganprofile.storage.arrays.MOST_ARRAY_BYTES", 10_000)
    np.savez_compressed(tmp_path / "bomb.npz", images=np.zeros((20, 28, 28), np.uint8))
    with pytest.raises(GanprofileError, match="10,000 are the most"):
        gp.load(tmp_path / "bomb.npz")


def test_labels_far_beyond_the_images_need_names():
    with pytest.raises(
        gp.UsageError, match="go up to 2,147,483,647 for 6 images. Give class_names"
    ):
        gp.Dataset(IMAGES[..., None], np.array([0, 1, 2, 0, 1, 2**31 - 1]))


@pytest.mark.parametrize("content", [b"hello", b"", b"\xff\xfe", b"0 99999999", b"0 55296"])
def test_mapping_files_of_another_kind(tmp_path, content):
    for part in ("train", "test"):
        for kind, values in (("images-idx3", np.zeros((2, 28, 28))), ("labels-idx1", [0, 1])):
            values = np.asarray(values, np.uint8)
            header = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
            path = tmp_path / f"emnist-own-{part}-{kind}-ubyte"
            path.write_bytes(header + values.tobytes() + bytes(0))
    (tmp_path / "emnist-own-mapping.txt").write_bytes(content)
    with pytest.raises(GanprofileError):
        gp.load(tmp_path)
