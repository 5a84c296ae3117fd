"""The page of a paired experiment: did it help, by how much, and where."""

from pathlib import Path

from ganprofile.benchmarking import sizes
from ganprofile.benchmarking.comparison import FOR_THESE, HELPS, HURTS, interval_name
from ganprofile.benchmarking.comparisons import STRONG_BASELINE
from ganprofile.benchmarking.results import Benchmark
from ganprofile.console import points
from ganprofile.reporting.page import (
    BAD,
    GOOD,
    PLAIN,
    Badge,
    Chart,
    Folded,
    Intervals,
    Page,
    Prose,
    Table,
    Verdict,
)

MEANS = ("arm", "per class", "images", "subsets", "trainings", "accuracy", "sd")
COMPARISONS = ("arm", "per class", "against", "accuracy", "difference", "interval", "p", "verdict")
TONES = {HELPS: GOOD, HURTS: BAD}
BADGES = {HELPS: "helps", HURTS: "hurts"}
NOT_SHOWN = "not shown"


def page(folder):
    """The `Page` of a benchmark's folder.

    Raises:
        GanprofileError: it is damaged.
    """
    result = Benchmark.open(Path(folder))
    settings = result.settings
    return Page(
        title=f"Does it help? {settings['dataset']}",
        subtitle="A paired experiment",
        verdicts=tuple(_verdicts(result)),
        facts=tuple(_facts(result)),
        blocks=tuple(_blocks(result)),
    )


def _verdicts(result):
    """Against the strong baseline; the others stand further down."""
    judged = [c for c in result.comparisons if c.against == _chosen(result)]
    if not judged:
        yield Verdict("There is nothing to compare yet: only one arm has been tried.")
    for comparison in judged:
        badge = _badge(comparison)
        before, after = (100 * x for x in (comparison.against_accuracy, comparison.accuracy))
        said = f"{points(comparison.difference.mean)} points ({before:.2f} -> {after:.2f} %)"
        yield Verdict(f"{_pair(comparison)}: {said}", badge.tone, badge.text)


def _chosen(result):
    """What the verdicts compare with."""
    against = {c.against for c in result.comparisons}
    return STRONG_BASELINE if STRONG_BASELINE in against else result.baseline


def _badge(comparison):
    direction = comparison.direction
    words = BADGES.get(direction, NOT_SHOWN) + (FOR_THESE if comparison.is_for_these else "")
    return Badge(words, TONES.get(direction, PLAIN))


def _facts(result):
    settings = result.settings
    yield "data", settings["dataset"]
    yield "classes", f"{len(settings['class_names'])}"
    yield "test images", f"{sum(settings['test_class_counts']):,}"
    yield "classifier", f"{settings['classifier']}, {settings['steps']:,} steps"
    yield "trainings", f"{len(result.cells):,}"
    yield "seed", f"{settings['seed']}"
    for comparison in result.comparisons[:1]:
        level = interval_name(comparison.difference.level)
        together = f", {comparison.comparisons} together at 95 %"
        yield "intervals", f"{level}{together if comparison.comparisons > 1 else ''}"


def _blocks(result):
    """One picture of what helps; the numbers below are for who wants to check them."""
    chosen = _chosen(result)
    others = [a for a in dict.fromkeys(c.against for c in result.comparisons) if a != chosen]
    if result.comparisons:
        yield _forest(result, chosen)
    statistics = [*(_forest(result, against) for against in others), *_statistics(result)]
    yield Folded("All statistics", tuple(statistics))


def _forest(result, against):
    note = (
        f"Right of the line an arm reads more than {against}, left of it less; where the "
        "95 % interval crosses the line, no difference is shown."
    )
    title = f"What each arm adds to {against}"
    return Intervals(title, "points of accuracy", _intervals(result, against), note)


def _statistics(result):
    yield Chart(
        "Accuracy by images per class",
        "real images per class",
        "accuracy, %",
        _curves(result),
        log_x=True,
    )
    yield Table("All arms", MEANS, tuple(_means(result)))
    if result.comparisons:
        yield Table("All comparisons", COMPARISONS, tuple(_comparisons(result)))
        yield Prose("The verdicts in full", tuple(c.sentence for c in result.comparisons))
        changes = (f"{_pair(c)}: {c.changes}." for c in result.comparisons)
        yield Prose("Where it changed", tuple(changes))
    described = ((name, _said(description)) for name, description in result.arms.items())
    said = tuple(f"{name}: {words}." for name, words in described if words)
    if said:
        yield Prose("How the arms make their sets", said)


def _pair(comparison):
    return f"{comparison.arm} against {comparison.against} {sizes.said(comparison.per_class)}"


def _intervals(result, against):
    return tuple(
        (
            f"{c.arm} {sizes.said(c.per_class)}",
            *(end if end is None else 100 * end for end in _ends(c.difference)),
            _badge(c).tone,
        )
        for c in result.comparisons
        if c.against == against
    )


def _ends(difference):
    return difference.mean, difference.low, difference.high


def _curves(result):
    """Arm -> sizes and mean accuracies in per cent."""
    by_arm = {}
    for mean in sorted(result.means, key=lambda mean: mean["images_per_class"]):
        numbers, accuracies = by_arm.setdefault(mean["arm"], ([], []))
        numbers.append(mean["images_per_class"])
        accuracies.append(100 * mean["accuracy"])
    return by_arm


def _means(result):
    for mean in result.means:
        share, sd = mean["accuracy"], mean["sd"]
        yield (
            mean["arm"],
            _size(mean["per_class"]),
            _count(round(mean["images"])),
            _count(mean["subsets"]),
            _count(mean["trainings"]),
            (f"{100 * share:.2f} %", share),
            "-" if sd is None else (f"{100 * sd:.2f}", sd),
        )


def _comparisons(result):
    for one in result.comparisons:
        mean, low, high = _ends(one.difference)
        p = one.p_corrected
        yield (
            one.arm,
            _size(one.per_class),
            one.against,
            f"{100 * one.against_accuracy:.2f} -> {100 * one.accuracy:.2f} %",
            (points(mean), mean),
            "-" if low is None else f"{points(low)} to {points(high)}",
            "-" if p is None else (f"{p:.2g}", p),
            _badge(one),
        )


def _size(per_class):
    return per_class if per_class == sizes.ALL else _count(per_class)


def _count(number):
    return f"{number:,}", number


def _said(value):
    """What describes an arm, in words; empty where there is nothing to say."""
    if isinstance(value, dict):
        parts = ((name.replace("_", " "), _said(part)) for name, part in value.items())
        return ", ".join(f"{name} {said}" for name, said in parts if said)
    if isinstance(value, list):
        return " ".join(filter(None, map(_said, value)))
    return "" if value is None else f"{value:g}" if isinstance(value, float) else f"{value}"
