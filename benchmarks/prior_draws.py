"""What characters of other people add to deformations, labelled by the user's teachers.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/prior_draws.py [CELL ...] [--arms A,B]
                                                                [--repeats N] [--table]

A student learns from as many images in every arm, all of them labelled by the same teachers of the
subset, who begin with the package's pretrained weights:

- `recipe`: deformations of the subset, which `augment` makes.
- `draws`: half of them; in place of the others, draws of a generator of other people's characters,
  the model `emnist-cdcgan`, under the transforms of `classic`.
- `sure`: the same of that half of the draws of which the teachers are surest, within each class
  that they read.
- `others`: in place of draws, EMNIST's own training images: what a perfect generator would draw.

Images taken aside from the training part judge, as in `lift.py`; no test part is read. Results join
`results/prior_draws/DATASET/benchmark.json`.
"""

import dataclasses
from pathlib import Path

import lift
import numpy as np
from cells import measure_cells, parser_of
from does_it_help import load_options, table

import ganprofile as gp
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.recipes.deformation import CLASSIC, DeformedImages
from ganprofile.recipes.distillation import Distillation
from ganprofile.recipes.ensembles import CONVNET_SHOWN, PRETRAINED_TEACHERS
from ganprofile.recipes.pretrained import pretrained_for
from ganprofile.storage.arrays import open_arrays, write_arrays

RESULTS = Path(__file__).parent / "results" / "prior_draws"
CELLS = ("chars74k:15",)
ARMS = ("recipe", "draws", "sure", "others")
MODEL = "emnist-cdcgan"
DRAWN_FROM = 20_000  # different draws, and as many of the others' images, however often shown
BASELINES = ("recipe",)


def drawn(count, seed):
    """Draws of a generator of other people's characters, all classes in turn."""
    return gp.Run.open(MODEL).sample(count, seed=seed)


def others(count, seed):
    """Images by other people."""
    train_set, _ = gp.load("emnist", **load_options("emnist"))
    return train_set.images[np.random.default_rng(seed).permutation(len(train_set))[:count]]


@dataclasses.dataclass(frozen=True)
class Arm:
    """Deformations of a subset, and of other images, labelled by its teachers.

    Attributes:
        teachers: the `Distillation`.
        source: `(count, seed)` -> uint8 images of the subset's shape, or None.
        surest: the share of these that stays.
    """

    teachers: Distillation
    source: object = None
    surest: float = 1.0

    def __call__(self, subset, seed, folder):
        path = folder / f"{self.source and self.source.__name__}-{self.surest}.npz"
        if not path.is_file():
            made = self._made(subset, seed, folder)
            write_arrays(path, {"images": made.images, "labels": made.labels})
        arrays = open_arrays(path, "Remove it, and it is made again.")
        return TrainingSet(arrays["images"], arrays["labels"])

    def _made(self, subset, seed, folder):
        count = CONVNET_SHOWN // (1 if self.source is None else 2)
        own = TrainingSet(subset.images, subset.labels)
        images = [DeformedImages(count)(own, seed, folder).images]
        if self.source is not None:
            found = self._chosen(self.source(DRAWN_FROM, seed), subset, seed, folder)
            strange = TrainingSet(found, np.zeros(len(found), np.int32))
            images.append(DeformedImages(count, CLASSIC)(strange, seed, folder).images)
        images = np.concatenate(images)[np.random.default_rng(seed).permutation(CONVNET_SHOWN)]
        return TrainingSet(images, self.teachers.labels(images, subset, seed, folder))

    def _chosen(self, images, subset, seed, folder):
        """The surest of every class that the teachers read."""
        if self.surest == 1.0:
            return images
        said = self.teachers.labels(images, subset, seed, folder)
        read = said.argmax(axis=1)
        chosen = []
        for label in range(subset.num_classes):
            rows = np.flatnonzero(read == label)
            order = np.argsort(-said[rows, label], kind="stable")
            chosen.append(rows[order[: round(self.surest * len(rows))]])
        return images[np.concatenate(chosen)]

    def description(self):
        source = self.source and self.source.__name__
        return {"arm": source, "surest": self.surest, "baselines": list(BASELINES)}


def arms_of(pool):
    """Name -> `Arm`."""
    pretrained, why = pretrained_for(pool)
    if pretrained is None:
        raise SystemExit(why)
    teachers = Distillation(
        ensemble=PRETRAINED_TEACHERS, pretrained=pretrained, num_classes=pool.num_classes
    )
    return {
        "recipe": Arm(teachers),
        "draws": Arm(teachers, drawn),
        "sure": Arm(teachers, drawn, surest=0.5),
        "others": Arm(teachers, others),
    }


def measure(cell, options):
    """Add a cell to its dataset's result."""

    def chosen(pool):
        arms = arms_of(pool)
        return {arm: arms[arm] for arm in options.arms}

    lift.measure(cell, options, chosen, RESULTS, trainings=options.trainings)


def main():
    parser = parser_of(__doc__, CELLS, ARMS, repeats=2)
    parser.add_argument("--trainings", type=int, default=2)
    measure_cells(measure, parser.parse_args())
    print("\n".join(table(RESULTS, BASELINES)))


if __name__ == "__main__":
    main()
