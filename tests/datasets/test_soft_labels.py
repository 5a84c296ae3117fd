"""`soft_labels.npy` beside the images of any format, and the columns that it was before."""

import dataclasses
import shutil
import tracemalloc

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets import joined, relabelled
from ganprofile.datasets.formats import FORMATS
from ganprofile.datasets.formats.attributes import write_attributes
from ganprofile.datasets.formats.checksums import write_checksums
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.datasets.formats.soft_labels import SoftLabelFile
from ganprofile.errors import GanprofileError

NAMES = ("a", "A", "/", "é")
COUNT = 30


@pytest.fixture
def soft_set():
    random = np.random.default_rng(3)
    soft = random.dirichlet(np.ones(len(NAMES)), COUNT).astype(np.float32)
    images = random.integers(0, 256, (COUNT, 12, 10, 1), np.uint8)
    labels = random.permutation(np.arange(COUNT) % len(NAMES))
    return gp.Dataset(images, labels, NAMES, attributes={"age": labels + 20}, soft_labels=soft)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_gives_them_back(tmp_path, soft_set, format):
    path = soft_set.save(tmp_path / "set", format)
    array = np.load(path / "soft_labels.npy", mmap_mode="r")
    assert array.dtype == np.float32 and np.array_equal(array, soft_set.soft_labels)
    again, _ = gp.load(path)
    assert np.array_equal(again.soft_labels, soft_set.soft_labels)
    assert np.array_equal(again.labels, soft_set.labels) and set(again.attributes) == {"age"}
    result = gp.verify(path, progress=False)
    assert result.ok and f"soft labels of {COUNT} images" in result.checked
    twice, _ = gp.load(again.save(tmp_path / "copy"))
    assert np.array_equal(twice.soft_labels, soft_set.soft_labels)


def test_a_set_without_them_has_no_such_file(tmp_path, digits):
    path = digits[1].select(np.arange(20)).save(tmp_path / "set")
    assert not (path / "soft_labels.npy").exists() and gp.load(path)[0].soft_labels is None


@pytest.mark.parametrize("format", ["npz", "imagefolder"])
def test_columns_of_older_sets_are_read(tmp_path, soft_set, format):
    path = soft_set.save(tmp_path / "set", format)
    (path / "soft_labels.npy").unlink()
    old = {f"soft_label.{n}": soft_set.soft_labels[:, k] for k, n in enumerate(NAMES)}
    write_attributes(path, {"age": soft_set.attributes["age"], **old})
    write_checksums(path)
    again, _ = gp.load(path)
    assert np.array_equal(again.soft_labels, soft_set.soft_labels)
    assert set(again.attributes) == {"age"}
    assert np.array_equal(gp.open_set(path).soft_labels, soft_set.soft_labels)
    assert f"soft labels of {COUNT} images" in gp.verify(path, progress=False).checked
    now = again.save(tmp_path / "now")
    assert np.array_equal(np.load(now / "soft_labels.npy"), soft_set.soft_labels)


def test_columns_of_the_users_that_are_called_like_older_ones_stay(tmp_path, soft_set):
    soft_set.attributes.update(
        {f"soft_label.{name}": np.full(COUNT, 0.5, np.float32) for name in NAMES}
    )
    again, _ = gp.load(soft_set.save(tmp_path / "set"))
    assert set(again.attributes) == set(soft_set.attributes)
    assert np.array_equal(again.soft_labels, soft_set.soft_labels)


def test_images_without_any_are_certain(tmp_path, soft_set):
    with SetWriter(tmp_path, "npz", NAMES, soft_set.image_shape, soft_labels=True) as writer:
        writer.add(soft_set.images, soft_set.labels)
        writer.add(soft_set.images, soft_set.labels, None, soft_set.soft_labels)
        assert writer.finish("two")["soft_labels"] is True
    array = np.load(tmp_path / "soft_labels.npy")
    assert np.array_equal(array[:COUNT], np.eye(len(NAMES))[soft_set.labels])
    assert np.array_equal(array[COUNT:], soft_set.soft_labels)


def test_writing_many_takes_the_memory_of_a_block(tmp_path):
    block = np.full((500, 62), 1 / 62, np.float32)
    file = SoftLabelFile(tmp_path, 62)
    tracemalloc.start()
    for _ in range(400):
        file.append(block)
    file.close()
    file.close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    array = np.load(tmp_path / "soft_labels.npy", mmap_mode="r")
    assert array.shape == (200_000, 62) and array.nbytes > 40e6 and peak < 2e6


@pytest.mark.parametrize(
    "damaged",
    [np.ones((COUNT, 3), np.float32), np.ones((COUNT, 4)), np.array([["x"]], object), None],
    ids=["columns", "type", "pickled", "cut"],
)
def test_damaged_ones_are_refused(tmp_path, soft_set, damaged):
    path = soft_set.save(tmp_path / "set")
    if damaged is None:
        content = (path / "soft_labels.npy").read_bytes()
        (path / "soft_labels.npy").write_bytes(content[:200])
    else:
        np.save(path / "soft_labels.npy", damaged, allow_pickle=True)
    for read in (gp.load, lambda path: gp.open_set(path).soft_labels):
        with pytest.raises(GanprofileError, match=r"soft_labels.npy should hold float32 values"):
            read(path)
    assert not gp.verify(path, progress=False).ok


def test_they_follow_their_images(soft_set):
    chosen = soft_set[::3]
    assert np.array_equal(chosen.soft_labels, soft_set.soft_labels[::3])
    assert np.array_equal(
        joined(soft_set, soft_set).soft_labels, np.concatenate([soft_set.soft_labels] * 2)
    )
    assert joined(soft_set, gp.Dataset(soft_set.images, soft_set.labels, NAMES)).soft_labels is None


def test_they_follow_their_classes(soft_set):
    two = soft_set.of_classes(["a", "/"])
    expected = soft_set.soft_labels[np.isin(soft_set.labels, [0, 2])][:, [0, 2]]
    expected = expected / expected.sum(axis=1, keepdims=True)
    assert np.allclose(two.soft_labels, expected, atol=1e-6)
    others = relabelled(two, ("/", "new", "a"))
    assert np.allclose(others.soft_labels[:, [2, 0]], expected, atol=1e-6)
    assert not others.soft_labels[:, 1].any()
    certain = gp.Dataset(
        soft_set.images,
        np.zeros(COUNT, int),
        NAMES,
        soft_labels=np.eye(4, dtype=np.float32)[np.full(COUNT, 3)],
    )
    assert certain.of_classes("a").soft_labels.tolist() == [[1]] * COUNT  # nothing else is left


@pytest.mark.parametrize("soft", [np.ones((COUNT, 3)), np.ones((COUNT, 4), int), np.ones(COUNT)])
def test_others_than_a_row_of_floats_per_image_are_refused(soft_set, soft):
    with pytest.raises(gp.UsageError, match=r"should be floats \(30, 4\), beside labels. Received"):
        gp.Dataset(soft_set.images, soft_set.labels, NAMES, soft_labels=soft)


@pytest.mark.parametrize("row", [[np.nan] * 4, [0.5, 0.5, 0.5, 0.5], [2, -1, 0, 0], [0, 0, 0, 0]])
def test_others_than_probabilities_are_refused(soft_set, row):
    soft = soft_set.soft_labels.copy()
    soft[[3, 5]] = row
    with pytest.raises(gp.UsageError, match="should be probabilities.*: 2 other rows, such as num"):
        dataclasses.replace(soft_set, soft_labels=soft)


def test_a_set_that_lost_them_is_told(tmp_path, soft_set):
    path = soft_set.save(tmp_path / "set")
    copy = shutil.copytree(path, tmp_path / "copy")
    (copy / "soft_labels.npy").unlink()
    write_checksums(copy)
    (problem,) = gp.verify(copy, progress=False).problems
    assert problem == "dataset.json says soft labels; the set lacks them."


@pytest.mark.parametrize("lost", ["soft_labels.npy", "attributes.npz"])
@pytest.mark.parametrize("format", ["npz", "imagefolder"])
def test_a_set_that_lost_a_file_is_not_loaded_without_it(tmp_path, soft_set, lost, format):
    path = soft_set.save(tmp_path / "set", format)
    (path / lost).unlink()
    with pytest.raises(GanprofileError, match=f"{lost} is missing, though the set was written"):
        gp.load(path)
    if lost == "soft_labels.npy":
        with pytest.raises(GanprofileError, match=f"{lost} is missing, though the set was written"):
            gp.open_set(path).to_torch(soft=True)


@pytest.mark.parametrize("other", ["soft_labels.npy", "attributes.npz"])
def test_rows_of_another_set_are_refused(tmp_path, soft_set, other):
    path, turned = soft_set.save(tmp_path / "set"), soft_set[::-1].save(tmp_path / "turned")
    shutil.copy(turned / other, path)
    with pytest.raises(GanprofileError, match=f"{other} is not the file that was written with"):
        gp.load(path)
    with pytest.raises(GanprofileError, match=f"{other} is not the file that was written with"):
        gp.open_set(path).to_torch(soft=True)
    with pytest.raises(GanprofileError, match=f"{other} is not the file that was written with"):
        gp.report(path, output=tmp_path / "page.html")
    (path / "SHA256SUMS").unlink()  # nothing tells it
    gp.load(path)
