"""What the classifiers that are Keras networks have in common."""

import contextlib
import dataclasses

import keras
import numpy as np

from ganprofile.backend import forward
from ganprofile.backend.training import train_steps
from ganprofile.classifiers.batch_statistics import renew_statistics
from ganprofile.classifiers.order import shown_order
from ganprofile.datasets.formats.soft_labels import certain
from ganprofile.errors import UsageError, check_several_classes
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.gan.networks.serialization import as_bytes, from_bytes, write_network
from ganprofile.images import LEVELS_PER_UNIT, to_float
from ganprofile.transforms.deformation.blocks import padded
from ganprofile.transforms.random_transforms import RandomTransforms

PREDICTION_BATCH = 100
FINE_TUNING = 0.25
# From how many of the images that were shown last batch normalisation takes its statistics.
STATISTICS_OF, STATISTICS_BATCH = 1024, 256


@dataclasses.dataclass(frozen=True)
class Training:
    """A network, and what it is shown in which order.

    Attributes:
        network: from images to logits.
        learner: a compiled Keras model of its weights, whose steps train them.
        images: uint8 `(n, height, width, channels)`.
        targets: probabilities of the classes, float32 `(n, num_classes)`, or classes, `(n,)`.
        order: of the images, integers, those of all steps one after the other.
    """

    network: keras.Model
    learner: keras.Model
    images: np.ndarray
    targets: np.ndarray
    order: np.ndarray


@contextlib.contextmanager
def large_enough(shape):
    """Refuse images in a sentence of which a network that is made within would leave nothing.

    Args:
        shape: `(n, height, width, channels)`.

    Raises:
        UsageError: they are too small.
    """
    try:
        yield
    except ValueError as error:
        if "negative" not in str(error):  # of Keras, on the size of what a layer gives
            raise
        raise UsageError(
            f"Images of {shape[2]}x{shape[1]} are too small for this classifier: its convolutions "
            "leave nothing of them. Take larger images (`image_size=28`), or another classifier."
        ) from error


class NetworkClassifier:
    """A network that is trained for a number of steps, however many images there are.

    A subclass says what the network is and how it learns: `STEPS`, `BATCH_SIZE`,
    `LABEL_SMOOTHING`, `layers`, `optimizer`; and, where it is shown more than images, `build` and
    `inputs`.

    Args:
        num_classes: how many classes.
        steps: training steps of `batch_size` images; None for what the subclass needs.
        batch_size: images in a step; None as above.
        seed: fixes weights, order, dropout and transforms.
    """

    STEPS = 1000
    BATCH_SIZE = 64
    LABEL_SMOOTHING = 0.0

    def __init__(self, num_classes, steps=None, batch_size=None, seed=0):
        self.num_classes = num_classes
        self.steps = self.STEPS if steps is None else steps
        self.batch_size = self.BATCH_SIZE if batch_size is None else batch_size
        self.seed = seed
        self.network = None
        self._before_last = None  # the network that was asked last, and its layers but the last

    def layers(self, seeds):
        """The layers up to the logits, without the input.

        Args:
            seeds: an iterator of integers, for initial weights and dropout.
        """
        raise NotImplementedError

    def build(self, shape, seeds):
        """A new network, from `inputs` to logits.

        Args:
            shape: `(height, width, channels)` of the images.
            seeds: as for `layers`.
        """
        return keras.Sequential([keras.Input(shape), *self.layers(seeds)])

    def inputs(self, images):
        """What the network takes of images: an array, or a list of arrays."""
        return to_float(images)

    def optimizer(self, factor):
        """A new Keras optimizer.

        Args:
            factor: on the learning rate.
        """
        raise NotImplementedError

    def fit(self, images, labels, frequency=None, transforms=None, pretrained=None, watch=None):
        """Train.

        Args:
            images: uint8 `(n, height, width, channels)`.
            labels: class indices `(n,)`, or probabilities of the classes `(n, num_classes)`.
            frequency: how often an image is shown in proportion to the others, `(n,)`; None goes
                through all in turn.
            transforms: a name in `TRANSFORMS`: what happens to an image each time it is shown.
            pretrained: what `body` of this kind of classifier gave: training begins with these
                weights, and its rate is `FINE_TUNING` times as high.
            watch: called now and then with how many steps are done, or None.

        Returns:
            The classifier itself.

        Raises:
            UsageError: there is only one class, or `pretrained` is of another form.
        """
        begun = self.begun(images, labels, frequency, transforms, pretrained)
        shown = [begun.order.reshape(self.steps, self.batch_size)]
        train_steps(begun.learner, shown, lambda rows: self.batch(begun, rows), watch)
        return self.ended(begun)

    def begun(self, images, labels, frequency=None, transforms=None, pretrained=None):
        """A `Training` that has not made a step yet; arguments and errors are those of `fit`."""
        check_several_classes(self.num_classes)
        seeds = seed_stream(self.seed, "classifier")
        with large_enough(images.shape):
            network = self.build(images.shape[1:], seeds)
        if pretrained is not None:
            _take_weights(network, pretrained)
        random = np.random.default_rng(self.seed)
        return Training(
            network=network,
            learner=self._learner(network, transforms, next(seeds), pretrained is not None),
            images=images,
            targets=np.asarray(labels),
            order=shown_order(random, len(images), self.steps * self.batch_size, frequency),
        )

    def batch(self, begun, rows):
        """What a step is given of some images of a `Training`."""
        # Probabilities of all at once would be gigabytes where there are thousands of classes.
        targets = as_probabilities(begun.targets[rows], self.num_classes)
        return self.inputs(begun.images[rows]), targets

    def ended(self, begun):
        """The classifier itself, with what the network of a `Training` has learned."""
        # Where the optimizer averages weights, these are what is kept.
        learner = begun.learner
        learner.optimizer.finalize_variable_values(learner.trainable_variables)
        last = begun.order[-STATISTICS_OF:]
        parts = range(0, len(last), STATISTICS_BATCH)
        shown = (self.batch(begun, last[part : part + STATISTICS_BATCH])[0] for part in parts)
        renew_statistics(begun.network, shown, learner)
        self.network = begun.network
        return self

    def _learner(self, network, transforms, seed, is_tuned):
        """The network behind the transforms, ready to be trained.

        It is another model, so that the network is kept without the state of its optimizer.
        """
        if transforms is None and type(network) is not keras.Sequential:
            learner = keras.Model(network.inputs, network.outputs)  # which may be several
        else:  # a Sequential, since those that are alike share a compiled step
            before = [] if transforms is None else [RandomTransforms(transforms, seed)]
            learner = keras.Sequential([keras.Input(network.input_shape[1:]), *before, network])
        learner.compile(
            self.optimizer(FINE_TUNING if is_tuned else 1.0),
            keras.losses.CategoricalCrossentropy(
                from_logits=True, label_smoothing=self.LABEL_SMOOTHING
            ),
            # XLA is slower here than TensorFlow's own functions; JAX has nothing else.
            jit_compile=keras.backend.backend() == "jax",
        )
        return learner

    def predict_proba(self, images):
        """Probabilities of the classes, float32 `(n, num_classes)`."""
        logits = self._in_batches(self.network, images)
        return keras.ops.convert_to_numpy(keras.ops.softmax(logits))

    def activations(self, images):
        """What the last layer sees of images, a row each, float32 `(n, units)`."""
        if self._before_last is None or self._before_last[0] is not self.network:
            body = keras.Model(self.network.inputs, self.network.layers[-1].input)
            self._before_last = self.network, body
        return self._in_batches(self._before_last[1], images).reshape(len(images), -1)

    def predict(self, images):
        """The likeliest class of every image, `(n,)`."""
        return self.predict_proba(images).argmax(axis=1)

    def exportable(self, shape):
        """A network of plain layers from uint8 images to probabilities, as `predict_proba` has it.

        Args:
            shape: `(height, width, channels)` of the images.
        """
        images = keras.Input(shape, dtype="uint8", name="images")
        levels = keras.layers.Rescaling(1 / LEVELS_PER_UNIT, -1.0)(images)
        return keras.Model(images, keras.layers.Softmax()(self.network(levels)))

    @classmethod
    def of_body(cls, body, shape):
        """One that knows these weights, as `body` gave them, and nothing of any class.

        Args:
            body: a list of float32 arrays.
            shape: `(height, width, channels)` of the images.
        """
        made = cls(2)
        made.network = made.build(shape, seed_stream(0, "classifier"))
        made.take_body(body)
        return made

    def body(self):
        """The weights of all layers but the last, a list of float32 arrays."""
        return [array for layer in self.network.layers[:-1] for array in layer.get_weights()]

    def take_body(self, body):
        """Replace these weights.

        Raises:
            UsageError: they are of another network.
        """
        _take_weights(self.network, body)

    def _in_batches(self, network, images):
        """What a network gives for images, an array with a row per image."""
        compiled, parts = forward(network), []
        for first in range(0, len(images), PREDICTION_BATCH):
            some = images[first : first + PREDICTION_BATCH]
            # All batches have one size, so that what is compiled is compiled once.
            batch = keras.tree.map_structure(
                lambda rows: keras.ops.convert_to_tensor(padded(rows, PREDICTION_BATCH)),
                self.inputs(some),
            )
            parts.append(keras.ops.convert_to_numpy(compiled(batch))[: len(some)])
        return np.concatenate(parts)

    def __getstate__(self):
        network = None if self.network is None else as_bytes(self.network)
        return {**vars(self), "network": network, "_before_last": None}

    def __setstate__(self, state):
        network = None if state["network"] is None else from_bytes(state["network"])
        vars(self).update({**state, "network": network})

    def save(self, path):
        """Write the network as a `.keras` file, which is compressed."""
        write_network(self.network, path, is_packed=True)

    @classmethod
    def load(cls, path):
        """Read what `save` wrote."""
        network = keras.saving.load_model(path, compile=False)
        classifier = cls(network.output_shape[-1])
        classifier.network = network
        return classifier


def as_probabilities(labels, num_classes):
    """Labels as float32 `(n, num_classes)`, which they may be already."""
    return certain(labels, num_classes) if labels.ndim == 1 else labels


def _take_weights(network, body):
    """Give all layers but the last the weights of another network's."""
    variables = [weight for layer in network.layers[:-1] for weight in layer.weights]
    if [tuple(variable.shape) for variable in variables] != [array.shape for array in body]:
        raise UsageError(
            "These are the weights of another network than is to be trained on images of "
            f"{network.input_shape[1:]}. Pretrain the same kind of classifier on such images."
        )
    for variable, array in zip(variables, body, strict=True):
        variable.assign(array)
