"""The presets: combinations of network, conditions, loss and optimiser settings.

What "GANs: Handwriting Profiling" (Bembde & Mathur) leaves open, and what we chose:

- k, `discriminator_steps`: 1, as in Goodfellow et al. 2014, who call it the least expensive.
- optimiser: Adam with beta_1 0.5 for both networks: with more momentum a GAN oscillates (Radford
  et al. 2015).
- batch size: 128, theirs, too: enough to keep two CPU cores busy, and still 40 steps an epoch on
  5,000 images.
- learning rates: the discriminator's is a third to a half of the generator's. At equal rates it
  wins within some thousand steps on a few thousand images, and the generator collapses.
- initial weights: Keras' own (Glorot uniform).

`cgan` is the same networks told which character to draw. It draws with a moving average of the
generator's weights, which the published `gan` does not have, and its discriminator pays the R1
penalty: told the label, it otherwise learns a small training set by heart, and the generator
collapses. `ganprofile.train("characters", penalty=None)` shows it.

Rates, dropout and penalty were chosen on the embedded training images, by the share of drawn images
that a classifier recognises and by how much the images of a class differ.
"""

import dataclasses

from ganprofile.errors import UsageError, check_seed

UNLIMITED_EPOCHS = 1_000_000
# Up to as many classes the published networks have 3 dense layers, above 4.
CLASSES_OF_A_SMALL_TASK = 10


def _require(holds, name, range_, received):
    if not holds:
        raise UsageError(f"{name} should be {range_}. Received: {received}.")


@dataclasses.dataclass(frozen=True)
class Settings:
    """Everything that decides how a training goes, beside the data.

    Attributes:
        network: family of both networks.
        conditions: what the networks are told, of `label`.
        loss: a name in `adversarial.losses.LOSSES`.
        penalty: a name in `adversarial.penalties.PENALTIES`, or None.
        penalty_weight: what the penalty is multiplied with.
        penalty_interval: it is paid at every so many-th update, as many times over.
        latent_dim: length of the noise vector.
        learning_rate: of the generator.
        learning_rate_ratio: the discriminator's learning rate over the generator's.
        beta_1: Adam's first momentum.
        ema_momentum: of the moving average of the generator's weights, or None.
        discriminator_steps: k, discriminator updates before each generator update.
        batch_size: images in a minibatch.
        epochs: passes over the data.
        minutes: stop before an epoch that would not fit into this time; None for no limit.
        seed: fixes initial weights, data order, latents, dropout.
    """

    network: str = "mlp"
    conditions: tuple[str, ...] = ()
    loss: str = "non_saturating"
    penalty: str | None = None
    penalty_weight: float = 1.0
    penalty_interval: int = 4
    latent_dim: int = 100
    learning_rate: float = 1e-3
    learning_rate_ratio: float = 0.3
    beta_1: float = 0.5
    ema_momentum: float | None = None
    discriminator_steps: int = 1
    batch_size: int = 128
    epochs: int = 100
    minutes: float | None = None
    seed: int = 0

    @property
    def images_per_step(self):
        """Real images that a training step sees: a minibatch for each discriminator update."""
        return self.batch_size * self.discriminator_steps

    def __post_init__(self):
        object.__setattr__(self, "conditions", tuple(self.conditions))
        whole = ("latent_dim", "discriminator_steps", "batch_size", "epochs", "penalty_interval")
        for name in whole:
            _require(getattr(self, name) >= 1, name, "1 or more", getattr(self, name))
        for name in ("learning_rate", "learning_rate_ratio", "penalty_weight", "minutes"):
            value = getattr(self, name)
            _require(value is None or value > 0, name, "above 0", value)
        for name in ("beta_1", "ema_momentum"):
            value = getattr(self, name)
            _require(value is None or 0 <= value < 1, name, "in 0..1, 1 excluded", value)
        check_seed(self.seed)


PRESETS = {
    "gan": Settings(),
    "cgan": Settings(
        conditions=("label",),
        penalty="r1",
        penalty_weight=3.0,
        learning_rate=8e-4,
        learning_rate_ratio=0.5,
        ema_momentum=0.999,
    ),
}


def settings_for(model, **changes):
    """The settings of a preset, with changes; `minutes` without `epochs` lifts their limit.

    Raises:
        UsageError: an unknown preset or setting, or a value out of range.
    """
    if model not in PRESETS:
        raise UsageError(f"No model {model!r}. Known: {', '.join(PRESETS)}.")
    known = {field.name for field in dataclasses.fields(Settings)}
    unknown = sorted(set(changes) - known)
    if unknown:
        raise UsageError(f"No setting {unknown[0]!r}. Known: {', '.join(sorted(known))}.")
    if changes.get("minutes") is not None:
        changes = {"epochs": UNLIMITED_EPOCHS, **changes}
    return dataclasses.replace(PRESETS[model], **changes)


def build_gan(image_shape, conditions, num_classes, settings):
    """The compiled `GAN` that `Settings` describe.

    Args:
        image_shape: `(height, width, channels)`.
        conditions: name -> number of values.
        num_classes: of the data; above 10 the networks have 4 layers, as published.
        settings: a `Settings`.
    """
    import keras

    from ganprofile.adversarial.gan import GAN
    from ganprofile.networks import build_discriminator, build_generator

    layers = 3 if num_classes <= CLASSES_OF_A_SMALL_TASK else 4
    shared = {"conditions": conditions, "seed": settings.seed, "layers": layers}
    gan = GAN(
        build_generator(settings.network, image_shape, settings.latent_dim, **shared),
        build_discriminator(settings.network, image_shape, **shared),
        seed=settings.seed,
    )
    rate = settings.learning_rate
    gan.compile(
        keras.optimizers.Adam(rate, settings.beta_1),
        keras.optimizers.Adam(rate * settings.learning_rate_ratio, settings.beta_1),
        loss=settings.loss,
        penalty=settings.penalty,
        penalty_weight=settings.penalty_weight,
        penalty_interval=settings.penalty_interval,
        discriminator_steps=settings.discriminator_steps,
        ema_momentum=settings.ema_momentum,
        # On a CPU, XLA's matrix products are slower than TensorFlow's own.
        jit_compile=False,
    )
    return gan
