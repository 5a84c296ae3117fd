"""Datasets that TensorFlow Datasets knows: found on this machine or downloaded once."""

import contextlib
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.embedded_source import read_card
from ganprofile.errors import GanprofileError


class TfdsSource:
    """A dataset prepared by TFDS's own builder in `TFDS_DATA_DIR` (or TFDS's default folder).

    Args:
        name: our name.
        builder_name: TFDS's name, with the config.
        transposed: whether TFDS hands the two image axes exchanged, as NIST stores EMNIST.
    """

    def __init__(self, name, builder_name, transposed=False):
        self.name = name
        self.builder_name = builder_name
        self.transposed = transposed

    def card(self):
        """What is known of the data."""
        return read_card(self.name)

    def is_here(self):
        """Whether a prepared version lies on this machine; answered without importing TFDS."""
        return any(data_folder().joinpath(self.builder_name).glob("*/dataset_info.json"))

    def load(self, offline=False):
        """The parts: `{"train": Dataset, "test": Dataset}`.

        Raises:
            GanprofileError: the data is not here and `offline` is set, or the download failed.
        """
        import tensorflow_datasets as tfds

        if not self.is_here():
            self._download(tfds, offline)
        try:
            builder = tfds.builder(self.builder_name, data_dir=data_folder())
            return {split: self._read(tfds, builder, split) for split in ("train", "test")}
        except Exception as error:
            raise GanprofileError(
                f"{self.name} in {data_folder()} cannot be read ({_first_line(error)}). "
                f"Remove {data_folder() / self.builder_name} and load it again."
            ) from error

    def _read(self, tfds, builder, split):
        columns = tfds.as_numpy(builder.as_dataset(split=split, batch_size=-1))
        images = columns["image"]
        if self.transposed:
            images = np.ascontiguousarray(images.transpose(0, 2, 1, 3))
        return Dataset(
            images,
            labels=columns["label"].astype(np.int32),
            class_names=self.card()["classes"],
            name=self.name,
            split=split,
        )

    def _download(self, tfds, offline):
        card = self.card()
        if offline:
            raise GanprofileError(
                f"{self.name} is not in {data_folder()} and --offline forbids its download. "
                + self._by_hand()
            )
        say(
            f"{self.name} is not on this machine: downloading {card['download']} from "
            f"{card['download_from']} to {data_folder()}."
        )
        try:
            _check_reachable(card["download_url"])
            # TFDS announces itself on standard output, which belongs to our result.
            with contextlib.redirect_stdout(sys.stderr):
                builder = tfds.builder(self.builder_name, data_dir=data_folder())
                builder.download_and_prepare()
        except Exception as error:
            raise GanprofileError(
                f"{self.name} could not be downloaded from {card['download_from']} "
                f"({_first_line(error)}). " + self._by_hand()
            ) from error

    def _by_hand(self):
        return (
            'By hand: where there is a network, run python -c "import tensorflow_datasets as t; '
            f"t.builder('{self.builder_name}').download_and_prepare()\", copy the folder "
            f"~/tensorflow_datasets/{self.builder_name.split('/')[0]} into a folder here and set "
            "TFDS_DATA_DIR to that folder; or give your own arrays as --dataset FILE.npz."
        )


def data_folder():
    """Where TFDS keeps prepared data: `TFDS_DATA_DIR`, else its default."""
    return Path(os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets").expanduser()


def _check_reachable(url):
    """Fail in seconds: TFDS would try for minutes where there is no network."""
    with (
        contextlib.suppress(urllib.error.HTTPError),  # an answer, even a refusal, is an answer
        urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=20),
    ):
        pass


def _first_line(error):
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__
