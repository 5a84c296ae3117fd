import numpy as np
import pytest

from ganprofile.images import to_float, to_uint8
from ganprofile.transforms.deformation import upright
from ganprofile.transforms.deformation.moments import Moments, matrices_between, moments
from ganprofile.transforms.warping import resample


@pytest.fixture(scope="module")
def ellipse():
    """An upright ellipse, `(1, 56, 56, 1)`, with standard deviations of 4 and 8 pixels."""
    y, x = np.mgrid[:56, :56] - 27.5
    return (255 * ((x / 8) ** 2 + (y / 16) ** 2 < 1)).astype(np.uint8)[None, ..., None]


def moved(images, **wanted):
    """Images resampled so that they have these moments, numbers or one for each image."""
    found = moments(images)
    goal = Moments(
        **{**vars(found), **{k: np.broadcast_to(v, len(images)) for k, v in wanted.items()}}
    )
    matrices = matrices_between(found, goal, most=3)
    return to_uint8(resample(to_float(images), matrices))


def test_moments_of_an_ellipse(ellipse):
    found = moments(ellipse)
    assert abs(found.x[0]) < 1e-9 and abs(found.y[0]) < 1e-9 and abs(found.slant[0]) < 1e-9
    assert found.width[0] == pytest.approx(4, rel=0.02)
    assert found.height[0] == pytest.approx(8, rel=0.02)


@pytest.mark.parametrize(
    ("what", "value"), [("x", 5), ("y", -3), ("slant", 0.4), ("width", 6), ("height", 5)]
)
def test_a_map_gives_the_moments_that_are_wanted(ellipse, what, value):
    found = vars(moments(moved(ellipse, **{what: value})))
    wanted = {**vars(moments(ellipse)), what: value}
    for name, values in found.items():
        assert values[0] == pytest.approx(float(np.squeeze(wanted[name])), abs=0.12), name


def test_sizes_change_by_a_factor_at_most(ellipse):
    found = moments(ellipse)
    wide = Moments(**{**vars(found), "width": found.width * 100})
    assert matrices_between(found, wide, most=2.0)[0, 0, 0] == 0.5


def test_nothing_but_paper_has_moments():
    found = moments(np.zeros((2, 28, 28, 3), np.uint8))
    assert all(np.isfinite(values).all() for values in vars(found).values())


def test_upright_views_are_alike_however_a_character_leans(ellipse, digits):
    leaning = moved(moved(ellipse, slant=0.5), x=4)
    difference = np.abs(upright(leaning).astype(int) - upright(ellipse)).mean()
    assert difference < 0.2 * np.abs(leaning.astype(int) - ellipse).mean()
    slants = moments(upright(digits[0].images[:200])).slant
    assert np.abs(slants).max() < 0.1 < np.abs(moments(digits[0].images[:200]).slant).max()
    assert upright(digits[0].images[:0]).shape == (0, 28, 28, 1)
