"""`GAN`: one Keras model for every preset, trained by `fit`."""

import keras
from keras import ops

from ganprofile.backend import backend, random_rows
from ganprofile.gan import step
from ganprofile.gan.adversarial_model import AdversarialModel, move_average
from ganprofile.gan.losses import LOSSES
from ganprofile.gan.networks.computing import in_float32
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.gan.optimizers import Optimizers
from ganprofile.gan.penalties import PENALTIES
from ganprofile.storage.names import check_known
from ganprofile.transforms import augmentation_policy as policy


@keras.saving.register_keras_serializable(package="ganprofile")
class GAN(AdversarialModel):
    """Two networks that play against each other (Goodfellow et al. 2014).

    A preset is a combination of networks, conditions and settings of `compile`, never a subclass.
    The data of `fit` are dicts: `images`, float32 `(k * m, height, width, channels)` in [-1, 1],
    and int32 `(k * m,)` for every condition, k being `discriminator_steps`.

    Args:
        generator: `{"latents": ..., condition: ...}` -> images in [-1, 1].
        discriminator: `{"images": ..., condition: ...}` -> logits.
        seed: fixes the latents of training.
    """

    def __init__(self, generator, discriminator, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.generator = generator
        self.discriminator = discriminator
        self.averaged_generator = in_float32(generator)
        self.averaged_generator.trainable = False
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        policy_seed = next(seed_stream(seed, "glyph policy"))
        self.policy_seed_generator = keras.random.SeedGenerator(policy_seed)
        self.built = True

    def compile(
        self,
        generator_optimizer,
        discriminator_optimizer,
        *,
        loss="non_saturating",
        penalty=None,
        penalty_weight=1.0,
        penalty_interval=1,
        augmentation_policy=(),
        augmentation_probability=0.5,
        discriminator_steps=1,
        ema_momentum=None,
        **kwargs,
    ):
        """Set how the networks are trained.

        Args:
            generator_optimizer: a Keras optimizer.
            discriminator_optimizer: another one.
            loss: a name in `LOSSES`.
            penalty: a name in `PENALTIES` that the discriminator pays, or None.
            penalty_weight: what the penalty is multiplied with.
            penalty_interval: the penalty falls due at every so many-th update, as many times over
                (lazy regularisation, Karras et al. 2020, arXiv 1912.04958).
            augmentation_policy: names in `AUGMENTATION_POLICY`; what happens to every image, real
                or fake, before the discriminator sees it.
            augmentation_probability: how often each of these happens to an image.
            discriminator_steps: updates of the discriminator before each of the generator (k).
            ema_momentum: momentum, reached gradually, of the moving average of the generator's
                weights that `call` draws with; None draws with the generator itself.
            **kwargs: what else `keras.Model.compile` takes (`jit_compile`, `run_eagerly`).
        """
        check_known("loss", loss, LOSSES)
        if penalty is not None:
            check_known("penalty", penalty, PENALTIES)
        policy.check_policy(augmentation_policy, augmentation_probability)
        # Keras would otherwise make an optimizer of its own and report a loss of 0.
        super().compile(optimizer=None, **kwargs)
        self.generator_optimizer = keras.optimizers.get(generator_optimizer)
        self.discriminator_optimizer = keras.optimizers.get(discriminator_optimizer)
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.discriminator_optimizer.build(self.discriminator.trainable_variables)
        self.optimizer = Optimizers(self.generator_optimizer, self.discriminator_optimizer)
        self.loss_name = loss
        self.adversarial_loss = LOSSES[loss]
        self.penalty = penalty
        self.penalty_weight = penalty_weight
        self.penalty_interval = penalty_interval
        self.augmentation_policy = tuple(augmentation_policy)
        self.augmentation_probability = augmentation_probability
        self.discriminator_steps = discriminator_steps
        self.ema_momentum = ema_momentum

    @property
    def latent_dim(self):
        """Length of the noise vector."""
        return self.generator.input["latents"].shape[-1]

    @property
    def conditions(self):
        """Names of the conditions."""
        return [name for name in self.generator.input if name != "latents"]

    @property
    def drawing_generator(self):
        """The generator that samples come from: the moving average where there is one."""
        return self.generator if self.ema_momentum is None else self.averaged_generator

    def call(self, inputs, training=False):
        """`{"latents": (n, latent_dim), condition: (n,)}` to images in [-1, 1]."""
        return self.drawing_generator(inputs, training=training)

    def minibatches(self, data):
        """The k minibatches of an iteration's discriminator steps, their images as it sees them."""
        size = data["images"].shape[0] // self.discriminator_steps
        for start in range(0, size * self.discriminator_steps, size):
            batch = {name: values[start : start + size] for name, values in data.items()}
            yield {**batch, "images": self._shown(batch["images"])}

    def _shown(self, images):
        """Images after the augmentation policy, as the discriminator sees them."""
        images = ops.cast(images, keras.config.floatx())
        if not self.augmentation_policy:
            return images
        return policy.augment(
            images,
            self.augmentation_policy,
            self.augmentation_probability,
            self.policy_seed_generator,
        )

    def _condition_indices(self, batch):
        """The conditions of a batch, without its images."""
        return {name: batch[name] for name in self.conditions}

    def draw(self, batch, training):
        """As many fake images as the batch has real ones, as the discriminator sees them."""
        latents = random_rows(
            lambda count: keras.random.normal((count, self.latent_dim), seed=self.seed_generator),
            batch["images"].shape[0],
        )
        images = self.generator(
            {"latents": latents, **self._condition_indices(batch)}, training=training
        )
        return self._shown(images)

    def judge(self, batch, fake_images):
        """Logits of real and of fake images in one pass, each `(m, 1)`."""
        twice = {
            name: ops.concatenate([v, v]) for name, v in self._condition_indices(batch).items()
        }
        both = ops.concatenate([batch["images"], fake_images])
        return ops.split(self._logits({"images": both, **twice}, training=True), 2)

    def _logits(self, inputs, training):
        """In full precision, whatever the network computes in."""
        return ops.cast(self.discriminator(inputs, training=training), keras.config.floatx())

    def penalty_term(self, batch):
        """What the discriminator pays beside its loss in this update, a scalar.

        Dropout is off inside: the penalty is about the function that the discriminator is.
        """
        if self.penalty is None:
            return 0.0

        def judge(images):
            return self._logits(
                {"images": images, **self._condition_indices(batch)}, training=False
            )

        def paid():
            penalty = PENALTIES[self.penalty](judge, batch["images"], backend().gradient_of)
            return self.penalty_interval * self.penalty_weight * penalty

        is_due = self.discriminator_optimizer.iterations % self.penalty_interval == 0
        return ops.cond(is_due, paid, lambda: ops.zeros(()))

    def generator_loss(self, batch):
        """What the generator minimises, on fresh latents."""
        fake = {"images": self.draw(batch, training=True), **self._condition_indices(batch)}
        return self.adversarial_loss.generator(self._logits(fake, training=True))

    def update_average(self):
        """Move the averaged generator a little towards the trained one."""
        if self.ema_momentum is not None:
            updates = self.generator_optimizer.iterations
            move_average(self.averaged_generator, self.generator, updates, self.ema_momentum)

    def train_step(self, data):
        """One iteration: k discriminator updates, then one of the generator."""
        return step.train_step(self, data)

    def optimizer_of(self, network):
        """The optimizer that trains one of the two networks."""
        is_generator = network is self.generator
        return self.generator_optimizer if is_generator else self.discriminator_optimizer

    def parts(self):
        """What training changes, by the names of the parts."""
        return {
            "generator": self.generator.variables,
            "averaged_generator": self.averaged_generator.variables,
            "discriminator": self.discriminator.variables,  # the seeds of dropout included
            "latents": [self.seed_generator.state],
            "augmentation_policy": [self.policy_seed_generator.state],
            "generator_optimizer": self.generator_optimizer.variables,
            "discriminator_optimizer": self.discriminator_optimizer.variables,
        }

    def get_config(self):
        return {
            "generator": keras.saving.serialize_keras_object(self.generator),
            "discriminator": keras.saving.serialize_keras_object(self.discriminator),
            "seed": self.seed,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config):
        networks = {
            name: keras.saving.deserialize_keras_object(config.pop(name))
            for name in ("generator", "discriminator")
        }
        return cls(**networks, **config)

    def get_compile_config(self):
        optimizers = {
            name: keras.saving.serialize_keras_object(getattr(self, name))
            for name in ("generator_optimizer", "discriminator_optimizer")
        }
        return {
            **optimizers,
            "loss": self.loss_name,
            "penalty": self.penalty,
            "penalty_weight": self.penalty_weight,
            "penalty_interval": self.penalty_interval,
            "augmentation_policy": self.augmentation_policy,
            "augmentation_probability": self.augmentation_probability,
            "discriminator_steps": self.discriminator_steps,
            "ema_momentum": self.ema_momentum,
        }

    def compile_from_config(self, config):
        for name in ("generator_optimizer", "discriminator_optimizer"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        self.compile(**config)
