"""How often a verdict finds what is not there, with classifiers that are really trained.

    python benchmarks/null_trainings.py [--experiments 100] [--output FILE.json]

Both arms of every experiment add the same images, moved at random; only the seeds of the moves and
of the initial weights differ. The classifier is a perceptron, weak where it has few images or few
steps: there the accuracy of a training moves as a whole, and subsets matter more than in
`verdicts.py`, whose parts are those of networks that read well. The data are the embedded digits at
14 x 14 pixels, 300 test images and 10 subsets an experiment.
"""

import argparse
import dataclasses
import functools
import json
import zlib
from pathlib import Path

import numpy as np

import ganprofile as gp
from ganprofile import classifiers
from ganprofile.benchmarking.comparisons import RECOGNISED
from ganprofile.benchmarking.experiment import run_experiment
from ganprofile.benchmarking.image_results import from_text
from ganprofile.benchmarking.paired import PairedDifference
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.classifiers.mlp import MlpClassifier

ROWS = [(5, 20), (5, 60), (5, 300), (20, 60), (20, 300), (50, 300)]  # images per class, steps
TEST_IMAGES_PER_CLASS = 30


class SeededByItsData(MlpClassifier):
    """Initial weights that differ from arm to arm, as the images that are drawn do."""

    def fit(self, images, labels, **options):
        self.seed = zlib.crc32(images)
        return super().fit(images, labels, **options)


def moved(subset, seed, folder, draw=0):
    """An arm that adds every image once more, moved by up to two pixels."""
    random = np.random.default_rng([seed, draw])
    images = [np.roll(image, random.integers(-2, 3, 2), (0, 1)) for image in subset.images]
    return TrainingSet(np.concatenate([subset.images, images]), np.r_[subset.labels, subset.labels])


ARMS = {"one": moved, "other": functools.partial(moved, draw=1)}


def halved(dataset):
    """Every second row and column."""
    return dataclasses.replace(dataset, images=np.ascontiguousarray(dataset.images[:, ::2, ::2]))


def measured(data, per_class, steps, experiments):
    """A row: how the experiments ended, and what moved their differences, a dict.

    `seeded` has to be a known classifier.
    """
    verdicts, known, accuracies = [], [], []
    for seed in range(experiments):
        found = run_experiment(
            *data,
            arms=ARMS,
            per_class=(per_class,),
            repeats=10,
            classifier="seeded",
            steps=steps,
            seed=seed,
            progress=False,
        )
        verdicts += found.verdicts.values()
        accuracies += [cell["accuracy"] for cell in found.cells]
        known.append(_known(found.cells, len(data[1])))
    differing = np.mean([one.differing for one in known])
    effect = max(0.0, np.mean([one.between - one.left for one in known]))
    return {
        **{"per_class": per_class, "steps": steps, "experiments": experiments},
        **{"helps": verdicts.count("helps"), "hurts": verdicts.count("hurts")},
        **{"accuracy": float(np.mean(accuracies)), "differing": float(differing)},
        "effect": float((effect / differing) ** 0.5),
    }


def _known(cells, images):
    rows = {}
    for cell in cells:
        bits = from_text(cell[RECOGNISED], images).astype(np.int8)
        rows.setdefault(cell["repeat"], {})[cell["arm"]] = bits
    return PairedDifference.of_images_read([row["other"] - row["one"] for row in rows.values()])


def table(rows):
    """The lines of a Markdown table."""
    yield (
        "| images per class | steps | accuracy | read differently | effect of subsets | "
        "helps or hurts |"
    )
    yield f"|{'---|' * 6}"
    for row in rows:
        yield (
            f"| {row['per_class']} | {row['steps']} | {100 * row['accuracy']:.0f} % | "
            f"{100 * row['differing']:.0f} % | {row['effect']:.3f} | "
            f"{row['helps'] + row['hurts']} of {row['experiments']} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--experiments", type=int, default=100)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    classifiers.CLASSIFIERS["seeded"] = SeededByItsData
    train_set, test_set = gp.load("digits")
    data = [halved(part) for part in (train_set, test_set.subset(TEST_IMAGES_PER_CLASS))]
    rows = [measured(data, *row, options.experiments) for row in ROWS]
    print("\n".join(table(rows)))
    if options.output:
        options.output.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
