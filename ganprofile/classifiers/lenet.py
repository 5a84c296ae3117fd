"""LeNet-5, a committee of such, and the deep network of dense layers that read MNIST as well.

LeCun, Bottou, Bengio, Haffner 1998 (Proceedings of the IEEE 86, 2278-2324); Ciresan, Meier,
Gambardella, Schmidhuber 2010 (Neural Computation 22, 3207-3220) and 2011 (ICDAR, 1135-1139).
"""

import dataclasses

import keras
import numpy as np

from ganprofile.classifiers.network import NetworkClassifier
from ganprofile.gan.networks.dense import dense
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.images import to_float


class LeNet5(NetworkClassifier):
    """Two convolutions and three dense layers, with rectifiers and maxima where LeCun et al. had
    scaled tangents and means, trained with Adam.
    """

    STEPS = 2000
    LEARNING_RATE = 1e-3

    def layers(self, seeds):
        return [*self.convolutions(seeds), *self.readers(seeds)]

    def convolutions(self, seeds):
        """From an image to a row of numbers."""
        pooled = keras.layers.MaxPooling2D
        return [
            _convolution(6, seeds, padding="same"),
            pooled(),
            _convolution(16, seeds),
            pooled(),
            keras.layers.Flatten(),
        ]

    def readers(self, seeds):
        """From there to the logits."""
        return [
            dense(120, seeds, "relu"),
            dense(84, seeds, "relu"),
            dense(self.num_classes, seeds),
        ]

    def optimizer(self, factor):
        return keras.optimizers.Adam(self.LEARNING_RATE * factor)


def _convolution(filters, seeds, **options):
    initializer = keras.initializers.GlorotUniform(seed=next(seeds))
    return keras.layers.Conv2D(
        filters, 5, activation="relu", kernel_initializer=initializer, **options
    )


@dataclasses.dataclass(frozen=True)
class Informed:
    """Images with something else that is known of each, such as who wrote it.

    Attributes:
        images: uint8 `(n, height, width, channels)`.
        known: class indices `(n,)`.
    """

    images: np.ndarray
    known: np.ndarray

    def __len__(self):
        return len(self.images)

    def __getitem__(self, chosen):
        return Informed(self.images[chosen], self.known[chosen])

    @property
    def shape(self):
        """That of the images."""
        return self.images.shape


class InformedLeNet5(LeNet5):
    """The same where the first dense layer also sees what else is known, one number of many.

    It takes `Informed` in place of images.

    Args:
        num_classes: how many classes.
        *args: as for `LeNet5`.
        values: how many classes there are of what else is known.
        **options: as for `LeNet5`.
    """

    def __init__(self, num_classes, *args, values=1, **options):
        super().__init__(num_classes, *args, **options)
        self.values = values

    def build(self, shape, seeds):
        image, known = keras.Input(shape), keras.Input((self.values,))
        seen = image
        for layer in self.convolutions(seeds):
            seen = layer(seen)
        said = keras.layers.Concatenate()([seen, known])
        for layer in self.readers(seeds):
            said = layer(said)
        return keras.Model([image, known], said)

    def inputs(self, images):
        return [to_float(images.images), np.eye(self.values, dtype=np.float32)[images.known]]

    @classmethod
    def load(cls, path):
        """Read what `save` wrote."""
        classifier = super().load(path)
        classifier.values = classifier.network.input_shape[1][-1]
        return classifier


class Committee(NetworkClassifier):
    """Networks of one kind that differ in their initial weights; the mean of what they say counts.

    Args:
        num_classes: how many classes.
        steps: of each member.
        batch_size: of each member.
        seed: fixes all of them.
        size: how many members.
        **options: further arguments of a member.
    """

    KIND = LeNet5
    SIZE = 25

    def __init__(self, num_classes, steps=None, batch_size=None, seed=0, size=None, **options):
        super().__init__(num_classes, steps, batch_size, seed)
        self.size = self.SIZE if size is None else size
        self.member = self.KIND(num_classes, steps, batch_size, **options)

    def fit(self, images, labels, **options):
        """Train one member after the other; arguments are those of a member."""
        seeds = seed_stream(self.seed, "committee")
        members = []
        for _ in range(self.size):
            self.member.seed = next(seeds)
            members.append(self.member.fit(images, labels, **options).network)
        self.network = _mean_of(members)
        return self

    def inputs(self, images):
        return self.member.inputs(images)


def _mean_of(networks):
    """One network whose probabilities are the mean of others'."""
    inputs = [keras.Input(shape[1:]) for shape in _shapes(networks[0])]
    said = []
    for number, network in enumerate(networks):
        # Names that are counted in a process would decide in which order TensorFlow adds, and so
        # the last digit.
        network.name = f"member_{number:03d}"
        softmax = keras.layers.Softmax(name=f"says_{number:03d}")
        said.append(softmax(network(inputs if len(inputs) > 1 else inputs[0])))
    mean = keras.layers.Average()(said) if len(said) > 1 else said[0]
    return keras.Model(inputs, keras.ops.log(mean + keras.config.epsilon()))


def _shapes(network):
    """The shapes of all that a network takes."""
    shape = network.input_shape
    return shape if isinstance(shape, list) else [shape]


class LeNet5Committee(Committee):
    """25 LeNet-5."""


class InformedCommittee(Committee):
    """25 LeNet-5 that see what else is known."""

    KIND = InformedLeNet5

    @classmethod
    def load(cls, path):
        """Read what `save` wrote."""
        classifier = super().load(path)
        classifier.member.values = classifier.network.input_shape[1][-1]
        return classifier


class DeepDense(NetworkClassifier):
    """Five dense layers of 2500 to 500 units with scaled tangents, trained with Adam: 12 million
    weights at 28 x 28.
    """

    STEPS = 2000
    LEARNING_RATE = 1e-4
    UNITS = (2500, 2000, 1500, 1000, 500)

    def layers(self, seeds):
        hidden = [
            layer
            for units in self.UNITS
            for layer in (dense(units, seeds, "tanh"), keras.layers.Rescaling(1.7159))
        ]
        return [keras.layers.Flatten(), *hidden, dense(self.num_classes, seeds)]

    def optimizer(self, factor):
        return keras.optimizers.Adam(self.LEARNING_RATE * factor)
