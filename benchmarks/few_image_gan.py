"""A GAN of some ten images per class, which draws between them.

Every image has a code that is learned with the generator, which draws the image from it
(Bojanowski et al. 2018, arXiv 1707.05776). What is drawn from between the codes of two images of a
class has to pass for real (as in Kong et al. 2022, arXiv 2111.11672). The discriminator sees the
pixels, and what a network that was pretrained on other people's characters makes of them (Sauer et
al. 2021, arXiv 2111.01007); all of it under random transforms, of which its answer may not depend
(Zhao et al. 2020, arXiv 2002.04724).
"""

import keras
import numpy as np
from keras import ops
from warping_gan import TwoNetworks, convolutions, dense

from ganprofile.backend import backend
from ganprofile.classifiers import CLASSIFIERS
from ganprofile.gan.adversarial_model import move_average
from ganprofile.gan.losses import LOSSES
from ganprofile.gan.pipeline import endless_batches
from ganprofile.gan.step import shown, update
from ganprofile.images import to_uint8
from ganprofile.recipes.pretrained import pretrained_for
from ganprofile.transforms import augmentation_policy as policy
from ganprofile.transforms.strengths import TRANSFORMS

CODE, LATENTS, WIDTH = 24, 8, 48
STEPS, BATCH = 2500, 32
RATES = {"generator": 5e-4, "discriminator": 3e-4}
CONSISTENCY, RECONSTRUCTION, MOMENTUM = 0.5, 20.0, 0.995
CODES_APART = 0.5  # of a class, beside how far those of classes are apart
CHANGES = {name: how for name, how in TRANSFORMS["classic"].items() if name != "cutout"}
DRAWN_AT_ONCE = 2000


def generator_network(labels, shape, seed):
    """Two of the images, how much of the first, and latents -> an image."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(labels.max() + 1, CODE))[labels]
    begun = centres + CODES_APART * random.normal(size=centres.shape)
    first, second = keras.Input((), dtype="int32"), keras.Input((), dtype="int32")
    share, latents = keras.Input((1,)), keras.Input((LATENTS,))
    codes = keras.layers.Embedding(len(labels), CODE, weights=begun)
    code = share * codes(first) + (1.0 - share) * codes(second)
    side = shape[0] // 4
    hidden = dense(ops.concatenate([code, latents], axis=-1), side**2 * 2 * WIDTH, seed + 1)
    hidden = ops.reshape(hidden, (-1, side, side, 2 * WIDTH))
    for stage in range(2):
        hidden = keras.layers.UpSampling2D(interpolation="bilinear")(hidden)
        hidden = keras.layers.Conv2D(
            WIDTH // (stage + 1),
            3,
            padding="same",
            kernel_initializer=keras.initializers.HeNormal(seed + 2 + stage),
        )(hidden)
        hidden = keras.layers.LeakyReLU(negative_slope=0.2)(hidden)
    hidden = keras.layers.LayerNormalization()(hidden)  # else all is paper after some steps
    drawn = keras.layers.Conv2D(shape[-1], 5, padding="same", activation="tanh")(hidden)
    return keras.Model([first, second, share, latents], drawn)


def pretrained_features(subset):
    """What a network of other people's characters sees of images, after each resolution."""
    body = pretrained_for(subset)[0].body("embedding")
    network = CLASSIFIERS["embedding"].of_body(body, subset.image_shape).network
    ends = (keras.layers.MaxPooling2D, keras.layers.Flatten)
    seen = [layer.input for layer in network.layers if isinstance(layer, ends)]
    network.trainable = False
    return keras.Model(network.inputs, seen)


def discriminator_network(features, num_classes, seed):
    """Images and their class -> logits: one of the pixels, and one of each map of features."""
    images, label = features.inputs[0], keras.Input((), dtype="int32")
    heads = [convolutions(images, seed)]
    for number, seen in enumerate(features.outputs):
        hidden = keras.layers.Conv2D(
            WIDTH,
            3,
            strides=2,
            padding="same",
            kernel_initializer=keras.initializers.HeNormal(seed + 20 + number),
        )(seen)
        heads.append(keras.layers.Flatten()(keras.layers.LeakyReLU(negative_slope=0.2)(hidden)))
    logits = []
    for number, head in enumerate(heads):
        hidden = dense(head, 64, seed + 30 + number)
        of_class = keras.layers.Embedding(num_classes, 64)(label)  # Miyato, Koyama 2018
        logits.append(
            keras.layers.Dense(1)(hidden) + ops.sum(hidden * of_class, -1, keepdims=True) / 8.0
        )
    return keras.Model([images, label], ops.concatenate(logits, axis=-1))


def rows_of(subset):
    """Of every class the rows of its images, a list."""
    return [np.flatnonzero(subset.labels == k) for k in range(subset.num_classes)]


class Transformed(TwoNetworks):
    """A generator, and a discriminator that sees all images under random transforms.

    Args:
        generator: a network.
        subset: a `Dataset` of the images that are few.
        num_classes: of the discriminator.
        steps: of the training.
        seed: of weights, latents and transforms.
    """

    def __init__(self, generator, subset, num_classes, steps, seed):
        super().__init__()
        self.features = pretrained_features(subset)
        self.generator = generator
        self.averaged = keras.models.clone_model(self.generator)
        self.averaged.set_weights(self.generator.get_weights())
        self.discriminator = discriminator_network(self.features, num_classes, seed + 50)
        decay = keras.optimizers.schedules.CosineDecay
        self.begin(seed, **{name: decay(rate, steps, alpha=0.1) for name, rate in RATES.items()})

    def parts(self):
        """What training changes."""
        return {**super().parts(), "averaged": self.averaged.variables}

    def judge(self, images, label):
        """Logits of images under random transforms."""
        return self.discriminator([self._transformed(images), label], training=True)

    def of_discriminator(self, images, drawn, label):
        """What it is wrong about, and how far its answers to the same images are apart."""
        real, fake = self.judge(images, label), self.judge(drawn, label)
        apart = ops.mean((real - self.judge(images, label)) ** 2)
        found = LOSSES["non_saturating"].discriminator(real, fake)
        return found + CONSISTENCY * apart, (found, apart)

    def average(self):
        """Move the averaged generator."""
        done = self.optimizers["generator"].iterations
        move_average(self.averaged, self.generator, done, MOMENTUM)

    def _transformed(self, images):
        chances = {name: 0.8 * chance for name, (chance, _) in CHANGES.items()}
        strengths = {name: strength for name, (_, strength) in CHANGES.items()}
        return policy.augment(images, tuple(CHANGES), chances, self.seed_generator, strengths)


class FewImageGan(Transformed):
    """The networks.

    Args:
        subset: a `Dataset` of classes with as many images each.
        steps: of the training.
        seed: of weights, latents and transforms.
    """

    def __init__(self, subset, steps, seed):
        generator = generator_network(subset.labels, subset.image_shape, seed)
        super().__init__(generator, subset, subset.num_classes, steps, seed)
        self.neighbours = ops.convert_to_tensor(np.array(rows_of(subset), np.int32))

    def between(self, row, label):
        """Another image of the class of each, how much of the first, and latents."""
        count, seed = BATCH, self.seed_generator
        number = keras.random.randint((count,), 0, self.neighbours.shape[1], seed=seed)
        other = ops.take_along_axis(
            ops.take(self.neighbours, label, axis=0), ops.expand_dims(number, 1), axis=1
        )[:, 0]
        share = keras.random.uniform((count, 1), seed=seed)
        return [row, other, share, keras.random.normal((count, LATENTS), seed=seed)]

    def train_step(self, data):
        """One update of the discriminator, and one of the generator."""
        batch = shown(data)
        images, row, label = batch["images"], batch["row"], batch["label"]
        drawn = ops.stop_gradient(self.generator(self.between(row, label), training=True))

        def of_discriminator():
            return self.of_discriminator(images, drawn, label)

        def of_generator():
            made = self.generator(self.between(row, label), training=True)
            found = LOSSES["non_saturating"].generator(self.judge(made, label))
            itself = [row, row, ops.ones((BATCH, 1)), ops.zeros((BATCH, LATENTS))]
            copied = self.generator(itself, training=True)
            missed = ops.mean((copied - images) ** 2)
            return found + RECONSTRUCTION * missed, (found, missed)

        (discriminator, apart), _ = update(self, of_discriminator, self.discriminator)
        (generator, missed), _ = update(self, of_generator, self.generator)
        self.average()
        return {
            "discriminator": discriminator,
            "apart": apart,
            "generator": generator,
            "missed": missed,
        }


def trained_on(subset, path, seed, steps=STEPS):
    """Its generator, kept in a file."""
    if not path.is_file():
        model = FewImageGan(subset, steps, seed)
        told = {"row": np.arange(len(subset), dtype=np.int32)}
        told["label"] = subset.labels.astype(np.int32)
        batches = endless_batches(subset.images, told, BATCH, seed)
        model.fit(batches, epochs=10, steps_per_epoch=steps // 10, shuffle=False, verbose=2)
        model.averaged.save(path)
    return keras.saving.load_model(path)


def drawn_between(generator, subset, rows, seed):
    """Images between each of some of a subset's and another of its class, uint8 `(n, h, w, c)`."""
    random, drawn = np.random.default_rng(seed), []
    of_class = rows_of(subset)
    others = np.array([random.choice(of_class[label]) for label in subset.labels[rows]])
    with backend().unrecorded():
        for first in range(0, len(rows), DRAWN_AT_ONCE):
            some = slice(first, first + DRAWN_AT_ONCE)
            count = len(rows[some])
            share = random.uniform(size=(count, 1)).astype(np.float32)
            latents = random.normal(size=(count, LATENTS)).astype(np.float32)
            asked = [rows[some].astype(np.int32), others[some].astype(np.int32), share, latents]
            images = generator([ops.convert_to_tensor(one) for one in asked], training=False)
            drawn.append(to_uint8(ops.convert_to_numpy(images)))
    return np.concatenate(drawn)
