"""Names that say where data are: `hf:user/name` on Hugging Face's Hub, `tfds:NAME`."""

import os

from ganprofile.hub.names import PREFIX as HUB

TFDS = "tfds:"
PREFIXES = (HUB, TFDS)


def place_of(name):
    """The prefix of a name that says where data are, or None."""
    if not isinstance(name, (str, os.PathLike)):
        return None
    return next((prefix for prefix in PREFIXES if os.fspath(name).startswith(prefix)), None)
