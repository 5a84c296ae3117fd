"""`Settings`: everything that decides how a training goes, beside the data."""

import dataclasses
import math
import numbers
from typing import Any, Literal

from ganprofile.errors import UsageError, check_seed, is_whole
from ganprofile.storage.names import names_of

WHOLE = ("latent_dim", "discriminator_steps", "batch_size", "epochs", "penalty_interval")
POSITIVE = ("learning_rate", "learning_rate_ratio", "penalty_weight", "minutes")
SHARES = ("beta_1", "ema_momentum")
PRECISIONS = ("float32", "bfloat16")
MAY_BE_NONE = ("minutes", "ema_momentum")


def _require(holds: bool, name: str, range_: str, received: Any) -> None:
    if not holds:
        raise UsageError(f"`{name}` should be {range_}. Received: {received!r}.")


@dataclasses.dataclass(frozen=True)
class Settings:
    """Everything that decides how a training goes, beside the data.

    Attributes:
        network: family of both networks, a name in `networks.NETWORKS`.
        conditions: what the networks are told, of `label` and `writer`.
        conditioning: how the discriminator is told, a name in `networks.CONDITIONINGS`.
        loss: a name in `gan.losses.LOSSES`.
        penalty: a name in `gan.penalties.PENALTIES`, or None.
        penalty_weight: what the penalty is multiplied with.
        penalty_interval: it is paid at every so many-th update, as many times over.
        augmentation_policy: what happens to the images that the discriminator sees, real and fake,
            names in `transforms.augmentation_policy.AUGMENTATION_POLICY`.
        augmentation_probability: how often each of these happens to an image.
        latent_dim: length of the noise vector.
        learning_rate: of the generator.
        learning_rate_ratio: the discriminator's learning rate over the generator's.
        beta_1: Adam's first momentum.
        ema_momentum: of the moving average of the generator's weights, or None.
        discriminator_steps: k, discriminator updates before each generator update.
        batch_size: images in a minibatch.
        epochs: passes over the data.
        minutes: stop before an epoch that would not fit into this time; None for no limit.
        precision: what the networks compute in, a name in `PRECISIONS`. Weights, losses and the
            generator that draws have float32 all the same.
        jit: whether XLA compiles the step (on JAX it always does); it draws other random numbers.
        seed: fixes initial weights, data order, latents, dropout, the augmentation policy.

    Raises:
        UsageError: a value is of the wrong kind or out of range.

    Example:
        >>> from ganprofile.gan.settings import Settings
        >>> settings = Settings(epochs=50, batch_size=64)
        >>> settings.epochs, settings.images_per_step, settings.learning_rate
        (50, 64, 0.001)
        >>> Settings(learning_rate=0)
        Traceback (most recent call last):
        ...
        ganprofile.errors.UsageError: `learning_rate` should be above 0 and finite. Received: 0.0.
    """

    network: str = "mlp"
    conditions: tuple[str, ...] = ()
    conditioning: str = "embedding"
    loss: str = "non_saturating"
    penalty: str | None = None
    penalty_weight: float = 1.0
    penalty_interval: int = 4
    augmentation_policy: tuple[str, ...] = ()
    augmentation_probability: float = 0.5
    latent_dim: int = 100
    learning_rate: float = 1e-3
    learning_rate_ratio: float = 0.3
    beta_1: float = 0.5
    ema_momentum: float | None = None
    discriminator_steps: int = 1
    batch_size: int = 128
    epochs: int = 100
    minutes: float | None = None
    precision: Literal["float32", "bfloat16"] = "float32"
    jit: bool = False
    seed: int = 0

    @property
    def images_per_step(self) -> int:
        """Real images that a training step sees: a minibatch for each discriminator update.

        Example:
            >>> from ganprofile.gan.settings import Settings
            >>> Settings(batch_size=64, discriminator_steps=2).images_per_step
            128
        """
        return self.batch_size * self.discriminator_steps

    def __post_init__(self) -> None:
        for name in ("conditions", "augmentation_policy"):
            given = getattr(self, name) or ()
            object.__setattr__(self, name, names_of(given))
        for name in WHOLE:
            value = getattr(self, name)
            _require(is_whole(value) and value >= 1, name, "a whole number, 1 or more", value)
            object.__setattr__(self, name, int(value))  # neither JSON nor Keras takes NumPy's
        for name in (*POSITIVE, *SHARES, "augmentation_probability"):
            value = getattr(self, name)
            if name in MAY_BE_NONE and value is None:
                continue
            _require(isinstance(value, numbers.Real), name, "a number", value)
            object.__setattr__(self, name, float(value))  # Keras takes 1 for no learning rate
        for name in POSITIVE:
            value = getattr(self, name)
            _require(value is None or 0 < value < math.inf, name, "above 0 and finite", value)
        for name in SHARES:
            value = getattr(self, name)
            _require(value is None or 0 <= value < 1, name, "in 0..1, 1 excluded", value)
        share = self.augmentation_probability
        _require(0 <= share <= 1, "augmentation_probability", "in 0..1", share)
        known = " or ".join(PRECISIONS)
        _require(self.precision in PRECISIONS, "precision", known, self.precision)
        _require(isinstance(self.jit, bool), "jit", "True or False", self.jit)
        check_seed(self.seed)
        object.__setattr__(self, "seed", int(self.seed))
