"""Which settings a training has; `auto` fits them to the data and the machine."""

from ganprofile.presets import AUTO, PRESETS, settings_for
from ganprofile.settings import Settings

# After so many steps the convolutional presets hardly improve on any of the sets we measured.
STEPS = 10_000
FEWEST_EPOCHS = 20
# Below, the discriminator learns the images of a class by heart and has to be shown them changed.
FEW_PER_CLASS = 100
GLYPH_POLICY = ("shift", "rotate", "shear", "zoom", "thickness", "cutout")
# Above, a step of the convolutional networks takes more than a second on a processor.
MOST_PIXELS_ON_A_CPU = 64 * 64 * 3


def check_settings(model, changes):
    """Refuse what no data can make right, before any are loaded.

    Raises:
        UsageError: an unknown preset or setting, or a value out of range.
    """
    settings_for(next(iter(PRESETS)) if model == AUTO else model, **changes)


def resolve(model, changes, dataset, device):
    """The settings of a training.

    Args:
        model: a name in `PRESETS`, or `"auto"`.
        changes: name of a setting -> value, said by the user.
        dataset: a `Dataset`.
        device: `"cpu:0"` or `"gpu:0"`.

    Returns:
        `(model, settings, reason)`: a name in `PRESETS`, the `Settings`, and why `auto` chose so,
        an empty string where it did not.
    """
    if model != AUTO:
        return model, settings_for(model, **changes), ""
    model, chosen, reason = choose(dataset, device)
    if changes.get("minutes") is not None:
        chosen.pop("epochs")
    settings = settings_for(model, **{**chosen, **changes})
    return model, settings, f"{AUTO} chose {model}: {reason}"


def choose(dataset, device):
    """The preset and the changes to it that fit a dataset and a device, and why."""
    height, width, channels = dataset.image_shape
    labelled = dataset.labels is not None
    per_class = len(dataset) // max(1, dataset.num_classes)
    small = device.startswith("gpu") or height * width * channels <= MOST_PIXELS_ON_A_CPU
    steps_per_epoch = -(-len(dataset) // Settings().images_per_step)
    changes = {"epochs": max(FEWEST_EPOCHS, -(-STEPS // steps_per_epoch))}
    reasons = [
        "labels say what to draw" if labelled else "there are no labels",
        f"{height}x{width}x{channels} is {'small' if small else 'large'} enough for "
        f"{'convolutions' if small else 'dense layers only'} on the {device[:3].upper()}",
    ]
    if small and labelled and per_class < FEW_PER_CLASS:
        changes["glyph_policy"] = GLYPH_POLICY
        reasons.append(
            f"with {per_class} images a class the discriminator is shown them slightly changed"
        )
    model = ("c" if labelled else "") + ("dcgan" if small else "gan")
    return model, changes, f"{'; '.join(reasons)}."
