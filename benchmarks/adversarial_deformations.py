"""Whether a student learns more from the deformations that it reads worst.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/adversarial_deformations.py [CELL ...]
                                                                  [--subsets N] [--output FILE]

In the line of adversarial augmentation (TeachAugment, Suzuki 2022, arXiv 2202.12513): of several
deformations of each image a student is shown the one that costs it most now, if its teachers still
read the character there. A student and its rival begin alike and are shown the same images equally
often. Both are judged by images taken aside from the training part, as in `lift.py`.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from classic import fold
from does_it_help import load_options
from lift import FOLD, SEED

import ganprofile as gp
from ganprofile.benchmarking.cells import derived_seed, subset_of
from ganprofile.classifiers import ConvnetClassifier
from ganprofile.classifiers.network import as_probabilities
from ganprofile.classifiers.order import shown_order
from ganprofile.recipes.deformation import PAIRWISE
from ganprofile.recipes.distillation import TeacherTraining

RESULTS = Path(__file__).parent / "results" / "adversarial_deformations.json"
CELLS = ("mnist:10", "emnist:15")
STAYS = 0.5  # the teachers' probability of the character, at least


class Rival(ConvnetClassifier):
    """Is shown the deformations that it reads worst.

    It is given two deformations of every image that it is shown, all second ones behind all first.
    Attributes beside those of a `ConvnetClassifier`: `stays`, whether teachers still read the
    character of a deformation, booleans.
    """

    stays = None

    def begun(self, *shown):
        begun = super().begun(*shown)
        begun.order[:] = np.arange(len(begun.order))  # each once, as they were drawn
        return begun

    def batch(self, begun, rows):
        candidates = np.stack([rows, rows + len(begun.order)])
        self.network = begun.network
        read = self.predict_proba(begun.images[candidates.ravel()])
        told = as_probabilities(begun.targets[candidates.ravel()], self.num_classes)
        costs = -(told * np.log(np.maximum(read, 1e-6))).sum(axis=1).reshape(candidates.shape)
        costs[~self.stays[candidates]] -= 1e3  # shown only where no other stays
        return super().batch(begun, candidates[costs.argmax(axis=0), np.arange(len(rows))])


def measured(cell, repeat):
    """What teachers, student and rival of a subset read."""
    name, size = cell.split(":")
    pool, judged = fold(gp.load(name, **load_options(name))[0], FOLD)
    subset = subset_of(pool, int(size), repeat, SEED)
    seed = derived_seed(SEED, "arm", repeat, int(size))
    with tempfile.TemporaryDirectory() as room:
        plan = TeacherTraining(subset, seed, Path(room)).suited()
        teachers = plan.trained()
        augmenter = PAIRWISE.augmenter(subset.images, subset.labels, seed, Path(room))
        student = ConvnetClassifier(subset.num_classes, seed=seed)
        count = student.steps * student.batch_size
        shown = shown_order(np.random.default_rng(seed), len(subset), count)
        images = augmenter.deform(np.tile(shown, 2), seed)
    labels = teachers.predict_proba(images)
    stays = labels[np.arange(len(images)), np.tile(subset.labels[shown], 2)] >= STAYS
    rival = Rival(subset.num_classes, seed=seed)
    rival.stays = stays

    def share(reader):
        return float((reader.predict(judged.images) == judged.labels).mean())

    return {
        "cell": cell,
        "repeat": repeat,
        "stays": float(stays.mean()),
        "student": share(student.fit(images[:count], labels[:count])),
        "rival": share(rival.fit(images, labels)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--subsets", type=int, default=2)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    rows = json.loads(options.output.read_text()) if options.output.is_file() else []
    done = {(row["cell"], row["repeat"]) for row in rows}
    for repeat in range(options.subsets):
        for cell in options.cells:
            if (cell, repeat) not in done:
                rows.append(measured(cell, repeat))
                options.output.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
                print(rows[-1], flush=True)


if __name__ == "__main__":
    main()
