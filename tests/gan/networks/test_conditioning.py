import keras
import numpy as np
import pytest
from keras import ops

import ganprofile as gp
from ganprofile.gan.networks import NETWORKS, build_discriminator
from ganprofile.gan.networks.conditioning import CONDITIONINGS, projected
from ganprofile.gan.networks.seeds import seed_stream

IMAGES = keras.random.uniform((3, 28, 28, 1), -1, 1, seed=0)


@pytest.mark.parametrize("conditioning", CONDITIONINGS)
@pytest.mark.parametrize("family", NETWORKS)
def test_every_condition_changes_the_judgement(family, conditioning):
    conditions = {"label": 3, "writer": 2}
    judge = build_discriminator(family, (28, 28, 1), conditions, conditioning=conditioning)
    same = ops.repeat(IMAGES[:1], 6, axis=0)
    arguments = {"label": ops.array([0, 1, 2, 0, 1, 2]), "writer": ops.array([0, 0, 0, 1, 1, 1])}
    assert len(np.unique(judge({"images": same, **arguments}).numpy().round(6))) == 6


@pytest.mark.parametrize("conditioning", CONDITIONINGS)
@pytest.mark.parametrize("family", NETWORKS)
def test_without_conditions_both_are_the_same_network(family, conditioning):
    judge = build_discriminator(family, (28, 28, 1), conditioning=conditioning)
    plain = build_discriminator(family, (28, 28, 1))
    assert np.array_equal(judge({"images": IMAGES}), plain({"images": IMAGES}))


def test_a_projection_adds_inner_products_to_the_logit():
    features, logits = keras.Input((4,)), keras.Input((1,))
    label = keras.Input((), dtype="int32", name="label")
    seeds = seed_stream(0, "test")
    result = projected(logits, features, {"label": label}, {"label": 3}, seeds)
    network = keras.Model([features, logits, label], result)
    (table,) = network.get_weights()
    vectors = np.arange(8, dtype=np.float32).reshape(2, 4)
    labels = np.array([2, 0])
    found = network([vectors, np.array([[1.0], [2.0]]), labels]).numpy()[:, 0]
    expected = np.array([1, 2]) + (vectors * table[labels]).sum(axis=1)
    assert np.allclose(found, expected, atol=1e-5)


def test_an_unknown_conditioning_is_answered_with_the_known_ones():
    with pytest.raises(gp.UsageError, match="No conditioning 'film'. Known: embedding, projection"):
        build_discriminator("mlp", (28, 28, 1), conditioning="film")
