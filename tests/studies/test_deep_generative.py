"""The deep generative model that draws a digit of a writer."""

import numpy as np
import pytest
from keras import ops

from ganprofile.studies import deep_generative as module
from ganprofile.studies.deep_generative import DeepGenerative

pytestmark = pytest.mark.slow


def test_a_likelihood_is_a_gaussians():
    from scipy.stats import norm

    random = np.random.default_rng(0)
    values, mean, log_variance = random.normal(size=(3, 4, 5))
    wanted = norm(mean, np.exp(log_variance / 2)).logpdf(values).sum(axis=1)
    found = module._likelihood(*map(ops.convert_to_tensor, (values, mean, log_variance)))
    np.testing.assert_allclose(ops.convert_to_numpy(found), wanted, rtol=1e-4)


@pytest.fixture(scope="module")
def drawn(digits):
    """Digits whose ink one of two writers makes half as dark, drawn again; and the model."""
    some = digits[0].subset(60, 0)
    writers = np.arange(len(some)) % 2
    faint = np.where(writers[:, None, None, None] == 1, some.images // 2, some.images)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LEARNING_RATE", 2e-3)  # in seconds
        model = DeepGenerative({"label": 10, "writer": 2}, 500, seed=1)
        return model.fit(faint, label=some.labels, writer=writers)


def test_it_draws_what_is_asked(drawn, digits):
    labels, writers = np.arange(200) % 10, np.arange(200) // 100
    images = drawn.draw(0, label=labels, writer=writers)
    assert images.shape == (200, 28, 28, 1) and images.dtype == np.uint8
    means = np.stack([digits[0].images[digits[0].labels == k].mean(axis=0) for k in range(10)])
    apart = ((images[:, None] / 255.0 - means[None] / 255.0) ** 2).sum(axis=(2, 3, 4))
    assert (apart[:100].argmin(axis=1) == labels[:100]).mean() > 0.7
    assert images[100:].mean() < 0.65 * images[:100].mean()


def test_the_same_seed_draws_the_same(drawn, monkeypatch):
    arguments = {"label": np.arange(30) % 10, "writer": np.zeros(30, int)}
    images = drawn.draw(3, **arguments)
    monkeypatch.setattr(module, "AT_ONCE", 7)
    np.testing.assert_allclose(drawn.draw(3, **arguments).astype(int), images.astype(int), atol=1)
    assert (drawn.draw(4, **arguments) != images).any()
