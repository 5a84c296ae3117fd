"""Chars74K's handwritten characters, through the builder in `tfds_builders`."""

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.cards import read_card
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders import chars74k_files
from ganprofile.datasets.loaders.loaded_data import AUTO, LoadedData
from ganprofile.datasets.places import LoadRequest
from ganprofile.datasets.sources.prepared import data_folder, is_prepared, prepare, read_prepared
from ganprofile.errors import GanprofileError, UsageError, first_line, reworded
from ganprofile.frameworks import need_tensorflow

FAMILY = "chars74k"
BUILDER = "chars74k_hnd"
ARCHIVE = "EnglishHnd.tgz"
SIZES = (28, 32, 64)  # of the builder's images


def config_name(size, keep_size=None):
    """The builder's configuration of images so large, in which characters may keep their sizes."""
    return str(size) if keep_size is None else f"{size}_kept_sizes"


class Chars74kSource:
    """62 or fewer classes of 55 writers; prepared once for every size, since that takes a minute.

    Args:
        name: our name.
        characters: the classes, in order; None for all.
    """

    own_options = ("keep_size",)  # beside those that every named dataset has

    def __init__(self, name, characters=None):
        self.name = name
        self.characters = characters

    def card(self):
        """What is known of the data."""
        return read_card(self.name)

    def is_here(self):
        """Whether it is prepared, or the archive is where it is looked for."""
        return is_prepared(f"{BUILDER}/{SIZES[0]}") or _find(LoadRequest()) is not None

    def load(self, request):
        """Both parts.

        Raises:
            UsageError: an image size that the builder does not have, or one length of characters
                for writers who each have their own.
            GanprofileError: the archive is not here or is damaged.
        """
        size = request.options.image_size or SIZES[0]
        if size not in SIZES:
            raise UsageError(
                f"{self.name} is prepared at {', '.join(map(str, SIZES))} pixels. "
                f"Received: `image_size={size}`."
            )
        if request.options.keep_size not in (None, AUTO):
            raise UsageError(
                f"{self.name} keeps sizes by the median of each writer, `keep_size={AUTO!r}`. "
                f"Received: {request.options.keep_size!r}."
            )
        builder_name = f"{BUILDER}/{config_name(size, request.options.keep_size)}"
        if request.data_dir is not None:
            self._found(request)  # files that are named have to be there
        if not is_prepared(builder_name):
            self._prepare(builder_name, request)
        elif request.data_dir is not None:
            say(f"{self.name} was prepared before and is read from {data_folder() / builder_name}.")
        parts = [self._part(columns, split) for split, columns in read_prepared(builder_name)]
        if self.characters is not None:
            parts = [part.of_classes(self.characters) for part in parts]
        return LoadedData(*parts)

    def _part(self, columns, split):
        return Dataset(
            columns["image"],
            labels=columns["label"].astype(np.int32),
            class_names=read_card(FAMILY)["classes"],
            writers=columns["writer"],
            name=self.name,
            split=split,
        )

    def _found(self, request):
        found = _find(request)
        if found is None:
            raise GanprofileError(
                f"{ARCHIVE} is not in {request.files_folder()}. {self.card()['by_hand']}"
            )
        return found

    def _prepare(self, builder_name, request):
        found = self._found(request)
        instead = f"Or give {found} in place of the name."
        need_tensorflow(f"{self.name}, which is prepared once,", instead, datasets=True)
        import ganprofile.datasets.tfds_builders  # noqa: F401 (registers the builder)

        say(f"Preparing {builder_name} from {found} in {data_folder()}, once.")
        with reworded(lambda error: f"{found} cannot be prepared ({first_line(error)})."):
            prepare(builder_name, manual_dir=found if found.is_dir() else found.parent)


def _find(request):
    """The archive, or a folder with what it unpacks to, at whatever depth one enters it."""
    top = request.files_folder()
    if chars74k_files.recognises(top):
        return top
    return request.find(ARCHIVE, [FAMILY]) or request.find("English", [FAMILY])
