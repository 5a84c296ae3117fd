"""How paths are given, and where this program keeps its own files."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from ganprofile.errors import UsageError
from ganprofile.storage.files import expanded
from ganprofile.storage.names import as_word

StrPath: TypeAlias = str | os.PathLike[str]


def several(given: Any) -> tuple[Any, ...]:
    """Paths, or what else stands for some, as a tuple; one alone is no list of its letters."""
    if isinstance(given, Iterable) and not isinstance(given, (str, os.PathLike)):
        return tuple(given)
    return (given,)


def user_folder() -> Path:
    """The user's data folder of this program: `GANPROFILE_HOME`, or by the system's habits.

    Raises:
        UsageError: the variable names a file, or a folder that would be another from elsewhere.
    """
    if given := os.environ.get("GANPROFILE_HOME"):
        folder = expanded(given)
        if folder.exists() and not folder.is_dir():
            raise UsageError(
                f"GANPROFILE_HOME should name a folder. Received: {given!r}, a file. Set it to "
                "another place, or unset it."
            )
        if not folder.is_absolute():
            raise UsageError(
                "GANPROFILE_HOME should be an absolute path, which is the same folder from "
                f"anywhere. Received: {given!r}. For what lies here, set it to "
                f"{as_word(folder.resolve())}"
            )
        return folder
    import platformdirs

    return platformdirs.user_data_path("ganprofile", appauthor=False)
