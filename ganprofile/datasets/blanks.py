"""Images that show nothing: paper all over, which no label is right for."""

import numpy as np

from ganprofile.console import counted, say
from ganprofile.errors import UsageError
from ganprofile.storage.files import printable

FAINT = 8  # levels between the lightest and the darkest pixel of an image that shows nothing
MEANT = 0.5  # of a class, from which share on its images are to show nothing, as those of a space


def levels_apart(images):
    """By how many levels the pixels of each image differ, int16 `(n,)`.

    Args:
        images: uint8 `(n, height, width, channels)`; tinted paper alone shows nothing, so a channel
            is held against itself.
    """
    pixels = images.reshape(len(images), -1, images.shape[-1])
    apart = pixels.max(axis=1).astype(np.int16) - pixels.min(axis=1)
    return apart.max(axis=1)


def are_blank(images):
    """Which images show nothing, bool `(n,)`; of images as for `levels_apart`."""
    return levels_apart(images) < FAINT


def strays(dataset):
    """Which images show nothing though those of their class show something, bool `(n,)`.

    Args:
        dataset: a `Dataset`; of one without labels, all that show nothing.
    """
    found = are_blank(dataset.images)
    if dataset.labels is None or not found.any():
        return found
    counts = np.bincount(dataset.labels[found], minlength=dataset.num_classes)
    is_meant = counts >= MEANT * dataset.class_counts()
    return found & ~is_meant[dataset.labels]


def refuse_blank(dataset):
    """Refuse a `Dataset` of which nothing can be learned, since no image shows anything.

    Raises:
        UsageError: of labelled images, too, though a class of spaces may show nothing.
    """
    if are_blank(dataset.images).all():
        raise UsageError(
            f"None of the {len(dataset):,} images of {printable(dataset.name)} shows anything: all "
            "their pixels are of nearly one shade. Look at their files, or at what they were "
            "divided by."
        )


def without_blanks(dataset):
    """A `Dataset` without images that show nothing, which are said; as it is where it has none.

    Raises:
        UsageError: no image shows anything.
    """
    refuse_blank(dataset)
    rows = np.flatnonzero(strays(dataset))
    if not len(rows):
        return dataset
    name = printable(dataset.name)
    example = printable(dataset.describe_image(int(rows[0])))
    say(f"{name}: {counted(len(rows), 'image')} without ink, such as {example}, left out.")
    return dataset.without_blanks()
