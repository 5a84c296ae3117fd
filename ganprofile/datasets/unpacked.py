"""The images of a written set in one file from which single ones can be read.

Shards are compressed as a whole. What is unpacked is kept in the user's folder and found again as
long as the set's files are the same; what nobody has asked for in a month is removed.
"""

import contextlib
import hashlib
import os
import time
from pathlib import Path

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.formats.checksums import listed
from ganprofile.datasets.places import user_folder
from ganprofile.datasets.stored import read_info, stored_blocks
from ganprofile.errors import GanprofileError
from ganprofile.storage.arrays import NOT_WHOLE
from ganprofile.storage.files import atomic_path, make_folder

FOLDER = "unpacked"
STALE_SECONDS = 30 * 24 * 3600
SAID_BYTES = 100_000_000  # from so many on, it is said where they are


def unpacked_images(folder, fingerprint=None):
    """A `.npy` file of all images of a set, uint8 `(n, height, width, channels)`, in their order.

    Args:
        folder: of the set.
        fingerprint: that of the set which is meant; None for whichever lies there.

    Returns:
        The path of the file, which is made where it is missing.

    Raises:
        GanprofileError: the set is damaged, or another one lies there.
    """
    folder = Path(folder)
    info = read_info(folder)
    if fingerprint not in (None, info.get("fingerprint")):
        raise GanprofileError(
            f"{folder} holds another set than it did when it was opened. Open it again."
        )
    path = user_folder() / FOLDER / f"{_mark(folder, info)}.npy"
    if path.is_file():
        with contextlib.suppress(OSError):
            os.utime(path)
        return path
    make_folder(path.parent, f"GANPROFILE_HOME, {user_folder()},")
    _sweep(path.parent)
    shape = (info["images"], *info["image_shape"])
    with atomic_path(path) as partial:
        images = np.lib.format.open_memmap(partial, "w+", np.uint8, shape)
        done = 0
        for some, _ in stored_blocks(folder, info):
            images[done : done + len(some)] = some[: shape[0] - done]
            done += len(some)
        if done != shape[0]:
            raise GanprofileError(
                f"{folder} should hold {shape[0]} images. Received: {done}. {NOT_WHOLE}"
            )
        images.flush()
    size = path.stat().st_size
    if size >= SAID_BYTES:
        say(f"Images are read from {path}, {size / 1e6:,.0f} MB, which you may remove.")
    return path


def _mark(folder, info):
    """What changes where a file of a set does: a digest of their names, sizes and times. What the
    user puts beside them, as a network after every epoch, is none."""
    known = listed(folder)
    files = sorted(p for p in folder.iterdir() if p.is_file() and (not known or p.name in known))
    seen = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr((info.get("fingerprint"), seen)).encode()).hexdigest()[:32]


def _sweep(folder):
    """Remove what was not used for long."""
    for left in folder.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_SECONDS:
                left.unlink()
