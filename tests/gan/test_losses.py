import numpy as np
import pytest

from ganprofile.gan.losses import LOSSES

REAL = np.array([[0.3], [-1.2], [2.0]], "float32")
FAKE = np.array([[0.7], [-0.4], [-3.0]], "float32")


def sigmoid(x):
    return 1 / (1 + np.exp(-x.astype("float64")))


@pytest.mark.parametrize("name", ["non_saturating", "minimax"])
def test_the_discriminator_minimises_binary_cross_entropy(name):
    expected = -np.log(sigmoid(REAL)).mean() - np.log(1 - sigmoid(FAKE)).mean()
    assert float(LOSSES[name].discriminator(REAL, FAKE)) == pytest.approx(expected, rel=1e-6)


def test_the_hinge_discriminator_minimises_what_is_short_of_the_margin():
    expected = (0.7 + 2.2 + 0.0) / 3 + (1.7 + 0.6 + 0.0) / 3
    assert float(LOSSES["hinge"].discriminator(REAL, FAKE)) == pytest.approx(expected, rel=1e-6)


def test_the_generator_minimises_what_its_name_says():
    expected = {
        "non_saturating": -np.log(sigmoid(FAKE)).mean(),
        "minimax": np.log(1 - sigmoid(FAKE)).mean(),
        "hinge": -(0.7 - 0.4 - 3.0) / 3,
    }
    assert expected.keys() == LOSSES.keys()
    for name, value in expected.items():
        assert float(LOSSES[name].generator(FAKE)) == pytest.approx(value, rel=1e-6)


def test_minimax_saturates_and_the_others_do_not():
    """Gradients at a logit of -8, where the discriminator is sure that an image is fake."""
    import tensorflow as tf

    gradients = {}
    for name, loss in LOSSES.items():
        logits = tf.constant([[-8.0]])
        with tf.GradientTape() as tape:
            tape.watch(logits)
            value = loss.generator(logits)
        gradients[name] = float(tape.gradient(value, logits)[0, 0])
    certainty = float(sigmoid(np.array(-8.0)))
    assert gradients["minimax"] == pytest.approx(-certainty, rel=1e-4)
    assert gradients["non_saturating"] == pytest.approx(-(1 - certainty), rel=1e-4)
    assert gradients["hinge"] == -1


@pytest.mark.parametrize("name", LOSSES)
def test_extreme_logits_stay_finite(name):
    far = np.array([[500.0], [-500.0]], "float32")
    values = LOSSES[name].discriminator(far, far), LOSSES[name].generator(far)
    assert np.isfinite([float(value) for value in values]).all()
