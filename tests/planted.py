"""A generator whose images are known, and a classifier that is fitted in a moment."""

import keras
import numpy as np

from ganprofile.augmentation import expected
from ganprofile.augmentation.pieces import SetPieces
from ganprofile.classifiers.convnet import ConvnetClassifier, EmbeddingConvnetClassifier
from ganprofile.filtering import streams
from ganprofile.gan import drawing
from ganprofile.recipes.distillation import TeacherTraining

KINDS = ("good", "good", "good", "copy", "blank", "good", "wrong", "good", "good", "same")


class NearestNeighbour:
    """A class is as probable as its nearest image is near."""

    def __init__(self, num_classes, **_):
        self.num_classes = num_classes

    def fit(self, images, labels, **_):
        self.images, self.labels = _flat(images), labels
        return self

    def predict_proba(self, images):
        flat = _flat(images)
        squares = (self.images**2).sum(1) - 2 * flat @ self.images.T + (flat**2).sum(1)[:, None]
        nearest = np.full((len(images), self.num_classes), 1e3, np.float32)
        for label in np.unique(self.labels):
            nearest[:, label] = squares[:, self.labels == label].min(1)
        scores = np.exp(-(nearest - nearest.min(1, keepdims=True)) / 2)
        return (scores / scores.sum(1, keepdims=True)).astype(np.float32)


class Pixels(NearestNeighbour):
    """Teachers who see the pixels and need no training."""

    def __init__(self, real):
        super().__init__(real.num_classes)
        self.fit(real.images, real.labels)

    def activations(self, images):
        yield _flat(images)


def plant_teachers(monkeypatch):
    """Let teachers need no training, here and not in other processes."""

    def train(training, number, watch=None):
        return Pixels(training.real.select(training.shown_to(number)))

    monkeypatch.setattr(TeacherTraining, "train", train)
    monkeypatch.setattr(TeacherTraining, "trained", lambda training, *_: Pixels(training.real))
    monkeypatch.setattr(SetPieces, "is_short", True)
    monkeypatch.setattr(expected, "STEPS", 2)


def plant_one_layer(monkeypatch):
    """Let the convolutional classifiers have one layer: tracing the others takes seconds.

    Those that begin with pretrained weights keep their form.
    """
    whole = ConvnetClassifier.layers

    def layers(classifier, seeds):
        if isinstance(classifier, EmbeddingConvnetClassifier):
            return whole(classifier, seeds)
        weights = keras.initializers.GlorotUniform(seed=next(seeds))
        return [
            keras.layers.Flatten(),
            keras.layers.Dense(classifier.num_classes, kernel_initializer=weights),
        ]

    monkeypatch.setattr(ConvnetClassifier, "layers", layers)
    monkeypatch.setattr(ConvnetClassifier, "optimizer", lambda *_: keras.optimizers.SGD(0.01))


class Planted:
    """Draws held-out real images, and among them, by the draw's last digit, what should be found.

    Args:
        data: a `Dataset` from which the good images come.
        real: the `Dataset` that the generator was trained on.
        kinds: ten words: `good`, `copy` (of a training image, some moved or noisy), `blank`,
            `wrong` (a zero, or a two for a zero), `same` (one image a class, again and again).
    """

    def __init__(self, data, real, kinds=KINDS):
        self.kinds = kinds
        fresh = ~np.isin(data.image_hashes, real.image_hashes)
        classes = range(data.num_classes)
        self._fresh = [data.images[fresh & (data.labels == label)] for label in classes]
        self._real = [real.images[real.labels == label] for label in classes]

    def kind(self, draw):
        return self.kinds[draw % 10]

    def image(self, draw, label):
        fresh, real = self._fresh[label], self._real[label]
        return {
            "good": lambda: fresh[1 + draw % (len(fresh) - 1)],
            "copy": lambda: _nearly(real[draw % len(real)], draw),
            "blank": lambda: np.zeros_like(fresh[0]),
            "wrong": lambda: self._fresh[2 * (label == 0)][draw % len(fresh)],
            "same": lambda: fresh[0],
        }[self.kind(draw)]()

    def draw(self, generator, seed, first, count, label=None, **_):
        draws = range(first, first + count)
        labels = np.arange(first, first + count) % len(self._fresh) if label is None else label
        return np.stack([self.image(k, c) for k, c in zip(draws, labels, strict=True)])

    def plant(self, monkeypatch):
        """Let every run draw these images."""
        monkeypatch.setattr(streams, "draw", self.draw)
        monkeypatch.setattr(drawing, "draw", self.draw)
        return self


def _nearly(image, draw):
    """The image itself, moved by a pixel, or with a little noise."""
    noise = np.random.default_rng(draw).normal(0, 8, image.shape)
    noisy = np.clip(np.rint(image + noise), 0, 255).astype(np.uint8)
    return (image, np.roll(image, 1, axis=0), noisy)[draw // 10 % 3]


def _flat(images):
    return images.reshape(len(images), -1).astype(np.float32) / 255
