"""A generator of warps against a critic of pairs.

The generator is shown a character and draws how another hand would write it: an affine map, a field
and a thickness, nothing that is not in the image. The critic is shown the character beside an image
of the same character by another person, or beside the warped one (in the line of DAGAN, Antoniou
et al. 2017, arXiv 1711.04340, whose generator paints; and of learned transforms, Zhao et al. 2019,
arXiv 1902.09383). It learns from other people's characters, and warps those it never met.
"""

import keras
import numpy as np
from keras import ops

from ganprofile.backend import backend
from ganprofile.gan.adversarial_model import AdversarialModel
from ganprofile.gan.losses import LOSSES
from ganprofile.gan.optimizers import Adam, Optimizers
from ganprofile.gan.penalties import r1
from ganprofile.gan.pipeline import endless_batches
from ganprofile.gan.step import shown, update
from ganprofile.images import to_float, to_uint8
from ganprofile.transforms import augmentation_policy as policy

SHAPE, LATENTS, KNOTS = (28, 28, 1), 16, policy.KNOTS
NUMBERS = 6 + 2 * KNOTS**2 + 2  # of an affine map, a field and a thickness
MOST_AFFINE = np.array([[0.5, 0.5, 4.0], [0.5, 0.5, 4.0]], np.float32)  # the last in pixels
MOST_FIELD, MOST_THICKNESS = 1.2, 2.0
# All that the critic sees beside the character is resampled, so that sharpness tells nothing.
RESAMPLED = {"shift": 0.15, "rotate": 0.15, "elastic": 0.1}
STEPS, BATCH, RATE = 3000, 48, 4e-4
PENALTY, DIVERSITY = 0.05, 0.02
PAIRS = 100_000
DRAWN_AT_ONCE = 2000


def convolutions(images, seed, width=32):
    """What three convolutions see of images, flat."""
    for stage in range(3):
        images = keras.layers.Conv2D(
            width * 2**stage,
            3 if stage else 5,
            strides=2,
            padding="same",
            kernel_initializer=keras.initializers.HeNormal(seed + stage),
        )(images)
        images = keras.layers.LeakyReLU(negative_slope=0.2)(images)
    return keras.layers.Flatten()(images)


def dense(values, units, seed):
    """A hidden layer."""
    layer = keras.layers.Dense(units, kernel_initializer=keras.initializers.HeNormal(seed))
    return keras.layers.LeakyReLU(negative_slope=0.2)(layer(values))


def critic_network(outputs, seed):
    """Two images as two channels -> logits."""
    pairs = keras.Input((*SHAPE[:2], 2))
    seen = dense(convolutions(pairs, seed), 128, seed + 9)
    return keras.Model(pairs, keras.layers.Dense(outputs)(seen))


def generator_network(seed):
    """An image and latents -> the numbers of a warp."""
    images, latents = keras.Input(SHAPE), keras.Input((LATENTS,))
    seen = keras.layers.Concatenate()([convolutions(images, seed), latents])
    seen = dense(dense(seen, 256, seed + 8), 128, seed + 9)
    return keras.Model([images, latents], keras.layers.Dense(NUMBERS)(seen))


def warped(images, numbers):
    """Images in [-1, 1] after warps, and the warps themselves `(n, ...)`, matrices and fields."""
    affine = MOST_AFFINE * ops.tanh(0.3 * ops.reshape(numbers[:, :6], (-1, 2, 3)))
    matrices = ops.eye(3) + ops.pad(affine, [[0, 0], [0, 1], [0, 0]])
    fields = ops.reshape(numbers[:, 6:-2], (-1, 2, KNOTS, KNOTS))
    fields = MOST_FIELD * ops.tanh(0.3 * fields)
    amounts = MOST_THICKNESS * ops.tanh(numbers[:, -2:])
    always = ops.ones(ops.shape(images)[:1], "bool")
    made = policy.changed(images, {"thickness": (always, amounts)}, (matrices, fields))
    return ops.clip(made, -1.0, 1.0), affine, fields


class TwoNetworks(AdversarialModel):
    """Two networks that learn against each other, each at a rate of its own.

    A subclass makes them, and calls `begin`.
    """

    def begin(self, seed, **rates):
        """Get ready to train, with the rate of each network, the name of an attribute."""
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True
        super().compile(optimizer=None, jit_compile=keras.backend.backend() == "jax")
        self.optimizers = {name: Adam(rate, beta_1=0.5) for name, rate in rates.items()}
        for name, optimizer in self.optimizers.items():
            optimizer.build(getattr(self, name).trainable_variables)
        self.optimizer = Optimizers(*self.optimizers.values())

    def optimizer_of(self, network):
        """The optimizer of one of the networks."""
        return next(one for name, one in self.optimizers.items() if getattr(self, name) is network)

    def parts(self):
        """What training changes."""
        networks = {name: getattr(self, name).variables for name in self.optimizers}
        return {**networks, "seed": [self.seed_generator.state]}


class WarpingGan(TwoNetworks):
    """The two networks.

    Args:
        images: uint8 `(n, 28, 28, 1)`, among which are the others of the pairs.
        steps: of the training.
        seed: of weights, latents and resampling.
    """

    def __init__(self, images, steps, seed):
        super().__init__()
        self.images = ops.convert_to_tensor(images)
        self.generator, self.critic = generator_network(seed + 20), critic_network(1, seed + 40)
        rate = keras.optimizers.schedules.CosineDecay(RATE, steps, alpha=0.05)
        self.begin(seed, generator=rate, critic=rate)

    def draw(self, images):
        """Warped images, the affine maps and fields."""
        count = images.shape[0] or ops.shape(images)[0]
        latents = keras.random.normal((count, LATENTS), seed=self.seed_generator)
        return *warped(images, self.generator([images, latents], training=True)), latents

    def train_step(self, data):
        """One update of the critic, and one of the generator."""
        batch = shown(data)
        images = batch["images"]
        others = to_float(ops.take(self.images, batch["other"], axis=0), ops.cast)
        real = ops.concatenate([images, self._resampled(others)], axis=-1)
        drawn = ops.concatenate([images, self._resampled(self.draw(images)[0])], axis=-1)
        drawn, loss = ops.stop_gradient(drawn), LOSSES["non_saturating"]

        def of_critic():
            found = loss.discriminator(self.critic(real), self.critic(drawn))
            return found + PENALTY * r1(self.critic, real, backend().gradient_of), found

        def of_generator():
            one, affine, fields, latents = self.draw(images)
            _, other_affine, other_fields, other_latents = self.draw(images)
            pairs = ops.concatenate([images, self._resampled(one)], axis=-1)
            found = loss.generator(self.critic(pairs))
            # Other latents, other warps (mode seeking: Mao et al. 2019, arXiv 1903.05628).
            apart = ops.mean(ops.abs(fields - other_fields), (1, 2, 3))
            apart += ops.mean(ops.abs(affine - other_affine)[:, :, :2], (1, 2))
            between = ops.mean(ops.abs(latents - other_latents), 1) / (apart + 0.05)
            return found + DIVERSITY * ops.mean(between), (found, ops.mean(apart))

        critic, _ = update(self, of_critic, self.critic)
        (generator, apart), _ = update(self, of_generator, self.generator)
        return {"critic": critic, "generator": generator, "apart": apart}

    def _resampled(self, images):
        return policy.augment(images, tuple(RESAMPLED), 1.0, self.seed_generator, RESAMPLED)


def trained_generator(characters, path, steps=STEPS, seed=0):
    """The generator, kept in a file."""
    if not path.is_file():
        random, rows = np.random.default_rng(seed), characters.rows()
        pairs = np.array(
            [random.choice(rows[k], 2, False) for k in characters.classes(PAIRS, random)]
        )
        model = WarpingGan(characters.images, steps, seed)
        others = {"other": pairs[:, 1].astype(np.int32)}
        batches = endless_batches(characters.images[pairs[:, 0]], others, BATCH, seed)
        model.fit(batches, epochs=10, steps_per_epoch=steps // 10, shuffle=False, verbose=2)
        model.generator.save(path)
    return keras.saving.load_model(path)


def as_others_write(generator, images, seed):
    """Each of some uint8 images once, as the generator thinks that another hand would write it."""
    random, drawn = np.random.default_rng(seed), []
    for first in range(0, len(images), DRAWN_AT_ONCE):
        some = ops.convert_to_tensor(to_float(images[first : first + DRAWN_AT_ONCE]))
        latents = random.normal(size=(len(some), LATENTS)).astype(np.float32)
        numbers = generator([some, ops.convert_to_tensor(latents)], training=False)
        drawn.append(to_uint8(ops.convert_to_numpy(warped(some, numbers)[0])))
    return np.concatenate(drawn)
