"""The page of an evaluation: is it good, does it help, does it copy."""

from ganprofile.evaluation import Evaluation
from ganprofile.evaluation.result import MEASURES, distance_rows
from ganprofile.reporting.page import BAD, GOOD, Page, Picture, Prose, Table, Verdict

MEASURED = ("what", "value", "95 % interval")
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
    used, copies = result.train_on_synthetic, result.copies
    if used is not None and used.gap is not None:
        low, high = used.gap_interval
        said = (
            f"A classifier that has seen only these images reads "
            f"{_share(used.train_on_synthetic_accuracy)} of real ones; one that has seen real ones "
            f"{_share(used.train_on_real_accuracy)}."
        )
        yield Verdict(said, GOOD if low <= 0 <= high or high < 0 else BAD)
    if copies is not None:
        (low, high), (_, usual) = copies.copy_rate_interval, copies.held_out_rate_interval
        tone = BAD if low > usual else GOOD
        yield Verdict(
            f"{_share(copies.copy_rate)} are copies of a training image ({_share(low)} to "
            f"{_share(high)}); of real images {_share(copies.held_out_rate)} are taken for one.",
            tone,
        )
    beside = ""
    if result.real is not None:
        beside = f"; as many real images show {result.real.kernel_distance:.3g}"
    yield Verdict(
        f"The kernel distance to real images is {result.kernel_distance:.3g} "
        f"(sd {result.kernel_distance_sd:.2g}) in the features {result.features}{beside}."
    )


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
    return f"{100 * value:.1f} %"


def _number(value, called=""):
    return "-" if value is None else (f"{called} {value:.4g}".strip(), value)


def _ends(interval):
    return "" if interval is None else " to ".join(f"{end:.4g}" for end in interval)
