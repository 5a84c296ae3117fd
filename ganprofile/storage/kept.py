"""Names for what is kept because it takes long to make: other settings never find it."""

import hashlib

import numpy as np

from ganprofile.frameworks import backend_fact
from ganprofile.storage.arrays import open_arrays
from ganprofile.storage.files import as_json

AGAIN = "Remove it, and it is made again."  # what to do where it is damaged


def kept_name(what, **facts):
    """A name that is the same only where everything is that decides what is kept.

    The framework is, too: from the same seed each trains and deforms otherwise.

    Args:
        what: a word for people who look into the folder.
        **facts: JSON values: settings, seeds, and the fingerprint of the images it was made from.
    """
    text = as_json({**backend_fact(), **facts}, sort_keys=True, allow_nan=False)
    return f"{what}-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:16]}"


def images_digest(images, labels):
    """What labelled images are, for `kept_name`, hexadecimal digits.

    Args:
        images: uint8, of any shape, which is no part of it.
        labels: integers `(n,)`.
    """
    return hashlib.sha256(images.tobytes() + np.asarray(labels, np.int32).tobytes()).hexdigest()


def kept_arrays(path):
    """The arrays of an `.npz` file that is kept, name -> array.

    Raises:
        GanprofileError: it is damaged.
    """
    return open_arrays(path, AGAIN)
