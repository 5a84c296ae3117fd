"""`SemiSupervisedGAN`: a reader of few labelled and many unlabelled images, against a generator."""

import dataclasses

import keras
from keras import ops

from ganprofile.gan.adversarial_model import AdversarialModel, move_average
from ganprofile.gan.measures import mean_probability
from ganprofile.gan.networks.computing import in_float32
from ganprofile.gan.optimizers import Adam, Optimizers
from ganprofile.gan.semi_supervised_losses import (
    consistency_loss,
    feature_matching_loss,
    labelled_loss,
    real_or_drawn_loss,
    spread_loss,
)
from ganprofile.gan.step import shown, update
from ganprofile.images import to_float
from ganprofile.transforms import augmentation_policy as policy
from ganprofile.transforms.strengths import ZOOM_LEFT

# Transforms and their strengths. A perceptron learns slower where strokes bend as in `classic`
# (docs/lift.md), and what repaints pixels would teach the generator to draw so.
DEFORMING = {"shift": 0.67, "rotate": 1.0, "shear": 1.0, "zoom": 1.0, "elastic": 0.25}


@dataclasses.dataclass(frozen=True)
class SemiSupervisedSettings:
    """How it is trained.

    Attributes:
        steps: all of them; the learning rate falls to nearly 0 over the second half.
        batch: images of each kind in a step: labelled, unlabelled, drawn.
        learning_rate: of both networks.
        adversarial: the weight of telling real images from drawn ones.
        consistency: of saying the same of two deformations of an image, once
            `ramp`, a share of the steps, is over.
        spread: of labels that were spread before, at the beginning; a fifth of it at the end.
        ramp: see `consistency`.
        momentum: of the average of the reader's weights, which reads.
        keeps_size: whether images stay about as large as they are, for size tells them apart.
    """

    steps: int = 60_000
    batch: int = 100
    learning_rate: float = 3e-3
    adversarial: float = 1.0
    consistency: float = 5.0
    spread: float = 0.5
    ramp: float = 0.05
    momentum: float = 0.999
    keeps_size: bool = False


class SemiSupervisedGAN(AdversarialModel):
    """The discriminator is the reader (Salimans et al. 2016, arXiv 1606.03498).

    It learns the labels of a few images; that unlabelled images are of one of the classes and
    drawn ones of none; to say of an image what the average of its past weights says of another
    deformation of it (Tarvainen & Valpola 2017, arXiv 1703.01780); and labels that were spread
    over the unlabelled images before, as far as these are certain. The generator draws images of
    which the reader's last layer sees, in the mean, what it sees of real ones.

    The data of `fit` are dicts of `images`, float32 in [-1, 1], without labels; `label`, int32, and
    `certainty`, float32 in 0..1, what was spread to them.

    Args:
        reader: images -> `(logits, features)`.
        generator: `(n, latents)` in [0, 1) -> images in [-1, 1].
        labelled: uint8 `(m, height, width, channels)`.
        labels: class indices `(m,)`.
        settings: `SemiSupervisedSettings`.
        seed: fixes latents, deformations and which labelled images a step sees.
    """

    def __init__(self, reader, generator, labelled, labels, settings, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.reader, self.generator = reader, generator
        self.averaged_reader = in_float32(reader)
        self.averaged_reader.trainable = False
        self.settings = settings
        self.labelled = ops.convert_to_tensor(to_float(labelled))
        self.labels = ops.convert_to_tensor(labels, "int32")
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True
        self._compile()

    def _compile(self):
        super().compile(optimizer=None)
        half = max(1, self.settings.steps // 2)
        rate = keras.optimizers.schedules.CosineDecay(self.settings.learning_rate, half, alpha=0.02)
        rate = LaterOn(rate, self.settings.steps - half)
        self.reader_optimizer, self.generator_optimizer = (Adam(rate, beta_1=0.5) for _ in range(2))
        self.reader_optimizer.build(self.reader.trainable_variables)
        self.generator_optimizer.build(self.generator.trainable_variables)
        self.optimizer = Optimizers(self.reader_optimizer, self.generator_optimizer)

    def optimizer_of(self, network):
        """The optimizer that trains one of the two networks."""
        return self.reader_optimizer if network is self.reader else self.generator_optimizer

    def parts(self):
        """What training changes, by the names of the parts."""
        return {
            "reader": self.reader.variables,  # the seeds of noise included
            "averaged_reader": self.averaged_reader.variables,
            "generator": self.generator.variables,
            "seed": [self.seed_generator.state],
            "reader_optimizer": self.reader_optimizer.variables,
            "generator_optimizer": self.generator_optimizer.variables,
        }

    def call(self, images, training=False):
        """`(logits, features)` of the averaged reader."""
        return self.averaged_reader(images, training=training)

    def draw(self, count):
        """Drawn images in [-1, 1]."""
        shape = (count, *self.generator.input.shape[1:])
        latents = keras.random.uniform(shape, seed=self.seed_generator)
        return self.generator(latents, training=True)

    def train_step(self, data):
        """One update of the reader, and one of the generator."""
        batch = shown(data)
        count = batch["images"].shape[0]
        rows = self.labelled_rows(count)
        known = ops.take(self.labelled, rows, axis=0)
        images = ops.concatenate([known, batch["images"], batch["images"]])
        labelled, first, second = ops.split(self.deformed(images), 3)
        views = {"labels": ops.take(self.labels, rows), "labelled": labelled}
        views |= {"first": first, "second": second}
        measures, _ = update(self, self._reader_objective(batch, views), self.reader)
        matching, _ = update(self, self._generator_objective(first), self.generator)
        done = self.reader_optimizer.iterations
        move_average(self.averaged_reader, self.reader, done, self.settings.momentum)
        return {**measures, "feature_matching": matching}

    def labelled_rows(self, count):
        """Which of the labelled images a step sees, int32 `(count,)`."""
        return keras.random.randint((count,), 0, len(self.labels), seed=self.seed_generator)

    def deformed(self, images):
        """Images as the reader sees them in training."""
        kept = {"zoom": ZOOM_LEFT * DEFORMING["zoom"]} if self.settings.keeps_size else {}
        strengths = DEFORMING | kept
        return policy.augment(images, tuple(strengths), 1.0, self.seed_generator, strengths)

    def _reader_objective(self, batch, views):
        settings = self.settings
        drawn = ops.stop_gradient(self.draw(views["first"].shape[0]))
        said, _ = self.averaged_reader(views["second"], training=False)
        said = ops.stop_gradient(ops.softmax(said))
        done = ops.cast(self.reader_optimizer.iterations, "float32") / settings.steps

        def objective():
            together = ops.concatenate([views["labelled"], views["first"], drawn])
            logits, _ = self.reader(together, training=True)
            of_labelled, of_real, of_drawn = ops.split(logits, 3)
            losses = {
                "labelled": labelled_loss(of_labelled, views["labels"]),
                "adversarial": real_or_drawn_loss(of_real, of_drawn),
                "consistency": consistency_loss(of_real, said),
                "spread": spread_loss(of_real, batch["label"], batch["certainty"]),
            }
            weights = {
                "labelled": 1.0,
                "adversarial": settings.adversarial,
                "consistency": settings.consistency * ops.minimum(1.0, done / settings.ramp),
                "spread": settings.spread * (1.0 - 0.8 * done),
            }
            total = sum(weights[name] * loss for name, loss in losses.items())
            real = mean_probability(ops.logsumexp(of_real, axis=1))
            return total, {**losses, "probability_real": real}

        return objective

    def _generator_objective(self, real):
        _, of_real = self.reader(real, training=True)  # apart, as nothing is learned through it
        of_real = ops.stop_gradient(of_real)

        def objective():
            _, of_drawn = self.reader(self.draw(real.shape[0]), training=True)
            loss = feature_matching_loss(of_real, of_drawn)
            return loss, loss

        return objective


@keras.saving.register_keras_serializable(package="ganprofile")
class LaterOn(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that begins after some steps at its first rate.

    Args:
        schedule: a Keras schedule.
        after: how many steps.
    """

    def __init__(self, schedule, after):
        self.schedule, self.after = schedule, after

    def __call__(self, step):
        return self.schedule(ops.maximum(ops.cast(step, "float32") - self.after, 0.0))

    def get_config(self):
        schedule = keras.saving.serialize_keras_object(self.schedule)
        return {"schedule": schedule, "after": self.after}
