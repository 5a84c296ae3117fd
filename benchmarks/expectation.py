"""What `augment` says may be expected of a set, beside what the set gives on 10,000 other images.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/expectation.py [CELL ...] [--subsets N]
                                       [--only SUBSET] [--before] [--jobs N] [--table]
                                       [--output FILE]

Only training parts are read: 10,000 random images of one are set aside (or the images of 13 writers
of Chars74K), and subsets are drawn of the others. For every subset a set is made as `augment` makes
it, a classifier learns from the set and another one, with the same initial weights, from the
subset under the classical transforms; both read the images set aside. That is the gain, and the
interval of the expectation should hold it in 95 of 100 cases. `--before` makes a set by the recipe
as it was before the teachers were cross-fitted, too: two or three of them, trained for 4,000 steps
(2,000 from pretrained weights) on all images. Every subset that is finished is kept in FILE, and
the script goes on from there.
"""

import argparse
import dataclasses
import json
import math
import tempfile
from pathlib import Path

import numpy as np
from cost import machine
from keras.config import backend
from parts import parts

from ganprofile.augmentation import expected
from ganprofile.augmentation.deformed_set import DEFAULT_TOTAL, DeformationJob
from ganprofile.augmentation.pieces import SetPieces, drawn
from ganprofile.augmentation.plan import CountRequest, synthetic_counts
from ganprofile.classifiers import ConvnetClassifier
from ganprofile.classifiers.accuracy import accuracy
from ganprofile.parallel import Sharing
from ganprofile.recipes import recipes
from ganprofile.recipes.deformation import CLASSIC
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.ensembles import Teacher, TeacherEnsemble
from ganprofile.storage.files import write_json

CELLS = ("mnist:10", "emnist:15", "chars74k:15")
OUTPUT = Path(__file__).parent / "results" / "expectation.json"
UPRIGHT = Teacher("convnet", is_upright=True)
EMBEDDING = Teacher("embedding", is_pretrained=True)
BEFORE = {
    recipes.FROM_FEW: TeacherEnsemble("before", (Teacher("deepconvnet"), UPRIGHT, UPRIGHT)),
    recipes.WITH_PRETRAINED: TeacherEnsemble(
        "before", (Teacher("embedding", True, True), EMBEDDING, UPRIGHT)
    ),
    recipes.FROM_MANY: TeacherEnsemble(
        "before", (Teacher("deepconvnet"), Teacher("deepconvnet", is_upright=True)), CLASSIC
    ),
}


def measure(common, cell, subset):
    """What comes of a subset, a dict."""
    steps, with_before = common
    name, size = cell.split(":")
    pool, aside = parts(name)
    few = pool.subset(int(size), seed=subset)
    recipe = recipes.recipe_for(few)
    counts = synthetic_counts(
        CountRequest.of(None, None, DEFAULT_TOTAL, ()), few.class_counts(), few.class_names, False
    )
    job = DeformationJob(few, recipe, counts, seed=subset, progress=False, sharing=Sharing(1))

    def read(classifier):
        return accuracy(classifier, aside.images, aside.labels)

    def of_set(pieces):
        blocks = [drawn(pieces, number) for number in range(pieces.blocks)]
        images, labels = map(np.concatenate, zip(*blocks, strict=True))
        return {
            "teachers": _share_right(pieces.teachers, aside),
            "student": read(_classifier(few, subset).fit(images, labels)),
        }

    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        pieces = dataclasses.replace(job.pieces(room), steps=steps)
        row = {
            **{"cell": cell, "subset": subset, "recipe": recipe.arm, "backend": backend()},
            "set": of_set(pieces),
        }
        found = expected.found(pieces, recipe.arm, job.sharing, progress=False)
        row["expectation"] = {
            key: getattr(found, key) for key in ("images", "mean", "low", "high", "smallest_gain")
        }
        row["steps"] = steps
        classic = _classifier(few, subset).fit(few.images, few.labels, transforms="classic")
        row["classic"] = read(classic)
        if with_before:
            training = TeacherTraining(
                few, subset, room, BEFORE[recipe.arm], None, recipe.pretrained
            )
            row["before"] = of_set(SetPieces(training, pieces.chosen))
    return row


def _classifier(few, subset):
    return ConvnetClassifier(few.num_classes, seed=1000 + subset)


def _share_right(teachers, aside):
    read = teachers.predict_proba(aside.images).argmax(axis=1)
    return float((read == aside.labels).mean())


def table(rows):
    """Lines of Markdown."""
    lines = [
        "| images per class | subsets | gain on other images | expected (half-width) | interval "
        "holds the gain | against the recipe before |",
        "|---|---|---|---|---|---|",
    ]
    for cell in dict.fromkeys(row["cell"] for row in rows):
        some = [row for row in rows if row["cell"] == cell]
        gains = np.array([row["set"]["student"] - row["classic"] for row in some])
        found = [row["expectation"] for row in some]
        held = [
            e["low"] <= gain <= e["high"]
            for e, gain in zip(found, gains, strict=True)
            if e["low"] is not None
        ]
        means = np.array([e["mean"] for e in found])
        half = [(e["high"] - e["low"]) / 2 for e in found if e["low"] is not None]
        before = [r["set"]["student"] - r["before"]["student"] for r in some if "before" in r]
        lines.append(
            f"| {cell.replace(':', ' ')} | {len(some)} | {_spread(gains)} | {_spread(means)} "
            f"({100 * np.mean(half) if half else math.nan:.2f}) | {sum(held)} of {len(held)} | "
            f"{_spread(np.array(before)) if before else ''} |"
        )
    return lines


def _spread(values):
    sd = f", sd {100 * values.std(ddof=1):.2f}" if len(values) > 1 else ""
    return f"{100 * values.mean():+.2f}{sd}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--subsets", type=int, default=40)
    parser.add_argument("--only", type=int, metavar="SUBSET", help="for processes of their own")
    parser.add_argument("--steps", type=int, default=expected.STEPS)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--before", action="store_true")
    parser.add_argument("--table", action="store_true", help="only print what there is")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    content = {"machine": machine(), "rows": []}
    if options.output.is_file():
        content = json.loads(options.output.read_text())
    done = {(row["cell"], row["subset"]) for row in content["rows"]}
    subsets = range(options.subsets) if options.only is None else [options.only]
    wanted = [(cell, n) for n in subsets for cell in options.cells]
    wanted = [] if options.table else [each for each in wanted if each not in done]
    sharing, common = Sharing(options.jobs), (options.steps, options.before)
    with sharing.executor(common, work="the measurement", remedy="Run it again.") as executor:
        for row in executor.imap(measure, wanted):
            content["rows"].append(row)
            write_json(options.output, content)
            print(row, flush=True)
    print("\n".join(table(content["rows"])))


if __name__ == "__main__":
    main()
