"""How much is measured, and the GAN that it is measured of."""

import dataclasses
import statistics

from ganprofile.gan.presets import PRESETS, build_gan, settings_for


@dataclasses.dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        presets: of which training and drawing are measured.
        steps: of a stretch of training that is timed.
        steps_per_call: how many of them one call makes; None: as many as `fit` makes there.
        repeats: how often everything is timed.
        drawn: images that are drawn at a time.
        model: the preset of which the time to quality is measured.
        limit: the most seconds of that.
        steps_between: training steps from one reading of the quality to the next.
        learned: drawn images that a classifier learns from.
        classifier_steps: how long it does.
        real_steps: how long one learns from real images; None: as long as it usually does.
        held_out: training images that it reads, at most a fifth of all.
    """

    presets: tuple[str, ...]
    steps: int
    steps_per_call: int | None
    repeats: int
    drawn: int
    model: str
    limit: float
    steps_between: int
    learned: int
    classifier_steps: int
    real_steps: int | None
    held_out: int


FULL = Size(
    presets=tuple(PRESETS),
    steps=500,
    steps_per_call=None,
    repeats=5,
    drawn=50_000,
    model="cdcgan",
    limit=120.0,
    steps_between=500,
    learned=20_000,
    classifier_steps=2_000,
    real_steps=None,
    held_out=10_000,
)
QUICK = Size(
    presets=("gan",),
    steps=5,
    steps_per_call=2,
    repeats=2,
    drawn=1_000,
    model="cgan",
    limit=1.0,
    steps_between=10,
    learned=200,
    classifier_steps=10,
    real_steps=10,
    held_out=200,
)


def gan_of(preset, dataset, **changes):
    """`(gan, settings)` of a preset for the images of a dataset."""
    settings = settings_for(preset, **changes)
    conditions = dict.fromkeys(settings.conditions, dataset.num_classes)
    return build_gan(dataset.image_shape, conditions, dataset.num_classes, settings), settings


def arguments(settings, labels):
    """What the networks are told of images with these labels."""
    return dict.fromkeys(settings.conditions, labels)


def spread(rates):
    """Repeated measurements, and the middle, the lowest and the highest of them."""
    return {
        "median": statistics.median(rates),
        "lowest": min(rates),
        "highest": max(rates),
        "all": rates,
    }
