"""What the files of a run say of its training, in words: how long, on what, how good it became."""

import numpy as np

from ganprofile.console import above_zero, counted
from ganprofile.evaluation.meanings import BAD, FAIR, GOOD, MEANINGS
from ganprofile.gan.presets import UNLIMITED_EPOCHS
from ganprofile.metrics.kernel_distance import by_chance
from ganprofile.reporting import page
from ganprofile.reporting.page import Verdict
from ganprofile.training.held_out import divided

TONES = {GOOD: page.GOOD, FAIR: page.FAIR, BAD: page.BAD}
COMPARED = {  # whether the images that drawn ones are compared with are held out
    True: "images that the GAN was not trained on",
    False: "images that the GAN was trained on",
    None: "real images",
}


def compared_with(config):
    """Which images the kernel distance of an epoch is to."""
    return COMPARED[_criterion(config).get("held_out")]


def kept_generator(config, history):
    """The `Verdict` on the generator that is kept, by what `evaluate` calls good; None where no
    epoch was judged.

    Args:
        config: the content of `config.json`.
        history: column -> `(epochs,)`.
    """
    criterion = _criterion(config)
    epoch, images = criterion.get("kept_epoch"), criterion.get("images")
    if epoch is None:
        return None
    kept = f"The generator that is kept is of epoch {epoch}"
    distance = _distance_of(history, epoch)
    if distance is None or not images:
        return Verdict(f"{kept}.")
    of = f"{kept}; its kernel distance to {images:,} {compared_with(config)} is {distance:.3g}"
    meaning, chance = MEANINGS["kernel_distance"], by_chance(images)
    good, _ = meaning.limits
    if chance > good and distance <= chance:
        few = f"too few to tell: chance alone may make {chance:.2g}, and up to {good:g} is good"
        return Verdict(f"{of}. These are {few}. Ask ganprofile evaluate, which compares more.")
    tone = meaning.tone(distance)
    words = meaning.says[tone]
    said = f"{words[0].upper()}{words[1:]}. {of} (chance alone may make {chance:.2g})."
    return Verdict(said, TONES[tone], tone)


def images_of(config):
    """The data, and how many images were trained on: `(fact, words)` pairs."""
    data, (trained_on, aside) = config["dataset"], divided(config)
    yield "data", f"{data['name']}, {counted(data['images'], 'image')}"
    if aside:
        yield "trained on", counted(trained_on, "image")
        yield "kept aside", f"{aside:,}, to tell the best epoch"


def minutes_of(config, history):
    """How long it trained, and how long it should."""
    took = above_zero(np.nansum(history["seconds"]) / 60, 1)
    asked = _minutes_asked(config)
    return took if asked is None else f"{took} of {asked:g} asked for"


def settings_of(config):
    """`(setting, value)` in words."""
    settings, asked = config["settings"], _minutes_asked(config)
    values = {name: _text(value) for name, value in settings.items()}
    if asked is not None:
        values["minutes"] = f"{asked:g}"
        values["epochs"] = "as many as fit into the minutes"
        if settings["epochs"] != UNLIMITED_EPOCHS:
            values["epochs"] = f"{settings['epochs']:,}, which fitted into the minutes"
    return tuple((name.replace("_", " "), value) for name, value in values.items())


def _criterion(config):
    return config.get("criterion") or {}


def _distance_of(history, epoch):
    distances = history.get("kernel_distance", ())
    places = np.flatnonzero(history["epoch"] == epoch)
    if not len(places) or not len(distances) or not np.isfinite(distances[places[0]]):
        return None
    return float(distances[places[0]])


def _minutes_asked(config):
    """The minutes that were to be filled; None where epochs were said, also later on."""
    settings, limit = config["settings"], config.get("time_limit") or {}
    if settings.get("minutes") is not None:
        return settings["minutes"]
    return limit.get("minutes") if limit.get("epochs") == settings.get("epochs") else None


def _text(value):
    if value is None:
        return "-"
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else f"{value}"
