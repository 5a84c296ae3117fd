"""Ten labelled images per class and many unlabelled ones: what the unlabelled ones give.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/unlabelled.py [CELL ...] [--folds] [--right]

A cell is a dataset and a number of labelled images per class; unlabelled are the other images of
the training part, or a third number of them at random (`mnist:10:500`), the same for every arm.
`--folds` judges by images taken aside from the training
part, otherwise the test part judges, which is read once, at the end. `--right` counts how many of
the labels are right that the arms gave to unlabelled images.

- `classic`: the labelled images alone.
- `fixmatch`: self-training (Sohn et al. 2020, arXiv 2001.07685): the classifier learns, under
  strong transforms, its own confident guesses at the plain images. What it says in the end of all
  images is what the classifier of the experiment learns from.
- `augment`: what `ganprofile augment` makes of the labelled images alone.
- `spread`: what `ganprofile label` gives: labels spread over the others from neighbour to
  neighbour, in the eyes of teachers of the labelled images and among their pixels, and what these
  teachers read counts as well; the classifier learns from all images.
- `spread+augment`: what `ganprofile augment` makes of all images with these labels.
- `adversarial`: as `spread`, and from these labels a reader learns against a generator that draws
  what is none of the classes; what it reads counts half as much as they do.
- `adversarial+augment`: what `ganprofile augment` makes of all images with these labels.
- `gan`: a GAN that was trained on everything, without labels and so once for all subsets, draws as
  many images as there are real ones; their labels are those of their neighbours among the real
  ones, spread in the same way, and the classifier sees nothing else.
"""

import dataclasses
from pathlib import Path

import keras
import numpy as np
import packed
from cells import measure_cells, parser_of
from classic import fold
from does_it_help import load_options, table
from lift import FOLD, SEED

import ganprofile as gp
from ganprofile.augmentation.spreading import SpreadLabels, with_readings
from ganprofile.benchmarking.arms import named_arms
from ganprofile.benchmarking.cells import derived_seed, subset_of
from ganprofile.benchmarking.experiment import FOLDER
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.classifiers import ConvnetClassifier
from ganprofile.gan.networks.seeds import seed_stream
from ganprofile.images import to_float
from ganprofile.recipes.adversarial import SETTINGS, AdversarialTraining, with_reader
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.recipes import recipe_for
from ganprofile.storage.arrays import open_arrays, write_arrays
from ganprofile.transforms.random_transforms import RandomTransforms

RESULTS = Path(__file__).parent / "results"
CELLS = ("mnist:10",)
BASELINES = ("classic", "fixmatch")
OPPONENT = "spread"  # of what is read once more
SURE = 0.95
BATCH, BATCH_UNLABELLED = 32, 96
GAN_STEPS, GAN_BATCH = 10_000, 128
AGAIN = "Remove it, and it is made again."
RIGHT = "right"  # the share of right labels, kept beside them


@dataclasses.dataclass(frozen=True)
class Arm:
    """Makes a training set of a labelled subset and unlabelled images.

    Attributes:
        pool: the `Dataset` that subsets are drawn from; of the others, labels only count what is
            right in the end.
        count: how many others there are at most, chosen at random; None for all.
        steps: how long a reader learns against a generator.
    """

    pool: gp.Dataset
    count: int | None = None
    steps: int = SETTINGS.steps

    def unlabelled(self, subset):
        """uint8 `(n, height, width, channels)`, none of them in the subset."""
        return self.pool.images[self.others(subset)]

    def others(self, subset):
        """Where these stand in the pool, int `(n,)`."""
        places = self._places(subset)
        others = np.setdiff1d(np.arange(len(self.pool)), places)
        if self.count is not None:
            others = np.sort(np.random.default_rng(places).permutation(others)[: self.count])
        return others

    def description(self):
        return {"arm": type(self).__name__, "baselines": list(BASELINES)}

    def _places(self, subset):
        """Where the images of a subset stand in the pool."""
        place = {image.tobytes(): k for k, image in enumerate(self.pool.images)}
        return [place[image.tobytes()] for image in subset.images]

    def kept(self, subset, seed, folder):
        """Unlabelled images with what is said of them, kept in the subset's folder."""
        path = folder / f"{self.labelled_by}.npz"
        others = self.others(subset)
        images = self.pool.images[others]
        if not path.is_file():
            labels = self.labels(images, subset, seed, folder)
            right = (labels.argmax(axis=1) == self.pool.labels[others]).mean()
            write_arrays(path, {"labels": labels, RIGHT: right})
        return images, open_arrays(path, AGAIN)["labels"]

    @property
    def labelled_by(self):
        """The name of what gives the labels."""
        return next(name for name, kind in ARMS.items() if kind.labels is type(self).labels)

    def labels(self, images, subset, seed, folder):
        """Probabilities of the classes of unlabelled images, float32 `(n, num_classes)`."""
        raise NotImplementedError

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


class Augment(Arm):
    """What `augment` makes."""

    def __call__(self, subset, seed, folder):
        arm = recipe_for(subset).arm
        shown = ConvnetClassifier(subset.num_classes)
        settings = {
            "real": subset,
            "test_set": None,
            "classifier": "convnet",
            "gan_steps": GAN_STEPS,
            "shown": shown.steps * shown.batch_size,
            "teacher_steps": None,
        }
        return named_arms([arm], **settings)[arm](subset, seed, folder)


class Spread(Arm):
    """Labels that spread among the unlabelled images, beside what teachers read."""

    def labels(self, images, subset, seed, folder):
        return certain(labelled_by_all(TeacherTraining(subset, seed, folder), images))

    def spread(self, images, subset, seed, folder):
        """The `SpreadLabels` of the images."""
        teachers = TeacherTraining(subset, seed, folder).trained()
        return SpreadLabels(subset, images, [teachers], seed)


def labelled_by_all(training, images, *readers):
    """What spreads in the eyes of teachers and further readers, and what teachers read, float32
    `(n, num_classes)`, as `ganprofile label` puts them together."""
    teachers = training.trained()
    spread = SpreadLabels(training.real, images, [teachers, *readers], training.seed)
    return with_readings(spread, training, teachers, images)[0]


class AugmentedAll:
    """What `augment` makes of the labelled images and of those to which an arm gives labels."""

    def __call__(self, subset, seed, folder):
        images, probabilities = self.kept(subset, seed, folder)
        labels = np.concatenate([subset.labels, probabilities.argmax(axis=1)]).astype(np.int32)
        images = np.concatenate([subset.images, images])
        told = {"name": subset.name, "provenance": subset.provenance}
        together = gp.Dataset(images, labels, subset.class_names, **told)
        room = folder / "all"
        room.mkdir(exist_ok=True)
        return Augment(self.pool)(together, seed, room)


class SpreadAugment(AugmentedAll, Spread):
    """What `augment` makes of all images to which labels spread."""


class ReadAgain(Arm):
    """Labels that spread, and what a reader says that learned from them against a generator."""

    def labels(self, images, subset, seed, folder):
        before = labelled_by_all(TeacherTraining(subset, seed, folder), images)
        reader = self.training(subset, images, before, seed, folder).trained()
        return certain(with_reader(before, reader, images))

    def training(self, *given):
        """The `AdversarialTraining` of a subset, unlabelled images, their labels, seed, folder."""
        return AdversarialTraining(*given, dataclasses.replace(SETTINGS, steps=self.steps))

    def description(self):
        told = {} if self.steps == SETTINGS.steps else {"steps": self.steps}
        return {**super().description(), **told, "baselines": [*BASELINES, OPPONENT]}


class Adversarial(ReadAgain):
    """All images with these labels."""

    def together(self, subsets, clock):
        """The sets of several subsets, side by side on a GPU."""
        from adversaries import adversaries
        from side_by_side import in_threads, taught

        many = [self.unlabelled(one.real) for one in subsets]
        plans = [TeacherTraining(one.real, one.seed, one.folder) for one in subsets]
        for place, teachers in taught(dict(enumerate(plans)), clock).items():
            plans[place].place.mkdir(parents=True, exist_ok=True)
            for number, classifier in enumerate(teachers.classifiers):
                classifier.save(plans[place].file(number))
        before = in_threads(labelled_by_all, plans, many)
        clock.say("spread")
        trainings = [
            self.training(one.real, images, labels, one.seed, one.folder)
            for one, images, labels in zip(subsets, many, before, strict=True)
        ]
        readers = adversaries(trainings)
        clock.say("trained against generators")
        labels = in_threads(with_reader, before, readers, many)
        clock.say("read again")
        return [
            with_subset(one.real, images, certain(said))
            for one, images, said in zip(subsets, many, labels, strict=True)
        ]


class AdversarialAugment(AugmentedAll, ReadAgain):
    """What `augment` makes of all images with these labels."""


class Gan(Spread):
    """What a GAN draws that has seen everything."""

    def __call__(self, subset, seed, folder):
        path, images = folder / "of-drawn.npz", drawn(self.pool, folder.parent)
        if not path.is_file():
            labels = self.spread(self.unlabelled(subset), subset, seed, folder)
            write_arrays(path, {"labels": labels.predict_proba(images).argmax(axis=1)})
        return TrainingSet(images, open_arrays(path, AGAIN)["labels"], transforms="classic")


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
    "augment": Augment,
    "fixmatch": FixMatch,
    "spread": Spread,
    "spread+augment": SpreadAugment,
    "adversarial": Adversarial,
    "adversarial+augment": AdversarialAugment,
    "gan": Gan,
}


def right(results):
    """Lines of how many labels of unlabelled images are right, subset by subset."""
    for room in sorted(results.glob(f"*/{FOLDER}/*")):
        for path in sorted(room.glob("*.npz")):
            if path.stem in ARMS:
                share = open_arrays(path, AGAIN)[RIGHT]
                yield f"{room.parent.parent.name} {room.name} {path.stem}: {share:.2%} right"


def on_fold(cell, repeat, work):
    """A cell on the fold of `lift.py`: its `TeacherTraining`, kept in a folder of `work`, some
    unlabelled images, and their labels, which nobody is told."""
    name, size, *count = cell.split(":")
    pool, _ = fold(gp.load(name, **load_options(name))[0], FOLD)
    subset = subset_of(pool, int(size), repeat, SEED)
    others = pool.select(Arm(pool, *map(int, count)).others(subset))
    seed = derived_seed(SEED, "arm", repeat, int(size))
    training = TeacherTraining(subset, seed, work / f"{cell.replace(':', '-')}-{repeat}")
    return training, others.images, others.labels


def results_of(folds):
    """The folder of results."""
    return RESULTS / ("unlabelled-folds" if folds else "unlabelled")


def measure(cell, options):
    """Add a cell to its dataset's result."""
    name, size, *count = cell.split(":")
    sizes = list(map(int, count)) or [None]
    pool, judged = packed.parts_of(name, reader(options.folds), options)
    place = (options.output or results_of(options.folds)) / "-".join([name, *count])
    room = place / FOLDER
    room.mkdir(parents=True, exist_ok=True)
    if "gan" in options.arms:
        drawn(pool, room)  # before there are several processes
    with packed.side_by_side(options):
        gp.benchmark(
            pool,
            test=judged,
            per_class=int(size),
            arms={arm: ARMS[arm](pool, *sizes, options.steps) for arm in options.arms},
            repeats=options.repeats,
            seed=int(options.folds),
            jobs=options.jobs,
            output=place,
        )


def reader(folds):
    """What reads both parts of a dataset by its name."""

    def read(name):
        pool, judged = gp.load(name, **load_options(name))
        return fold(pool, 0) if folds else (pool, judged)

    return read


def main():
    parser = parser_of(__doc__, CELLS, tuple(ARMS), repeats=10)
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--steps", type=int, default=SETTINGS.steps, help="of `adversarial`")
    parser.add_argument("--right", action="store_true", help="count the labels that are right")
    packed.add_options(parser, None)
    options = parser.parse_args()
    if options.pack:
        packed.pack([cell.split(":")[0] for cell in options.cells], reader(options.folds), options)
        return
    measure_cells(measure, options)
    results = options.output or results_of(options.folds)
    print("\n".join(table(results, (*BASELINES, OPPONENT))))
    if options.right:
        print("\n".join(right(results)))


if __name__ == "__main__":
    main()
