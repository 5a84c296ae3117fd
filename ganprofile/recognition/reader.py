"""A reader: a trained classifier with what it is to be asked, in a folder of its own."""

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ganprofile.console import say
from ganprofile.datasets import Dataset
from ganprofile.datasets.array_images import CHANNELS, FEW_LEVELS, to_uint8_images
from ganprofile.datasets.blanks import are_blank
from ganprofile.datasets.given import images_as_array
from ganprofile.datasets.loaders.edges import light_edges
from ganprofile.datasets.loaders.polarity import CLEAR_MAJORITY
from ganprofile.errors import GanprofileError, UsageError, first_line, is_whole
from ganprofile.hub.download import model_folder
from ganprofile.recognition.models import MODELS, Model
from ganprofile.recognition.sentences import sentences
from ganprofile.runtimes import may_be_opened, open_network, runtime_of
from ganprofile.runtimes.network import READER, ExportedNetwork
from ganprofile.storage.files import composed, expanded, is_there, printable, read_json
from ganprofile.storage.names import as_word, require_there
from ganprofile.storage.paths import StrPath

FOLDER = "readers"  # where readers lie if nothing else is said
FILE = "reader.json"
FOLDS = "folds.npz"  # what was said of images that were not seen
NEEDED = ("model", "class_names", "image_shape")


@dataclasses.dataclass(frozen=True)
class Reader:
    """A classifier and what its answers mean.

    Attributes:
        path: its folder, or the file of an exported one.
        classifier: with `predict_proba`.
        info: content of `reader.json`: `model`, `class_names`, `image_shape`, `dataset`,
            `filled`, the share of a side that photographed characters are made to fill, and
            `accuracy` on the dataset's test part or None.

    Example:
        >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
        >>> reader.info["model"], reader.info["image_shape"]
        ('k-nn', [28, 28, 1])
    """

    path: Path
    classifier: Any
    info: dict[str, Any]

    @classmethod
    def open(cls, path: StrPath | None = None) -> Self:
        """Read a reader's folder.

        Args:
            path: the folder, its name in `readers/`, also where something else lies here under
                that name, what `export_model` wrote of a reader, or
                `hf:user/name` of one on Hugging Face's Hub; None takes the only one, or the newest,
                in `readers/`.

        Returns:
            A `Reader`.

        Raises:
            UsageError: nothing lies at the path.
            GanprofileError: there is no reader, or it is damaged.

        Example:
            >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
            >>> gp.Reader.open("readers/digits-k-nn").info["model"]
            'k-nn'
        """
        if path is None:
            path = _newest()
        if runtime_of(path):
            network = open_network(path)
            return cls(network.path, ExportedClassifier(network), network.info)
        path = model_folder(path) or _by_name(path)
        if not (path / FILE).is_file():
            raise GanprofileError(
                f"{printable(path)} is no reader. Make one: ganprofile classify --train mnist."
            )
        info = read_info(path)
        model = MODELS[info["model"]]
        return cls(path, _loaded(path, model), info)

    @property
    def class_names(self) -> list[str]:
        """Names of the classes, in the order of the labels that `read` gives.

        Example:
            >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
            >>> reader.class_names[3]
            '3'
        """
        return [composed(name) for name in self.info["class_names"]]

    def sentences(self) -> list[str]:
        """What is known of how well it reads, in words.

        Example:
            >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
            >>> reader.sentences()[0].startswith("It reads ")
            True
        """
        return sentences(self.info)

    def read(
        self, images: NDArray[np.uint8] | Dataset
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """What images are.

        Args:
            images: uint8 `(n, height, width, channels)` of the shape that it was trained on, 255 =
                ink; or in another form that `load` takes arrays in; or a `Dataset`. What was
                assumed is said.

        Returns:
            `(labels, probabilities)`: int64 `(n,)`, of the likeliest classes, which are places in
            `class_names`, and float32 `(n,)`. A `Dataset` whose classes are others, or stand in
            another order, is said to number them otherwise.

        Raises:
            UsageError: images of another shape, or no images.

        Example:
            >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
            >>> labels, probabilities = reader.read(gp.load("digits")[1].images)
            >>> labels.shape, probabilities.shape
            ((1000,), (1000,))
            >>> names = [reader.class_names[label] for label in labels]
        """
        shape = tuple(self.info["image_shape"])
        if isinstance(images, Dataset):
            self._say_other_classes(images)
        images = _as_images(images, f"The array for {self.path}")
        if shape[-1] == 1 and images.shape[-1] == 3 and (images == images[..., :1]).all():
            images = images[..., :1]
        if images.shape[1:] != shape:
            finding = ", or let gp.classify(files, reader) look for characters on pictures"
            finding *= is_of_photographs(shape)
            raise UsageError(
                f"{self.path} reads images of {shape}. Received: {images.shape[1:]}. Bring them to "
                f"this shape{finding}."
            )
        if not len(images):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if np.mean(light_edges(images)) >= CLEAR_MAJORITY:
            say(
                f"The images for {self.path} look like dark ink on light paper. A reader takes 255 "
                "for ink: give it 255 - images where these are uint8 without opacity, else "
                "255 - gp.Dataset.from_arrays(images).images."
            )
        blank = int(are_blank(images).sum())
        if blank and all(map(str.strip, self.class_names)):
            say(
                f"{blank:,} of {len(images):,} images for {self.path} show nothing: what is read "
                "of them means nothing."
            )
        said = self._said(images)
        return said.argmax(axis=1), said.max(axis=1)

    def _said(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of the classes that are named, float32 `(n, num_classes)`."""
        try:
            said: NDArray[np.float32] = self.classifier.predict_proba(images)
        except GanprofileError:
            raise
        except ValueError as error:  # of images of another shape
            raise _damaged(self.path, f" ({first_line(error)})") from error
        if said.shape[1] != len(self.class_names):
            why = f": of {len(self.class_names):,} classes, the classifier of {said.shape[1]:,}"
            raise _damaged(self.path, why)
        return said

    def _say_other_classes(self, dataset: Dataset) -> None:
        """Say where a `Dataset` numbers its classes otherwise than the labels that it gets."""
        if dataset.labels is not None and [*dataset.class_names] != self.class_names:
            say(
                f"{printable(dataset.name)} has other classes than {self.path}, or in another "
                "order: what is read are places in the reader's `class_names`. Compare names, not "
                "numbers."
            )


def _as_images(given: Any, where: str) -> NDArray[np.uint8]:
    """uint8 `(n, height, width, channels)`, whatever form an array has; what was assumed is said.

    Raises:
        UsageError: it is no array of images.
    """
    if isinstance(given, (str, os.PathLike)):
        raise UsageError(
            f"{where} should be an array. Received: {str(given)!r}. Pictures in files are read by "
            "gp.classify(pictures, reader)."
        )
    given = given.images if isinstance(given, Dataset) else given
    images = given
    is_plain = isinstance(given, np.ndarray) and given.dtype == np.uint8 and given.ndim == 4
    if is_plain and given.shape[-1] not in (1, 3):  # then colours may stand elsewhere, or opacity
        is_plain = not {*CHANNELS} & {*given.shape[1:]}
    if not is_plain or (len(given) and given.max() <= FEW_LEVELS):  # then 1, or 16, is full ink
        array, said = images_as_array(given, where)
        images, more = to_uint8_images(array, where)
        for sentence in (*said, *more):
            say(sentence)
    return images


class ExportedClassifier:
    """A classifier that has left Keras.

    Args:
        network: an `ExportedNetwork` from images to probabilities.

    Raises:
        UsageError: it draws images.
    """

    def __init__(self, network: ExportedNetwork) -> None:
        if network.info["kind"] != READER:
            raise UsageError(
                f"{network.path} is a {network.info['kind']}, which reads nothing. Draw with it: "
                f"ganprofile sample {as_word(network.path)}"
            )
        self._network = network

    def predict_proba(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of the classes, float32 `(n, num_classes)`."""
        return self._network.outputs({"images": images})


def classifier_file(folder: Path, model: Model) -> Path:
    """Where in a reader's folder its classifier is kept."""
    return folder / f"classifier{model.suffix}"


def read_info(path: Path) -> dict[str, Any]:
    """The content of the `reader.json` of a folder.

    Raises:
        GanprofileError: it is missing or damaged.
    """
    info = read_json(path / FILE)
    if not set(NEEDED) <= set(info) or not _is_sound(info):
        raise _damaged(path)
    return info


def _is_sound(info: dict[str, Any]) -> bool:
    """Whether what classifying goes by is of its kind."""
    names, shape, filled = info["class_names"], info["image_shape"], info.get("filled")
    return (
        str(info["model"]) in MODELS
        and isinstance(names, list)
        and all(isinstance(name, str) for name in names)
        and len({*names}) == len(names)
        and isinstance(shape, list)
        and len(shape) == 3
        and all(is_whole(size) and size > 0 for size in shape)
        and (filled is None or (isinstance(filled, (int, float)) and 0 < filled <= 1))
        and isinstance(info.get("calibration") or {}, dict)
    )


def _damaged(path: Path, why: str = "") -> GanprofileError:
    """What is said of a folder whose `reader.json` is not that of its classifier, or none."""
    return GanprofileError(f"{path / FILE} is damaged{why}. Train the reader again.")


def _loaded(path: Path, model: Model) -> Any:
    """The classifier of a reader's folder; what a damaged file raises becomes a sentence."""
    if not classifier_file(path, model).exists():
        raise GanprofileError(f"{classifier_file(path, model)} is missing. Train the reader again.")
    try:
        return model.kind.load(classifier_file(path, model))
    except (GanprofileError, MemoryError):
        raise
    except Exception as error:
        raise GanprofileError(
            f"{classifier_file(path, model)} is damaged ({first_line(error)}). Train the reader "
            "again."
        ) from error


def is_of_photographs(shape: Sequence[int]) -> bool:
    """Whether characters of photographs, which become square and grey, are of the shape `(height,
    width, channels)` that a reader reads."""
    height, width, channels = shape
    return height == width and channels == 1


def place_of(path: StrPath) -> Path | None:
    """The folder of the reader that a path, or a name in `readers/`, names, or None.

    What lies here under the name and is no reader, as the data that one learned from, hides none.
    """
    here = expanded(path)
    places = (here, Path(FOLDER) / path)
    return next((place for place in places if is_there(place / FILE)), None)


def _by_name(path: StrPath) -> Path:
    """Where a reader lies that a path, or a name in `readers/`, names."""
    found = place_of(path)
    if found is None:
        require_there("reader", path, may_be_opened)
    return found or expanded(path)


def _newest() -> Path:
    found = sorted(Path(FOLDER).glob(f"[!.]*/{FILE}"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise GanprofileError(
            f"There is no reader in {FOLDER}/. Make one: ganprofile classify --train mnist."
        )
    return found[-1].parent
