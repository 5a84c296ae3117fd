"""Files as LIBSVM keeps them."""

import bz2

import numpy as np
import pytest
from sklearn.datasets import dump_svmlight_file

import ganprofile as gp


@pytest.fixture
def some(digits):
    return digits[0].subset(4)


def test_rows_of_sparse_pixels_are_read_as_the_images_they_were(some, tmp_path, capsys):
    """MNIST's last pixels are paper in all images, and no row speaks of them."""
    pixels = some.images.reshape(len(some), -1) / 255
    assert not pixels[:, 780:].any()
    dump_svmlight_file(
        pixels[:, :780], some.labels, str(tmp_path / "mnist.scale"), zero_based=False
    )
    packed = tmp_path / "mnist.scale.bz2"
    packed.write_bytes(bz2.compress((tmp_path / "mnist.scale").read_bytes()))
    for path in (tmp_path / "mnist.scale", packed):
        train, test = gp.load(path)
        assert test is None and train.name == "mnist.scale"
        np.testing.assert_array_equal(train.images, some.images)
        np.testing.assert_array_equal(train.labels, some.labels)
    assert "more were added" in capsys.readouterr().err


def test_labels_from_one_and_values_from_minus_one(some, tmp_path):
    """USPS has digits 1 to 10, and levels of -1..1."""
    pixels = some.images[:, 6:22, 6:22].reshape(len(some), -1) / 127.5 - 1
    dump_svmlight_file(pixels, some.labels + 1, str(tmp_path / "usps"), zero_based=False)
    (tmp_path / "usps-classes.txt").write_text("\n".join("0123456789"))
    train, _ = gp.load(tmp_path / "usps", first_label=1)
    np.testing.assert_array_equal(train.images, some.images[:, 6:22, 6:22])
    np.testing.assert_array_equal(train.labels, some.labels)
    assert train.class_names == tuple("0123456789")


def test_what_is_no_square_is_no_image(tmp_path):
    rows = [f"{label} 1:0.5 123:1" for label in (1, 2, 1, 2)]
    (tmp_path / "adult").write_text("\n".join(rows))
    with pytest.raises(gp.UsageError, match="123"):
        gp.load(tmp_path / "adult")


def test_a_row_that_is_none_is_refused(tmp_path):
    (tmp_path / "set").write_text("1 1:0.5 2:0.25\n2 1:x\n")
    with pytest.raises(gp.GanprofileError, match="set is damaged"):
        gp.load(tmp_path / "set")


@pytest.mark.parametrize("zero_based", [True, False])
def test_where_pixels_are_counted_from_is_read_or_said(some, tmp_path, zero_based, capsys):
    """Pixel 0 is paper in all images, so that no number says it."""
    pixels, path = some.images.reshape(len(some), -1) / 255, str(tmp_path / "mnist")
    assert not pixels[:, :12].any()
    dump_svmlight_file(pixels, some.labels, path, zero_based=zero_based, comment="of mine")
    np.testing.assert_array_equal(gp.load(path)[0].images, some.images)
    assert "counted from" not in capsys.readouterr().err
    dump_svmlight_file(pixels, some.labels, path, zero_based=zero_based)
    shift = -1 if zero_based else 0
    expected = np.roll(some.images.reshape(len(some), -1), shift, axis=1)
    np.testing.assert_array_equal(gp.load(path)[0].images.reshape(len(some), -1), expected)
    assert "pixels were taken to be counted from 1" in capsys.readouterr().err


@pytest.mark.parametrize("zero_based", [True, False])
def test_numbers_may_say_where_pixels_are_counted_from(tmp_path, zero_based, capsys):
    pixels = np.random.default_rng(0).integers(1, 256, (6, 64)) / 255
    pixels[0, 0] = 0
    dump_svmlight_file(pixels, np.arange(6) % 2, str(tmp_path / "mine"), zero_based=zero_based)
    images = gp.load(tmp_path / "mine", invert="no")[0].images
    np.testing.assert_array_equal(images.reshape(6, 64), np.rint(pixels * 255))
    assert "counted from" not in capsys.readouterr().err
