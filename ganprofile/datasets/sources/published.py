"""MNIST and EMNIST: official files given by hand, or TensorFlow Datasets' prepared copy."""

import contextlib
import urllib.error
import urllib.request

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.cards import read_card
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.loaders.loaded_data import LoadedData
from ganprofile.datasets.loaders.official import published_sets, read_published, upright
from ganprofile.datasets.places import LoadRequest
from ganprofile.datasets.sources.prepared import data_folder, is_prepared, prepare, read_prepared
from ganprofile.errors import GanprofileError, NotHere, first_line
from ganprofile.frameworks import need_tensorflow


class PublishedSource:
    """Official idx, CSV or MATLAB files where they are supplied; else what TFDS's own builder has
    prepared, or prepares now, in `TFDS_DATA_DIR` (or TFDS's default folder).

    Args:
        name: our name.
        stem: how the names of the official files begin, such as `emnist-letters`.
    """

    def __init__(self, name, stem):
        self.name = name
        self.stem = stem
        self.builder_name = stem.replace("-", "/", 1)  # TFDS's name, with the config

    def card(self):
        """What is known of the data."""
        return read_card(self.name)

    def is_here(self):
        """Whether the data lie on this machine; answered without importing TFDS."""
        return self._official_folder(LoadRequest()) is not None or is_prepared(self.builder_name)

    def load(self, request):
        """Both parts.

        Raises:
            GanprofileError: the data are not here and `offline` is set, or the download failed.
        """
        folder = self._official_folder(request)
        if folder is not None:
            return read_published(folder, self.stem).named(self.name)
        if request.data_dir is not None:
            raise GanprofileError(
                f"{request.data_dir} holds no official files of {self.name}, such as "
                f"{self._example()}. Put them there, or leave `data_dir` out to use TensorFlow "
                "Datasets; GANPROFILE_DATA_DIR=FOLDER is for files of other datasets beside them."
            )
        if not is_prepared(self.builder_name):
            self._download(request.offline)
        return LoadedData(
            *(self._part(columns, split) for split, columns in read_prepared(self.builder_name))
        )

    def _official_folder(self, request):
        top = request.files_folder()
        family = self.name.partition("/")[0]
        for folder in (top, top / family):
            if folder.is_dir() and self.stem in published_sets(folder):
                return folder
        return None

    def _example(self):
        stem = "" if self.stem == "mnist" else f"{self.stem}-"
        return f"{stem}train-images-idx3-ubyte.gz"

    def _part(self, columns, split):
        card = self.card()
        return Dataset(
            upright(columns["image"], self.stem),
            labels=columns["label"].astype(np.int32) - card.get("first_label", 0),
            class_names=card["classes"],
            name=self.name,
            split=split,
        )

    def _download(self, offline):
        card = self.card()
        if offline:
            raise NotHere(f"{self.name} is not in {data_folder()}", self._by_hand())
        need_tensorflow(f"The download of {self.name}", self._by_hand(), datasets=True)
        say(
            f"{self.name} is not on this machine: downloading {card['download']} from "
            f"{card['download_from']} to {data_folder()}."
        )
        try:
            check_reachable(card["download_url"])
            prepare(self.builder_name)
        except Exception as error:
            raise GanprofileError(
                f"{self.name} could not be downloaded from {card['download_from']} "
                f"({first_line(error)}). " + self._by_hand()
            ) from error

    def _by_hand(self):
        return (
            'By hand: where there is a network, run python -c "import tensorflow_datasets as t; '
            f"t.builder('{self.builder_name}').download_and_prepare()\", copy the folder "
            f"~/tensorflow_datasets/{self.builder_name.split('/')[0]} into a folder here and set "
            f"TFDS_DATA_DIR to that folder; or put the official files ({self._example()} and the "
            "others) into a folder and set GANPROFILE_DATA_DIR to it."
        )


def check_reachable(url):
    """Fail in seconds: TFDS would try for minutes where there is no network."""
    with (
        contextlib.suppress(urllib.error.HTTPError),  # an answer, even a refusal, is an answer
        urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=20),
    ):
        pass
