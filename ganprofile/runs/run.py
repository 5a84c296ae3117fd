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
    tensorboard/       events for TensorBoard, where asked for

A *model* is the part that draws: config.json, generator.keras, grid.png.
"""

import csv
import datetime
import functools
import hashlib
import itertools
import re
from pathlib import Path

import numpy as np

from ganprofile.datasets import as_dataset, from_recipe, without_empty_classes
from ganprofile.errors import GanprofileError, UsageError, check_seed
from ganprofile.gan import conditions
from ganprofile.runs import model_places
from ganprofile.runs.config_file import data_differences, read_config
from ganprofile.storage.arrays import open_arrays, write_arrays
from ganprofile.storage.files import atomic_folder, composed, held, write_json


class Run:
    """A run folder or a model; make one with `Run.create` or `Run.open`.

    Attributes:
        path: the folder.
        config: content of `config.json`.
    """

    _travelled = None  # what `generator.keras` holds, in a process that was sent the run

    def __init__(self, path, config):
        self.path = Path(path)
        self.config = config

    def __getstate__(self):
        """What travels to another process, where the folder need not be: it still draws there."""
        self.require("generator.keras")
        content = (self.path / "generator.keras").read_bytes()
        return {"path": self.path, "config": self.config, "_travelled": content}

    def __repr__(self):
        return f"<Run {self.path}>"

    @classmethod
    def create(cls, output, config):
        """Make a new folder `DATE-MODEL-DATASET-NNN` under `output`, whole or not at all."""
        label = f"{config['model']}-{config['dataset']['name']}"
        stem = f"{datetime.date.today()}-{re.sub(r'[^A-Za-z0-9]+', '-', label)}"
        for number in itertools.count(1):
            path = Path(output) / f"{stem}-{number:03d}"
            try:
                with atomic_folder(path) as folder:
                    for room in ("checkpoint", "samples", "figures"):
                        (folder / room).mkdir()
                    write_json(folder / "config.json", config)
            except UsageError:  # the number is taken, perhaps just now
                continue
            except OSError as error:
                raise GanprofileError(
                    f"{error.filename or path} cannot be written ({error.strerror or error}). "
                    "Make room, or choose another `output`."
                ) from error
            return cls.open(path)

    @classmethod
    def open(cls, source):
        """Open a run folder by its path or a model by its path or name.

        A name is looked up in `./saved_models`, then among the models that the package carries.

        Raises:
            UsageError: there is nothing of that name or at that path.
            GanprofileError: the folder's `config.json` is missing or damaged.
        """
        if isinstance(source, Run):
            return source
        path = next((place for place in model_places.places(source) if place.is_dir()), None)
        if path is None:
            raise UsageError(
                f"No run folder or model {str(source)!r}. "
                f"Models at hand: {', '.join(model_places.model_names()) or 'none'}."
            )
        return cls(path, read_config(path / "config.json"))

    @property
    def class_names(self):
        """Names of the classes that the run's data have."""
        return [composed(name) for name in self.config["dataset"]["class_names"]]

    @property
    def image_shape(self):
        """`(height, width, channels)`."""
        return tuple(self.config["dataset"]["image_shape"])

    @property
    def conditions(self):
        """Condition -> number of values; empty for an unlabelled model."""
        return self.config["conditions"]

    @functools.cached_property
    def generator(self):
        """The generator, a plain Keras model."""
        import keras

        if self._travelled is not None:
            from ganprofile.gan.networks.serialization import from_bytes

            return from_bytes(self._travelled)
        self.require("generator.keras")
        try:
            return keras.saving.load_model(self.path / "generator.keras", compile=False)
        except Exception as error:
            raise GanprofileError(
                f"{self.path / 'generator.keras'} cannot be loaded ({error}). Train again or "
                "copy the whole run folder."
            ) from error

    @functools.cached_property
    def fingerprint(self):
        """sha256 of `generator.keras`."""
        self.require("generator.keras")
        return hashlib.sha256((self.path / "generator.keras").read_bytes()).hexdigest()

    @property
    def history(self):
        """`history.csv` as column -> float array; NaN where an epoch was not judged."""
        rows = self._history_rows()
        columns = [name for name in (rows[0] if rows else {}) if name != "event"]
        return {name: np.array([float(row[name]) for row in rows]) for name in columns}

    @property
    def events(self):
        """What happened to the training, epoch -> sentences."""
        return {int(row["epoch"]): row["event"] for row in self._history_rows() if row["event"]}

    def _history_rows(self):
        self.require("history.csv")
        with open(self.path / "history.csv", newline="", encoding="utf-8") as file:
            # A kill may have cut the newest row; resuming writes it again.
            return [row for row in csv.DictReader(file) if None not in row.values()]

    @property
    def last_epoch(self):
        """The newest row of the history, name -> number."""
        return {name: float(values[-1]) for name, values in self.history.items()}

    def require(self, *files):
        """Refuse to go on when a file of the folder is missing.

        Raises:
            GanprofileError: with the name of the file and what to do.
        """
        is_model = not any((self.path / file).exists() for file in ("checkpoint", "history.csv"))
        for file in files:
            if not (self.path / file).exists():
                if is_model and file != "generator.keras":
                    raise GanprofileError(
                        f"{self.path} is a model, which only draws: it has no {file}. "
                        "Train it anew with: ganprofile train --config "
                        f"{self.path / 'config.json'}"
                    )
                remedy = (
                    f"Finish it with: ganprofile train --resume {self.path}"
                    if (self.path / "checkpoint").is_dir()
                    else "Copy the whole folder again."
                )
                raise GanprofileError(f"{self.path} is incomplete: {file} is missing. {remedy}")

    def dataset(self, given=None, offline=False):
        """The data that the run was trained on, checked.

        Args:
            given: the data, where they came as arrays; None loads them again.
            offline: refuse to download them.

        Raises:
            GanprofileError: they cannot be had, or are not the same any more.
        """
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
        if dataset.fingerprint != recorded["fingerprint"]:
            dataset = without_empty_classes(dataset)  # as the training did
        if dataset.fingerprint != recorded["fingerprint"]:
            raise GanprofileError(
                f"{self.path} was trained on other data: "
                f"{'; '.join(data_differences(recorded, dataset))}. Put those back, or train anew "
                f"with: ganprofile train --config {self.path / 'config.json'}"
            )
        return dataset

    @property
    def condition_values(self):
        """Condition -> the names of its values, in the order of their indices."""
        names = {"label": self.class_names, "writer": self.config["dataset"].get("writers")}
        return {name: names[name] for name in self.conditions}

    def label_index(self, label):
        """The index of a class name.

        Raises:
            UsageError: the model does not know the class, or is unlabelled.
        """
        return conditions.index_of(self.condition_values, "label", label, self.path.name)

    def condition_indices(self, count, first=0, **requested):
        """Conditions of some images: name -> indices `(count,)`; see `gan.conditions`."""
        values, model = self.condition_values, self.path.name
        return conditions.condition_indices(values, requested, first, count, model)

    def sample(self, count, label=None, seed=0, first=0, writer=None):
        """Draw images.

        Args:
            count: how many.
            label: a class name, or `count` of them; None goes through the classes in turn. A number
                is a name, too: 2 draws the class `"2"`.
            seed: a non-negative integer; image k of a seed is always the same.
            first: index of the first image.
            writer: a writer's id, or `count` of them; None goes through the writers in turn.

        Returns:
            uint8 `(count, height, width, channels)`.
        """
        from ganprofile.gan.drawing import draw

        check_seed(seed)
        if count < 1 or first < 0:
            raise UsageError(
                "Drawing needs a count of 1 or more and a first index of 0 or more. "
                f"Received: {count}, {first}."
            )
        values, asked = self.condition_values, {"label": label, "writer": writer}
        named = conditions.by_name(values, asked, count, self.path.name)
        return draw(
            self.generator, seed, first, count, **self.condition_indices(count, first, **named)
        )

    def record(self, **content):
        """Put sections into `config.json`, so that the run repeats as it was trained."""
        path = self.path / "config.json"
        write_json(path, {**self.config, **content})
        self.config = read_config(path)

    def forget_generator(self):
        """Let the next access load `generator.keras` again: a training has written a new one."""
        for name in ("generator", "fingerprint"):
            self.__dict__.pop(name, None)

    def held(self):
        """Keep other processes from training the run while a block goes on: two would write into
        one folder.

        Raises:
            GanprofileError: another one trains it.
        """
        return held(
            self.path / "checkpoint",
            f"{self.path} is being trained by another process. Wait until it ends, or stop it.",
        )

    def save_checkpoint(self, arrays):
        """Write name -> array as the newest complete state; the one before stays until then."""
        write_arrays(self.path / "checkpoint" / "state.npz", arrays)
        self.drop_interim_checkpoint()

    def save_interim_checkpoint(self, arrays):
        """The same, beside what `save_checkpoint` wrote, which stays to be gone back to."""
        write_arrays(self.path / "checkpoint" / "interim.npz", arrays)

    def drop_interim_checkpoint(self):
        """Leave only what `save_checkpoint` wrote."""
        (self.path / "checkpoint" / "interim.npz").unlink(missing_ok=True)

    def load_checkpoint(self):
        """The newest complete state, name -> array, or None before the first epoch's end."""
        remedy = f"Train anew with: ganprofile train --config {self.path / 'config.json'}"
        paths = (self.path / "checkpoint" / name for name in ("interim.npz", "state.npz"))
        states = [open_arrays(path, remedy) for path in paths if path.exists()]
        # A kill may have left an interim one behind that is older.
        return max(states, key=lambda state: state.get("epochs_done", 0), default=None)
