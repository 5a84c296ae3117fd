import keras
import numpy as np
import pytest
from keras import ops

from ganprofile.gan.networks import build_discriminator, build_generator


def shapes(network, kind):
    return [layer.output.shape[1:] for layer in network.layers if type(layer) is kind]


@pytest.mark.parametrize(
    ("size", "sides"),
    [((28, 28), [(14, 14), (7, 7)]), ((64, 64), [(32, 32), (16, 16), (8, 8)]), ((8, 6), [(4, 3)])],
)
def test_sides_are_halved_until_they_are_small(size, sides):
    judge = build_discriminator("dcgan", (*size, 3))
    halved = shapes(judge, keras.layers.Conv2D)
    assert [shape[:2] for shape in halved] == sides
    assert [shape[2] for shape in halved] == [64 // 2**k for k in reversed(range(len(sides)))]
    generator = build_generator("dcgan", (*size, 3), 10)
    doubled = shapes(generator, keras.layers.Conv2DTranspose)
    assert [shape[:2] for shape in doubled] == [*sides[-2::-1], size]


@pytest.mark.parametrize("size", [(100, 100), (30, 17), (4, 4), (9, 33)])
def test_sides_that_cannot_be_halved_are_cropped(size):
    generator = build_generator("dcgan", (*size, 1), 10)
    assert generator({"latents": ops.ones((2, 10))}).shape == (2, *size, 1)
    judge = build_discriminator("dcgan", (*size, 1))
    assert judge({"images": ops.ones((2, *size, 1))}).shape == (2, 1)


def test_the_discriminator_judges_each_image_by_itself():
    """No batch normalisation: its penalty needs a function of one image."""
    judge = build_discriminator("dcgan", (28, 28, 1), {"label": 3}, conditioning="projection")
    images = keras.random.uniform((5, 28, 28, 1), -1, 1, seed=0)
    inputs = {"images": images, "label": ops.arange(5) % 3}
    together = judge(inputs, training=True).numpy()
    alone = [judge({k: v[i : i + 1] for k, v in inputs.items()}, training=True) for i in range(5)]
    assert np.allclose(together, np.concatenate(alone), atol=1e-5)


def test_neighbouring_pixels_start_alike_in_strength():
    """A kernel that the stride does not divide would draw a chequerboard (Odena et al. 2016)."""
    generator = build_generator("dcgan", (28, 28, 1), 100)
    images = generator({"latents": keras.random.normal((256, 100), seed=0)}).numpy()[:, 4:-4, 4:-4]
    strength = [images[:, row::2, column::2].std() for row in (0, 1) for column in (0, 1)]
    assert max(strength) / min(strength) < 1.3
