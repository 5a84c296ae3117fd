"""A GAN of some ten images per class and of many other people's letters, together.

One conditional generator draws the user's classes and the letters, from a class and a style. The
letters are many, so that they show how hands differ; the user's classes are few, and borrow that.
The discriminator is that of `few_image_gan.py`, of all these classes.
"""

import keras
import numpy as np
from few_image_gan import DRAWN_AT_ONCE, WIDTH, Transformed
from keras import ops
from warping_gan import dense

from ganprofile.backend import backend
from ganprofile.gan.losses import LOSSES
from ganprofile.gan.pipeline import endless_batches
from ganprofile.gan.step import shown, update
from ganprofile.images import to_uint8

CODE, STYLE = 48, 32
STEPS, BATCH = 6000, 48
SHOWN, OWN = 200_000, 1 / 3  # images in a round, and the share of the user's among them
DIVERSITY = 0.05


def generator_network(num_classes, shape, seed):
    """A class and a style -> an image."""
    label, style = keras.Input((), dtype="int32"), keras.Input((STYLE,))
    initial = keras.initializers.RandomNormal(stddev=1.0, seed=seed)
    code = keras.layers.Embedding(num_classes, CODE, embeddings_initializer=initial)(label)
    told = dense(ops.concatenate([code, style], axis=-1), 128, seed + 1)
    side = shape[0] // 4
    hidden = dense(told, side**2 * 2 * WIDTH, seed + 2)
    hidden = ops.reshape(hidden, (-1, side, side, 2 * WIDTH))
    for stage in range(2):
        width = WIDTH // (stage + 1)
        hidden = keras.layers.UpSampling2D(interpolation="bilinear")(hidden)
        hidden = keras.layers.Conv2D(
            width,
            3,
            padding="same",
            kernel_initializer=keras.initializers.HeNormal(seed + 3 + stage),
        )(hidden)
        scale = keras.layers.Dense(width)(told)  # each stage is told class and style again
        hidden = hidden * (1.0 + scale[:, None, None, :])
        hidden = keras.layers.LeakyReLU(negative_slope=0.2)(hidden)
    hidden = keras.layers.LayerNormalization()(hidden)  # else all is paper after some steps
    drawn = keras.layers.Conv2D(shape[-1], 5, padding="same", activation="tanh")(hidden)
    return keras.Model([label, style], drawn)


class JointGan(Transformed):
    """The networks.

    Args:
        subset: a `Dataset`, the user's; its classes come first.
        num_classes: of the user's and of all others.
        steps: of the training.
        seed: of weights, styles and transforms.
    """

    def __init__(self, subset, num_classes, steps, seed):
        generator = generator_network(num_classes, subset.image_shape, seed)
        super().__init__(generator, subset, num_classes, steps, seed)

    def train_step(self, data):
        """One update of the discriminator, and one of the generator."""
        batch = shown(data)
        images, label = batch["images"], batch["label"]
        drawn = ops.stop_gradient(self.generator([label, self._styles()], training=True))

        def of_discriminator():
            return self.of_discriminator(images, drawn, label)

        def of_generator():
            styles, others = self._styles(), self._styles()
            made = self.generator([label, styles], training=True)
            found = LOSSES["non_saturating"].generator(self.judge(made, label))
            # Another style, another image (mode seeking: Mao et al. 2019, arXiv 1903.05628).
            apart = ops.mean(ops.abs(made - self.generator([label, others], training=True)))
            between = ops.mean(ops.abs(styles - others)) / (apart + 0.05)
            return found + DIVERSITY * between, (found, apart)

        (discriminator, steady), _ = update(self, of_discriminator, self.discriminator)
        (generator, apart), _ = update(self, of_generator, self.generator)
        self.average()
        return {
            "discriminator": discriminator,
            "steady": steady,
            "generator": generator,
            "apart": apart,
        }

    def _styles(self):
        return keras.random.normal((BATCH, STYLE), seed=self.seed_generator)


def trained_on(subset, characters, path, seed, steps=STEPS):
    """The generator of a subset's classes and of the letters of others, kept in a file."""
    if not path.is_file():
        random, of_class = np.random.default_rng(seed), characters.rows()
        own = random.integers(len(subset), size=round(OWN * SHOWN))
        classes = random.integers(characters.letters, size=SHOWN - len(own))
        others = np.array([random.choice(of_class[k]) for k in classes])
        images = np.concatenate([subset.images[own], characters.images[others]])
        label = np.concatenate([subset.labels[own], subset.num_classes + classes])
        model = JointGan(subset, subset.num_classes + characters.letters, steps, seed)
        batches = endless_batches(images, {"label": label.astype(np.int32)}, BATCH, seed)
        model.fit(batches, epochs=10, steps_per_epoch=steps // 10, shuffle=False, verbose=2)
        model.averaged.save(path)
    return keras.saving.load_model(path)


def drawn_as(generator, labels, seed):
    """An image of each class asked for, uint8 `(n, h, w, c)`."""
    random, drawn = np.random.default_rng(seed), []
    with backend().unrecorded():
        for first in range(0, len(labels), DRAWN_AT_ONCE):
            some = labels[first : first + DRAWN_AT_ONCE].astype(np.int32)
            styles = random.normal(size=(len(some), STYLE)).astype(np.float32)
            asked = [ops.convert_to_tensor(one) for one in (some, styles)]
            drawn.append(to_uint8(ops.convert_to_numpy(generator(asked, training=False))))
    return np.concatenate(drawn)
