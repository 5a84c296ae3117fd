"""Ways in which a reader learns against a generator: what each adds to labels that spread.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/adversarial_readers.py [CELL ...] [--ways A,B]
                                    [--subsets 0,1] [--steps N] [--work DIR] [--output FILE]

A cell is that of `unlabelled.py`: a dataset, labelled images per class and, behind another colon,
how many unlabelled ones. Each way is trained for as many steps, from the same labels, which
`ganprofile label` gives:

- `told`: the model of the package.
- `alone`: the same without a generator.
- `virtual`: and images moved where what it says changes most say the same as before (virtual
  adversarial training, Miyato et al. 2018, arXiv 1704.03976).
- `complement`: its generator draws what differs from one another, and the reader makes up its mind
  about real images ("bad" GAN, Dai et al. 2017, arXiv 1705.09783).

How many of the unlabelled images' labels are right: those of `ganprofile label`, what the reader
says, and both together; what spreads in its eyes alone, and what `label` would give with the reader
beside its teachers. Images of a fold of the training part; no test part is read.
"""

import argparse
import dataclasses
from pathlib import Path

import keras
from kept import KeptRows
from keras import ops
from unlabelled import labelled_by_all, on_fold

from ganprofile.augmentation.spreading import SpreadLabels
from ganprofile.backend import backend
from ganprofile.gan.semi_supervised import SemiSupervisedGAN
from ganprofile.recipes.adversarial import SETTINGS, AdversarialTraining, with_reader

RESULTS = Path(__file__).parent / "results" / "adversarial_readers.json"
CELLS = ("mnist:10",)
STEPS = 10_000
LOOKED, MOVED, SMOOTH = 0.1, 3.0, 1.0  # lengths of a move, pixels in -1..1; the loss's weight
APART, DECIDED = 0.1, 0.3  # weights of what drawn images are like, and of a reader's doubt


class Virtual(SemiSupervisedGAN):
    """Smooth where an image may be moved worst."""

    def _reader_objective(self, batch, views):
        objective = super()._reader_objective(batch, views)
        images = views["first"]
        random = keras.random.normal(images.shape, seed=self.seed_generator)
        said, moved = moved_worst(self._says, images, random)

        def smooth():
            total, measures = objective()
            logits, _ = self.reader(moved, training=True)
            virtual = ops.mean(divergence(said, ops.log_softmax(logits)))
            return total + SMOOTH * virtual, {**measures, "virtual": virtual}

        return smooth

    def _says(self, images):
        return ops.log_softmax(self.reader(images, training=False)[0])


class Complement(SemiSupervisedGAN):
    """Against a generator whose images differ from one another."""

    def _reader_objective(self, batch, views):
        objective = super()._reader_objective(batch, views)

        def decided():
            total, measures = objective()
            said = ops.log_softmax(self.reader(views["first"], training=True)[0])
            doubt = -ops.mean(ops.sum(ops.exp(said) * said, axis=1))
            return total + DECIDED * doubt, {**measures, "doubt": doubt}

        return decided

    def _generator_objective(self, real):
        objective = super()._generator_objective(real)

        def apart():
            total, matching = objective()
            _, features = self.reader(self.draw(real.shape[0]), training=True)
            features = features / (ops.norm(features, axis=1, keepdims=True) + 1e-6)
            alike = ops.square(ops.matmul(features, ops.transpose(features)))
            count = real.shape[0]
            return total + APART * (ops.sum(alike) - count) / (count * (count - 1)), matching

        return apart


def divergence(said, other):
    """Kullback and Leibler's, of log probabilities `(n, K)`: `(n,)`."""
    return ops.sum(ops.exp(said) * (said - other), axis=1)


def moved_worst(says, images, random, length=MOVED):
    """What is said of images, and the same moved in the direction that changes it most.

    Args:
        says: images -> log probabilities `(n, K)`.
        images: floats `(n, height, width, channels)`.
        random: of the same shape: in which direction is looked.
        length: of the move, pixels in -1..1.
    """
    said = ops.stop_gradient(says(images))

    def changed(move):
        return ops.sum(divergence(said, says(images + move)))

    worst = backend().gradient_of(changed, LOOKED * of_length_one(random))
    return said, images + length * of_length_one(ops.stop_gradient(worst))


def with_learner(kind, learner):
    """A kind of classifier that learns by another model.

    Args:
        kind: a `NetworkClassifier`.
        learner: a kind of `keras.Sequential`.
    """

    class Classifier(kind):
        def _learner(self, *given):
            usual = super()._learner(*given)
            other = learner([keras.Input(usual.input_shape[1:]), *usual.layers])
            other.compile(usual.optimizer, usual.loss, jit_compile=usual.jit_compile)
            return other

    return Classifier


def of_length_one(moves):
    """Moves of images, each divided by its length."""
    length = ops.sqrt(ops.sum(ops.square(moves), axis=(1, 2, 3), keepdims=True))
    return moves / (length + 1e-12)


@dataclasses.dataclass(frozen=True)
class Way(AdversarialTraining):
    """The training of another model."""

    kind: type = SemiSupervisedGAN

    def model(self):
        began = super().model()
        few, given = self.few, (self.settings, self.seed)
        return self.kind(began.reader, began.generator, few.images, few.labels, *given)


WAYS = {  # the model, and what else differs in its settings
    "told": (SemiSupervisedGAN, {}),
    "alone": (SemiSupervisedGAN, {"adversarial": 0.0}),
    "virtual": (Virtual, {}),
    "complement": (Complement, {}),
}


class Setting:
    """A labelled subset, unlabelled images and how `ganprofile label` labels these."""

    def __init__(self, cell, repeat, work):
        self.training, self.images, self.labels = on_fold(cell, repeat, work)
        self.before = labelled_by_all(self.training, self.images)

    def right(self, probabilities):
        """The share of labels that are right."""
        return float((probabilities.argmax(axis=1) == self.labels).mean())

    def measured(self, way, steps):
        """Name -> the share of labels that are right."""
        kind, changed = WAYS[way]
        settings = dataclasses.replace(SETTINGS, steps=steps, **changed)
        subset, seed = self.training.real, self.training.seed
        place = self.training.folder / way
        reader = Way(subset, self.images, self.before, seed, place, settings, kind).trained()
        in_its_eyes = SpreadLabels(subset, self.images, [reader], seed).in_their_eyes
        return {
            "label": self.right(self.before),
            "reads": self.right(reader.predict_proba(self.images)),
            "both": self.right(with_reader(self.before, reader, self.images)),
            "in its eyes": self.right(in_its_eyes),
            "in all eyes": self.right(labelled_by_all(self.training, self.images, reader)),
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--subsets", default="0,1")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--work", type=Path, default=Path("adversarial-readers"))
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    kept, ways = KeptRows.open(options.output), options.ways.split(",")
    for repeat in options.subsets.split(","):
        for cell in options.cells:
            rows = {way: f"{cell} {repeat} {way} {options.steps}" for way in ways}
            left = [way for way, row in rows.items() if row not in kept.rows]
            setting = Setting(cell, int(repeat), options.work) if left else None
            for way in left:
                found = setting.measured(way, options.steps)
                kept.keep(rows[way], found)
                shares = (f"{name} {share:.2%}" for name, share in found.items())
                print(rows[way], *shares, flush=True)


if __name__ == "__main__":
    main()
