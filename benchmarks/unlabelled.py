"""Ten labelled images per class and many unlabelled ones: what the unlabelled ones give.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/unlabelled.py [CELL ...] [--folds]

A cell is a dataset and a number of labelled images per class; unlabelled are the other images of
the training part, or a third number of them at random (`mnist:10:500`), the same for every arm.
`--folds` judges by images taken aside from the training
part, otherwise the test part judges, which is read once, at the end.

- `classic`: the labelled images alone.
- `fixmatch`: self-training (Sohn et al. 2020, arXiv 2001.07685): the classifier learns, under
  strong transforms, its own confident guesses at the plain images. What it says in the end of all
  images is what the classifier of the experiment learns from.
- `spread`: labels spread over the others from neighbour to neighbour, in the eyes of teachers of
  the labelled images, and the classifier learns from all images.
- `adversarial`: as `spread`, and from these labels a reader learns against a generator that draws
  what is none of the classes; labels spread again in its eyes and those of the teachers.
- `gan`: a GAN that was trained on everything, without labels and so once for all subsets, draws as
  many images as there are real ones; their labels are those of their neighbours among the real
  ones, spread in the same way, and the classifier sees nothing else.
"""

import dataclasses
from pathlib import Path

import keras
import numpy as np
from cells import measure_cells, parser_of
from classic import fold
from does_it_help import load_options, table

import ganprofile as gp
from ganprofile.augmentation.spreading import SpreadLabels
from ganprofile.benchmarking.experiment import FOLDER
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.classifiers import ConvnetClassifier
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.images import to_float
from ganprofile.recipes.adversarial import AdversarialTraining
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.storage.arrays import open_arrays, write_arrays
from ganprofile.transforms.random_transforms import RandomTransforms

RESULTS = Path(__file__).parent / "results"
CELLS = ("mnist:10",)
BASELINES = ("classic", "fixmatch")
OPPONENT = "spread"  # of what spreads once more
SURE = 0.95
BATCH, BATCH_UNLABELLED = 32, 96
GAN_STEPS, GAN_BATCH = 10_000, 128
AGAIN = "Remove it, and it is made again."


@dataclasses.dataclass(frozen=True)
class Arm:
    """Makes a training set of a labelled subset and unlabelled images.

    Attributes:
        pool: the `Dataset` that subsets are drawn from; of the others, labels are not looked at.
        count: how many others there are at most, chosen at random; None for all.
    """

    pool: gp.Dataset
    count: int | None = None

    def unlabelled(self, subset):
        """uint8 `(n, height, width, channels)`, none of them in the subset."""
        places = self._places(subset)
        others = np.setdiff1d(np.arange(len(self.pool)), places)
        if self.count is not None:
            others = np.sort(np.random.default_rng(places).permutation(others)[: self.count])
        return self.pool.images[others]

    def description(self):
        return {"arm": type(self).__name__, "baselines": list(BASELINES)}

    def _places(self, subset):
        """Where the images of a subset stand in the pool."""
        place = {image.tobytes(): k for k, image in enumerate(self.pool.images)}
        return [place[image.tobytes()] for image in subset.images]

    def kept(self, subset, seed, folder):
        """Unlabelled images with what is said of them, kept in the subset's folder."""
        path = folder / f"{type(self).__name__}.npz"
        images = self.unlabelled(subset)
        if not path.is_file():
            write_arrays(path, {"labels": self.labels(images, subset, seed, folder)})
        return images, open_arrays(path, AGAIN)["labels"]

    def __call__(self, subset, seed, folder):
        return with_subset(subset, *self.kept(subset, seed, folder))


def with_subset(subset, images, probabilities):
    """A `TrainingSet` of the labelled and of further images, all shown under `classic`."""
    known = np.eye(subset.num_classes, dtype=np.float32)[subset.labels]
    images = np.concatenate([subset.images, images])
    return TrainingSet(images, np.concatenate([known, probabilities]), transforms="classic")


class Classic(Arm):
    """The labelled images alone."""

    def __call__(self, subset, seed, folder):
        return TrainingSet(subset.images, subset.labels, transforms="classic")


class FixMatch(Arm):
    """Self-training."""

    def labels(self, images, subset, seed, folder):
        reader = ConvnetClassifier(subset.num_classes, seed=seed)
        seeds = seed_stream(seed, "fixmatch")
        network = keras.Sequential([keras.Input(subset.image_shape), *reader.layers(seeds)])
        strong = RandomTransforms("classic", next(seeds))
        learner = keras.Sequential([keras.Input(subset.image_shape), strong, network])
        loss = keras.losses.CategoricalCrossentropy(from_logits=True)
        learner.compile(reader.optimizer(1.0), loss, jit_compile=False)
        random, known = np.random.default_rng(seed), np.eye(subset.num_classes)[subset.labels]
        for _ in range(reader.steps):
            labelled = random.integers(len(subset), size=BATCH)
            others = to_float(images[random.integers(len(images), size=BATCH_UNLABELLED)])
            guessed = keras.ops.convert_to_numpy(
                keras.ops.softmax(network.predict_on_batch(others))
            )
            sure = guessed.max(axis=1) >= SURE
            learner.train_on_batch(
                np.concatenate([to_float(subset.images[labelled]), others]),
                np.concatenate([known[labelled], np.eye(subset.num_classes)[guessed.argmax(1)]]),
                # Each part's mean counts as much as the other's, as published.
                sample_weight=np.concatenate(
                    [
                        np.full(BATCH, (BATCH + BATCH_UNLABELLED) / BATCH),
                        sure * (BATCH + BATCH_UNLABELLED) / BATCH_UNLABELLED,
                    ]
                ),
            )
        learner.optimizer.finalize_variable_values(learner.trainable_variables)
        reader.network = network
        return reader.predict_proba(images)


class Spread(Arm):
    """Labels that spread among the unlabelled images."""

    def labels(self, images, subset, seed, folder):
        return certain(self.spread(subset, seed, folder)["real"])

    def spread(self, subset, seed, folder):
        """Probabilities of the classes of the images, `real` and `drawn`, kept for both arms."""
        path = folder / "spread.npz"
        if not path.is_file():
            teachers = TeacherTraining(subset, seed, folder).trained()
            labels = SpreadLabels(subset, self.unlabelled(subset), [teachers], seed)
            drawn_too = labels.predict_proba(drawn(self.pool, folder.parent))
            write_arrays(path, {"real": labels.probabilities, "drawn": drawn_too})
        return open_arrays(path, AGAIN)


class Adversarial(Arm):
    """Labels that spread once more, in the eyes of a reader, too, that learned against a GAN."""

    def labels(self, images, subset, seed, folder):
        teachers = TeacherTraining(subset, seed, folder).trained()
        before = SpreadLabels(subset, images, [teachers], seed).probabilities
        reader = AdversarialTraining(subset, images, before, seed, folder).trained()
        return certain(SpreadLabels(subset, images, [teachers, reader], seed).probabilities)

    def description(self):
        return {**super().description(), "baselines": [*BASELINES, OPPONENT]}


class Gan(Spread):
    """What a GAN draws that has seen everything."""

    def __call__(self, subset, seed, folder):
        probabilities = self.spread(subset, seed, folder)["drawn"]
        images = drawn(self.pool, folder.parent)
        return TrainingSet(images, probabilities.argmax(axis=1), transforms="classic")


def certain(probabilities):
    """The likeliest class as if it were certain."""
    return np.eye(probabilities.shape[1], dtype=np.float32)[probabilities.argmax(axis=1)]


def drawn(pool, folder):
    """As many images as a pool has, by a GAN of all of it, kept in a folder."""
    path = folder / "drawn.npz"
    if not path.is_file():
        everything = gp.Dataset(pool.images, name="everything")
        epochs = -(-GAN_STEPS // (len(pool) // GAN_BATCH))
        run = gp.train(everything, "dcgan", epochs=epochs, output=folder / "gan", progress=False)
        write_arrays(path, {"images": run.sample(len(pool))})
    return open_arrays(path, AGAIN)["images"]


ARMS = {
    "classic": Classic,
    "fixmatch": FixMatch,
    "spread": Spread,
    "adversarial": Adversarial,
    "gan": Gan,
}


def results_of(folds):
    """The folder of results."""
    return RESULTS / ("unlabelled-folds" if folds else "unlabelled")


def measure(cell, options):
    """Add a cell to its dataset's result."""
    name, size, *count = cell.split(":")
    pool, judged = gp.load(name, **load_options(name))
    if options.folds:
        pool, judged = fold(pool, 0)
    place = results_of(options.folds) / "-".join([name, *count])
    room = place / FOLDER
    room.mkdir(parents=True, exist_ok=True)
    if not {"spread", "gan"}.isdisjoint(options.arms):
        drawn(pool, room)  # before there are several processes
    gp.benchmark(
        pool,
        test=judged,
        per_class=int(size),
        arms={arm: ARMS[arm](pool, *map(int, count)) for arm in options.arms},
        repeats=options.repeats,
        seed=int(options.folds),
        jobs=options.jobs,
        output=place,
    )


def main():
    parser = parser_of(__doc__, CELLS, tuple(ARMS), repeats=10)
    parser.add_argument("--folds", action="store_true")
    options = parser.parse_args()
    measure_cells(measure, options)
    print("\n".join(table(results_of(options.folds), (*BASELINES, OPPONENT))))


if __name__ == "__main__":
    main()
