"""Every preset on every kind of image, and every setting that crosses it, for a few steps."""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

from ganprofile.gan.drawing import draw
from ganprofile.gan.losses import LOSSES
from ganprofile.gan.networks import NETWORKS
from ganprofile.gan.networks.conditioning import CONDITIONINGS
from ganprofile.gan.penalties import PENALTIES
from ganprofile.gan.presets import PRESETS, build_gan, settings_for
from ganprofile.transforms.augmentation_policy import AUGMENTATION_POLICY

pytestmark = pytest.mark.slow

COUNTS = {"label": 3, "writer": 2}
BATCH = 4
CONDITIONS = ((), ("label",), ("writer",), ("label", "writer"))
AVERAGES = (None, 0.999)


def in_pairs(first, second, third):
    """Values of three settings in which each meets each value of the others, not every triple."""
    both = itertools.product(enumerate(first), enumerate(second))
    return [(one, two, third[(i + j) % len(third)]) for (i, one), (j, two) in both]


def a_few_steps(settings, image_shape):
    """Train two steps on noise; the GAN and what the last one measured."""
    conditions = {name: COUNTS[name] for name in settings.conditions}
    gan = build_gan(image_shape, conditions, num_classes=3, settings=settings)
    arguments = {name: ops.arange(BATCH) % count for name, count in conditions.items()}
    data = {"images": keras.random.uniform((BATCH, *image_shape), -1, 1, seed=0), **arguments}
    before = gan.drawing_generator.get_weights()
    for _ in range(2):
        measures = gan.train_step(data)
    changed = [
        not np.array_equal(a, b)
        for a, b in zip(before, gan.drawing_generator.get_weights(), strict=True)
    ]
    assert all(changed), "every weight that is drawn with has been trained"
    return gan, {name: np.asarray(value) for name, value in measures.items()}


def assert_sound(gan, measures, image_shape):
    assert all(np.isfinite(value).all() for value in measures.values())
    assert measures["generator_gradient_norm"] > 0 < measures["discriminator_gradient_norm"]
    arguments = {name: np.arange(3) % COUNTS[name] for name in gan.conditions}
    images = draw(gan.drawing_generator, 0, 0, 3, **arguments)
    assert images.shape == (3, *image_shape) and images.dtype == np.uint8
    assert images.std() > 0


@pytest.mark.parametrize(("size", "channels"), [(28, 1), (32, 3), (64, 3)])
@pytest.mark.parametrize("model", PRESETS)
def test_every_preset_on_every_kind_of_image(model, size, channels):
    shape = (size, size, channels)
    assert_sound(*a_few_steps(settings_for(model), shape), shape)


@pytest.mark.parametrize(
    ("network", "conditions", "conditioning"), in_pairs(NETWORKS, CONDITIONS, CONDITIONINGS)
)
def test_networks_cross_conditions(network, conditioning, conditions):
    settings = settings_for(
        "cdcgan", network=network, conditioning=conditioning, conditions=conditions
    )
    assert_sound(*a_few_steps(settings, (28, 28, 1)), (28, 28, 1))


@pytest.mark.parametrize(
    ("loss", "penalty", "ema_momentum"), in_pairs(LOSSES, (None, *PENALTIES), AVERAGES)
)
def test_losses_cross_penalties_and_averages(loss, ema_momentum, penalty):
    settings = settings_for("cdcgan", loss=loss, penalty=penalty, ema_momentum=ema_momentum)
    assert_sound(*a_few_steps(settings, (28, 28, 1)), (28, 28, 1))


@pytest.mark.parametrize(
    "policy", [*((name,) for name in AUGMENTATION_POLICY), tuple(AUGMENTATION_POLICY)]
)
def test_the_glyph_policy_crosses_presets(policy):
    for model in ("gan", "cdcgan") if len(policy) > 1 else ("gan",):
        settings = settings_for(model, augmentation_policy=policy)
        assert_sound(*a_few_steps(settings, (28, 28, 1)), (28, 28, 1))


def test_a_color_preset_learns_color(tmp_path):
    """Red and blue squares on black: the images drawn are of these colours."""
    import ganprofile as gp

    random = np.random.default_rng(0)
    images = np.zeros((400, 16, 16, 3), np.uint8)
    labels = np.arange(400) % 2
    for image, label in zip(images, labels, strict=True):
        top = random.integers(2, 8)
        image[top : top + 6, 5:11, 0 if label == 0 else 2] = 255
    dataset = gp.Dataset(images, labels, ("red", "blue"), name="blocks")
    options = {"batch_size": 32, "output": tmp_path, "progress": False}
    run = gp.train(dataset, "cgan", epochs=15, **options)
    red, green, blue = (run.sample(20, label="red").mean(axis=(0, 1, 2)) / 255).tolist()
    assert red > 0.08 > 0.04 > max(green, blue)
