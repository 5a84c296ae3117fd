import numpy as np
import pytest

from ganprofile.transforms.deformation import (
    PairwiseDeformations,
    find_deformations,
    reduced,
    reduction,
)


@pytest.mark.parametrize(
    ("side", "times"), [(8, 1), (28, 1), (32, 1), (55, 1), (56, 2), (64, 2), (105, 3), (128, 4)]
)
def test_at_least_28_pixels_of_a_side_are_left(side, times):
    assert reduction(side, side) == reduction(side // 2, side) == times
    seen = reduced(np.zeros((2, side, side, 1), np.uint8))
    assert seen.shape == (2, -(-side // times), -(-side // times), 1)
    assert seen.shape[1] >= min(side, 28)


def test_a_square_of_pixels_becomes_its_mean(some_images):
    images, _ = some_images
    assert reduced(images) is images
    large = images.repeat(3, axis=1).repeat(3, axis=2)
    np.testing.assert_array_equal(reduced(large), images)
    large[:, ::3] = 0
    np.testing.assert_array_equal(reduced(large), np.rint(images * (2 / 3)).astype(np.uint8))


def test_what_reaches_over_the_edge_sees_paper():
    seen = reduced(np.full((1, 57, 57, 3), 100, np.uint8))
    assert seen.shape == (1, 29, 29, 3)
    assert (seen[:, :28, :28] == 100).all() and (seen[:, 28, :28] == 50).all()
    assert (seen[:, 28, 28] == 25).all()


def test_large_images_are_registered_as_small_ones_are(digits):
    """The fields are shares of the side; what is moved is moved twice as many pixels."""
    some = digits[0].subset(3)
    small = find_deformations(some.images, some.labels)
    large = some.images.repeat(2, axis=1).repeat(2, axis=2)
    found = find_deformations(large, some.labels)
    np.testing.assert_array_equal(found.fields, small.fields)
    np.testing.assert_array_equal(found.neighbours, small.neighbours)
    affine, moved = small.affine_residuals[..., :2, :2], small.affine_residuals[..., :2, 2]
    np.testing.assert_array_equal(found.affine_residuals[..., :2, :2], affine)
    np.testing.assert_array_equal(found.affine_residuals[..., :2, 2], 2 * moved)
    assert abs(moved).max() > 0.1
    again = found.resized(0.5)
    assert isinstance(again, PairwiseDeformations)
    np.testing.assert_array_equal(again.affine_residuals, small.affine_residuals)
