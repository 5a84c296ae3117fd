"""In what directions the images of a class differ, of all deformations that were found."""

import numpy as np
from numpy.typing import NDArray

from ganprofile.console import few, say
from ganprofile.transforms.augmentation_policy import KNOTS
from ganprofile.transforms.deformation import PairwiseDeformations, find_deformations

AFFINE = 6  # entries of an affine map
BEND = 2 * KNOTS * KNOTS  # entries of a field
RANK = 32  # kinds of deformation that are told apart, an even number
NAMED = 5  # classes in a sentence


def learned_directions(
    characters: NDArray[np.uint8],
    labels: NDArray[np.int32],
    num_classes: int,
    seed: int,
    keep_size: bool = False,
) -> NDArray[np.float32]:
    """The `class_directions` of images.

    Args:
        characters: uint8 `(n, height, width, channels)`, 0 = paper.
        labels: integers `(n,)`.
        num_classes: how many classes there are.
        seed: decides which images are compared.
        keep_size: whether how they differ in size is left out.
    """
    found = find_deformations(characters, labels, seed)
    return class_directions(found.without_sizes() if keep_size else found, labels, num_classes)


def class_directions(
    deformations: PairwiseDeformations, labels: NDArray[np.int32], num_classes: int
) -> NDArray[np.float32]:
    """The directions of every class, and behind them those of all classes together.

    A class of which no two images differ in a known way is named, and gets those of all.

    Args:
        deformations: the `PairwiseDeformations` between images.
        labels: int `(n,)`, of the images.
        num_classes: how many classes there are.

    Returns:
        float32 `(num_classes + 1, RANK, AFFINE + BEND)`.
    """
    known = deformations.neighbours >= 0
    affine_residuals = deformations.affine_residuals[known][:, :2].reshape(-1, AFFINE)
    entries = np.concatenate(
        [affine_residuals, deformations.fields[known].reshape(len(affine_residuals), BEND)], axis=1
    )
    classes = np.repeat(labels[:, None], known.shape[1], axis=1)[known]
    every = classes >= 0
    _say_unknown(labels, classes[every], num_classes)
    groups = [classes == k if k in classes else every for k in range(num_classes)]
    return np.stack([_directions(entries[group]) for group in (*groups, every)])


def _say_unknown(labels: NDArray[np.int32], compared: NDArray[np.int32], num_classes: int) -> None:
    """Name the classes without images, and those of which no two were compared."""
    if not len(compared):
        say(
            "adapt got no two images of a class, which would show how they differ: all will be "
            "deformed by random transforms alone."
        )
        return
    empty = np.setdiff1d(np.arange(num_classes), labels)
    alone = np.setdiff1d(np.arange(num_classes), [*compared, *empty])
    for number, some in (("no image", empty), ("no second image", alone)):
        if len(some):
            named = few([*map(str, some.tolist())], NAMED, " ")
            say(
                f"adapt got {number} of the classes numbered {named}: theirs will be deformed as "
                "all classes differ."
            )


def _directions(entries: NDArray[np.float32]) -> NDArray[np.float32]:
    """What `RANK` standard normal numbers are multiplied with to be distributed as rows are.

    float32 `(RANK, d)`; the second moment is kept, for a way and its way back are both possible.
    """
    found = np.zeros((RANK, AFFINE + BEND), np.float32)
    if len(entries):
        _, sizes, rows = np.linalg.svd(entries / np.sqrt(len(entries)), full_matrices=False)
        kept = min(RANK, len(sizes))
        found[:kept] = sizes[:kept, None] * rows[:kept]
    return found
