"""The run folder: what a training leaves behind, complete or refused with what is missing.

    config.json        everything needed to repeat it
    subset.csv         which images of the dataset it saw, where not all of them
    history.csv        a row per epoch
    histograms.npz     losses of every step; logits on real and fake images as 64 bins an epoch
    checkpoint/        the newest complete state: state.npz, or interim.npz where that is newer
    generator.keras    loads with keras.saving.load_model in safe mode
    grid.png           the finished generator's images
    samples/           one grid per epoch, always the same latents; progress.gif
    figures/           plots, drawn once after training
    trackers.json      which runs of trackers it is told to, where asked for
    tensorboard/       events for TensorBoard, where asked for

A *model* is the part that draws: config.json, generator.keras, grid.png.
"""

from __future__ import annotations

import csv
import datetime
import functools
import hashlib
import io
import itertools
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from ganprofile.console import say
from ganprofile.errors import (
    LARGEST_DRAW,
    GanprofileError,
    UsageError,
    cannot_write,
    check_seed,
    check_whole,
    first_line,
    written,
)
from ganprofile.gan import conditions
from ganprofile.hub.download import model_folder
from ganprofile.runs import model_places
from ganprofile.runs.checkpoints import INTERIM, REGULAR, newest_checkpoint
from ganprofile.runs.config_file import (
    EARLIER_GENERATOR,
    compared_data,
    going_on,
    read_config,
    refuse_other_training,
    training_anew,
)
from ganprofile.runtimes import may_be_opened, runtime_of
from ganprofile.storage.arrays import UNREADABLE, write_arrays
from ganprofile.storage.files import (
    A_WHOLE_COPY,
    atomic_folder,
    check_path,
    composed,
    expanded,
    file_name,
    is_folder,
    printable,
    write_json,
)
from ganprofile.storage.locks import held
from ganprofile.storage.paths import StrPath

if TYPE_CHECKING:
    import keras

    from ganprofile.datasets import Dataset
    from ganprofile.datasets.given import Arrays

# One value of a condition by its name, or one for each image; None goes through all in turn.
Asked: TypeAlias = str | int | Sequence[str | int] | np.ndarray | None
FOLDERS = ("checkpoint", "samples", "figures")
LONGEST_NAME = 60  # characters of a folder, beside its date and number


class Run:
    """A run folder or a model; make one with `Run.create` or `Run.open`.

    Attributes:
        path: the folder.
        config: content of `config.json`.

    Example:
        >>> run = gp.Run.open("digits-cgan")
        >>> run.sample(3, label="7").shape
        (3, 28, 28, 1)
    """

    _travelled: bytes | None = (
        None  # what `generator.keras` holds, in a process that was sent the run
    )

    def __init__(self, path: StrPath, config: dict[str, Any]) -> None:
        self.path = Path(path)
        self.config = config

    def __getstate__(self) -> dict[str, Any]:
        """What travels to another process, where the folder need not be: it still draws there."""
        self.require("generator.keras")
        content = (self.path / "generator.keras").read_bytes()
        return {"path": self.path, "config": self.config, "_travelled": content}

    def __repr__(self) -> str:
        return f"<Run {self.path}>"

    @classmethod
    def create(cls, output: StrPath, config: Mapping[str, Any]) -> Run:
        """Make a new folder `DATE-MODEL-DATASET-NNN` under `output`, whole or not at all.

        Args:
            output: the folder to make it in; it is made where it is missing.
            config: content of `config.json`, as `train` returns it with `dry_run=True`.

        Returns:
            The `Run`, not trained yet.

        Raises:
            GanprofileError: the folder cannot be written.

        Example:
            >>> config = gp.train("digits", "cgan", dry_run=True)
            >>> run = gp.Run.create("runs", config)

            >>> run.path.name
            '...-cgan-digits-001'
        """
        label = f"{config['model']}-{config['dataset']['name']}"
        name = re.sub(r"[-_.]+", "-", file_name(label))[:LONGEST_NAME]
        stem = f"{datetime.date.today()}-{name}"
        for number in itertools.count(1):
            path = expanded(output) / f"{stem}-{number:03d}"
            try:
                with atomic_folder(path) as folder:
                    for name in FOLDERS:
                        (folder / name).mkdir()
                    write_json(folder / "config.json", config)
            except UsageError:  # the number is taken, perhaps just now
                continue
            except OSError as error:
                raise cannot_write(error.filename or str(path), error) from error
            return cls.open(path)
        raise AssertionError("There is always another number.")

    @classmethod
    def open(cls, source: Run | StrPath, offline: bool = False) -> Run:
        """Open a run folder by its path or a model by its path or name.

        A name is looked up in `./saved_models`, then among the models that the package carries. A
        file that `export_model` wrote opens as a run that only draws.

        Args:
            source: a path or a name, such as `hf:user/name` of a model on Hugging Face's Hub; a
                `Run` is returned as it is.
            offline: refuse to download it.

        Returns:
            The `Run`.

        Raises:
            UsageError: there is nothing of that name or at that path.
            GanprofileError: the folder's `config.json` is missing or damaged, or the model cannot
                be had.

        Example:
            >>> gp.Run.open("digits-cgan")
            <Run ...digits-cgan>
        """
        if isinstance(source, Run):
            return source
        check_path(source)
        if not os.fspath(source):
            raise _no_run(source)
        if runtime_of(source):
            from ganprofile.runs.exported import ExportedRun

            return ExportedRun(source)
        path = model_folder(source, offline)
        if path is None:
            path = next((place for place in model_places.places(source) if is_folder(place)), None)
        if path is None:
            raise _no_run(source)
        model_places.refuse_folder_of_runs(path)
        if not model_places.is_run(path):
            raise UsageError(
                f"{path} is no run folder and no model: it has no config.json. "
                f"{model_places.nearest(source, may_be_opened)}"
            )
        if not (path / "config.json").is_file():
            raise GanprofileError(
                f"{path} is incomplete: config.json is missing. Copy the whole folder again, or "
                "train anew."
            )
        return cls(path, read_config(path / "config.json"))

    @property
    def class_names(self) -> list[str]:
        """Names of the classes that the run's data have.

        Example:
            >>> gp.Run.open("digits-cgan").class_names
            ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
        """
        return [composed(name) for name in self.config["dataset"]["class_names"]]

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """`(height, width, channels)`.

        Example:
            >>> gp.Run.open("digits-cgan").image_shape
            (28, 28, 1)
        """
        return tuple(self.config["dataset"]["image_shape"])

    @property
    def conditions(self) -> dict[str, int]:
        """Condition -> number of values; empty for an unlabelled model.

        Example:
            >>> gp.Run.open("digits-cgan").conditions
            {'label': 10}
        """
        return self.config["conditions"]

    @functools.cached_property
    def generator(self) -> keras.Model:
        """The generator, a plain Keras model.

        Raises:
            GanprofileError: `generator.keras` is missing, damaged or of another training.

        Example:
            >>> gp.Run.open("digits-cgan").generator.output_shape
            (None, 28, 28, 1)
        """
        from ganprofile.gan.networks.serialization import described

        network, note = self._read_generator()
        path = self.path / "generator.keras"
        refuse_other_training(path, {**described(network), **note}, self.config)
        return network

    def _read_generator(self) -> tuple[keras.Model, dict[str, Any]]:
        """The network, and the note that goes with it."""
        import keras

        from ganprofile.gan.networks.serialization import from_bytes, read_note

        if self._travelled is not None:
            return from_bytes(self._travelled), read_note(io.BytesIO(self._travelled))
        self.require("generator.keras")
        path = self.path / "generator.keras"
        try:
            return keras.saving.load_model(path, compile=False), read_note(path)
        except Exception as error:
            # Keras says that a damaged archive is not found, which is none of its own.
            why = (
                first_line(error) if zipfile.is_zipfile(path) else "the file is damaged or cut off"
            )
            raise GanprofileError(
                f"{path} cannot be loaded ({why}). Train again or copy the whole run folder."
            ) from error

    @functools.cached_property
    def fingerprint(self) -> str:
        """sha256 of `generator.keras`, as 64 hexadecimal digits.

        Raises:
            GanprofileError: `generator.keras` is missing.

        Example:
            >>> len(gp.Run.open("digits-cgan").fingerprint)
            64
        """
        self._require_there("generator.keras")
        return hashlib.sha256((self.path / "generator.keras").read_bytes()).hexdigest()

    @property
    def history(self) -> dict[str, np.ndarray]:
        """`history.csv` as column -> float array; NaN where an epoch was not judged.

        Returns:
            Name -> float64 `(epochs,)`.

        Raises:
            GanprofileError: the run has none, as a model, or it is damaged.

        Example:
            >>> train_set, test_set = gp.load("digits")
            >>> run = gp.train(train_set.subset(5), "cgan", epochs=2, progress=False)

            >>> run.history["epoch"].tolist(), sorted(run.history)[:2]
            ([1.0, 2.0], ['discriminator_gradient_norm', 'discriminator_loss'])
        """
        rows = [numbers for numbers, _ in self._history_rows()]
        return {name: np.array([row[name] for row in rows]) for name in (rows[0] if rows else {})}

    @property
    def events(self) -> dict[int, str]:
        """What happened to the training, epoch -> sentences.

        Raises:
            GanprofileError: the run has no history, as a model.

        Example:
            >>> train_set, test_set = gp.load("digits")
            >>> run = gp.train(train_set.subset(5), "cgan", epochs=2, progress=False)

            >>> run.events
            {...: 'The drawn images vary less than half as much as real ones...'}
        """
        return {int(numbers["epoch"]): event for numbers, event in self._history_rows() if event}

    def _history_rows(self) -> list[tuple[dict[str, float], str]]:
        """The numbers of each epoch, and what happened to it."""
        self.require("history.csv")
        path = self.path / "history.csv"
        try:
            with open(path, newline="", encoding="utf-8-sig") as file:
                # A kill may have cut the newest row; resuming writes it again.
                rows = [row for row in csv.DictReader(file) if None not in row.values()]
            events = [row.pop("event", "") for row in rows]
            numbers = [{name: float(value) for name, value in row.items()} for row in rows]
            if any("epoch" not in row for row in numbers):
                raise ValueError("it has no column epoch")
        except (*UNREADABLE, csv.Error, TypeError) as error:
            raise GanprofileError(
                f"{path} cannot be read as a table with commas between its columns "
                f"({first_line(error):.80}). {A_WHOLE_COPY}"
            ) from error
        return list(zip(numbers, events, strict=True))

    @property
    def last_epoch(self) -> dict[str, float]:
        """The newest row of the history, name -> number.

        Raises:
            GanprofileError: the run has no history, as a model.

        Example:
            >>> train_set, test_set = gp.load("digits")
            >>> run = gp.train(train_set.subset(5), "cgan", epochs=2, progress=False)

            >>> run.last_epoch["epoch"], 0 <= run.last_epoch["probability_real"] <= 1
            (2.0, True)
        """
        return {name: float(values[-1]) for name, values in self.history.items()}

    def require(self, *files: str) -> None:
        """Refuse to go on when a file of the folder is missing, or the generator is that of a
        shorter training (`has_generator`).

        Args:
            *files: paths below the folder.

        Raises:
            GanprofileError: with the name of the file and what to do.

        Example:
            >>> run = gp.Run.open("digits-cgan")
            >>> run.require("generator.keras", "grid.png")
            >>> run.require("history.csv")
            Traceback (most recent call last):
            ...
            ganprofile.errors.GanprofileError: ...digits-cgan is a model, which only draws: ...
        """
        self._require_there(*files)
        if "generator.keras" in files and EARLIER_GENERATOR in self.config:
            raise GanprofileError(
                f"{self.path} is unfinished: generator.keras is of a training of "
                f"{self.config[EARLIER_GENERATOR]} epochs, and {self.config['settings']['epochs']} "
                f"were asked for since. Finish it with: {going_on(self.path, self.config)}"
            )

    @property
    def has_generator(self) -> bool:
        """Whether `generator.keras` is there and of the training that the config names; one that
        was made longer writes its own at its end.

        Example:
            >>> gp.Run.open("digits-cgan").has_generator
            True
        """
        is_there = (self.path / "generator.keras").is_file()
        return is_there and EARLIER_GENERATOR not in self.config

    def _require_there(self, *files: str) -> None:
        for file in files:
            if not (self.path / file).exists():
                if self._is_model:
                    raise GanprofileError(
                        f"{self.path} is a model, which only draws: it has no {file}. "
                        f"Train it anew with: {training_anew(self.path, self.config)}"
                    )
                remedy = (
                    f"Finish it with: {going_on(self.path, self.config)}"
                    if (self.path / "checkpoint").is_dir()
                    else "Copy the whole folder again."
                )
                raise GanprofileError(f"{self.path} is incomplete: {file} is missing. {remedy}")

    @property
    def _is_model(self) -> bool:
        """Whether it draws and has no folder of a training; what is pushed keeps its history."""
        has_folders = any((self.path / folder).exists() for folder in FOLDERS)
        return (self.path / "generator.keras").exists() and not has_folders

    def dataset(self, given: Dataset | Arrays | None = None, offline: bool = False) -> Dataset:
        """The data that the run was trained on, checked.

        Args:
            given: the data, where they came as arrays; None loads them again.
            offline: refuse to download them.

        Returns:
            A `Dataset`.

        Raises:
            GanprofileError: they cannot be had, or are not the same any more.

        Example:
            >>> gp.Run.open("digits-cgan").dataset()
            <Dataset digits train: 5000 images of 28x28x1, 10 classes>
        """
        from ganprofile.datasets import as_dataset, from_recipe

        recorded = self.config["dataset"]
        dataset = as_dataset(given)
        if given is None:
            try:
                dataset = from_recipe(recorded["recipe"], offline)
            except UsageError as error:
                raise GanprofileError(
                    f"{self.path} was trained on {recorded['images']} images of "
                    f"{recorded['name']}, which cannot be had again: {error}"
                ) from error
        dataset, changed = compared_data(recorded, dataset)
        if changed:
            raise GanprofileError(
                f"{self.path} was trained on other data: {changed}. Put those back, or train anew "
                f"with: {training_anew(self.path, self.config)}"
            )
        return dataset

    @property
    def condition_values(self) -> dict[str, list[Any]]:
        """Condition -> the names of its values, in the order of their indices.

        Example:
            >>> gp.Run.open("digits-cgan").condition_values
            {'label': ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']}
        """
        names = {"label": self.class_names, "writer": self.config["dataset"].get("writers")}
        return {name: names[name] for name in self.conditions}

    def label_index(self, label: str | int) -> int:
        """The index of a class name.

        Args:
            label: the name; a number stands for the name that it is written as.

        Raises:
            UsageError: the model does not know the class, or is unlabelled.

        Example:
            >>> gp.Run.open("digits-cgan").label_index("7")
            7
        """
        return conditions.index_of(self.condition_values, "label", label, self.path.name)

    def condition_indices(
        self, count: int, first: int = 0, **requested: Asked
    ) -> dict[str, np.ndarray]:
        """Conditions of some images; see `gan.conditions`.

        Args:
            count: how many images.
            first: index of the first image, 0 or more.
            **requested: condition -> the name of a value, or indices `(count,)`; None, and what is
                not named, goes through all values in turn.

        Returns:
            Condition -> integers `(count,)`.

        Raises:
            UsageError: the model does not know the value or was not told of the condition, or
                `first` is below 0.

        Example:
            >>> run = gp.Run.open("digits-cgan")
            >>> run.condition_indices(4)["label"].tolist()
            [0, 1, 2, 3]
            >>> run.condition_indices(2, label="7")["label"].tolist()
            [7, 7]
        """
        check_whole("first", first, least=0)
        values, model = self.condition_values, self.path.name
        return conditions.condition_indices(values, requested, first, count, model)

    def sample(
        self, count: int, label: Asked = None, seed: int = 0, first: int = 0, writer: Asked = None
    ) -> np.ndarray:
        """Draw images.

        Args:
            count: how many, 1 or more.
            label: a class name, or `count` of them; None goes through the classes in turn. A number
                is a name, too: 2 draws the class `"2"`.
            seed: in 0..2147483647; image k of a seed is always the same.
            first: index of the first image, 0 or more.
            writer: a writer's id, or `count` of them; None goes through the writers in turn, by the
                image's index: name them where classes are named in turn, too, for all pairs.

        Returns:
            uint8 `(count, height, width, channels)`, 0 = paper, 255 = ink.

        Raises:
            UsageError: the model does not know a class or writer, or a number is out of range.
            GanprofileError: the run has no generator yet, or it is damaged.

        Example:
            >>> run = gp.Run.open("digits-cgan")
            >>> images = run.sample(4, label=["2", "0", "2", "6"], seed=1)
            >>> images.shape, images.dtype
            ((4, 28, 28, 1), dtype('uint8'))
            >>> bool((run.sample(2, label="2", seed=1)[0] == images[0]).all())
            True
        """
        from ganprofile.gan.drawing import draw

        told = self.conditions_of(count, label, seed, first, writer)
        return draw(self.generator, seed, first, count, **told)

    def conditions_of(
        self, count: int, label: Asked = None, seed: int = 0, first: int = 0, writer: Asked = None
    ) -> dict[str, np.ndarray]:
        """What `sample` tells the generator, which is not read: can the arguments be meant?

        Args:
            count, label, seed, first, writer: as for `sample`.

        Returns:
            Condition -> integers `(count,)`.

        Raises:
            UsageError: the model does not know a class or writer, or a number is out of range.

        Example:
            >>> gp.Run.open("digits-cgan").conditions_of(2, label="7")["label"].tolist()
            [7, 7]
        """
        check_seed(seed)
        for name, number, least in (("count", count, 1), ("first", first, 0)):
            check_whole(name, number, least, LARGEST_DRAW)
        values, asked = self.condition_values, {"label": label, "writer": writer}
        named = conditions.by_name(values, asked, count, self.path.name)
        return self.condition_indices(count, first, **named)

    def record(self, **content: Any) -> None:
        """Put sections into `config.json`, so that the run repeats as it was trained.

        Args:
            **content: name of a section -> JSON values, which replace those of that name; None
                takes a section away. Other sections stay as the file has them by now; where it
                was removed or damaged, which is said, as this object has them.

        Raises:
            GanprofileError: the file cannot be written.

        Example:
            >>> config = gp.train("digits", "cgan", dry_run=True)
            >>> run = gp.Run.create("runs", config)

            >>> run.record(remark="on the old scanner")
            >>> gp.Run.open(run.path).config["remark"]
            'on the old scanner'
        """
        path = self.path / "config.json"
        try:  # not as this object knows it: another may have recorded something meanwhile
            known = read_config(path)
        except GanprofileError:  # hours of training are not lost for it
            known = self.config
            say(f"{printable(path)} was removed or damaged meanwhile; it is written again.")
        kept = {name: of for name, of in known.items() if name not in content}
        with written(self.path):
            write_json(path, kept | {name: of for name, of in content.items() if of is not None})
        self.config = read_config(path)

    def forget_generator(self) -> None:
        """Let the next access load `generator.keras` again: a training has written a new one.

        Example:
            >>> run = gp.Run.open("digits-cgan")
            >>> before = run.generator
            >>> run.forget_generator()
            >>> run.generator is before
            False
        """
        for name in ("generator", "fingerprint"):
            self.__dict__.pop(name, None)

    def held(self) -> AbstractContextManager[None]:
        """Keep other processes from training the run while a block goes on: two would write into
        one folder.

        Raises:
            GanprofileError: another one trains it.

        Example:
            >>> config = gp.train("digits", "cgan", dry_run=True)
            >>> run = gp.Run.create("runs", config)

            >>> with run.held(), run.held():
            ...     pass
            Traceback (most recent call last):
            ...
            ganprofile.errors.GanprofileError: runs/... is being trained by another process. ...
        """
        return held(
            self.path / "checkpoint",
            f"{self.path} is being trained by another process. Wait until it ends, or stop it.",
        )

    def save_checkpoint(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Write name -> array as the newest complete state; the one before stays until then.

        Raises:
            GanprofileError: there are too many bytes for one file.

        Example:
            >>> config = gp.train("digits", "cgan", dry_run=True)
            >>> run = gp.Run.create("runs", config)

            >>> run.save_checkpoint({"epochs_done": np.array(3)})
            >>> int(run.load_checkpoint()["epochs_done"])
            3
        """
        write_arrays(self.path / "checkpoint" / REGULAR, arrays)
        self.drop_interim_checkpoint()

    def save_interim_checkpoint(self, arrays: Mapping[str, np.ndarray]) -> None:
        """The same, beside what `save_checkpoint` wrote, which stays to be gone back to.

        Raises:
            GanprofileError: there are too many bytes for one file.

        Example:
            >>> config = gp.train("digits", "cgan", dry_run=True)
            >>> run = gp.Run.create("runs", config)

            >>> run.save_checkpoint({"epochs_done": np.array(3)})
            >>> run.save_interim_checkpoint({"epochs_done": np.array(4)})
            >>> int(run.load_checkpoint()["epochs_done"])
            4
        """
        write_arrays(self.path / "checkpoint" / INTERIM, arrays)

    def drop_interim_checkpoint(self) -> None:
        """Leave only what `save_checkpoint` wrote.

        Example:
            >>> config = gp.train("digits", "cgan", dry_run=True)
            >>> run = gp.Run.create("runs", config)

            >>> run.save_checkpoint({"epochs_done": np.array(3)})
            >>> run.save_interim_checkpoint({"epochs_done": np.array(4)})
            >>> run.drop_interim_checkpoint()
            >>> int(run.load_checkpoint()["epochs_done"])
            3
        """
        (self.path / "checkpoint" / INTERIM).unlink(missing_ok=True)

    def load_checkpoint(self, mend: bool = False) -> dict[str, np.ndarray] | None:
        """The newest complete state, name -> array, or None before the first epoch's end.

        Of two files one may be damaged: the other is taken, which is said.

        Args:
            mend: whether an interim one takes the place of a damaged one that a training would go
                back to.

        Raises:
            GanprofileError: no file of it can be read, or one is of another training.

        Example:
            >>> config = gp.train("digits", "cgan", dry_run=True)
            >>> run = gp.Run.create("runs", config)

            >>> run.load_checkpoint() is None
            True
        """
        return newest_checkpoint(self.path, self.config, mend)


def _no_run(source: StrPath) -> UsageError:
    """What to raise where nothing is of that name or at that path."""
    nearest = model_places.nearest(source, may_be_opened)
    return UsageError(f"No run folder or model {str(source)!r}. {nearest}")
