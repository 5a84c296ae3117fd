import logging

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ganprofile.adversarial import drawing
from ganprofile.networks import build_generator


@pytest.fixture(scope="module")
def generator():
    return build_generator("mlp", (28, 28, 1), 100, {"label": 10}, seed=1)


@given(st.integers(0, 2**63), st.integers(0, 10**6), st.integers(1, 50), st.integers(1, 130))
def test_latents_of_an_image_do_not_depend_on_where_drawing_begins(seed, first, count, latent_dim):
    whole = drawing.latents(seed, first, count, latent_dim)
    last = drawing.latents(seed, first + count - 1, 1, latent_dim)
    assert whole.shape == (count, latent_dim) and whole.dtype == np.float32
    assert np.array_equal(whole[-1:], last)
    assert np.isfinite(whole).all()


def test_latents_are_independent_standard_normal_values():
    values = drawing.latents(0, 0, 20_000, 10)
    assert stats.kstest(values.ravel(), "norm").pvalue > 0.001
    correlations = np.corrcoef(values.T) - np.eye(10)
    assert abs(correlations).max() < 0.04
    other = drawing.latents(1, 0, 20_000, 10)
    assert abs(np.corrcoef(values.ravel(), other.ravel())[0, 1]) < 0.01


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1200), st.integers(1, 700))
def test_an_image_is_the_same_in_every_shard(generator, first, count):
    labels = np.arange(2000) % 10
    whole = _whole(generator, labels)
    part = drawing.draw(generator, 7, first, count, label=labels[first : first + count])
    assert np.array_equal(part, whole[first : first + count])


_cache = {}


def _whole(generator, labels):
    if "whole" not in _cache:
        _cache["whole"] = drawing.draw(generator, 7, 0, len(labels), label=labels)
    return _cache["whole"]


def test_seeds_draw_different_images(generator):
    first, second = (drawing.draw(generator, seed, 0, 20, label=np.zeros(20)) for seed in (0, 1))
    assert not (first == second).all(axis=(1, 2, 3)).any()


def test_drawing_with_many_models_gives_no_warning(monkeypatch):
    """TensorFlow warns of one function that is traced again and again, which this is not."""
    logger, said = logging.getLogger("tensorflow"), []
    monkeypatch.setattr(logger, "warning", lambda message, *values: said.append(message % values))
    for seed in range(8):
        small = build_generator("mlp", (8, 8, 1), 4, {}, seed=seed)
        assert drawing.draw(small, 0, 0, 2).shape == (2, 8, 8, 1)
    assert said == []


def test_a_walk_is_round_and_smooth(generator):
    frames = drawing.walk(generator, 0, stops=3, frames_per_stop=8, label=[4, 5])
    assert frames.shape == (24, 2, 28, 28, 1)
    steps = np.abs(np.diff(frames.astype(float), axis=0)).mean(axis=(1, 2, 3, 4))
    closing = np.abs(frames[-1].astype(float) - frames[0]).mean()
    assert closing < 2 * steps.max(), "the last frame leads back to the first"
    stops = np.abs(frames[8].astype(float) - frames[0]).mean()
    assert steps.max() < stops
