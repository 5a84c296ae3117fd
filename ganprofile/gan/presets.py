"""The presets: combinations of networks, conditions, loss and optimiser settings.

What "GANs: Handwriting Profiling" (Bembde & Mathur) leaves open, and what we chose:

- k, `discriminator_steps`: 1, as in Goodfellow et al. 2014, who call it the least expensive.
- optimiser: Adam with beta_1 0.5 for both networks: with more momentum a GAN oscillates (Radford
  et al. 2015).
- batch size: 128, theirs, too: enough to keep two CPU cores busy, and still some 40 steps an
  epoch on 5,000 images.
- learning rates: the discriminator's is a third to a half of the generator's. At equal rates it
  wins within some thousand steps on a few thousand images, and the generator collapses.
- initial weights: Keras' own (Glorot uniform).

`cgan` is the same networks told which character to draw. It draws with a moving average of the
generator's weights, which the published `gan` does not have, and its discriminator pays the R1
penalty: told the label, it otherwise learns a small training set by heart, and the generator
collapses. `ganprofile.train("characters", "cgan", penalty=None)` shows it.

`dcgan` and `cdcgan` are convolutional networks (`networks/dcgan.py`) with the same average and
penalty; with the penalty both networks learn at one rate.

`quick` is `cdcgan` with networks half as wide, shorter noise, smaller batches and four times the
rate: more and larger steps, for those who want readable images within a minute or two on a CPU.
Its Adam has no first momentum (as in BigGAN, Brock et al. 2018, arXiv 1809.11096).

Rates, dropout and penalty were chosen on training images, by the share of drawn images that a
classifier recognises and by how much the images of a class differ.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ganprofile.errors import UsageError
from ganprofile.gan.settings import Settings
from ganprofile.storage.names import no_such
from ganprofile.storage.plugins import Registry, only

if TYPE_CHECKING:
    from ganprofile.gan.gan import GAN

UNLIMITED_EPOCHS = 1_000_000
AUTO = "auto"

_CONVOLUTIONAL = Settings(
    network="dcgan",
    conditioning="projection",
    penalty="r1",
    penalty_interval=8,
    learning_rate=5e-4,
    learning_rate_ratio=1.0,
    ema_momentum=0.999,
)

_OWN = {
    "gan": Settings(),
    "cgan": Settings(
        conditions=("label",),
        penalty="r1",
        penalty_weight=3.0,
        learning_rate=8e-4,
        learning_rate_ratio=0.5,
        ema_momentum=0.999,
    ),
    "dcgan": _CONVOLUTIONAL,
    "cdcgan": dataclasses.replace(_CONVOLUTIONAL, conditions=("label",)),
    "quick": dataclasses.replace(
        _CONVOLUTIONAL,
        network="slim",
        conditions=("label",),
        latent_dim=32,
        batch_size=64,
        learning_rate=2e-3,
        beta_1=0.0,
    ),
}
# An installed package adds `Settings` by an entry point.
PRESETS = Registry(
    "ganprofile.presets", _OWN, only(lambda entry: isinstance(entry, Settings), "a Settings")
)


def settings_for(model: str, **changes: Any) -> Settings:
    """The settings of a preset, with changes; `minutes` without `epochs` lifts their limit.

    Args:
        model: a name in `PRESETS`.
        **changes: fields of `Settings`.

    Returns:
        The `Settings`.

    Raises:
        UsageError: an unknown preset or setting, a value out of range, or both `epochs` and
            `minutes`.

    Example:
        >>> from ganprofile.gan.presets import settings_for
        >>> settings = settings_for("quick", batch_size=32)
        >>> settings.network, settings.batch_size, gp.PRESETS["quick"].batch_size
        ('slim', 32, 64)
    """
    if not isinstance(model, str) or model not in PRESETS:
        raise no_such("model", model, [AUTO, *PRESETS])
    known = {field.name for field in dataclasses.fields(Settings)}
    unknown = sorted(set(changes) - known)
    if unknown:
        raise no_such("setting", unknown[0], sorted(known))
    minutes, epochs = changes.get("minutes"), changes.get("epochs")
    if minutes is not None:
        if epochs not in (None, UNLIMITED_EPOCHS):
            raise UsageError(
                "Say once how long: `epochs=N` or `minutes=N`. "
                f"Received: `epochs={epochs}` and `minutes={minutes}`."
            )
        changes = {**changes, "epochs": UNLIMITED_EPOCHS}
    return dataclasses.replace(PRESETS[model], **changes)


def build_gan(
    image_shape: tuple[int, int, int],
    conditions: Mapping[str, int],
    num_classes: int,
    settings: Settings,
    replicas: int = 1,
) -> GAN:
    """The compiled `GAN` that `Settings` describe.

    Args:
        image_shape: `(height, width, channels)`.
        conditions: name -> number of values.
        num_classes: of the data; above 10 the classic networks have 4 layers, as published.
        settings: a `Settings`.
        replicas: how many copies of it learn together, in whose scope this is called.

    Returns:
        The `GAN`.

    Example:
        >>> from ganprofile.gan.presets import build_gan
        >>> gan = build_gan((28, 28, 1), {"label": 10}, 10, gp.PRESETS["cgan"])
        >>> gan.generator.output_shape
        (None, 28, 28, 1)
    """
    from ganprofile.gan.gan import GAN
    from ganprofile.gan.networks import build_discriminator, build_generator, network_options
    from ganprofile.gan.networks.computing import computing_in, synchronise
    from ganprofile.gan.optimizers import Adam

    family = settings.network
    shared = {
        "conditions": conditions,
        "seed": settings.seed,
        **network_options(family, num_classes),
    }
    with computing_in(settings.precision):
        generator = build_generator(family, image_shape, settings.latent_dim, **shared)
        discriminator = build_discriminator(
            family, image_shape, conditioning=settings.conditioning, **shared
        )
    gan = GAN(generator, discriminator, seed=settings.seed)
    if replicas > 1:
        synchronise(generator)
    rate = settings.learning_rate
    gan.compile(
        Adam(rate, settings.beta_1),
        Adam(rate * settings.learning_rate_ratio, settings.beta_1),
        loss=settings.loss,
        penalty=settings.penalty,
        penalty_weight=settings.penalty_weight,
        penalty_interval=settings.penalty_interval,
        augmentation_policy=settings.augmentation_policy,
        augmentation_probability=settings.augmentation_probability,
        discriminator_steps=settings.discriminator_steps,
        ema_momentum=settings.ema_momentum,
        jit_compile=settings.jit,
    )
    return gan
