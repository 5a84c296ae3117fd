"""What the arrays of a `Dataset` must be."""

import numpy as np

from ganprofile.errors import UsageError

INT32 = np.iinfo(np.int32)


def check_images(images, name):
    """Refuse what is no uint8 array `(n, height, width, 1 or 3)`.

    Raises:
        UsageError: with what it is instead.
    """
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8:
        received = getattr(images, "dtype", type(images).__name__)
        raise UsageError(
            f"Images of {name} should be a uint8 array (0 = paper, 255 = ink). "
            f"Received: {received}. Dataset.from_arrays takes other types and ranges. Check for "
            "NaN, scale to 0..255, convert with .astype('uint8')."
        )
    if 0 in images.shape:
        raise UsageError(
            f"{name} has no image: the shape should be (n, height, width, 1 or 3), n > 0. "
            f"Received: {images.shape}."
        )
    if images.ndim != 4 or images.shape[-1] not in (1, 3):
        remedy = (
            "Add the channel axis with images[..., None]"
            if images.ndim == 3
            else "Dataset.from_arrays also takes flat images and channels first"
        )
        raise UsageError(
            f"Images of {name} should have the shape (n, height, width, 1 or 3). "
            f"Received: {images.shape}. {remedy}."
        )


def checked_integers(values, column, count, name):
    """A column of `count` 32-bit integers, int32 `(count,)`.

    Raises:
        UsageError: it is none.
    """
    values = np.asarray(values)
    if values.shape != (count,) or values.dtype.kind not in "iu":
        raise UsageError(
            f"{column} of {name} should be {count} integers, one an image. "
            f"Received: {values.dtype} of shape {values.shape}."
        )
    if len(values) and not INT32.min <= values.min() <= values.max() <= INT32.max:
        raise UsageError(
            f"{column} of {name} should be 32-bit integers. "
            f"Received: {values.min()}..{values.max()}."
        )
    return values.astype(np.int32)
