"""MNIST with its writers: the official images and QMNIST's extended labels, row by row."""

import hashlib
from pathlib import Path

from ganprofile.console import say
from ganprofile.datasets.cards import read_card
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.formats.idx import read_idx
from ganprofile.datasets.loaders.loaded_data import LoadedData
from ganprofile.datasets.places import LoadRequest, downloads_folder
from ganprofile.errors import GanprofileError, NotHere, first_line

_MNIST = "https://storage.googleapis.com/cvdf-datasets/mnist/"
_QMNIST = "https://raw.githubusercontent.com/facebookresearch/qmnist/master/"
# TensorFlow Datasets keeps MNIST in another order, so the official files themselves are needed.
FILES = {
    "train": ("train-images-idx3-ubyte.gz", "qmnist-train-labels-idx2-int.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "qmnist-test-labels-idx2-int.gz"),
}
URLS = {
    name: (_QMNIST if name.startswith("qmnist") else _MNIST) + name
    for pair in FILES.values()
    for name in pair
}
# sha256 of the published file, and of the values in it, which people may have packed anew.
SHA256 = {
    "train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    ),
    "t10k-images-idx3-ubyte.gz": (
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    ),
    "qmnist-train-labels-idx2-int.gz": (
        "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f",
        "69d38b36ac9b86f1b198ee9b2fa7434a2013be2947fc11b5d8a94beb36d9a1da",
    ),
    "qmnist-test-labels-idx2-int.gz": (
        "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06",
        "3aee714dbd3fe270d84d9cbcc928d0858cdd5e52022ffca569ac263dadb6276f",
    ),
}
CLASS, WRITER = 0, 2  # columns of the extended labels
FAMILIES = ("qmnist", "mnist")


class QmnistSource:
    """60,000 training digits of 539 writers and 10,000 test digits of 297 others."""

    name = "qmnist"

    def card(self):
        """What is known of the data."""
        return read_card(self.name)

    def is_here(self):
        """Whether all four files are where they are looked for."""
        return all(LoadRequest().find(name, FAMILIES) for name in URLS)

    def load(self, request):
        """Both parts.

        Raises:
            GanprofileError: a file is not here and cannot be had, or is not the published one.
        """
        paths = {name: request.find(name, FAMILIES) for name in URLS}
        missing = [name for name, path in paths.items() if path is None]
        if missing:
            paths |= self._download(missing, request)
        return LoadedData(*(self._part(paths, split) for split in FILES))

    def _part(self, paths, split):
        images, rows = (_published_values(name, paths[name]) for name in FILES[split])
        rows = rows[: len(images)]  # the test labels go on beyond MNIST's 10,000 images
        return Dataset(
            images[..., None],
            labels=rows[:, CLASS],
            class_names=self.card()["classes"],
            writers=rows[:, WRITER],
            name=self.name,
            split=split,
        )

    def _download(self, names, request):
        by_hand = (
            f"By hand: put {', '.join(names)} into a folder and set GANPROFILE_DATA_DIR to it."
        )
        missing = f"{names[0]} is not in {request.files_folder()}"
        if request.data_dir is not None:
            raise GanprofileError(f"{missing}. Put it there, or leave `data_dir` out.")
        if request.offline:
            raise NotHere(missing, by_hand)
        import pooch

        card = self.card()
        folder = downloads_folder() / self.name
        say(
            f"{self.name}: downloading {card['download']} from {card['download_from']} to {folder}."
        )
        pooch.get_logger().setLevel("WARNING")
        try:
            return {
                name: Path(
                    pooch.retrieve(
                        URLS[name], f"sha256:{SHA256[name][0]}", name, folder, progressbar=True
                    )
                )
                for name in names
            }
        except Exception as error:
            raise GanprofileError(
                f"{self.name} could not be downloaded from {card['download_from']} "
                f"({first_line(error)}). {by_hand}"
            ) from error


def _published_values(name, path):
    """What an idx file holds; rows in another order would give images to other writers."""
    values = read_idx(path)
    if hashlib.sha256(values).hexdigest() != SHA256[name][1]:
        raise GanprofileError(
            f"{path} does not hold what was published as {name}; rows and writers would not "
            f"belong together. Get it from {URLS[name]}."
        )
    return values
