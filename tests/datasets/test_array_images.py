"""What arrays of images mean: their ranges and shapes."""

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.array_images import to_uint8_images

LEVELS = np.random.default_rng(0).integers(0, 256, (6, 7, 7, 1), dtype=np.uint8)
LEVELS[0, 0, 0], LEVELS[0, 0, 1] = 0, 255


def test_what_is_in_its_form_already_stays_and_nothing_is_said():
    images, said = to_uint8_images(LEVELS, "x")
    assert np.array_equal(images, LEVELS) and said == []


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (LEVELS / 255, "x: values 0..1 were taken for 0..1 and scaled to 0..255."),
        ((LEVELS / 255).astype(np.float16), "0..1 were taken for 0..1"),
        (LEVELS / 127.5 - 1, "values -1..1 were taken for -1..1"),
        (LEVELS / 255 - 0.5, "values -0.5..0.5 were taken for -0.5..0.5"),
        (LEVELS.astype(np.float32), "floats 0..255 were taken for levels of 0..255 and rounded"),
        (LEVELS.reshape(6, 49), "rows of 49 values were taken for images of 7x7"),
        (LEVELS.transpose(0, 3, 1, 2), "(6, 1, 7, 7) was taken for (n, channels, height, width)"),
        (LEVELS.transpose(1, 2, 3, 0), "(7, 7, 1, 6) was taken for (height, width, channels, n)"),
    ],
)
def test_ranges_and_shapes_that_are_guessed_are_said(array, sentence):
    images, (said,) = to_uint8_images(array, "x")
    assert images.shape == LEVELS.shape and images.dtype == np.uint8 and sentence in said
    assert np.array_equal(images, LEVELS)


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int64, np.float32])
def test_two_levels_are_paper_and_ink(kind):
    images, (said,) = to_uint8_images((LEVELS > 127).astype(kind), "x")
    assert np.array_equal(images, 255 * (LEVELS > 127)) and "scaled" in said


def test_the_digits_of_scikit_learn_use_all_levels():
    from sklearn.datasets import load_digits

    digits = load_digits()
    images, said = to_uint8_images(digits.data, "digits")
    assert images.shape == (1797, 8, 8, 1) and "16 is the highest" in said[1]
    assert np.array_equal(images[..., 0], np.rint(digits.images * 255 / 16))


def test_faint_images_are_left_and_said():
    images, (said,) = to_uint8_images(LEVELS // 4, "x")
    assert np.array_equal(images, LEVELS // 4)
    assert (
        "values 0..63 were taken for levels of 0..255" in said and "multiply them by 4.05" in said
    )


def test_plain_integers_and_images_without_an_axis_for_channels():
    images, said = to_uint8_images(LEVELS[..., 0].astype(np.int64), "x")
    assert np.array_equal(images, LEVELS) and said == []


def test_opacity_goes_and_what_shows_through_is_white():
    colours = np.repeat(LEVELS, 3, axis=-1)
    opaque = np.concatenate([colours, np.full_like(LEVELS, 255)], axis=-1)
    images, (said,) = to_uint8_images(opaque, "x")
    assert np.array_equal(images, colours) and "dropped" in said
    opaque[1, ..., 3] = 0
    images, (said,) = to_uint8_images(opaque, "x")
    assert (images[1] == 255).all() and np.array_equal(images[2:], colours[2:]) and "white" in said
    images, said = to_uint8_images(opaque / 255, "x")
    assert (images[1] == 255).all() and len(said) == 2


@pytest.mark.parametrize(("ink", "paper"), [(255, "black"), (0, "white")])
def test_ink_stands_out_from_what_is_behind_it(ink, paper, capsys):
    opacity = np.where(LEVELS > 220, 200, 0).astype(np.uint8)
    given = np.concatenate([*[np.full_like(LEVELS, ink)] * 3, opacity], axis=-1)
    _, (said,) = to_uint8_images(given, "x")
    assert f"transparent pixels became {paper}" in said
    made = gp.Dataset.from_arrays(given).images
    light_ink = made if ink else 255 - made  # which is what is advised
    assert np.array_equal(light_ink, np.repeat(opacity, 3, axis=-1))
    assert ("make it of 255 - dataset.images" in capsys.readouterr().err) == (ink == 0)


def with_one(value):
    array = LEVELS.astype(np.float64)
    array[3, 2, 2] = value
    return array


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (with_one(np.nan), "x holds 1 values that are NaN or infinite"),
        (with_one(-np.inf), "NaN or infinite"),
        (with_one(256), r"Received: 0\.\.256"),
        (with_one(-3), r"Received: -3\.\.255"),
        (LEVELS / 255 - 0.93, "a mean that was subtracted"),
        (LEVELS.astype(np.uint16) * 257, "Divide by 257"),
        (LEVELS / 100, "fractions in 0..2.55"),
        ((LEVELS - 33.3) / 78.6, "a mean that was subtracted"),
        (LEVELS[:0], "holds no image"),
        (np.array(3), "holds no image"),
        (LEVELS.ravel(), r"Received: \(294,\)"),
        (np.zeros((5, 4)), r"Received: \(5, 4\)"),
        (np.zeros((5, 50)), r"Received: \(5, 50\)"),
        (np.zeros((28, 28)), r"For a single picture, give images\[None\]. Reshape it"),
        (np.zeros((28, 28, 3)), r"For a single picture, give images\[None\]"),
        (np.zeros((28, 28, 90)), "counted along the last axis"),
        (np.zeros((9, 8, 8, 2)), "1 or 3 channels, or 4"),
        (np.zeros((9, 1, 8, 8, 1)), "should have the shape"),
        (np.ones((9, 8, 8, 4)) * [1, 1, 1, 0], "as opacity it shows nothing"),
        (np.array(["a.png", "b"]), r"as numbers. Received: text, such as a\.png. Give the folder"),
        (
            [(LEVELS[0], 3), (LEVELS[1], 4)],
            r"Received: pairs\. Give two arrays, \(images, labels\)",
        ),
        ([*LEVELS, np.zeros((5, 7, 1))], r"Received: \(7, 7, 1\), and \(5, 7, 1\) at 6\. Bring"),
        (np.array([LEVELS, None], object), "as numbers. Received: object"),
        ([[1, 2], [3]], r"images of one size\. Received: \(2,\), and \(1,\) at 1"),
        (LEVELS * 1j, "Received: complex128"),
    ],
)
def test_what_cannot_be_meant_gets_one_sentence(array, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        to_uint8_images(array, "x")
