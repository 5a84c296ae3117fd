"""Variations in place of images: as many as a classifier is shown, so that it sees each once.

Two manners are known. Few images are bent as those of their class differ, under classical
transforms stronger than the opponent's. With many this costs more than it gives, for so many show
by themselves how their class differs: the transforms are then the opponent's, and all that happens.
"""

import dataclasses
import hashlib

import numpy as np

from ganprofile.storage.kept import kept_name

TRANSFORMS = "classic"
STRONGER = {"cutout": 1.0}  # factors on its strengths; a square that is cut out has one size


@dataclasses.dataclass(frozen=True)
class Manner:
    """How images are varied.

    Attributes:
        is_bent: whether in the ways of their class, too.
        stronger: factor on the strengths of `TRANSFORMS`.
    """

    is_bent: bool = True
    stronger: float = 1.2

    def transforms(self):
        """What happens to an image beside its ways: name -> probability and strength."""
        from ganprofile.classifiers import TRANSFORMS as KNOWN

        return {
            name: (probability, STRONGER.get(name, self.stronger) * strength)
            for name, (probability, strength) in KNOWN[TRANSFORMS].items()
        }

    def varier(self, images, labels, seed, folder):
        """The `Varier` of images, as all sets and arms use it; arguments as for `kept_ways`."""
        ways = kept_ways(images, labels, seed, folder) if self.is_bent else None
        return self.varier_with(images, ways)

    def varier_with(self, images, ways):
        """The same where their `Ways` are known, or None."""
        from ganprofile.transforms.deformation import Varier

        return Varier(images, ways, self.transforms())

    def description(self):
        """What decides it, a dict of JSON values."""
        straight = {} if self.is_bent else {"is_bent": False}
        transforms = {name: list(numbers) for name, numbers in self.transforms().items()}
        return {"transforms": transforms, **straight}


BENT = Manner()
TRANSFORMED = Manner(is_bent=False, stronger=1.0)


@dataclasses.dataclass(frozen=True)
class Variations:
    """A `Varier`'s variations of a training set.

    Attributes:
        count: how many.
        manner: how they are made.
    """

    count: int
    manner: Manner = BENT

    def __call__(self, made, seed, folder):
        """A `TrainingSet` of variations of all images of one, as often as each would be shown."""
        from ganprofile.classifiers.order import shown_order

        varier = self.manner.varier(made.images, made.labels, seed, folder)
        random = np.random.default_rng(seed)
        chosen = shown_order(random, len(made.images), self.count, made.frequency)
        images = varier.vary(chosen, seed)
        return dataclasses.replace(made, images=images, labels=made.labels[chosen], frequency=None)

    @property
    def cost(self):
        """How long they take, in trainings of a classifier that is shown them."""
        return 0.5

    def description(self):
        """What decides them, a dict of JSON values."""
        return {"count": self.count, **self.manner.description()}


def kept_ways(images, labels, seed, folder):
    """The `Ways` of some images, kept in a folder once they are found.

    Args:
        images: uint8 `(n, height, width, channels)`.
        labels: integers `(n,)`.
        seed: of the ways.
        folder: where they are kept, by what the images and the seed are.
    """
    from ganprofile.transforms.deformation import Ways, find_ways

    digest = hashlib.sha256(images.tobytes() + np.asarray(labels, np.int32).tobytes())
    facts = {"images": digest.hexdigest(), "shape": list(images.shape), "seed": int(seed)}
    path = folder / f"{kept_name('ways', **facts)}.npz"
    if not path.is_file():
        find_ways(images, labels, seed).save(path)
    return Ways.load(path)
