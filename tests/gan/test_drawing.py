import hashlib
import logging

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ganprofile.gan import drawing
from ganprofile.gan.networks import build_generator


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


def counter_before(words, key):
    """The counter with which Philox 4x64-10 makes four words, by its rounds backwards."""
    low, multipliers = 2**64 - 1, (0xD2E7470EE14C6C93, 0xCA5A826395121157)
    steps = (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)
    inverses = [pow(multiplier, -1, 2**64) for multiplier in multipliers]
    for number in reversed(range(10)):
        keys = [(part + number * step) & low for part, step in zip((key, 0), steps, strict=True)]
        second = words[1] * inverses[1] & low
        first = words[3] * inverses[0] & low
        between = words[0] ^ (second * multipliers[1] >> 64) ^ keys[0]
        last = words[2] ^ (first * multipliers[0] >> 64) ^ keys[1]
        words = first, between, second, last
    return sum(word << 64 * place for place, word in enumerate(words))


@pytest.mark.parametrize("word", [0, 2**64 - 1])
def test_the_least_and_the_greatest_number_have_finite_latents(word):
    """NumPy counts on before it draws, and drops the last eleven bits of a word."""
    image = counter_before((word, 1 << 63, word, 5), key=7) - 1
    uniform = np.random.Generator(np.random.Philox(key=7, counter=image)).random(3)
    assert uniform.tolist() == [word >> 11 and 1 - 2.0**-53, 0.5, word >> 11 and 1 - 2.0**-53]
    drawn = drawing.latents(7, image, 1, 4)[0]
    assert np.isfinite(drawn).all() and 8 < abs(drawn[0]) < 9 and drawn[0] == drawn[2]
    assert (drawn[0] > 0) == (word > 0) and drawn[1] == pytest.approx(0, abs=1e-15)


def test_the_latents_of_a_seed_are_what_they_always_were():
    digest = hashlib.sha256(drawing.latents(7, 3, 100, 100).tobytes()).hexdigest()
    assert digest[:16] == "f027454fa87adbb2"


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


def test_threads_change_nothing(generator, monkeypatch):
    """With several for a GPU, which prepare and finish blocks beside each other."""
    count = 6 * drawing.BLOCK + 7
    alone = drawing.draw(generator, 3, 10, count, label=np.arange(count) % 10)
    monkeypatch.setattr(drawing, "_threads", lambda generator: 4)
    together = drawing.draw(generator, 3, 10, count, label=np.arange(count) % 10)
    np.testing.assert_array_equal(alone, together)


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
