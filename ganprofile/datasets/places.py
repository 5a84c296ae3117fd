"""Where data are kept and where files supplied by hand are looked for."""

import dataclasses
import os
from pathlib import Path

from ganprofile.datasets.readers.reading import ReadOptions


@dataclasses.dataclass(frozen=True)
class Request:
    """What `load` was asked.

    Attributes:
        data_dir: a folder with files supplied by hand, or None for the usual place.
        options: size, channels and polarity of the images.
        writer_columns: the order of the columns in HWD+'s `WriterInfo.npy`, or None.
        offline: refuse to download.
    """

    data_dir: Path | None = None
    options: ReadOptions = dataclasses.field(default_factory=ReadOptions)
    writer_columns: tuple[str, ...] | None = None
    offline: bool = False

    def files_folder(self):
        """Where files supplied by hand are: `data_dir`, `GANPROFILE_DATA_DIR`, or the usual."""
        given = self.data_dir or os.environ.get("GANPROFILE_DATA_DIR")
        return Path(given).expanduser() if given else user_folder() / "files"

    def find(self, name, families):
        """The first file or folder `name` in the folder for files, in `FAMILY/` below it, or one
        folder deeper; None where there is none."""
        top = self.files_folder()
        for folder in (top, *(top / family for family in families)):
            if not folder.is_dir():
                continue
            deeper = sorted(entry for entry in folder.iterdir() if entry.is_dir())
            for place in (folder, *deeper):
                if (place / name).exists():
                    return place / name
        return None


def user_folder():
    """The user's data folder of this program, by the habits of the operating system."""
    import platformdirs

    return platformdirs.user_data_path("ganprofile", appauthor=False)


def imported_folder():
    """Where `datasets import` keeps what it was given."""
    return user_folder() / "datasets"
