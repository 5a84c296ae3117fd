"""HODA's files of Farsi digits, written here as they are described and read back."""

import struct

import numpy as np
import pytest

import ganprofile as gp


def runs(image):
    """Rows of an image as the lengths of runs of paper and ink by turns, the first of paper."""
    found = bytearray()
    for row in image > 0:
        is_ink, length = False, 0
        for pixel in row:
            if pixel != is_ink:
                found.append(length)
                is_ink, length = pixel, 0
            length += 1
        found.append(length)
    return bytes(found)


def write(path, images, labels, is_grey=False, fixed=(0, 0)):
    path.parent.mkdir(exist_ok=True)
    head = struct.pack("<HBBBBI512sB501s", 2005, 8, 4, *fixed, len(images), b"", is_grey, b"")
    records = [head]
    for image, label in zip(images, labels, strict=True):
        content = image.tobytes() if is_grey else runs(image)
        size = b"" if any(fixed) else bytes(image.shape[::-1])
        records += [bytes([255, label]), size, struct.pack("<H", len(content)), content]
    path.write_bytes(b"".join(records))
    return path


@pytest.fixture
def cropped(digits):
    """Images of two digits, cropped to their ink, and their labels."""
    some = digits[0].subset(3).of_classes("3,7")
    images = []
    for image in some.images[..., 0]:
        rows, columns = np.nonzero(image > 127)
        images.append(
            255 * (image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] > 127)
        )
    return [image.astype(np.uint8) for image in images], [3 if k == 0 else 7 for k in some.labels]


def test_images_of_all_sizes_come_back(cropped, tmp_path):
    images, labels = cropped
    path = write(tmp_path / "digits.cdb", images, labels)
    with pytest.raises(gp.UsageError, match="image_size"):
        gp.load(path)
    train, test = gp.load(path, photographs="scans")
    assert test is None and train.image_shape == (28, 28, 1)
    assert train.class_names[train.labels[0]] == str(labels[0])
    kept = gp.load(write(tmp_path / "one.cdb", images[:1] * 2, [3, 7]))[0]
    np.testing.assert_array_equal(kept.images[0, ..., 0], images[0])


@pytest.mark.parametrize("is_grey", [False, True])
def test_parts_are_told_by_the_names_of_files(tmp_path, capsys, is_grey):
    images = [np.pad(np.full((9, k), 255, np.uint8), ((1, 1), (8 - k, 2))) for k in (2, 4, 6)]
    for name, chosen in (("Train 60000", (0, 1)), ("Test 20000", (2,)), ("RemainingSamples", (0,))):
        some = [images[k] for k in chosen]
        write(tmp_path / "DB" / f"{name}.cdb", some, [k + 1 for k in range(len(some))], is_grey)
    train, test = gp.load(tmp_path / "DB")
    np.testing.assert_array_equal(train.images[..., 0], images[:2])
    np.testing.assert_array_equal(test.images[..., 0], images[2:])
    assert "RemainingSamples.cdb is no part by its name" in capsys.readouterr().err
    (tmp_path / "DB" / "Train 60000.cdb").rename(tmp_path / "DB" / "Others.cdb")
    with pytest.raises(gp.UsageError, match=r"Others\.cdb and .*Call one train"):
        gp.load(tmp_path / "DB")


def test_files_of_one_size_and_damaged_ones(tmp_path):
    image = np.pad(np.full((6, 4), 255, np.uint8), 3)
    path = write(tmp_path / "fixed.cdb", [image, image[::-1]], [1, 2], fixed=image.shape[::-1])
    np.testing.assert_array_equal(gp.load(path)[0].images[0, ..., 0], image)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(gp.GanprofileError, match=r"fixed\.cdb is damaged"):
        gp.load(path)
