"""Whether teachers and students learn more where images may be moved worst (virtual adversaries).

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/virtual_smoothing.py [CELL ...] [--subsets 0,1]
                                        [--ways A,B] [--moved PIXELS] [--output FILE]

What a network says of an image is to stay where the image is moved by a little in the direction
that changes it most (virtual adversarial training, Miyato et al. 2018, arXiv 1704.03976). From
labelled images alone, which the recipe deforms; what each way reads of images taken aside from the
training part, as in `lift.py`:

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
from adversarial_readers import MOVED, SMOOTH, divergence, moved_worst
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
from ganprofile.recipes.ensembles import CONVNET_SHOWN, PRETRAINED_TEACHERS
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


def smooth(kind, moved):
    """A kind of classifier whose learner is `Smooth`."""

    class SmoothClassifier(kind):
        def _learner(self, *given):
            usual = super()._learner(*given)
            learner = Smooth([keras.Input(usual.input_shape[1:]), *usual.layers])
            learner.moved = moved
            learner.compile(usual.optimizer, usual.loss, jit_compile=usual.jit_compile)
            return learner

    return SmoothClassifier


@dataclasses.dataclass(frozen=True)
class SmoothTeachers(TeacherTraining):
    """Teachers that are smooth."""

    moved: float = MOVED

    def classifier(self, number):
        """A teacher that has not learned anything yet."""
        usual = super().classifier(number)
        kind = smooth(type(usual), self.moved)
        return kind(usual.num_classes, steps=usual.steps, seed=usual.seed)


class Setting:
    """A subset, its deformations and what judges."""

    def __init__(self, cell, repeat, moved):
        name, size = cell.split(":")
        pool, self.judged = fold(gp.load(name, **load_options(name))[0], FOLD)
        self.subset = subset_of(pool, int(size), repeat, SEED)
        self.repeat, self.moved = repeat, moved
        self.seed = derived_seed(SEED, "arm", repeat, int(size))
        shown = shown_order(np.random.default_rng(self.seed), len(self.subset), CONVNET_SHOWN)
        with tempfile.TemporaryDirectory() as room:
            plan = self.plan(TeacherTraining, room)
            self.teachers, augmenter = plan.trained(), plan.augmenter
        self.images = augmenter.deform(shown, self.seed)

    def plan(self, kind, room):
        """A training of the recipe's teachers."""
        pretrained, _ = pretrained_for(self.subset)
        given = self.subset, self.seed, Path(room), PRETRAINED_TEACHERS, None, pretrained
        return kind(*given).suited()

    @functools.cached_property
    def smooth_teachers(self):
        """The same teachers, smooth."""
        with tempfile.TemporaryDirectory() as room:
            plan = self.plan(SmoothTeachers, room)
            return dataclasses.replace(plan, moved=self.moved).trained()

    def measured(self, way):
        """What the teachers of a way and their students read."""
        are_smooth, is_smooth = WAYS[way]
        teachers = self.smooth_teachers if are_smooth else self.teachers
        told = teachers.predict_proba(self.images)
        kind = smooth(ConvnetClassifier, self.moved) if is_smooth else ConvnetClassifier
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
    parser.add_argument("--moved", type=float, default=MOVED)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    kept = KeptRows.open(options.output)
    for repeat in options.subsets.split(","):
        for cell in options.cells:
            rows = {
                way: f"{cell} {repeat} {way}" + f" {options.moved:g}" * any(WAYS[way])
                for way in options.ways.split(",")
            }
            left = [way for way, row in rows.items() if row not in kept.rows]
            setting = Setting(cell, int(repeat), options.moved) if left else None
            for way in left:
                kept.keep(rows[way], setting.measured(way))
                print(rows[way], kept.rows[rows[way]], flush=True)


if __name__ == "__main__":
    main()
