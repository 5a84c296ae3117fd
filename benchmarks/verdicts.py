"""How often a verdict finds what is not there, and what is: the paired experiment, simulated.

    python benchmarks/verdicts.py [--experiments 1000] [--output benchmarks/results/verdicts.json]
    python benchmarks/verdicts.py --effects

Two arms read n test images after J subsets. Whether an image is recognised is decided by a sum of
normal parts, the difficulty of the image, which both arms share, and for each arm: how it reads
that image, what the subset gives it, what the subset gives it for that image, and what training
happens to begin with. What subsets give is correlated as they overlap; where all images are taken,
it is a part of what is asked about, and trainings differ alone. The sizes of these parts are near
those that `--effects` finds in `results/does_it_help/`.

Printed are the shares of experiments that say `helps` or `hurts` where both arms are equally good,
beside those of the test over subsets alone (Nadeau & Bengio 2003) on the same experiments, and the
shares that say `helps` where one is better by so many points.
"""

import argparse
import dataclasses
import json
import math
from pathlib import Path

import numpy as np
from scipy.special import ndtri

from ganprofile.benchmarking.comparisons import RECOGNISED, pairs
from ganprofile.benchmarking.image_results import from_text
from ganprofile.benchmarking.paired import PairedDifference
from ganprofile.benchmarking.result_file import ResultFile
from ganprofile.benchmarking.sizes import overlap_of
from ganprofile.benchmarking.statistics import estimate

RESULTS = Path(__file__).parent / "results"
OVERLAPS = (0.01, 0.4, 0.9, 1.0)
SUBSETS = (4, 10)
# Test images -> the accuracy of both arms, what a subset gives, and gains in points.
TESTS = {
    60: (0.85, 0.025, (5, 10)),
    930: (0.85, 0.025, (1, 2)),
    10_000: (0.97, 0.0415, (0.25, 0.5)),
}


@dataclasses.dataclass(frozen=True)
class Parts:
    """Standard deviations of what decides whether an image is recognised."""

    subset: float
    difficulty: float = 2.0
    image: float = 0.15
    subset_and_image: float = 0.3
    training: float = 0.55

    @property
    def total(self):
        return math.sqrt(sum(value**2 for value in dataclasses.astuple(self)))


def simulated(random, subsets, images, overlap, accuracy, parts, gain=0.0):
    """What two arms recognised, a pair of bool `(subsets, images)`; the second is the better one.

    Args:
        random: a `numpy.random.Generator`.
        subsets: how many.
        images: how many.
        overlap: of subsets; 1 asks about the images of the subset alone.
        accuracy: of the first arm.
        parts: a `Parts`.
        gain: what the accuracy of the second is higher by.
    """
    difficulty = parts.difficulty * random.standard_normal(images)
    shared = 0.0 if overlap == 1 else overlap
    own = 1.0 if overlap < 1 else 0.0  # of all images, what they give is a part of the image's
    arms = []
    for wanted in (accuracy, accuracy + gain):
        height = parts.total * ndtri(wanted)
        image = parts.image * random.standard_normal(images)
        given = _correlated(random, (subsets, 1), shared) * parts.subset
        for_image = _correlated(random, (subsets, images), shared if own else 1.0)
        training = parts.training * random.standard_normal((subsets, images))
        rest = given + parts.subset_and_image * for_image + training
        arms.append(height + difficulty + image + rest > 0)
    return arms


def _correlated(random, shape, share):
    """Standard normal numbers whose rows are correlated by a share."""
    common = random.standard_normal((1, *shape[1:]))
    return math.sqrt(share) * common + math.sqrt(1 - share) * random.standard_normal(shape)


def measured(images, overlap, subsets, experiments, gain=0.0):
    """Shares of experiments by verdict, and what the simulation is like, a dict."""
    random = np.random.default_rng([images, round(100 * overlap), subsets, round(1e6 * gain)])
    accuracy, effect, _ = TESTS[images]
    rows = []
    for _ in range(experiments):
        arguments = accuracy, Parts(effect), gain
        before, after = simulated(random, subsets, images, overlap, *arguments)
        known = PairedDifference.of_images_read(after.astype(np.int8) - before, overlap)
        found = known.estimate()
        alone = estimate(after.mean(axis=1) - before.mean(axis=1), overlap)
        says = (found.low is not None and found.low > 0, found.high is not None and found.high < 0)
        old = alone.p is not None and alone.p < 0.05
        rows.append([*says, old, alone.mean, known.differing, found.smallest_gain or np.nan])
    helps, hurts, old, mean, differing, smallest = np.nanmean(rows, axis=0).tolist()
    return {
        **{"images": images, "overlap": overlap, "subsets": subsets, "gain": gain},
        **{"experiments": experiments, "helps": helps, "hurts": hurts, "subsets_alone": old},
        **{"mean": mean, "differing": differing, "smallest_gain": smallest},
    }


def table(rows):
    """The lines of a Markdown table of what was measured."""
    yield (
        "| test images | overlap | subsets | no gain: helps or hurts | over subsets alone | "
        "a gain: helps | smallest gain said |"
    )
    yield f"|{'---|' * 7}"
    null = {_place(row): row for row in rows if not row["gain"]}
    for place, row in null.items():
        gains = [other for other in rows if other["gain"] and _place(other) == place]
        power = ", ".join(f"{100 * one['gain']:g}: {100 * one['helps']:.0f} %" for one in gains)
        images, overlap, subsets = place
        yield (
            f"| {images:,} | {overlap:g} | {subsets} | "
            f"{100 * (row['helps'] + row['hurts']):.1f} % | {100 * row['subsets_alone']:.1f} % | "
            f"{power} | {100 * row['smallest_gain']:.2f} |"
        )


def _place(row):
    return row["images"], row["overlap"], row["subsets"]


def effects(results):
    """Of every comparison whose images are known: what the simulation's parts should be near."""
    yield ("| data | per class | arm | against | read differently | effect of subsets | left |")
    yield f"|{'---|' * 7}"
    for path in sorted(results.glob("*/benchmark.json")):
        content = ResultFile.read(path).content
        images = sum(content["settings"]["test_class_counts"])
        firsts = {}
        for cell in content["cells"]:
            if cell["training"] == 0:
                place = cell["per_class"], cell["arm"]
                firsts.setdefault(place, {})[cell["repeat"]] = cell
        for size in sorted({size for size, _ in firsts}, key=str):
            for arm, against in pairs(content["arms"], next(iter(content["arms"]))):
                ours, theirs = (firsts.get((size, name), {}) for name in (arm, against))
                both = [(ours[k], theirs[k]) for k in sorted(set(ours) & set(theirs))]
                known = [pair for pair in both if all(RECOGNISED in cell for cell in pair)]
                if len(known) > 1:
                    overlap = overlap_of(size, content["settings"]["class_counts"])
                    found = _effect(both, known, images, overlap)
                    yield f"| {path.parent.name} | {size} | `{arm}` | `{against}` | {found} |"


def _effect(both, known, images, overlap):
    """The last cells of a row: of images where these are known, of subsets over all of them."""
    rows = [
        np.subtract(*(from_text(cell[RECOGNISED], images).astype(np.int8) for cell in pair))
        for pair in known
    ]
    means = [ours["accuracy"] - theirs["accuracy"] for ours, theirs in both]
    found = PairedDifference.of_images_read(rows).with_subsets(means)
    # Overlapping subsets vary less than independent ones would; of all images, trainings vary.
    share = overlap if overlap < 1 else 0.0
    effect = (max(0.0, found.between - found.left) / (1 - share)) ** 0.5
    scale = effect / found.differing**0.5
    return (
        f"{100 * found.differing:.1f} % | {scale:.4f} ({len(both)} subsets) | "
        f"{found.left * images / found.differing:.2f}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--experiments", type=int, default=1000)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--effects", action="store_true", help="only what results with images say")
    options = parser.parse_args()
    if options.effects:
        print("\n".join(effects(RESULTS / "does_it_help")))
        return
    rows = []
    for images, (*_, gains) in TESTS.items():
        for overlap in OVERLAPS:
            for subsets in SUBSETS:
                for gain in (0.0, *(points / 100 for points in gains)):
                    row = measured(images, overlap, subsets, options.experiments, gain)
                    rows.append(row)
    print("\n".join(table(rows)))
    if options.output:
        content = json.dumps({"tests": TESTS, "rows": rows}, indent=2)
        options.output.write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
