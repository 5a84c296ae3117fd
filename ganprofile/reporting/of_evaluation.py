"""The page of an evaluation: is it good, does it help, does it copy."""

from ganprofile.console import percent, short
from ganprofile.evaluation import Evaluation, meanings
from ganprofile.evaluation.result import MEASURES, distance_rows
from ganprofile.reporting.page import (
    BAD,
    FAIR,
    GOOD,
    PLAIN,
    Badge,
    Folded,
    Page,
    Picture,
    Prose,
    Table,
    Verdict,
)

MEANING = ("measure", "value", "mark", "what it means", "real images")
MEASURED = ("what", "value", "95 % interval")
TONES = {meanings.GOOD: GOOD, meanings.FAIR: FAIR, meanings.BAD: BAD}
BY_CLASS = ("class", "label_fidelity", "covered")
SHOWN = {
    "synthetic_and_real.png": (
        "Synthetic beside real",
        "Synthetic images on the left and real ones on the right, a row for each class",
    ),
    "closest_pairs.png": (
        "The closest pairs",
        "Synthetic images beside the training images that they are closest to",
    ),
}


def page(folder):
    """The `Page` of an evaluation's folder.

    Raises:
        GanprofileError: it is damaged.
    """
    result = Evaluation.open(folder)
    return Page(
        title=f"{result.synthetic['images']:,} images {result.synthetic['what']}",
        subtitle="An evaluation",
        verdicts=tuple(_verdicts(result)),
        facts=tuple(_facts(result)),
        blocks=tuple(_blocks(result)),
    )


def _verdicts(result):
    means = {one.key: one for one in meanings.judged(result)}
    used, copies, real = result.train_on_synthetic, result.copies, result.real
    tests = means.get("test_copy_rate")
    if tests is not None and tests.tone == meanings.BAD:  # all else is in doubt then
        yield _verdict(f"{_copied(copies, 'test_copy_rate')} {copies.held_out_images}", tests)
    if "gap" in means:
        yield _verdict(
            f"A classifier that has seen only these images reads "
            f"{_share(used.train_on_synthetic_accuracy)} of real ones; one that has seen real ones "
            f"{_share(used.train_on_real_accuracy)}",
            means["gap"],
        )
    if copies is not None:
        yield _verdict(
            f"{_copied(copies, 'copy_rate')} a training image; of {copies.held_out_images} "
            f"{_share(copies.held_out_rate)} are taken for one",
            means["copy_rate"],
        )
    beside = "" if real is None else f"; as many real images show {real.kernel_distance:.3g}"
    yield _verdict(
        f"The kernel distance to real images is {result.kernel_distance:.3g} "
        f"(sd {result.kernel_distance_sd:.2g}) in the features {result.features}{beside}",
        means["kernel_distance"],
    )


def _verdict(numbers, meaning):
    """A sentence of numbers, and what they mean."""
    words = meaning.words
    return Verdict(f"{words[0].upper()}{words[1:]}. {numbers}.", _tone(meaning.tone), meaning.tone)


def _copied(copies, rate):
    """How many are copies, with the interval: the sentence goes on with of what."""
    low, high = getattr(copies, f"{rate}_interval")
    share = _share(getattr(copies, rate))
    return f"{share} ({_share(low)} to {_share(high)}) are copies of"


def _tone(tone):
    return TONES.get(tone, PLAIN)


def _facts(result):
    reference = result.reference
    yield "held against", f"{reference['images']:,} of {reference['dataset']} ({reference['part']})"
    if result.training is not None:
        yield (
            "copies sought among",
            f"{result.training['images']:,} of {result.training['dataset']}",
        )
    yield "seed", f"{result.seed}"
    yield "seconds", f"{result.seconds:,.0f}"


def _blocks(result):
    for name in result.pictures:
        title, alt = SHOWN.get(name, (name, name))
        if (result.path / name).is_file():
            yield Picture(title, result.path / name, alt)
    yield _meanings(result)
    yield Folded("All numbers", tuple(_numbers(result)))


def _meanings(result):
    rows = tuple(
        (
            one.name,
            _number(one.value),
            Badge(one.tone, _tone(one.tone)),
            one.words,
            _number(getattr(result.real, one.key, None)),
        )
        for one in meanings.judged(result)
    )
    note = meanings.KINDS[result.kind or meanings.DRAWN]
    return Table("What the numbers mean", MEANING, rows, note)


def _numbers(result):
    if result.measured:
        rows = tuple((name, _number(value), _ends(ends)) for name, value, ends in result.measured)
        yield Table("What classifiers and the search for copies say", MEASURED, rows)
    yield _distances(result)
    by_class = _by_class(result)
    if by_class:
        yield Table("By class", BY_CLASS, by_class)
    said = list(result.notes)
    if result.copies is not None:
        said.append(result.copies.method)
    if said:
        yield Prose("Notes", tuple(said))


def _distances(result):
    rows = tuple(
        (name, *(_number(getattr(found, measure), called.get(measure, "")) for measure in MEASURES))
        for name, called, found in distance_rows(result)
    )
    header = ("features", *(measure.replace("_", " ") for measure in MEASURES))
    return Table("Distances", header, rows, f"Each of {result.images:,} images of either side.")


def _by_class(result):
    """A row per class."""
    label_fidelity = getattr(result.train_on_synthetic, "label_fidelity_by_class", None) or {}
    covered = result.coverage_by_class or {}
    names = dict.fromkeys([*label_fidelity, *covered])
    return tuple(
        (name, _number(label_fidelity.get(name)), _number(covered.get(name))) for name in names
    )


def _share(value):
    return f"{percent(value, 1)} %"


def _number(value, called=""):
    return "-" if value is None else (f"{called} {short(value)}".strip(), value)


def _ends(interval):
    return "" if interval is None else " to ".join(map(short, interval))
