"""The page of a paired experiment: did it help, by how much, and where."""

from pathlib import Path

from ganprofile.benchmarking import sizes
from ganprofile.benchmarking.comparison import HELPS, HURTS, interval_name
from ganprofile.benchmarking.comparisons import STRONG_BASELINE
from ganprofile.benchmarking.results import Benchmark
from ganprofile.benchmarking.same_pool import caution
from ganprofile.console import counted, points
from ganprofile.datasets.guessed import JUDGED_BY
from ganprofile.reporting import citing
from ganprofile.reporting.arm_words import words_of_arms
from ganprofile.reporting.benchmark_method import (
    MODEL,
    NO_INTERVAL,
    WHERE,
    methods,
    together,
    versions,
    with_interval,
)
from ganprofile.reporting.benchmark_tables import arms_table, comparisons_table
from ganprofile.reporting.page import (
    BAD,
    GOOD,
    PLAIN,
    Chart,
    Folded,
    Intervals,
    Page,
    Prose,
    Verbatim,
    Verdict,
)
from ganprofile.storage.versions import installed_versions

TONES = {HELPS: GOOD, HURTS: BAD}
UNFAIR = "not fair"


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
        verdicts=(*_verdicts(result), *_unfair(result)),
        facts=tuple(_facts(result)),
        blocks=tuple(_blocks(result)),
        method=WHERE,
    )


def _verdicts(result):
    """Against the strong baseline; the others stand further down."""
    judged = [c for c in result.comparisons if c.against == _chosen(result)]
    if not judged:
        yield Verdict(f"There is nothing to compare yet: {_why_not(result)}.")
    for comparison in judged:
        said = f"{points(comparison.difference.mean)} points ({comparison.accuracies} %)"
        tone = _tone(comparison.direction)
        yield Verdict(f"{_pair(comparison)}: {said}", tone, comparison.verdict)


def _why_not(result):
    """Why no verdict can be given, in words."""
    tried = {mean["arm"] for mean in result.means}
    if len(tried) < 2:
        return "only one arm has been tried" if tried else "no arm has been tried"
    return f"no other arm has been tried on a subset that {_chosen(result)} has been tried on"


def _unfair(result):
    """What stands against believing a comparison, once for each arm."""
    known = {c.arm: c for c in reversed(result.comparisons) if c.same_pool}
    for one in known.values():
        yield Verdict(f"{caution(one.arm, one.against, one.same_pool)}", BAD, UNFAIR)


def _chosen(result):
    """What the verdicts compare with."""
    against = {c.against for c in result.comparisons}
    return STRONG_BASELINE if STRONG_BASELINE in against else result.baseline


def _tone(direction):
    return TONES.get(direction, PLAIN)


def _facts(result):
    settings = result.settings
    yield "data", settings["dataset"]
    yield "fingerprint", settings["train_fingerprint"][:12]
    yield "classes", f"{len(settings['class_names'])}"
    yield "test images", f"{sum(settings['test_class_counts']):,}"
    if guesses := settings.get("provenance", {}).get(JUDGED_BY):
        yield "test labels that were guessed", f"{guesses:,}"
    yield "classifier", f"{settings['classifier']}, {counted(settings['steps'], 'step')}"
    yield "trainings", f"{len(result.cells):,}"
    yield "seed", f"{settings['seed']}"
    for comparison in with_interval(result)[:1]:
        name, count = interval_name(comparison.difference.level), comparison.comparisons
        yield "intervals", f"{name}, all {count} together 95 %" if count > 1 else name
        yield "p", f"multiplied by {count} (Bonferroni)" if count > 1 else "not corrected"
    if made_with := versions(result):
        yield "made with", ", ".join(made_with)


def _blocks(result):
    """One picture of what helps; the numbers below are for who wants to check them."""
    chosen = _chosen(result)
    others = [a for a in dict.fromkeys(c.against for c in result.comparisons) if a != chosen]
    if result.comparisons:
        yield _forest(result, chosen)
    statistics = [*(_forest(result, against) for against in others), *_statistics(result)]
    yield Folded("All statistics", tuple(statistics))
    if result.cells:
        yield Folded("For a paper", tuple(_for_a_paper(result)))


def _forest(result, against):
    note = f"Right of the line an arm reads more than {against}, left of it less. "
    known = with_interval(result)
    if any(one.against == against for one in known):
        note += (
            "What crosses the line shows no benefit. Each bar is a "
            f"{interval_name(known[0].difference.level)}: {together(known[0].comparisons)}."
        )
    else:
        note += NO_INTERVAL
    title = f"What each arm adds to {against}"
    return Intervals(title, "points of accuracy", _differences(result, against), note)


def _statistics(result):
    yield _accuracies(result)
    yield from _learning_curve(result)
    yield arms_table(result)
    if result.comparisons:
        yield comparisons_table(result, _tone)
        yield Prose("The verdicts in full", tuple(c.sentence for c in result.comparisons))
        changes = (f"{_pair(c)}: {c.changes}." for c in result.comparisons)
        yield Prose("Where it changed", tuple(changes))
    said = tuple(f"{name}: {words}." for name, words in words_of_arms(result.arms).items())
    if said:
        yield Prose("How the arms make their sets", said)
    yield Prose("How intervals and verdicts come about", MODEL)


def _for_a_paper(result):
    yield Prose("Methods, to be pasted", (" ".join(methods(result)),))
    entries = (citing.software(installed_versions()["ganprofile"]), citing.STATISTICS)
    yield Verbatim("References, for BibTeX", "\n\n".join(entries), "references.bib")


def _pair(comparison):
    return f"{comparison.arm} against {comparison.against} {sizes.said(comparison.per_class)}"


def _differences(result, against):
    return tuple(
        (
            f"{c.arm} {sizes.said(c.per_class)}",
            *(end if end is None else 100 * end for end in _ends(c.difference)),
            _tone(c.direction),
        )
        for c in result.comparisons
        if c.against == against
    )


def _ends(difference):
    return difference.mean, difference.low, difference.high


def _accuracies(result):
    rows = []
    for mean in result.means:
        share, sd = 100 * mean["accuracy"], mean["sd"]
        ends = (None, None) if sd is None else (share - 100 * sd, share + 100 * sd)
        rows.append((f"{mean['arm']} {sizes.said(mean['per_class'])}", share, *ends, PLAIN))
    over = sizes.over(result.means)
    note = (
        f"The bars are the standard deviation over {over}. The same {over} are easy or hard for "
        "all arms, so that how sure a difference is stands with the differences."
    )
    return Intervals("Accuracy of every arm", "accuracy, %", tuple(rows), note, False)


def _learning_curve(result):
    """Accuracy by size, where an arm has several."""
    by_arm, spreads = {}, {}
    for mean in sorted(result.means, key=lambda mean: mean["images_per_class"]):
        numbers, accuracies = by_arm.setdefault(mean["arm"], ([], []))
        numbers.append(mean["images_per_class"])
        accuracies.append(100 * mean["accuracy"])
        sd = mean["sd"]
        spreads.setdefault(mean["arm"], []).append(float("nan") if sd is None else 100 * sd)
    if any(len(numbers) > 1 for numbers, _ in by_arm.values()):
        title = f"Accuracy by images per class, with the sd over {sizes.over(result.means)}"
        options = {"log_x": True, "spreads": spreads}
        yield Chart(title, "real images per class", "accuracy, %", by_arm, **options)
