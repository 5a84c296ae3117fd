"""MNIST with its writers: the official images and QMNIST's extended labels, row by row."""

from pathlib import Path

from ganprofile.console import say
from ganprofile.datasets.cards import read_card
from ganprofile.datasets.dataset import Dataset
from ganprofile.datasets.formats.idx import read_idx
from ganprofile.datasets.places import Request, downloads_folder
from ganprofile.datasets.readers.reading import Reading
from ganprofile.errors import GanprofileError, first_line

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
SHA256 = {
    "train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    "t10k-images-idx3-ubyte.gz": (
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    "qmnist-train-labels-idx2-int.gz": (
        "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f"
    ),
    "qmnist-test-labels-idx2-int.gz": (
        "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06"
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
        return all(Request().find(name, FAMILIES) for name in URLS)

    def load(self, request):
        """Both parts.

        Raises:
            GanprofileError: a file is not here and cannot be had, or labels and images disagree.
        """
        paths = {name: request.find(name, FAMILIES) for name in URLS}
        missing = [name for name, path in paths.items() if path is None]
        if missing:
            paths |= self._download(missing, request)
        return Reading(*(self._part(paths, split) for split in FILES))

    def _part(self, paths, split):
        images_file, labels_file = (paths[name] for name in FILES[split])
        images, rows = read_idx(images_file), read_idx(labels_file)
        if rows.ndim != 2 or rows.shape[1] != 8 or len(rows) < len(images):
            raise GanprofileError(
                f"{labels_file} should have 8 numbers for each of {len(images)} images. "
                f"Received: {' x '.join(map(str, rows.shape))}."
            )
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
        by_hand = f"By hand: put {', '.join(names)} into a folder and add --data-dir FOLDER."
        if request.offline or request.data_dir is not None:
            forbids = "--offline forbids the download" if request.offline else "nothing is fetched"
            raise GanprofileError(
                f"{names[0]} is not in {request.files_folder()} and {forbids}. {by_hand}"
            )
        import pooch

        card = self.card()
        folder = downloads_folder() / self.name
        say(
            f"{self.name}: downloading {card['download']} from {card['download_from']} to {folder}."
        )
        pooch.get_logger().setLevel("WARNING")
        try:
            return {
                name: Path(pooch.retrieve(URLS[name], f"sha256:{SHA256[name]}", name, folder))
                for name in names
            }
        except Exception as error:
            raise GanprofileError(
                f"{self.name} could not be downloaded from {card['download_from']} "
                f"({first_line(error)}). {by_hand}"
            ) from error
