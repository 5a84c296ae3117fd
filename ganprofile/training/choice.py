"""Which settings a training has; `auto` fits them to the data."""

import dataclasses

from ganprofile.gan.presets import AUTO, PRESETS, settings_for
from ganprofile.training.held_out import divide

# After so many steps of the convolutional networks, drawn images were as near to real ones as other
# real ones are, by the judge's distance, on every set that we measured; the classic ones take more.
STEPS = {"dcgan": 10_000, "mlp": 25_000}
FEWEST_EPOCHS = 5
# Of 10 digits per class, the discriminator is better shown images that are moved, turned, leaned
# and zoomed at random: a classifier of drawn images then reads 90 % of real ones, else 84 %. Of 25
# per class and more it reads as many either way (benchmarks/augmentation_policy.py).
FEW_A_CLASS = 15
GEOMETRIC = ("shift", "rotate", "shear", "zoom")


def check_settings(model, changes):
    """Refuse what no data can make right, before any are loaded.

    Raises:
        UsageError: an unknown preset or setting, or a value out of range.
    """
    settings_for(next(iter(PRESETS)) if model == AUTO else model, **changes)


def resolve(model, changes, dataset):
    """The settings of a training.

    Args:
        model: a name in `PRESETS`, or `"auto"`.
        changes: name of a setting -> value, said by the user.
        dataset: a `Dataset`.

    Returns:
        `(model, settings, reason)`: a name in `PRESETS`, the `Settings`, and why `auto` chose so,
        an empty string where it did not.
    """
    if model != AUTO:
        return model, settings_for(model, **changes), ""
    model, because = choose(dataset)
    settings = settings_for(model, **changes)
    reason = f"{AUTO} chose {model}: {because}"
    a_class = len(dataset) / (1 if dataset.labels is None else dataset.num_classes)
    if "augmentation_policy" not in changes and a_class <= FEW_A_CLASS:
        settings = dataclasses.replace(settings, augmentation_policy=GEOMETRIC)
        reason += (
            f"; with only {a_class:.0f} images per class, the discriminator sees them changed "
            f"({', '.join(GEOMETRIC)})"
        )
    if "epochs" not in changes and settings.minutes is None:
        trained_on, _, _ = divide(dataset, settings.seed)
        steps_per_epoch = -(-len(trained_on) // settings.images_per_step)
        epochs = max(FEWEST_EPOCHS, -(-STEPS[settings.network] // steps_per_epoch))
        settings = dataclasses.replace(settings, epochs=epochs)
        reason += f"; {epochs:,} epochs make {epochs * steps_per_epoch:,} steps"
    return model, settings, f"{reason}."


def choose(dataset):
    """The preset that fits a dataset, and why.

    Convolutional networks draw better than the classic ones (benchmarks/quality.py). Those are
    faster on a CPU, but ever less the larger the images, and at 96x96x3 no more
    (benchmarks/sizes.py): neither size nor channels nor a slow machine calls for them.
    """
    labelled = dataset.labels is not None
    shape = "x".join(map(str, dataset.image_shape))
    known = "labelled" if labelled else "not labelled"
    because = f"the images are {known}, and convolutional networks draw {shape} best"
    return ("c" if labelled else "") + "dcgan", because
