"""Where data are kept and where files supplied by hand are looked for."""

import dataclasses
import functools
import os

from ganprofile.console import say
from ganprofile.datasets.loaders.loaded_data import LoadOptions
from ganprofile.storage.files import expanded
from ganprofile.storage.paths import StrPath, user_folder

FILES = "GANPROFILE_DATA_DIR"


@dataclasses.dataclass(frozen=True)
class LoadRequest:
    """What `load` was asked.

    Attributes:
        data_dir: a folder with files supplied by hand, or None for the usual place.
        options: size, channels and polarity of the images, HWD+'s columns.
        offline: refuse to download.
    """

    data_dir: StrPath | None = None
    options: LoadOptions = dataclasses.field(default_factory=LoadOptions)
    offline: bool = False

    def files_folder(self):
        """Where files supplied by hand are: `data_dir`, `GANPROFILE_DATA_DIR`, or the usual."""
        given = self.data_dir or os.environ.get(FILES)
        return expanded(given) if given else downloads_folder()

    def find(self, name, families):
        """The first file or folder `name` in the folder for files, in `FAMILY/` below it, or one
        folder deeper; None where there is none."""
        if not self.data_dir:
            _say_if_missing(os.environ.get(FILES))
        tops = [self.files_folder()] + ([] if self.data_dir else [downloads_folder()])
        for folder in (top / family for top in tops for family in ("", *families)):
            if not folder.is_dir():
                continue
            deeper = sorted(entry for entry in folder.iterdir() if entry.is_dir())
            for place in (folder, *deeper):
                if (place / name).exists():
                    return place / name
        return None


@functools.cache
def _say_if_missing(given):
    """Say once that the variable names no folder."""
    if given and not expanded(given).is_dir():
        say(f"{FILES} names no folder: {given!r}. Make it, or unset the variable.")


def downloads_folder():
    """Where downloaded files go, and files supplied by hand are looked for."""
    return user_folder() / "files"


def imported_folder():
    """Where `datasets import` keeps what it was given."""
    return user_folder() / "datasets"
