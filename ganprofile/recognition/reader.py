"""A reader: a trained classifier with what it is to be asked, in a folder of its own."""

import dataclasses
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ganprofile.console import say
from ganprofile.datasets import (
    Dataset,
    check_loading,
    check_request,
    load,
    parts_without_empty_classes,
)
from ganprofile.datasets.given import Arrays
from ganprofile.datasets.reading_alike import read_as
from ganprofile.errors import GanprofileError, Interrupted, UsageError, check_seed, check_whole
from ganprofile.hub.download import model_folder
from ganprofile.recognition import card
from ganprofile.recognition.found import usual_filled
from ganprofile.recognition.models import MODELS, Model, ModelName, Task, Training, best_for
from ganprofile.recognition.sentences import sentences
from ganprofile.recognition.variants import with_variants
from ganprofile.runtimes import open_network, runtime_of
from ganprofile.runtimes.network import READER, ExportedNetwork
from ganprofile.storage.arrays import write_arrays
from ganprofile.storage.files import (
    atomic_folder,
    file_name,
    read_json,
    refuse_others,
    working_folder,
    write_bytes,
    write_json,
)
from ganprofile.storage.names import did_you_mean, no_such
from ganprofile.storage.paths import StrPath
from ganprofile.storage.versions import installed_versions

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
            path: the folder, what `export_model` wrote of a reader, or `hf:user/name` of one on
                Hugging Face's Hub; None takes the only one, or the newest, in `readers/`.

        Returns:
            A `Reader`.

        Raises:
            GanprofileError: there is none, or it is damaged.

        Example:
            >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
            >>> gp.Reader.open("readers/digits-k-nn").info["model"]
            'k-nn'
        """
        if path is None:
            path = _newest()
        if runtime_of(path):
            network = open_network(path)
            return cls(Path(path), ExportedClassifier(network), network.info)
        path = model_folder(path) or Path(path)
        if not (path / FILE).is_file():
            raise GanprofileError(
                f"{path} is no reader. Make one: ganprofile classify --train mnist."
                f"{did_you_mean(path, paths=True)}"
            )
        info = read_json(path / FILE)
        missing = [key for key in NEEDED if key not in info]
        if missing or info["model"] not in MODELS:
            raise GanprofileError(f"{path / FILE} is damaged. Train the reader again.")
        model = MODELS[info["model"]]
        return cls(path, model.kind.load(_file(path, model)), info)

    def sentences(self) -> list[str]:
        """What is known of how well it reads, in words.

        Example:
            >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
            >>> reader.sentences()[0].startswith("It reads ")
            True
        """
        return sentences(self.info)

    def read(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """What images are.

        Args:
            images: uint8 `(n, height, width, channels)` of the shape that it was trained on.

        Returns:
            `(labels, probabilities)`: int64 `(n,)`, of the likeliest classes, and float32 `(n,)`.

        Raises:
            UsageError: images of another shape.

        Example:
            >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
            >>> labels, probabilities = reader.read(gp.load("digits")[1].images)
            >>> labels.shape, probabilities.shape
            ((1000,), (1000,))
        """
        shape = tuple(self.info["image_shape"])
        if images.shape[1:] != shape:
            raise UsageError(f"{self.path} reads images of {shape}. Received: {images.shape[1:]}.")
        said = self.classifier.predict_proba(images)
        return said.argmax(axis=1), said.max(axis=1)


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
                f"ganprofile sample {network.path}"
            )
        self._network = network

    def predict_proba(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of the classes, float32 `(n, num_classes)`."""
        return self._network.outputs({"images": images})


def train_reader(
    dataset: Dataset | StrPath | Arrays,
    model: ModelName | None = None,
    *,
    subset: int | None = None,
    unlabelled: Dataset | StrPath | Arrays | None = None,
    variants: bool = True,
    output: StrPath | None = None,
    seed: int = 0,
    force: bool = False,
    progress: bool = True,
    **loading: Any,
) -> Reader:
    """Train a classifier on a dataset and keep it.

    Args:
        dataset: a `Dataset`, or a name or path for `load`.
        model: a name in `recognition.models.MODELS`; None takes the best for so many images:
            `teachers`, several networks that read together and say how sure they may be, and above
            1,000 images of a class `convnet`. `student` is one small network that they teach.
        subset: take so many images of every class, 1 or more; None takes all.
        unlabelled: more images whose labels are not known, as for `label`, which gives them some;
            None has none.
        variants: whether some digits are written as in Europe, too: ones with an upstroke, hooked
            nines, crossed sevens, where there are others to take them for.
        output: the folder to make; None makes `readers/DATASET-MODEL`.
        seed: 0..2147483647; the same seed trains the same reader.
        force: replace a reader at `output`.
        progress: whether to say how it goes.
        **loading: further arguments of `load`.

    Returns:
        A `Reader`, with its accuracy on the dataset's test part where it has one.

    Raises:
        UsageError: no such model, no labels, one class only, or `output` exists.
        GanprofileError: the dataset cannot be had or read.

    Example:
        >>> reader = gp.train_reader("digits", "k-nn", subset=20, progress=False)
        >>> reader.path.name, reader.info["images"]
        ('digits-k-nn', 200)
        >>> reader.info["accuracy"] > 0.5
        True
    """
    check_loading("train_reader", loading)
    check_seed(seed)
    if model is not None and model not in MODELS:
        raise no_such("model", model, MODELS)
    if output is not None:
        refuse_others(output, force, FILE, "a reader")
    if subset is not None:
        check_whole("subset", subset)
    check_request(dataset, unlabelled, **loading)
    train_set, test_set = _parts(dataset, subset, seed, loading)
    known = len(train_set)
    if unlabelled is not None:
        train_set = _with_unlabelled(train_set, unlabelled, seed, progress, loading)
    model = model or best_for(train_set)
    named = Path(FOLDER) / f"{file_name(train_set.name)}-{model}"
    path = Path(output) if output is not None else refuse_others(named, force, FILE, "a reader")
    if progress:
        say(f"Training {model} on {len(train_set):,} images of {train_set.name}.")
    shown = with_variants(train_set, seed) if variants else train_set
    with working_folder(path, f"Another process makes {path}. Wait for it.") as room:
        task = Task(train_set, shown, known, seed, room, progress)
        classifier, facts, arrays = _trained(MODELS[model], task)
        info = {
            **_described(train_set, test_set, classifier),
            "model": model,
            "variants": variants,
            "seed": seed,
            **facts,
        }
        with atomic_folder(path, force) as folder:
            classifier.save(_file(folder, MODELS[model]))
            if arrays:
                write_arrays(folder / FOLDS, arrays)
            write_json(folder / FILE, info)
            write_bytes(folder / card.FILE, card.card(info).encode())
    return Reader(path, classifier, info)


def _parts(
    dataset: Dataset | StrPath | Arrays, subset: int | None, seed: int, loading: dict[str, Any]
) -> tuple[Dataset, Dataset | None]:
    """The images to learn from, and those to judge by where there are some."""
    train_set, test_set = (
        (dataset, None) if isinstance(dataset, Dataset) else load(dataset, **loading)
    )
    if train_set.labels is None:
        raise UsageError(f"{train_set.name} has no labels to learn.")
    train_set, test_set = parts_without_empty_classes(train_set, test_set)
    return train_set if subset is None else train_set.subset(subset, seed), test_set


def _trained(model: Model, task: Task) -> Training:
    """What a model's `trained` gives; if it is stopped, it is said what is kept."""
    try:
        return model.trained(task)
    except (KeyboardInterrupt, Interrupted):
        if any(task.room.iterdir()):
            say(f"What was finished is kept in {task.room}; the same command goes on from there.")
        raise


def _with_unlabelled(
    train_set: Dataset,
    unlabelled: Dataset | StrPath | Arrays,
    seed: int,
    progress: bool,
    loading: dict[str, Any],
) -> Dataset:
    """The labelled images, and behind them others with the labels that `label` gives them."""
    from ganprofile.augmentation.labelling import label

    joined = label(unlabelled, by=train_set, seed=seed, progress=progress, **loading)
    assert isinstance(joined, Dataset)
    return dataclasses.replace(joined, name=train_set.name)


def _described(train_set: Dataset, test_set: Dataset | None, classifier: Any) -> dict[str, Any]:
    """What `reader.json` says of every reader, whatever it is."""
    return {
        "dataset": train_set.name,
        "dataset_fingerprint": train_set.fingerprint,
        "provenance": train_set.provenance,
        "class_names": list(train_set.class_names),
        "image_shape": list(train_set.image_shape),
        "filled": usual_filled(train_set.images),
        "keep_size": read_as(train_set.recipe).get("keep_size"),
        "images": len(train_set),
        "accuracy": _tested(classifier, test_set),
        "test_images": None if test_set is None else len(test_set),
        "versions": installed_versions(),
    }


def _tested(classifier: Any, test_set: Dataset | None) -> float | None:
    if test_set is None or test_set.labels is None:
        return None
    from ganprofile.classifiers.accuracy import accuracy  # a classifier that left needs no Keras

    return accuracy(classifier, test_set.images, test_set.labels)


def _file(folder: Path, model: Model) -> Path:
    return folder / f"classifier{model.suffix}"


def _newest() -> Path:
    found = sorted(Path(FOLDER).glob(f"*/{FILE}"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise GanprofileError(
            f"There is no reader in {FOLDER}/. Make one: ganprofile classify --train mnist."
        )
    return found[-1].parent
