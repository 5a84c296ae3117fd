import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from ganprofile.images import to_float, to_uint8
from ganprofile.transforms.augmentation_policy import KNOTS, elastic
from ganprofile.transforms.deformation.registration import register
from ganprofile.transforms.warping import resample

HERE = np.eye(3, dtype=np.float32)


def warped(images, fields):
    _, height, width, _ = images.shape
    warp = elastic(fields, height, width)
    matrices = np.repeat(HERE[None], len(images), 0)
    return to_uint8(np.asarray(resample(to_float(images), matrices, warp)))


def difference(images, others):
    return np.square(images.astype(float) - others).mean()


@pytest.mark.slow
def test_a_known_bend_is_found_again(digits):
    images = digits[0].images[:12]
    random = np.random.default_rng(0)
    knots = random.uniform(-0.6, 0.6, (12, 2, KNOTS, KNOTS))
    smooth = gaussian_filter(knots, (0, 0, 1, 1), mode="nearest").astype(np.float32)
    targets = warped(images, 2 * smooth)
    fields = register(images, targets, np.repeat(HERE[None], 12, 0))
    assert difference(warped(images, fields), targets) < 0.15 * difference(images, targets)


def test_equal_images_need_no_bend(digits):
    images = digits[0].images[:3]
    fields = register(images, images, np.repeat(HERE[None], 3, 0))
    assert np.abs(fields).max() < 0.02


@pytest.mark.slow
def test_pairs_do_not_depend_on_each_other(digits):
    images = digits[0].images[:6]
    fields = register(images[:3], images[3:], np.repeat(HERE[None], 3, 0))
    alone = register(images[:1], images[3:4], HERE[None])
    np.testing.assert_allclose(fields[:1], alone, atol=1e-3)
