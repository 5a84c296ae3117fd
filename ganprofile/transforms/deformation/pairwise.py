"""Pairwise deformations: how each image of a labelled set becomes another of its class."""

import dataclasses
from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ganprofile.storage.arrays import open_arrays, write_arrays
from ganprofile.storage.paths import StrPath
from ganprofile.transforms.augmentation_policy import KNOTS
from ganprofile.transforms.deformation.moments import matrices_between, moments
from ganprofile.transforms.deformation.reduced import reduced, reduction
from ganprofile.transforms.deformation.registration import register

MOST_NEIGHBOURS = 6  # an image is registered with
FEWEST_NEIGHBOURS = 2  # so that its deformations are more than one line
MOST_PAIRS = 20_000  # in all; of more images than that is enough for, the others borrow
MOST_RESIZED = 1.6


@dataclasses.dataclass(frozen=True)
class PairwiseDeformations:
    """What leads from each of n images to m neighbours of its class; unused places come last.

    Attributes:
        neighbours: int64 `(n, m)`, which images each was registered with, -1 where it has fewer; of
            a very large set, those of another image of the class, whose deformations it has then.
        affine_residuals: float32 `(n, m, 3, 3)`, the affine part, less the identity.
        fields: float32 `(n, m, 2, KNOTS, KNOTS)`, the displacement field that follows.
        lenders: int64 `(n,)`, whose deformations each has; None of what has its own throughout.
    """

    neighbours: np.ndarray
    affine_residuals: np.ndarray
    fields: np.ndarray
    lenders: np.ndarray | None = None

    def among(self, kept: NDArray[np.bool_]) -> Self:
        """The same without what leads to or from images that are not kept, `kept` being `(n,)`.

        The rows of images that are not kept themselves say nothing then.
        """
        own = kept if self.lenders is None else kept & kept[self.lenders]
        known = (self.neighbours >= 0) & kept[self.neighbours] & own[:, None]
        first = np.argsort(~known, axis=1, kind="stable")  # unused places come last
        known = np.take_along_axis(known, first, axis=1)

        def chosen(values: np.ndarray, unused: int) -> np.ndarray:
            form = (*known.shape, *[1] * (values.ndim - 2))
            taken = np.take_along_axis(values, first.reshape(form), axis=1)
            return np.where(known.reshape(form), taken, unused).astype(values.dtype)

        return type(self)(
            chosen(self.neighbours, -1),
            chosen(self.affine_residuals, 0),
            chosen(self.fields, 0),
            self.lenders,
        )

    def resized(self, factor: float) -> Self:
        """The same for images whose sides are so many times as long."""
        affine = self.affine_residuals.copy()
        affine[..., :2, 2] *= np.float32(factor)
        return dataclasses.replace(self, affine_residuals=affine)

    def without_sizes(self) -> Self:
        """The same, but images stay as large as they are, whatever their proportions become."""
        affine = self.affine_residuals + np.eye(3, dtype=np.float32)
        size = np.sqrt(np.abs(affine[..., 0, 0] * affine[..., 1, 1]))
        affine[..., :2, :2] /= size[..., None, None]
        return dataclasses.replace(self, affine_residuals=affine - np.eye(3, dtype=np.float32))

    def save(self, path: StrPath) -> None:
        """Write them as an `.npz` file."""
        arrays = {name: array for name, array in vars(self).items() if array is not None}
        write_arrays(path, arrays)

    @classmethod
    def load(cls, path: StrPath) -> Self:
        """Read what `save` wrote.

        Raises:
            GanprofileError: the file is missing or damaged.
        """
        return cls(**open_arrays(path, "Remove it, and it is made again."))


def find_deformations(
    images: NDArray[np.uint8],
    labels: np.ndarray,
    seed: int = 0,
    fields: Callable[..., NDArray[np.float32]] = register,
) -> PairwiseDeformations:
    """Register the images of each class with each other, `MOST_PAIRS` at most.

    Large images are registered in `reduced` views.

    Args:
        images: uint8 `(n, height, width, channels)`.
        labels: integers `(n,)`. The only image of a class has no neighbour.
        seed: decides which images are registered with which.
        fields: what `register` gives for all pairs, where it is kept or shared out.

    Returns:
        `PairwiseDeformations`.
    """
    neighbours = neighbours_of(labels, seed)
    known = neighbours >= 0
    deformations = PairwiseDeformations(
        neighbours,
        affine_residuals=np.zeros((*neighbours.shape, 3, 3), np.float32),
        fields=np.zeros((*neighbours.shape, 2, KNOTS, KNOTS), np.float32),
    )
    if known.any():
        sources, targets, between = registered_pairs(images, neighbours)
        deformations.affine_residuals[known] = between - np.eye(3, dtype=np.float32)
        deformations.fields[known] = fields(sources, targets, between)
    lenders = _lenders(labels, known)
    found = PairwiseDeformations(
        deformations.neighbours[lenders],
        deformations.affine_residuals[lenders],
        deformations.fields[lenders],
        None if np.array_equal(lenders, np.arange(len(labels))) else lenders,
    )
    return found.resized(reduction(*images.shape[1:3]))


def registered_pairs(
    images: NDArray[np.uint8], neighbours: NDArray[np.int64]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.float32]]:
    """What `register` is given: sources, targets, and the affine maps between them.

    They are `reduced` views where images are large.

    Args:
        images: uint8 `(n, height, width, channels)`.
        neighbours: of each, as `neighbours_of` gives them.
    """
    known = neighbours >= 0
    one, other = np.nonzero(known)[0], neighbours[known]
    seen = reduced(images)
    found = moments(seen)
    between = matrices_between(found.select(one), found.select(other), MOST_RESIZED)
    return seen[one], seen[other], between


def neighbours_of(labels: np.ndarray, seed: int) -> NDArray[np.int64]:
    """Which images each is registered with: some of its class, itself not among them.

    Args:
        labels: integers `(n,)`.
        seed: of the choice.

    Returns:
        int64 `(n, m)`, indices, -1 behind those of an image that has fewer; at most `MOST_PAIRS`.
    """
    random = np.random.default_rng(seed)
    most = max(FEWEST_NEIGHBOURS, min(MOST_NEIGHBOURS, MOST_PAIRS // len(labels)))
    registered = np.ones(len(labels), bool)
    if most * len(labels) > MOST_PAIRS:
        registered = of_every_class(labels, MOST_PAIRS // most, random)
    largest = np.unique(labels, return_counts=True)[1].max()
    neighbours = np.full((len(labels), min(most, largest - 1)), -1)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        number = min(most, len(members) - 1)
        for place, member in enumerate(members):
            if not registered[member]:
                continue
            others = np.delete(members, place)
            neighbours[member, :number] = random.choice(others, number, replace=False)
    return neighbours


def of_every_class(
    labels: np.ndarray, count: int, random: np.random.Generator
) -> NDArray[np.bool_]:
    """Booleans `(n,)`: `count` images, every class in proportion, and rare ones with one at least
    as long as there are as many as classes."""
    places = np.empty(len(labels))
    for label in np.unique(labels):
        members = random.permutation(np.flatnonzero(labels == label))
        places[members] = np.arange(len(members)) / len(members)
    chosen = np.zeros(len(labels), bool)
    chosen[np.argsort(places, kind="stable")[:count]] = True
    return chosen


def _lenders(labels: np.ndarray, known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Whose deformations each image has, int64 `(n,)`: its own, or those of one of its class."""
    lenders, has_own = np.arange(len(labels)), known.any(axis=1)
    for label in np.unique(labels[~has_own]):
        lending = np.flatnonzero((labels == label) & has_own)
        if len(lending):
            borrowing = np.flatnonzero((labels == label) & ~has_own)
            lenders[borrowing] = np.resize(lending, len(borrowing))
    return lenders
