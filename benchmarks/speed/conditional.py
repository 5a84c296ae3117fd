"""Conditional GANs that a user would begin with, written from their descriptions.

`tutorial`: TensorFlow's DCGAN tutorial (`tutorial.py`), told the label as in "Conditional
Generative Adversarial Nets" (Mirza & Osindero 2014, arXiv 1411.1784): one-hot beside the noise, and
as planes beside the pixels; minibatches of 256, a `tf.function` in a loop, as there.

`example`: Keras' example of a conditional GAN, https://keras.io/examples/generative/conditional_gan:
one-hot labels beside a noise of 128 and as planes beside the pixels; a dense layer of 7 x 7, two
transposed convolutions of 128 channels, 4 x 4, and a last convolution 7 x 7 with a sigmoid; in the
discriminator convolutions of 64 and 128 channels, 3 x 3, stride 2, and the largest value of each;
LeakyReLU 0.2; Adam at 3e-4, minibatches of 64, by `fit`.
"""

import functools

import keras
import numpy as np
import tensorflow as tf

from benchmarks.speed.tutorial import (
    NOISE,
    RATE,
    applied,
    batches_of,
    discriminator_layers,
    generator_layers,
    updated,
)

AT_ONCE = 500  # images that are drawn


def tutorial(dataset, after_step):
    """Train until `after_step` raises."""
    generator, discriminator = _told_networks(dataset.num_classes)
    optimizers = [keras.optimizers.Adam(RATE) for _ in range(2)]
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function
    def step(images, labels):
        noise = tf.random.normal((tf.shape(images)[0], NOISE))
        with tf.GradientTape() as of_generator, tf.GradientTape() as of_discriminator:
            fake = generator([noise, labels], training=True)
            real_logits = discriminator([images, labels], training=True)
            fake_logits = discriminator([fake, labels], training=True)
            g_loss = entropy(tf.ones_like(fake_logits), fake_logits)
            d_loss = entropy(tf.ones_like(real_logits), real_logits)
            d_loss += entropy(tf.zeros_like(fake_logits), fake_logits)
        networks = ((of_generator, g_loss, generator), (of_discriminator, d_loss, discriminator))
        for optimizer, (tape, loss, network) in zip(optimizers, networks, strict=True):
            weights = network.trainable_variables
            gradients = tape.gradient(loss, weights)
            optimizer.apply_gradients(zip(gradients, weights, strict=True))

    def predicted(labels):
        noise = np.random.default_rng(1).normal(size=(len(labels), NOISE)).astype("float32")
        return _drawn(lambda *block: generator.predict_on_batch(block), noise, labels)

    for images, labels in batches_of(dataset.images, 256, dataset.labels):
        step(images, labels)
        after_step(lambda wanted: _bytes((predicted(wanted) + 1) / 2))


def _told_networks(num_classes):
    """The tutorial's networks with a label beside what they had."""
    noise, label = keras.Input((NOISE,)), keras.Input((), dtype="int32")
    one_hot = keras.layers.CategoryEncoding(num_classes, "one_hot")(label)
    beside = keras.layers.Concatenate()([noise, one_hot])
    generator = keras.Model([noise, label], applied(generator_layers(), beside))
    images = keras.Input((28, 28, 1))
    planes = keras.layers.UpSampling2D(28)(keras.layers.Reshape((1, 1, num_classes))(one_hot))
    both = keras.layers.Concatenate()([images, planes])
    return generator, keras.Model([images, label], applied(discriminator_layers(), both))


def example(dataset, after_step):
    """Train until `after_step` raises."""
    gan = ConditionalGAN(dataset.num_classes)
    gan.compile()

    class AfterStep(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            after_step(gan.drawn)

    batches = batches_of(dataset.images, 64, dataset.labels)
    steps = len(dataset) // 64
    gan.fit(batches, steps_per_epoch=steps, epochs=10**6, verbose=0, callbacks=[AfterStep()])


class ConditionalGAN(keras.Model):
    """The model of Keras' example."""

    NOISE = 128

    def __init__(self, num_classes):
        super().__init__()
        self.num_classes = num_classes
        leaky = functools.partial(keras.layers.LeakyReLU, negative_slope=0.2)
        depth = self.NOISE + num_classes
        self.generator = keras.Sequential(
            [
                keras.Input((depth,)),
                *(keras.layers.Dense(7 * 7 * depth), leaky(), keras.layers.Reshape((7, 7, depth))),
                *(keras.layers.Conv2DTranspose(128, 4, 2, padding="same"), leaky()),
                *(keras.layers.Conv2DTranspose(128, 4, 2, padding="same"), leaky()),
                keras.layers.Conv2D(1, 7, padding="same", activation="sigmoid"),
            ]
        )
        self.discriminator = keras.Sequential(
            [
                keras.Input((28, 28, 1 + num_classes)),
                *(keras.layers.Conv2D(64, 3, 2, padding="same"), leaky()),
                *(keras.layers.Conv2D(128, 3, 2, padding="same"), leaky()),
                *(keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(1)),
            ]
        )
        self.optimizers = [keras.optimizers.Adam(3e-4) for _ in range(2)]
        self.entropy = keras.losses.BinaryCrossentropy(from_logits=True)

    def drawn(self, labels):
        """uint8 images of some labels."""
        noise = np.random.default_rng(1).normal(size=(len(labels), self.NOISE))
        arguments = np.concatenate([noise, np.eye(self.num_classes)[labels]], axis=1)
        return _bytes(_drawn(self.generator.predict_on_batch, arguments.astype("float32")))

    def train_step(self, data):
        images, labels = data
        images = (images + 1) / 2
        arguments = tf.one_hot(labels, self.num_classes)
        planes = tf.tile(arguments[:, None, None], (1, 28, 28, 1))
        count = tf.shape(images)[0]
        fake = self.generator(tf.concat([tf.random.normal((count, self.NOISE)), arguments], 1))
        both = tf.concat([tf.concat([some, planes], -1) for some in (fake, images)], 0)
        truth = tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], 0)  # 1 is fake, as there

        def told_apart():
            return self.entropy(truth, self.discriminator(both))

        def fooled():
            noise = tf.random.normal((count, self.NOISE))
            fake = self.generator(tf.concat([noise, arguments], 1))
            logits = self.discriminator(tf.concat([fake, planes], -1))
            return self.entropy(tf.zeros((count, 1)), logits)

        of_discriminator, of_generator = self.optimizers
        d_loss = updated(of_discriminator, self.discriminator, told_apart)
        return {"d_loss": d_loss, "g_loss": updated(of_generator, self.generator, fooled)}


def _drawn(draw, *inputs):
    """What `predict` gives, which would wait for the thread that tunes `tf.data`."""
    starts = range(0, len(inputs[0]), AT_ONCE)
    blocks = ([values[start : start + AT_ONCE] for values in inputs] for start in starts)
    return np.concatenate([draw(*block) for block in blocks])


def _bytes(shares):
    return np.uint8(np.rint(255 * np.clip(shares, 0, 1)))


PEERS = {"tutorial": tutorial, "example": example}
