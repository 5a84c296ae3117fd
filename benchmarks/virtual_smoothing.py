"""Whether teachers and students learn more where images or weights may be moved worst.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/virtual_smoothing.py [CELL ...] [--subsets 0,1]
                                [--ways A,B] [--of images|weights] [--moved LENGTH] [--output FILE]

What a network says of an image is to stay where the image is moved by a little in the direction
that changes it most (virtual adversarial training, Miyato et al. 2018, arXiv 1704.03976); or it
learns with the weights that are worst near those which it has (sharpness-aware minimization, Foret
et al. 2021, arXiv 2010.01412; on TensorFlow). From labelled images alone, which the recipe deforms;
what each way reads of images taken aside from the training part, as in `lift.py`:

- `recipe`: teachers and a student as `augment` has them.
- `student`: the same teachers, a smooth student.
- `teachers`: smooth teachers, a student as it is.
- `both`: smooth ones.
"""

import argparse
import dataclasses
import functools
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from adversarial_readers import MOVED, SMOOTH, divergence, moved_worst, with_learner
from classic import fold
from does_it_help import load_options
from kept import KeptRows
from keras import ops
from lift import FOLD, SEED

import ganprofile as gp
from ganprofile.benchmarking.cells import derived_seed, subset_of
from ganprofile.classifiers import ConvnetClassifier
from ganprofile.classifiers.order import shown_order
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.ensembles import CONVNET_SHOWN, PRETRAINED_TEACHERS, WARPED
from ganprofile.recipes.pretrained import pretrained_for

RESULTS = Path(__file__).parent / "results" / "virtual_smoothing.json"
CELLS = ("mnist:10", "emnist:15")
WAYS = {  # whether teachers are smooth, and whether the student is
    "recipe": (False, False),
    "student": (False, True),
    "teachers": (True, False),
    "both": (True, True),
}
TRAININGS = 2
WEIGHTS_MOVED = 0.1  # the length of all weights' move together


class Smooth(keras.Sequential):
    """A learner that is also to say the same of images that are moved worst."""

    moved = MOVED

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """That of the labels, and how much of what is said changes."""
        told = super().compute_loss(x, y, y_pred, sample_weight, training)
        random = keras.random.normal(ops.shape(x))
        _, moved = moved_worst(self._says, x, random, self.moved)
        logits = self(moved, training=True)
        # What is said by all units and by some of them would differ by the dropout alone.
        clean = ops.stop_gradient(ops.log_softmax(y_pred))
        return told + SMOOTH * ops.mean(divergence(clean, ops.log_softmax(logits)))

    def _says(self, images):
        return ops.log_softmax(self(images, training=False))


class Flat(keras.Sequential):
    """A learner whose loss is that of weights which are moved to where it is worst."""

    moved = WEIGHTS_MOVED

    def train_step(self, data):
        """A step of the optimizer from the weights, by the gradients beside them."""
        weights = self.trainable_variables
        _, worst = self._gradients(data)
        length = ops.sqrt(sum(ops.sum(ops.square(gradient)) for gradient in worst))
        moves = [self.moved * gradient / (length + 1e-12) for gradient in worst]
        for weight, move in zip(weights, moves, strict=True):
            weight.assign_add(move)
        loss, gradients = self._gradients(data)
        for weight, move in zip(weights, moves, strict=True):
            weight.assign_sub(move)
        self.optimizer.apply(gradients, weights)
        return {"loss": loss}

    def _gradients(self, data):
        images, labels = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(images, labels, self(images, training=True))
        return loss, tape.gradient(loss, self.trainable_variables)


LEARNERS = {"images": Smooth, "weights": Flat}


def smooth(kind, of, moved):
    """A kind of classifier whose learner is one of `LEARNERS`."""
    learner = LEARNERS[of]
    return with_learner(kind, type(learner.__name__, (learner,), {"moved": moved}))


@dataclasses.dataclass(frozen=True)
class SmoothTeachers(TeacherTraining):
    """Teachers that are smooth."""

    of: str = "images"
    moved: float = MOVED

    def classifier(self, number):
        """A teacher that has not learned anything yet."""
        usual = super().classifier(number)
        kind = smooth(type(usual), self.of, self.moved)
        return kind(usual.num_classes, steps=usual.steps, seed=usual.seed)


class Setting:
    """A subset, its deformations and what judges."""

    def __init__(self, cell, repeat, of, moved):
        name, size = cell.split(":")
        pool, self.judged = fold(gp.load(name, **load_options(name))[0], FOLD)
        self.subset = subset_of(pool, int(size), repeat, SEED)
        self.repeat, self.of, self.moved = repeat, of, moved
        self.seed = derived_seed(SEED, "arm", repeat, int(size))
        shown = shown_order(np.random.default_rng(self.seed), len(self.subset), CONVNET_SHOWN)
        with tempfile.TemporaryDirectory() as room:
            plan = self.plan(TeacherTraining, room)
            self.teachers, augmenter = plan.trained(), plan.augmenter
        self.images = augmenter.deform(shown, self.seed)

    def plan(self, kind, room):
        """A training of the recipe's teachers."""
        pretrained, _ = pretrained_for(self.subset)
        ensemble = PRETRAINED_TEACHERS if pretrained else WARPED
        return kind(self.subset, self.seed, Path(room), ensemble, None, pretrained).suited()

    @functools.cached_property
    def smooth_teachers(self):
        """The same teachers, smooth."""
        with tempfile.TemporaryDirectory() as room:
            plan = self.plan(SmoothTeachers, room)
            return dataclasses.replace(plan, of=self.of, moved=self.moved).trained()

    def measured(self, way):
        """What the teachers of a way and their students read."""
        are_smooth, is_smooth = WAYS[way]
        teachers = self.smooth_teachers if are_smooth else self.teachers
        told = teachers.predict_proba(self.images)
        kind = ConvnetClassifier
        if is_smooth:
            kind = smooth(kind, self.of, self.moved)
        students = []
        for training in range(TRAININGS):
            seed = derived_seed(SEED, "classifier", self.repeat, training)
            student = kind(self.subset.num_classes, seed=seed).fit(self.images, told)
            students.append(self.right(student))
        return {"teachers": self.right(teachers), "students": students}

    def right(self, reader):
        """The share of the judging images that a reader reads."""
        said = reader.predict_proba(self.judged.images).argmax(axis=1)
        return float((said == self.judged.labels).mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--subsets", default="0,1")
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--of", choices=LEARNERS, default="images")
    parser.add_argument("--moved", type=float)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    kept, of = KeptRows.open(options.output), options.of
    moved = LEARNERS[of].moved if options.moved is None else options.moved
    told = {"images": f" {moved:g}", "weights": f" weights {moved:g}"}[of]
    for repeat in options.subsets.split(","):
        for cell in options.cells:
            rows = {
                way: f"{cell} {repeat} {way}" + told * any(WAYS[way])
                for way in options.ways.split(",")
            }
            left = [way for way, row in rows.items() if row not in kept.rows]
            setting = Setting(cell, int(repeat), of, moved) if left else None
            for way in left:
                kept.keep(rows[way], setting.measured(way))
                print(rows[way], kept.rows[rows[way]], flush=True)


if __name__ == "__main__":
    main()
