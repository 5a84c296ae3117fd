"""Variations in place of images: as many as a classifier is shown, so that it sees each once."""

import dataclasses
import hashlib

import numpy as np

TRANSFORMS = "classic"
STRONGER = {"cutout": 1.0}  # factors on its strengths; a square that is cut out has one size
STRONGER_ELSE = 1.2


@dataclasses.dataclass(frozen=True)
class Variations:
    """A `Varier`'s variations of a training set.

    Attributes:
        count: how many.
    """

    count: int

    def __call__(self, made, seed, folder):
        """A `TrainingSet` of variations of all images of one, as often as each would be shown."""
        from ganprofile.classifiers.order import shown_order

        varier = varier_of(made.images, kept_ways(made.images, made.labels, seed, folder))
        random = np.random.default_rng(seed)
        chosen = shown_order(random, len(made.images), self.count, made.frequency)
        images = varier.vary(chosen, seed)
        return dataclasses.replace(made, images=images, labels=made.labels[chosen], frequency=None)

    def description(self):
        """What decides them, a dict of JSON values."""
        transforms = varied_transforms()
        return {"count": self.count, "transforms": {k: list(v) for k, v in transforms.items()}}


def kept_ways(images, labels, seed, folder):
    """The `Ways` of some images, kept in a folder once they are found.

    Args:
        images: uint8 `(n, height, width, channels)`.
        labels: integers `(n,)`.
        seed: of the ways.
        folder: where they are kept, by what the images are.
    """
    from ganprofile.variation import Ways, find_ways

    digest = hashlib.sha256(images.tobytes() + np.asarray(labels, np.int32).tobytes())
    path = folder / f"ways-{digest.hexdigest()[:12]}.npz"
    if not path.is_file():
        find_ways(images, labels, seed).save(path)
    return Ways.load(path)


def varier_of(images, ways):
    """The `Varier` of images with their `Ways`, as all sets and arms use it."""
    from ganprofile.variation import Varier

    return Varier(images, ways, varied_transforms())


def varied_transforms():
    """What happens to an image beside its ways: name -> probability and strength."""
    from ganprofile.classifiers import TRANSFORMS as KNOWN

    return {
        name: (probability, STRONGER.get(name, STRONGER_ELSE) * strength)
        for name, (probability, strength) in KNOWN[TRANSFORMS].items()
    }
