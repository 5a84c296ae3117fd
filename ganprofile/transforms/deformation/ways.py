"""Ways: how each image of a labelled set becomes one of its classmates."""

import dataclasses

import numpy as np

from ganprofile.storage.arrays import open_arrays, write_arrays
from ganprofile.transforms.deformation.moments import matrices_between, moments
from ganprofile.transforms.deformation.registration import register
from ganprofile.transforms.glyph_policy import KNOTS

MOST_CLASSMATES = 6  # an image is registered with
FEWEST_CLASSMATES = 2  # so that its ways are more than one line
MOST_PAIRS = 20_000  # in all; of more images than that is enough for, the others borrow
MOST_RESIZED = 1.6


@dataclasses.dataclass(frozen=True)
class Ways:
    """What leads from each of n images to m classmates; behind those that one has stands nothing.

    Attributes:
        mates: int64 `(n, m)`, whom each image was registered with, -1 where it has fewer; of a
            very large set, whom a classmate was registered with, whose ways an image has then.
        turns: float32 `(n, m, 3, 3)`, the affine part, less the identity.
        fields: float32 `(n, m, 2, KNOTS, KNOTS)`, the bend that follows.
    """

    mates: np.ndarray
    turns: np.ndarray
    fields: np.ndarray

    def save(self, path):
        """Write them as an `.npz` file."""
        write_arrays(path, vars(self))

    @classmethod
    def load(cls, path):
        """Read what `save` wrote.

        Raises:
            GanprofileError: the file is missing or damaged.
        """
        return cls(**open_arrays(path, "Remove it, and it is made again."))


def find_ways(images, labels, seed=0, show=None):
    """Register the images of each class with each other, `MOST_PAIRS` at most.

    Args:
        images: uint8 `(n, height, width, channels)`.
        labels: integers `(n,)`. The only image of a class has nobody to be registered with.
        seed: decides who is registered with whom.
        show: called with the number of pairs that are done.

    Returns:
        `Ways`.
    """
    mates = classmates(labels, seed)
    known = mates >= 0
    ways = Ways(
        mates,
        turns=np.zeros((*mates.shape, 3, 3), np.float32),
        fields=np.zeros((*mates.shape, 2, KNOTS, KNOTS), np.float32),
    )
    if known.any():
        one, other = np.nonzero(known)[0], mates[known]
        found = moments(images)
        between = matrices_between(found.select(one), found.select(other), MOST_RESIZED)
        ways.turns[known] = between - np.eye(3, dtype=np.float32)
        ways.fields[known] = register(images[one], images[other], between, show)
    lenders = _lenders(labels, known)
    return Ways(**{name: values[lenders] for name, values in vars(ways).items()})


def classmates(labels, seed):
    """Whom each image is registered with: some of its class, itself not among them.

    Args:
        labels: integers `(n,)`.
        seed: of the choice.

    Returns:
        int64 `(n, m)`, indices, -1 behind those of an image that has fewer; at most `MOST_PAIRS`.
    """
    random = np.random.default_rng(seed)
    most = max(FEWEST_CLASSMATES, min(MOST_CLASSMATES, MOST_PAIRS // len(labels)))
    registered = np.ones(len(labels), bool)
    if most * len(labels) > MOST_PAIRS:
        registered = _of_every_class(labels, MOST_PAIRS // most, random)
    largest = np.unique(labels, return_counts=True)[1].max()
    mates = np.full((len(labels), min(most, largest - 1)), -1)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        number = min(most, len(members) - 1)
        for place, member in enumerate(members):
            if not registered[member]:
                continue
            others = np.delete(members, place)
            mates[member, :number] = random.choice(others, number, replace=False)
    return mates


def _of_every_class(labels, count, random):
    """Booleans `(n,)`: `count` images, every class in proportion."""
    places = np.empty(len(labels))
    for label in np.unique(labels):
        members = random.permutation(np.flatnonzero(labels == label))
        places[members] = (np.arange(len(members)) + 0.5) / len(members)
    chosen = np.zeros(len(labels), bool)
    chosen[np.argsort(places, kind="stable")[:count]] = True
    return chosen


def _lenders(labels, known):
    """Whose ways each image has, int64 `(n,)`: its own, or those of a classmate that has some."""
    lenders, has_own = np.arange(len(labels)), known.any(axis=1)
    for label in np.unique(labels[~has_own]):
        lending = np.flatnonzero((labels == label) & has_own)
        if len(lending):
            borrowing = np.flatnonzero((labels == label) & ~has_own)
            lenders[borrowing] = np.resize(lending, len(borrowing))
    return lenders
