"""Images against each other at every shift, by the book; and their coarse shapes."""

import numpy as np
import pytest

from ganprofile.datasets.similarity import alignment
from ganprofile.datasets.similarity.alignment import Aligned, ink, shapes


def test_what_is_up_to_32_levels_or_a_quarter_of_the_darkest_ink_is_paper():
    images = np.array([[0, 32, 33, 255], [10, 25, 26, 100]], np.uint8).reshape(2, 2, 2, 1)
    found = ink(images)
    assert found.dtype == np.float32
    assert found.reshape(2, 4).tolist() == [[0, 0, 1, 223], [0, 0, 1, 75]]


@pytest.mark.parametrize(
    ("sides", "factor"), [((224, 3), 1), ((225, 3), 2), ((4, 448), 2), ((3, 449), 3)]
)
def test_large_images_are_reduced_by_a_whole_factor(sides, factor):
    """To the means of squares; what is left at an edge counts as if paper followed."""
    image = np.random.default_rng(0).integers(200, 256, (1, *sides, 1), dtype=np.uint8)
    padded = np.zeros([-(-side // factor) * factor for side in sides])
    padded[: sides[0], : sides[1]] = image[0, ..., 0] - 32.0
    squares = [
        [padded[y : y + factor, x : x + factor].mean() for x in range(0, padded.shape[1], factor)]
        for y in range(0, padded.shape[0], factor)
    ]
    np.testing.assert_allclose(ink(image)[0], squares, rtol=1e-6)


def dot(y, x, size):
    """A dot of one pixel."""
    image = np.zeros((1, *size, 1), np.uint8)
    image[0, y, x] = 255
    return image


@pytest.mark.parametrize(
    ("size", "scale"), [((28, 28), 1), ((28, 20), 1), ((20, 28), 1), ((56, 40), 2)]
)
def test_the_shape_of_a_dot_is_a_gaussian_about_it(size, scale):
    """Seen from 8 x 8 places that lie 3 pixels of 28 apart, through windows of 1.8; of norm 1.

    Where it stands changes nothing: the windows go with it.
    """
    offsets = (np.arange(8) - 3.5) * 3
    weights = np.exp(-(offsets**2) / (2 * 1.8**2))
    expected = np.outer(weights, weights).ravel()
    dots = np.concatenate([dot(9, 8, size), dot(17, 4, size)])
    found = shapes(np.concatenate([dots, np.zeros_like(dots[:1])]))
    assert found.shape == (3, 64)
    np.testing.assert_allclose(found[:2], [expected / np.linalg.norm(expected)] * 2, atol=1e-6)
    assert not found[2].any(), "no ink has no shape"


def test_a_shape_is_that_of_the_ink_about_its_centre_of_mass():
    """Three dots: the middle lies between them, nearer to the two."""
    image = dot(10, 10, (28, 28)) | dot(10, 12, (28, 28)) | dot(13, 14, (28, 28))
    y, x = np.array([10, 10, 13]) - 11, np.array([10, 12, 14]) - 12
    offsets = (np.arange(8) - 3.5) * 3
    rows, columns = (np.exp(-((offsets[:, None] - p) ** 2) / (2 * 1.8**2)) for p in (y, x))
    expected = (rows @ columns.T).ravel()
    np.testing.assert_allclose(shapes(image)[0], expected / np.linalg.norm(expected), atol=1e-6)


def test_blocks_hold_every_row_once(monkeypatch):
    assert list(alignment.blocks("abcde", 2)) == [
        (slice(0, 2), "ab"), (slice(2, 4), "cd"), (slice(4, 6), "e"),
    ]  # fmt: skip


def by_the_book(image, reference):
    """Every shift, every cell that lies in both frames."""
    image, reference = (np.maximum(a[..., 0].astype(float) - 32, 0) for a in (image, reference))
    side = max(image.shape)
    reach = round(2 * side / 28)
    cells = [max(1, round(length * min(1, 14 / side))) for length in image.shape]
    pitches = np.array(image.shape) / cells
    places = [(y, x) for y in np.arange(cells[0]) for x in np.arange(cells[1])]
    places = (np.array(places) + 0.5) * pitches - 0.5
    shifts = [(y, x) for y in range(-reach, reach + 1) for x in range(-reach, reach + 1)]
    found, contrasts = np.zeros(len(shifts)), np.zeros((len(shifts), 2))
    for k, shift in enumerate(np.array(shifts)):
        inner = ((places + shift >= 0) & (places + shift <= np.array(image.shape) - 1)).all(axis=1)
        if inner.any():
            first = seen(image, (places + shift)[inner], pitches / 2)
            second = seen(reference, places[inner], pitches / 2)
            found[k] = np.corrcoef(first, second)[0, 1]
            contrasts[k] = [len(some) * some.var() for some in (first, second)]
    kept = (contrasts >= 0.5 * contrasts[len(shifts) // 2]).all(axis=1)
    return 1 - max(0, *found[kept])


def seen(image, places, deviations):
    """An image through Gaussian windows, each of sum 1, about some places."""
    rows, columns = (
        np.exp(-((np.arange(length) - middles[:, None]) ** 2) / (2 * deviation**2))
        / (deviation * np.sqrt(2 * np.pi))
        for length, middles, deviation in zip(image.shape, places.T, deviations, strict=True)
    )
    return ((rows @ image) * columns).sum(axis=1)


@pytest.mark.parametrize("size", [(28, 28), (40, 16), (9, 12), (3, 40)])
def test_the_distance_is_1_less_the_best_correlation(size, monkeypatch):
    random = np.random.default_rng(0)
    images = (255 * random.random((3, *size, 1)) ** 4).astype(np.uint8)
    images[:, 0, 0] = 255
    references = np.roll(images, 1, axis=(0, 1, 2))[:2] // 2 + images[:2] // 2
    references[:, 0, 0] = 255
    candidates = np.array([[0, 1], [1, 0], [0, 0]])
    found = Aligned(references).distances(images, candidates)
    expected = [
        [by_the_book(image, references[number]) for number in chosen]
        for image, chosen in zip(images, candidates, strict=True)
    ]
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-5)
    monkeypatch.setattr(alignment, "AT_ONCE", 2)
    monkeypatch.setattr(alignment, "MOST_PRODUCTS", 1)
    monkeypatch.setattr(alignment, "MOST_VALUES", 1)
    again = Aligned(references).distances(images, candidates)
    np.testing.assert_allclose(again, found, atol=1e-6)


def test_a_window_sums_to_1_where_the_frame_does_not_cut_it():
    whole, half = alignment.windows(np.array([14.0, -0.5]), 28, 1.7).sum(axis=1)
    assert whole == pytest.approx(1) and half == pytest.approx(0.5, abs=1e-3)


def test_rounding_makes_no_distance_negative():
    images = np.random.default_rng(0).integers(0, 256, (50, 28, 28, 1), dtype=np.uint8)
    found = Aligned(images).distances(images, np.arange(50)[:, None])
    assert found.min() == 0 and found.max() < 1e-5


def test_a_shift_that_moves_most_out_of_the_frame_does_not_count():
    """A dot in the middle of both; a line at the left edge of one, at the right of the other."""
    images = np.zeros((2, 28, 28, 1), np.uint8)
    images[:, 13:15, 13:15] = 255
    images[0, :, 0] = images[1, :, -1] = 255
    assert Aligned(images).distances(images, np.array([[1], [0]])).min() > 0.5


def test_what_hardly_differs_from_paper_is_like_nothing():
    """A dot of 4 levels, of which 3 are ink: no contrast that a cell could tell."""
    images = dot(14, 14, (28, 28)) // 51 - dot(14, 14, (28, 28)) // 255
    assert images.max() == 4
    assert Aligned(images).distances(images, np.array([[0]])).tolist() == [[1]]
    assert Aligned(images * 20).distances(images * 20, np.array([[0]])).max() < 1e-5
