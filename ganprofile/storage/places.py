"""Whether something can be written to a place, before any work is done for it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import expanded, printable, refuse_unwritable
from ganprofile.storage.paths import StrPath


def check_writable(path: StrPath, needed: int = 0, name: str = "output") -> None:
    """Refuse a place that cannot be written to.

    Args:
        path: the file or folder that is to be made; folders above it may be missing.
        needed: how many bytes it will take, roughly, 0 where that is not known.
        name: of the argument that says where.

    Raises:
        UsageError: something on the way is no folder.
        GanprofileError: writing is not allowed there, or the disk has too little room.

    Example:
        >>> from ganprofile.storage.places import check_writable
        >>> check_writable("new/folder", needed=1_000)
    """
    above = next(one for one in expanded(path).absolute().parents if os.path.lexists(one))
    if not above.is_dir():
        raise UsageError(
            f"{printable(path)} cannot be made: {printable(above)} is no folder. Choose another "
            f"`{name}`."
        )
    if not os.access(above, os.W_OK | os.X_OK):
        raise GanprofileError(
            f"{printable(path)} cannot be made: writing to {printable(above)} is not allowed. "
            f"Choose another `{name}`."
        )
    refuse_unwritable(above, path)
    free = shutil.disk_usage(above).free
    if needed > free:
        raise GanprofileError(
            f"{printable(Path(path))} needs about {needed / 1e6:,.0f} MB, and the disk has "
            f"{free / 1e6:,.0f} MB. Ask for fewer images, or choose another `{name}`."
        )


def from_anywhere(place: StrPath) -> Path:
    """A folder as it is found once it is replaced: a process that stands in it, or in one below, is
    then in the older one, from which no relative path leads anywhere.

    Example:
        >>> from ganprofile.storage.places import from_anywhere
        >>> from_anywhere("result").as_posix(), from_anywhere(".").is_absolute()
        ('result', True)
    """
    place = expanded(place)
    if place.is_absolute():
        return place
    whole = place.resolve()
    return whole if Path.cwd().is_relative_to(whole) else place
