"""A reader of a few labelled and many unlabelled images that learns against a generator.

`gan.semi_supervised` has the model; here it is trained so that it can be stopped and gone on with,
and reads images as teachers do.
"""

import dataclasses
import functools
import hashlib
from pathlib import Path

import keras
import numpy as np

from ganprofile.backend import forward
from ganprofile.console import ProgressBar
from ganprofile.datasets import Dataset
from ganprofile.errors import GanprofileError
from ganprofile.gan.networks.perceptron_reader import build_generator, build_reader, fit_scales
from ganprofile.gan.pipeline import endless_batches
from ganprofile.gan.semi_supervised import SemiSupervisedGAN, SemiSupervisedSettings
from ganprofile.images import to_float
from ganprofile.storage.arrays import write_arrays
from ganprofile.storage.kept import kept_arrays, kept_name

SETTINGS = SemiSupervisedSettings()
READ = 0.5  # how much what a reader says counts beside the labels from which it learned
STEPS_PER_EPOCH = 500  # from one checkpoint to the next
MEASURED = 500  # images by which the layers' first scales are set
READ_AT_ONCE = 1000


@dataclasses.dataclass(frozen=True)
class AdversarialTraining:
    """How such a reader is trained, and where it is kept.

    Attributes:
        few: a labelled `Dataset`.
        many: uint8 `(n, height, width, channels)`, without labels.
        spread: probabilities of their classes, as they were spread to them before, float32
            `(n, num_classes)`.
        seed: of weights, noise, deformations and order.
        folder: it is kept in a folder of it, by all that decides what it learns.
        settings: `SemiSupervisedSettings`.
    """

    few: Dataset
    many: np.ndarray
    spread: np.ndarray
    seed: int
    folder: Path
    settings: SemiSupervisedSettings = SETTINGS

    @functools.cached_property
    def place(self):
        """The file of its newest state, a `Path`."""
        name = kept_name(
            "adversarial",
            few=self.few.fingerprint,
            many=hashlib.sha256(self.many.tobytes() + self.spread.tobytes()).hexdigest(),
            seed=self.seed,
            settings=dataclasses.asdict(self.settings),
            backend=keras.backend.backend(),
        )
        return self.folder / f"{name}.npz"

    def columns(self):
        """All images, the labelled ones first, with what is told of them: name -> array."""
        known = np.ones(len(self.few), np.float32)
        return {
            "images": np.concatenate([self.few.images, self.many]),
            "label": np.concatenate([self.few.labels, self.spread.argmax(axis=1)]).astype(np.int32),
            "certainty": np.concatenate([known, certainty(self.spread)]),
        }

    def model(self):
        """The model, as it begins."""
        shape = self.few.image_shape
        reader = build_reader(shape, self.few.num_classes, self.seed)
        few, order = self.few, np.random.default_rng(self.seed).permutation(len(self.many))
        measured = self.many[order[:MEASURED]]
        if len(measured) < MEASURED:  # of one alone, layers would see no deviation
            measured = np.concatenate([measured, few.images])
        fit_scales(reader, to_float(measured))
        generator = build_generator(shape, self.seed)
        return SemiSupervisedGAN(
            reader, generator, few.images, few.labels, self.settings, self.seed
        )

    def trained(self, progress=False):
        """The `AdversarialReader`, trained from where it was stopped.

        Args:
            progress: whether to say how it goes.
        """
        model, done = self.model(), 0
        if self.place.is_file():
            state = kept_arrays(self.place)
            done = int(state.pop("epochs"))
            model.restore(state)
        epochs = -(-self.settings.steps // STEPS_PER_EPOCH)
        if done < epochs:
            self._fit(model, done, epochs, progress)
        return AdversarialReader(model.averaged_reader)

    def _fit(self, model, done, epochs, progress):
        columns = self.columns()
        batches = endless_batches(
            columns.pop("images"),
            columns,
            self.settings.batch,
            self.seed,
            first_batch=done * STEPS_PER_EPOCH,
            steps_per_epoch=STEPS_PER_EPOCH,
        )
        with ProgressBar(epochs * STEPS_PER_EPOCH, progress) as bar:
            model.fit(
                batches,
                epochs=epochs,
                initial_epoch=done,
                steps_per_epoch=STEPS_PER_EPOCH,
                shuffle=False,  # the stream is shuffled already
                verbose=0,
                callbacks=[_Kept(self.place, bar, done)],
            )


@dataclasses.dataclass(frozen=True)
class AdversarialReader:
    """A trained reader.

    Attributes:
        network: images -> `(logits, features)`.
    """

    network: keras.Model

    def predict_proba(self, images):
        """Probabilities of the classes of uint8 images, float32 `(n, num_classes)`."""
        return keras.ops.convert_to_numpy(keras.ops.softmax(self._seen(images)[0]))

    def activations(self, images):
        """What the last hidden layer sees of images, an iterator of one float32 `(n, units)`."""
        yield self._seen(images)[1]

    def _seen(self, images):
        see = forward(self.network)
        blocks = (images[at : at + READ_AT_ONCE] for at in range(0, len(images), READ_AT_ONCE))
        parts = [see(keras.ops.convert_to_tensor(to_float(block))) for block in blocks]
        return [
            np.concatenate([keras.ops.convert_to_numpy(part[place]) for part in parts])
            for place in (0, 1)
        ]


def with_reader(labels, reader, images):
    """Labels, and what a reader says that learned from them, together (docs/lift.md).

    Args:
        labels: probabilities of the classes of images, float32 `(n, num_classes)`.
        reader: an `AdversarialReader`.
        images: these images, uint8 `(n, height, width, channels)`.

    Returns:
        Probabilities of their classes, float32 `(n, num_classes)`.

    Raises:
        GanprofileError: what it says is no number.
    """
    said = reader.predict_proba(images)
    if not np.isfinite(said).all():
        raise GanprofileError(
            "The reader that learned against a generator diverged: what it says is no number. Say "
            "`effort='quick'`, which needs none."
        )
    return (labels + READ * said) / (1 + READ)


def certainty(probabilities):
    """How sure probabilities `(n, K)` are, in 0..1: 1 minus their entropy over the largest."""
    entropy = -(probabilities * np.log(probabilities + 1e-9)).sum(axis=1)
    return np.clip(1 - entropy / np.log(probabilities.shape[1]), 0, 1).astype(np.float32)


class _Kept(keras.callbacks.Callback):
    """Keeps the state after every epoch, and says how far it is."""

    def __init__(self, place, bar, done):
        super().__init__()
        self._place, self._bar = place, bar
        self._before = done * STEPS_PER_EPOCH

    def on_epoch_end(self, epoch, logs=None):
        self._place.parent.mkdir(parents=True, exist_ok=True)
        write_arrays(self._place, {**self.model.state(), "epochs": np.int64(epoch + 1)})
        self._bar.show_rate((epoch + 1) * STEPS_PER_EPOCH, "steps", self._before)
