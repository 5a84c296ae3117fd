import numpy as np
import pytest

import ganprofile as gp
from ganprofile.studies import beyond, maps
from ganprofile.studies.design import StudyPlan

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result(digits, tmp_path_factory):
    """The study on some of the embedded digits, its own networks shortened."""
    parts = digits[0].subset(100), digits[1].subset(40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StudyPlan, "parts", lambda self, name: parts)
        patch.setattr(beyond, "STEPS", 400)
        patch.setattr(beyond, "HIDDEN", {"mlp-100": (100,), "mlp-500-200-50": (50, 20)})
        folder = tmp_path_factory.mktemp("study")
        yield gp.study("beyond", quick=True, output=folder / "out", progress=False)


def test_the_figures_are_of_their_kind(result):
    ours = {row["what"]: row["ours"] for row in result.rows}
    assert 0.8 < ours["logistic regression"] < 0.97 and 0.8 < ours["MLP, 100 hidden units"] < 0.97
    noisy = ours["MLP of 100, trained on clean images, on noisy ones"]
    assert noisy == pytest.approx(beyond.NOISY_ACCURACY, abs=0.005)
    assert ours["the same after the autoencoder"] > noisy
    level = ours["noise: its standard deviation, of the range of grey values"]
    assert 0.05 < level < 0.5
    assert ours["images whose 5 nearest on the map are mostly of their class"] > 0.7
    assert ours["network with a bottleneck of 2"] > 0.5


def test_its_pictures(result):
    names = {path.name for path in (result.path / "figures").iterdir()}
    assert names == {"denoised.png", "t-sne.png", "bottleneck.png"}


def test_noise_stays_in_range_and_is_repeatable():
    images = np.repeat(np.uint8([[[[0]]], [[[255]]]]), 50, axis=0)
    noisy = beyond.with_noise(images, 0.2, 3)
    np.testing.assert_array_equal(noisy, beyond.with_noise(images, 0.2, 3))
    assert noisy.dtype == np.uint8 and len(np.unique(noisy)) > 20
    assert noisy[:50].max() < 200 < noisy[50:].mean()


def test_few_images_have_no_five_neighbours():
    places = np.random.default_rng(0).normal(size=(5, 2))
    assert maps.alike(places, np.arange(5) % 2) is None
    assert maps.alike(np.zeros((6, 2)), np.zeros(6, int)) == 1
