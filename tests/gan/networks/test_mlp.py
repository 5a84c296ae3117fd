import keras
import numpy as np
import pytest
from keras import ops

import ganprofile as gp
from ganprofile.gan.networks import NETWORKS, build_discriminator, build_generator


def dense(network):
    return [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]


@pytest.mark.parametrize("layers", [3, 4])
def test_the_networks_are_as_published(layers):
    generator = build_generator("mlp", (28, 28, 1), 100, layers=layers)
    activations = [layer.activation.__name__ for layer in dense(generator)]
    assert activations == ["relu"] * (layers - 1) + ["tanh"]
    assert dense(generator)[-1].units == 784
    assert generator.input["latents"].shape == (None, 100)

    discriminator = build_discriminator("mlp", (28, 28, 1), layers=layers)
    assert len(dense(discriminator)) == layers
    assert dense(discriminator)[-1].activation.__name__ == "linear", "logits: no sigmoid inside"
    after = [
        type(layer).__name__ for layer in discriminator.layers if layer not in dense(discriminator)
    ]
    assert after == ["InputLayer", "Flatten", *["LeakyReLU", "Dropout"] * (layers - 1)]


@pytest.mark.parametrize("conditions", [{}, {"label": 10}, {"label": 47, "writer": 5}])
@pytest.mark.parametrize("image_shape", [(28, 28, 1), (32, 20, 3)])
@pytest.mark.parametrize("family", NETWORKS)
def test_shapes_and_ranges(family, image_shape, conditions):
    arguments = {name: ops.arange(6) % count for name, count in conditions.items()}
    generator = build_generator(family, image_shape, 17, conditions)
    images = generator({"latents": keras.random.normal((6, 17), seed=0), **arguments})
    assert images.shape == (6, *image_shape)
    assert -1 <= float(images.numpy().min()) < float(images.numpy().max()) <= 1
    logits = build_discriminator(family, image_shape, conditions)({"images": images, **arguments})
    assert logits.shape == (6, 1)


@pytest.mark.parametrize("family", NETWORKS)
def test_conditions_reach_the_output(family):
    generator = build_generator(family, (28, 28, 1), 10, {"label": 3})
    discriminator = build_discriminator(family, (28, 28, 1), {"label": 3})
    latents, labels = ops.ones((3, 10)), ops.arange(3)
    images = generator({"latents": latents, "label": labels})
    assert not np.allclose(images.numpy()[0], images.numpy()[1])
    logits = discriminator({"images": ops.repeat(images[:1], 3, axis=0), "label": labels}).numpy()
    assert len(np.unique(logits)) == 3


def test_initial_weights_follow_the_seed_and_nothing_global():
    def weights(seed):
        return build_generator("mlp", (28, 28, 1), 8, {"label": 3}, seed=seed).get_weights()

    keras.utils.set_random_seed(1)
    first = weights(5)
    keras.utils.set_random_seed(2)
    again, other = weights(5), weights(6)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])
    kernels = [w for w in first if w.ndim == 2]
    assert len({w.flat[0] for w in kernels}) == len(kernels), "every layer has a seed of its own"


def test_an_unknown_family_is_answered_with_the_known_ones():
    with pytest.raises(gp.UsageError, match="No network family 'resnet'. Known: mlp"):
        build_generator("resnet", (28, 28, 1), 100)
