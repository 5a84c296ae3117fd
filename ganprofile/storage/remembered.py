"""What is noted in the user's folder for later: it may be lost, and then less is said."""

import contextlib
from typing import Any

from ganprofile.errors import GanprofileError
from ganprofile.storage.files import read_json, write_json
from ganprofile.storage.paths import user_folder


def remembered(name: str) -> dict[str, Any]:
    """What a file of the user's folder holds; nothing where there is none, or it is damaged."""
    try:
        return dict(read_json(user_folder() / name))
    except GanprofileError:
        return {}


def remember(name: str, key: str, value: Any) -> None:
    """Note a JSON value under a key of such a file; where nothing can be written, nothing is."""
    with contextlib.suppress(OSError, GanprofileError):
        user_folder().mkdir(parents=True, exist_ok=True)
        write_json(user_folder() / name, {**remembered(name), key: value})
