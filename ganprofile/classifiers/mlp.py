"""A multilayer perceptron: reads characters worse than a CNN does, and is trained in a moment."""

import functools
import warnings

import numpy as np

from ganprofile.classifiers.facts import FACTS
from ganprofile.classifiers.order import shown_order
from ganprofile.errors import UsageError, check_several_classes
from ganprofile.images import to_float
from ganprofile.storage.arrays import open_arrays
from ganprofile.storage.files import atomic_path

HIDDEN_UNITS = 64
LEARNING_RATE = 2e-3
ROWS_AT_ONCE = 8192  # what is shown is laid out in memory, so many images at most


class MlpClassifier:
    """One hidden layer, trained with Adam by scikit-learn: for experiments of many fits.

    Args:
        num_classes: how many classes.
        steps: training steps of `batch_size` images, however many there are.
        batch_size: images in a step.
        seed: fixes weights and order.
    """

    STEPS, BATCH_SIZE = FACTS["mlp"].steps, FACTS["mlp"].batch_size

    def __init__(self, num_classes, steps=STEPS, batch_size=BATCH_SIZE, seed=0):
        self.num_classes = num_classes
        self.steps = steps
        self.batch_size = batch_size
        self.seed = seed
        self.weights = None

    def fit(self, images, labels, frequency=None, transforms=None, pretrained=None):
        """Train from scratch.

        Args:
            images: uint8 `(n, height, width, channels)`.
            labels: integers `(n,)`, or probabilities of the classes `(n, num_classes)`: each time
                an image is shown, its class is drawn from them.
            frequency: how often an image is shown in proportion to the others, `(n,)`; None goes
                through all in turn.
            transforms: None; this classifier sees the images as they are.
            pretrained: None; it always starts from random weights.

        Returns:
            The classifier itself.

        Raises:
            UsageError: there is only one class, or `transforms` or `pretrained` are asked for.
        """
        from sklearn.neural_network import MLPClassifier

        self._refuse(transforms=transforms, pretrained=pretrained)
        random = np.random.default_rng(self.seed)
        shown = shown_order(random, len(images), self.steps * self.batch_size, frequency)
        targets = _classes(random, labels, shown)
        network = MLPClassifier(
            HIDDEN_UNITS,
            batch_size=self.batch_size,
            learning_rate_init=LEARNING_RATE,
            shuffle=False,  # the order is ours
            random_state=self.seed,
        )
        rows = max(1, ROWS_AT_ONCE // self.batch_size) * self.batch_size
        with _one_thread():
            for first in range(0, len(shown), rows):
                part = slice(first, first + rows)
                _go_on(network, _flat(images[shown[part]]), targets[part], self.num_classes)
        self.weights = [*zip(network.coefs_, network.intercepts_, strict=True)]
        return self

    def predict_proba(self, images):
        """Probabilities of the classes, float32 `(n, num_classes)`."""
        activations = _flat(images)
        kernel, bias = self.weights[-1]
        with _one_thread():
            for inner_kernel, inner_bias in self.weights[:-1]:
                activations = np.maximum(activations @ inner_kernel + inner_bias, 0)
            logits = activations @ kernel + bias
        if logits.shape[1] == 1:  # of two classes scikit-learn computes only the second's
            logits = np.pad(logits, ((0, 0), (1, 0)))
        exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    def predict(self, images):
        """The likeliest class of every image, `(n,)`."""
        return self.predict_proba(images).argmax(axis=1)

    def save(self, path):
        """Write the weights as plain arrays in the form of an `.npz` file, whatever its name."""
        layers = {
            f"{what}_{number}": array
            for number, layer in enumerate(self.weights)
            for what, array in zip(("kernel", "bias"), layer, strict=True)
        }
        with atomic_path(path) as partial, open(partial, "wb") as file:
            np.savez(file, num_classes=self.num_classes, **layers)

    @classmethod
    def load(cls, path):
        """Read what `save` wrote.

        Raises:
            GanprofileError: the file is missing or damaged.
        """
        arrays = open_arrays(path, "Fit the classifier again.")
        classifier = cls(int(arrays["num_classes"]))
        layers = range(len(arrays) // 2)
        classifier.weights = [(arrays[f"kernel_{k}"], arrays[f"bias_{k}"]) for k in layers]
        return classifier

    def _refuse(self, **unsupported):
        check_several_classes(self.num_classes)
        for name, value in unsupported.items():
            if value is not None:
                raise UsageError(
                    f"The classifier mlp does not know {name}. Received: {str(value)!r}. "
                    "Choose the classifier convnet."
                )


def _classes(random, labels, shown):
    """The class of every image shown, `(len(shown),)`."""
    labels = np.asarray(labels)
    if labels.ndim == 1:
        return labels[shown]
    below = np.cumsum(labels, axis=1, dtype=np.float64)[shown]
    below /= below[:, -1:]
    return (random.random((len(shown), 1)) >= below[:, :-1]).sum(axis=1)


def _one_thread():
    """A context: for matrices of this size, more threads only wait for each other."""
    return _thread_pools().limit(limits=1, user_api="blas")


@functools.cache
def _thread_pools():
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _flat(images):
    return to_float(images).reshape(len(images), -1)


def _go_on(network, inputs, targets, num_classes):
    """Train on rows in their order, each once. scikit-learn takes Ctrl-C for a wish to stop
    training and to go on with what there is; here it stops all."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "Training interrupted by user")
        try:
            network.partial_fit(inputs, targets, classes=np.arange(num_classes))
        except UserWarning as interruption:
            raise KeyboardInterrupt from interruption
