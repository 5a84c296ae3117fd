"""How paths are given, and where this program keeps its own files."""

import os
from pathlib import Path
from typing import TypeAlias

from ganprofile.storage.files import expanded

StrPath: TypeAlias = str | os.PathLike[str]


def user_folder() -> Path:
    """The user's data folder of this program: `GANPROFILE_HOME`, or by the system's habits."""
    if os.environ.get("GANPROFILE_HOME"):
        return expanded(os.environ["GANPROFILE_HOME"])
    import platformdirs

    return platformdirs.user_data_path("ganprofile", appauthor=False)
