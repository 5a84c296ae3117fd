"""The networks of TensorFlow's DCGAN tutorial, written from its description.

https://www.tensorflow.org/tutorials/generative/dcgan: noise of 100; a dense layer of 7 x 7 x 256
and transposed convolutions of 128, 64 and 1 channels, 5 x 5, with batch normalisation and
LeakyReLU; in the discriminator convolutions of 64 and 128 channels, 5 x 5, stride 2, LeakyReLU,
dropout 0.3, and one dense logit. Adam at 1e-4 for both.
"""

import keras
import tensorflow as tf

NOISE = 100
RATE = 1e-4


def generator_layers():
    """From noise, and what is beside it, to images in [-1, 1]."""

    def normalised():
        return [keras.layers.BatchNormalization(), keras.layers.LeakyReLU(negative_slope=0.3)]

    def transposed(filters, stride, **options):
        return keras.layers.Conv2DTranspose(
            filters, 5, stride, padding="same", use_bias=False, **options
        )

    return [
        keras.layers.Dense(7 * 7 * 256, use_bias=False),
        *normalised(),
        keras.layers.Reshape((7, 7, 256)),
        transposed(128, 1),
        *normalised(),
        transposed(64, 2),
        *normalised(),
        transposed(1, 2, activation="tanh"),
    ]


def discriminator_layers():
    """From images, and what is beside them, to logits."""

    def convolved(filters):
        return [
            keras.layers.Conv2D(filters, 5, 2, padding="same"),
            keras.layers.LeakyReLU(negative_slope=0.3),
            keras.layers.Dropout(0.3),
        ]

    return [*convolved(64), *convolved(128), keras.layers.Flatten(), keras.layers.Dense(1)]


def applied(layers, hidden):
    """What comes out of layers, one after the other."""
    for layer in layers:
        hidden = layer(hidden)
    return hidden


def our_gan():
    """The tutorial's networks and rates in our `GAN`, compiled."""
    from ganprofile.gan.gan import GAN
    from ganprofile.gan.optimizers import Adam

    noise = keras.Input((NOISE,), name="latents")
    images = keras.Input((28, 28, 1), name="images")
    gan = GAN(
        keras.Model({"latents": noise}, applied(generator_layers(), noise)),
        keras.Model({"images": images}, applied(discriminator_layers(), images)),
    )
    gan.compile(Adam(RATE), Adam(RATE))
    return gan


def batches_of(images, size, labels=None):
    """Shuffled minibatches without end, as the tutorial and Keras' examples make them."""
    data = (images.astype("float32") - 127.5) / 127.5
    data = data if labels is None else (data, labels)
    shuffled = tf.data.Dataset.from_tensor_slices(data).shuffle(len(images)).repeat()
    return shuffled.batch(size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)


class ExampleGAN(keras.Model):
    """A model that overrides `train_step`, the way of Keras' example of a DCGAN.

    Real and fake images go through the discriminator together; the generator's update draws again.
    """

    @classmethod
    def compiled(cls):
        """One with its optimisers."""
        gan = cls()
        gan.generator = keras.Sequential([keras.Input((NOISE,)), *generator_layers()])
        gan.discriminator = keras.Sequential([keras.Input((28, 28, 1)), *discriminator_layers()])
        gan.generator_optimizer = keras.optimizers.Adam(RATE)
        gan.discriminator_optimizer = keras.optimizers.Adam(RATE)
        gan.entropy = keras.losses.BinaryCrossentropy(from_logits=True)
        gan.means = [keras.metrics.Mean(name) for name in ("generator_loss", "discriminator_loss")]
        gan.compile()
        return gan

    @property
    def metrics(self):
        return self.means

    def train_step(self, real):
        count = tf.shape(real)[0]
        fake = self.generator(tf.random.normal((count, NOISE)), training=True)
        truth = tf.concat([tf.ones((count, 1)), tf.zeros((count, 1))], 0)

        def told_apart():
            logits = self.discriminator(tf.concat([real, fake], 0), training=True)
            return self.entropy(truth, logits)

        def fooled():
            fake = self.generator(tf.random.normal((count, NOISE)), training=True)
            return self.entropy(tf.ones((count, 1)), self.discriminator(fake, training=True))

        d_loss = updated(self.discriminator_optimizer, self.discriminator, told_apart)
        g_loss = updated(self.generator_optimizer, self.generator, fooled)
        for mean, loss in zip(self.means, (g_loss, d_loss), strict=True):
            mean.update_state(loss)
        return {mean.name: mean.result() for mean in self.means}


def updated(optimizer, network, loss_of):
    """The loss before an optimiser has updated a network by its gradient."""
    with tf.GradientTape() as tape:
        loss = loss_of()
    weights = network.trainable_weights
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
    return loss
