"""A classifier that also learns from images without labels: M2 of Kingma, Mohamed, Rezende and
Welling 2014 (Advances in Neural Information Processing Systems 27), with a LeNet-5 that reads, as
Beaulac and Rosenthal (2022) have it.
"""

import keras
import numpy as np
from keras import ops

from ganprofile.backend.training import train_steps
from ganprofile.classifiers.lenet import LeNet5
from ganprofile.classifiers.order import shown_order
from ganprofile.errors import check_several_classes
from ganprofile.gan.networks.dense import dense
from ganprofile.gan.networks.seeds import seed_stream

LATENT = 50
HIDDEN = 500
CLASSIFYING = 100.0  # the weight of reading beside drawing, whose loss is some hundred nats
UNLABELLED = 0.5  # images without labels in a step, for each one with a label
MOST_DRAWN = 800  # of them as every class: 97 writers would take all of a step's time


class M2(LeNet5):
    """A LeNet-5 that is trained with a variational autoencoder of images and their classes.

    What it has no label of is drawn as every class, each weighted by what the LeNet-5 thinks of it.

    Args:
        num_classes: how many classes.
        *args: as for `LeNet5`.
        classifying: the weight of reading, alpha in the papers.
        **options: as for `LeNet5`.
    """

    def __init__(self, num_classes, *args, classifying=CLASSIFYING, **options):
        super().__init__(num_classes, *args, **options)
        self.classifying = classifying

    def fit(self, images, labels, unlabelled):
        """Train.

        Args:
            images: uint8 `(n, height, width, channels)`.
            labels: class indices `(n,)`.
            unlabelled: uint8 `(m, height, width, channels)`, m > 0.

        Returns:
            The classifier itself.

        Raises:
            UsageError: there is only one class.
        """
        check_several_classes(self.num_classes)
        seeds = seed_stream(self.seed, "classifier")
        reader = self.build(images.shape[1:], seeds)
        machine = Machine(reader, images.shape[1:], self.num_classes, self.classifying, seeds)
        machine.compile(self.optimizer(1.0), jit_compile=keras.backend.backend() == "jax")
        random = np.random.default_rng(self.seed)
        others = round(UNLABELLED * self.batch_size)
        others = max(1, min(others, MOST_DRAWN // self.num_classes))
        rows = shown_order(random, len(images), self.steps * self.batch_size)
        other_rows = shown_order(random, len(unlabelled), self.steps * others)
        known = np.eye(self.num_classes, dtype=np.float32)
        train_steps(
            machine,
            [rows.reshape(self.steps, -1), other_rows.reshape(self.steps, -1)],
            lambda some, more: (
                [self.inputs(images[some]), known[labels[some]], self.inputs(unlabelled[more])],
            ),
        )
        self.network = reader
        return self


class Machine(keras.Model):
    """Reader, encoder and decoder, and the loss that all three are trained by."""

    def __init__(self, reader, shape, num_classes, classifying, seeds):
        super().__init__()
        self.reader = reader
        self.num_classes = num_classes
        self.classifying = classifying
        # A dense layer of an image beside its class, in two parts: that of an image is needed once
        # for all classes.
        self.of_image = dense(HIDDEN, seeds)
        self.of_class = dense(HIDDEN, seeds, use_bias=False)
        self.encoder = dense(2 * LATENT, seeds)
        pixels = int(np.prod(shape))
        self.decoder = keras.Sequential([dense(HIDDEN, seeds, "relu"), dense(pixels, seeds)])
        self.noise = keras.random.SeedGenerator(next(seeds))

    def call(self, inputs):
        images, labels, others = inputs
        said = self.reader(images, training=True)
        reading = keras.losses.categorical_crossentropy(labels, said, from_logits=True)
        drawing = self.bound(images, labels)
        logs = ops.log_softmax(self.reader(others, training=True))
        chances = ops.exp(logs)
        bounds = self.bounds(others)
        guessing = ops.sum(chances * (bounds + logs), axis=1)
        self.add_loss(ops.mean(drawing) + ops.mean(guessing) + self.classifying * ops.mean(reading))
        return said

    def bounds(self, images):
        """What `bound` says of images as every class, `(n, classes)`."""
        count = ops.shape(images)[0]
        classes = ops.tile(ops.eye(self.num_classes), (count, 1))
        said = self._bound(_levels(images), classes, self.num_classes)
        return ops.reshape(said, (count, self.num_classes))

    def bound(self, images, classes):
        """The negative lower bound of how likely images and their classes are, in nats, `(n,)`."""
        return self._bound(_levels(images), classes, 1)

    def _bound(self, levels, classes, times):
        """`levels` is `(n, pixels)` in 0..1, `classes` `(n * times, classes)`."""
        seen = ops.repeat(self.of_image(levels), times, axis=0) + self.of_class(classes)
        mean, log_variance = ops.split(self.encoder(ops.relu(seen)), 2, axis=1)
        noise = keras.random.normal(ops.shape(mean), seed=self.noise)
        latent = mean + ops.exp(log_variance / 2) * noise
        drawn = self.decoder(ops.concatenate([latent, classes], axis=1))
        wanted = ops.repeat(levels, times, axis=0)
        # Of a Bernoulli variable: softplus(logit) - level * logit.
        missed = ops.sum(ops.softplus(drawn) - wanted * drawn, axis=1)
        apart = 0.5 * ops.sum(ops.square(mean) + ops.exp(log_variance) - log_variance - 1, axis=1)
        return missed + apart + float(np.log(self.num_classes))


def _levels(images):
    """Images in -1..1 as rows in 0..1."""
    return ops.reshape((images + 1) / 2, (ops.shape(images)[0], -1))
