"""Which epoch draws best, by a criterion that is not the networks' own."""

import dataclasses

import keras
import numpy as np

from ganprofile.errors import UsageError
from ganprofile.gan.drawing import draw
from ganprofile.metrics.diversity import diversity
from ganprofile.metrics.features import FeatureNetwork, feature_network_for
from ganprofile.metrics.kernel_distance import by_chance, kernel_distance
from ganprofile.training.callbacks.cadence import Cadence

JUDGE_SEED = 1
# A judgement takes as long as some twenty steps of the classic GAN, or four of a convolutional one.
STEPS_BETWEEN = 400


@dataclasses.dataclass(frozen=True)
class ReferenceImages:
    """The real images that drawn ones are compared with.

    Attributes:
        images: uint8 `(n, height, width, channels)`.
        condition_indices: condition -> indices `(n,)`; the drawn images have the same.
        class_names: of the data.
        held_out: whether the GAN is not trained on them.
    """

    images: np.ndarray
    condition_indices: dict[str, np.ndarray]
    class_names: tuple[str, ...]
    held_out: bool


class BestCheckpoint(keras.callbacks.Callback):
    """Compares as many drawn images as there are references with them, in feature space.

    The kernel distance (Binkowski et al. 2018, arXiv 1801.01401) says how good an epoch is, the
    diversity whether the generator has collapsed. The drawn images have the conditions of the real
    ones and always the same latents; where they are told a label, pairs of image and label are
    compared. The generator of the best epoch is kept.

    Args:
        reference: a `ReferenceImages`.
        recorder: the `Recorder`, which comes after this among callbacks.
        steps_per_epoch: short epochs are not judged each, but one in every 400 steps.
    """

    def __init__(self, reference, recorder, steps_per_epoch):
        super().__init__()
        self._reference = reference
        self._recorder = recorder
        self._cadence = Cadence(steps_per_epoch, STEPS_BETWEEN)
        self._features = FeatureNetwork.load(feature_network_for(reference.class_names))
        self._labels = reference.condition_indices.get("label")
        self._real = self._features(reference.images)
        # As much weight in the kernel as the features themselves have.
        self._weight = float(np.sqrt(np.mean(np.sum(self._real**2, axis=1))))
        self._real_pairs = self._with_labels(self._real)
        self._best = {"epoch": np.int64(0), "score": np.float64(np.inf)}

    def description(self):
        """What is compared, and which epoch is kept so far, for the config."""
        return {
            "kept_epoch": int(self._best["epoch"]),
            "metric": "kernel_distance",
            "features": self._features.name,
            "images": len(self._reference.images),
            "held_out": self._reference.held_out,
        }

    def on_epoch_end(self, epoch, logs=None):
        if self._cadence.is_due(epoch):
            self._recorder.judgement = self._compare(self.model, epoch + 1)

    def judge_last(self, gan):
        """Judge the newest epoch where that did not happen when it ended."""
        if np.isnan(self._recorder.last_epoch["kernel_distance"]):
            self._recorder.amend(self._compare(gan, self._recorder.epochs_done))

    def put_best_into(self, generator):
        """Give a generator of the same form the weights of the best epoch, where one is known."""
        names = sorted(name for name in self._best if name.startswith("weights/"))
        if names:
            generator.set_weights([self._best[name] for name in names])

    def _compare(self, gan, epoch):
        reference = self._reference
        count = len(reference.images)
        drawn = self._features(
            draw(gan.drawing_generator, JUDGE_SEED, 0, count, **reference.condition_indices)
        )
        labels = self._labels
        if labels is not None and np.bincount(labels).max() == 1:
            labels = None  # one image of every class says nothing of how a class varies
        try:
            score = kernel_distance(self._real_pairs, self._with_labels(drawn), paired=True)
            variety = diversity(drawn, self._real, labels, labels)
        except UsageError:
            return {}  # a single reference, or all the same: there is nothing to compare with
        # Of two that cannot be told apart, the one that was trained longer.
        noise = by_chance(count)
        if max(score, noise) <= max(float(self._best["score"]), noise):
            weights = gan.drawing_generator.get_weights()
            self._best = {
                "epoch": np.int64(epoch),
                "score": np.float64(score),
                **{f"weights/{index:03d}": array for index, array in enumerate(weights)},
            }
        return {
            "kernel_distance": score,
            "over_best": max(score, noise) / max(float(self._best["score"]), noise),
            "diversity": variety,
        }

    def _with_labels(self, features):
        """Features and, in further columns, the label: a good image of another class is not good.

        The distance is then one of the pairs of image and label, not of the images alone.
        """
        if self._labels is None:
            return features
        columns = np.eye(self._labels.max() + 1, dtype=np.float32)[self._labels]
        return np.concatenate([features, self._weight * columns], axis=1)

    def state(self):
        """The best epoch so far with its weights, name -> array; for a checkpoint."""
        return self._best

    def restore(self, state):
        """Go on from what `state` gave."""
        self._best = state
