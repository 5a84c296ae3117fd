"""How a paired experiment was made and judged, in words: for the report and for a paper."""

import collections

from ganprofile.benchmarking import sizes
from ganprofile.benchmarking.comparison import interval_name
from ganprofile.benchmarking.paired import EFFECT, PRIOR_FREEDOM
from ganprofile.benchmarking.statistics import LEVEL
from ganprofile.console import are, counted
from ganprofile.datasets import guessed
from ganprofile.datasets.duplicates import ALLOWED
from ganprofile.datasets.synthetic import JUDGED_BY
from ganprofile.reporting.arm_words import words_of_arms

WHERE = "How intervals and verdicts come about: docs/results.md, section The statistics."
# The same stands in docs/results.md; a test holds it there.
MODEL = (
    "What is estimated is the mean difference in accuracy between two arms, over training subsets "
    "of a size and over test images of a kind. Both are samples, so the interval is over both. The "
    "arms of a subset are paired: same images, same initial weights, same test images.",
    "The difference of a test image after a subset (-1, 0 or 1, the mean over its trainings) is "
    "taken for the sum of a general mean, an effect of the subset, an effect of the image and what "
    "is left: a mixed model with crossed random effects (Gallas et al. 2009). With J subsets and n "
    "test images the variance of the mean difference is s^2 ((1 - o) / J + o) + v / n, where s is "
    "the effect of subsets, o the share of images that two subsets have in common (Nadeau and "
    "Bengio 2003), and v the variance between the images' means.",
    "The effect s has a prior, since a few subsets that overlap say little of it: a half-t "
    f"distribution with {PRIOR_FREEDOM} degrees of freedom (Gelman 2006), whose scale is the root "
    f"of d ({EFFECT}^2 + d^4), where d is the share of test images that the two arms read "
    "differently. Interval and p are averaged over s, weighed by this prior and by how likely it "
    "makes the variance between the subsets.",
    "Of k comparisons each has an interval of 1 - 0.05 / k, and its p is multiplied by k "
    "(Bonferroni), so that all of them hold together with 95 %. helps: the whole interval lies "
    "above 0; hurts: below; no benefit shown: it holds 0.",
)
NO_INTERVAL = "None of the differences has an interval, so that each may be chance."
FRAMEWORKS = ("ganprofile", "keras", "tensorflow", "jax", "torch")


def methods(result):
    """Sentences for the methods of a paper, a list.

    Args:
        result: a `Benchmark` with cells.
    """
    sentences = [_data(result), *_subsets(result), _trained(result), *_arms(result)]
    if result.comparisons:
        sentences += [_statistics(result), *_cautions(result)]
    return [*sentences, f"Software: {', '.join(versions(result))}."]


def versions(result):
    """`ganprofile 0.1.0`, ...: with what the cells were made, a list."""
    found = {}
    for environment in result.environments:
        for name, version in environment.get("versions", {}).items():
            found.setdefault(name, {})[version] = None
    return [f"{name} {' and '.join(found[name])}" for name in FRAMEWORKS if name in found]


def with_interval(result):
    """The comparisons that have an interval, a list."""
    return [one for one in result.comparisons if one.difference.low is not None]


def together(comparisons):
    """How intervals and p go together with those of other comparisons, in words."""
    if comparisons == 1:
        return "one comparison, so that p is not corrected"
    return (
        f"all {comparisons} comparisons hold together with {100 * (1 - LEVEL):.0f} %, and p is "
        f"multiplied by {comparisons} (Bonferroni)"
    )


def _data(result):
    settings = result.settings
    numbers = sum(settings["class_counts"]), sum(settings["test_class_counts"])
    marks = (settings[f"{part}_fingerprint"][:12] for part in ("train", "test"))
    parts = [
        f"{counted(number, f'{part} image')} (fingerprint {mark})"
        for number, part, mark in zip(numbers, ("training", "test"), marks, strict=True)
    ]
    known = settings.get("provenance", {})
    overlap = " Training and test images overlap, which was allowed." * (ALLOWED in known)
    if JUDGED_BY in known:
        overlap += f" {_test(known[JUDGED_BY], 'image', 'is', 'are')} synthetic, which was allowed."
    if guesses := known.get(guessed.JUDGED_BY):
        overlap += f" {_test(guesses, 'label', 'was', 'were')} guessed by ganprofile label."
        overlap += f" {guessed.UNKNOWN}."
    return (
        f"Data: {settings['dataset']}, {len(settings['class_names'])} classes, "
        f"{' and '.join(parts)}.{overlap}"
    )


def _test(count, what, *verbs):
    return f"{counted(count, f'test {what}')} {are(count, *verbs)}"


def _subsets(result):
    drawn, whole = {}, []
    for mean in result.means:
        size, repeats = mean["per_class"], mean["subsets"]
        if mean["unit"] == "subsets":
            drawn[size] = max(repeats, drawn.get(size, 0))
        else:
            whole.append((mean["trainings"], repeats, mean["unit"]))
    if drawn:
        said = _and([f"{number} of {size} images per class" for size, number in drawn.items()])
        yield f"Random subsets of the training images (seed {result.settings['seed']}): {said}."
    if whole:
        trainings, repeats, unit = max(whole)
        several = f" ({sizes.counted(unit, repeats, trainings)})" * (trainings > repeats)
        weights = ", from other initial weights each time" * (trainings > 1)
        yield (
            f"All training images were learned from {sizes.times(trainings)}{several}{weights}, "
            "and the verdict is about these images."
        )


def _trained(result):
    settings = result.settings
    numbers = {round(mean["trainings"] / mean["subsets"]) for mean in result.means}
    most = max(numbers)
    every = "subset" if any(mean["unit"] == "subsets" for mean in result.means) else "repeat"
    often = f"{'up to ' * (len(numbers) > 1)}{sizes.times(most)} from other initial weights"
    several = f" {often}, of which the mean counts," if most > 1 else ""
    steps = counted(settings["steps"], "step")
    return (
        f"Each arm made a training set of every {every}; the same classifier "
        f"({settings['classifier']}, {steps}) was trained on each,{several} "
        "with the same initial weights in all arms, and read all test images."
    )


def _arms(result):
    for name, words in words_of_arms(result.arms).items():
        yield f"Arm {name}: {words}."


def _statistics(result):
    known = with_interval(result)
    if not known:
        return f"Differences in accuracy are paired. {NO_INTERVAL}"
    units = _and([*dict.fromkeys(one.unit for one in known)])
    # Trainings from the same images share them all, so that nothing is left to correct.
    overlap = "the correction for overlapping subsets by Nadeau and Bengio (2003)"
    model = "a mixed model with crossed random effects (Gallas et al. 2009)"
    by = [model, *([overlap] if "subsets" in units else [])]
    return (
        "Differences in accuracy are paired; intervals "
        f"({interval_name(known[0].difference.level)}) are over {units} and test images, by "
        f"{', '.join(by)} and a half-t prior on the effect of {units} (Gelman 2006); "
        f"{together(known[0].comparisons)}."
    )


def _cautions(result):
    """What is to be known of comparisons beyond their numbers, each sentence once."""
    compared = result.comparisons
    counts = collections.Counter(caution for one in compared for caution in one.cautions)
    for caution, count in counts.items():
        of_some = "" if count == len(compared) else f"{count} of {len(compared)} comparisons: "
        yield f"{of_some}{caution}"


def _and(parts):
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
