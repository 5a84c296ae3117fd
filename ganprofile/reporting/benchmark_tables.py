"""The tables of a paired experiment, for people and, column by column in one unit, for programs."""

from ganprofile.benchmarking import sizes
from ganprofile.benchmarking.comparison import interval_name
from ganprofile.console import counted, percent, percents, points
from ganprofile.reporting.benchmark_method import NO_INTERVAL, together, with_interval
from ganprofile.reporting.page import Badge, Table

MEANS = ("arm", "per class", "images", "subsets", "accuracy, %", "sd, points")
MEAN_COLUMNS = (
    "arm",
    "images_per_class",
    "training_images",
    "subsets",
    "repeats",
    "trainings",
    "test_images",
    "accuracy_percent",
    "sd_points",
)
COMPARISON_COLUMNS = (
    "arm",
    "against",
    "images_per_class",
    "subsets",
    "repeats",
    "trainings",
    "test_images",
    "accuracy_against_percent",
    "accuracy_percent",
    "difference_points",
    "low_points",
    "high_points",
    "level_percent",
    "p",
    "p_bonferroni",
    "comparisons",
    "smallest_gain_points",
    "verdict",
)
DIGITS = 6  # of numbers for programs


def arms_table(result):
    """How well the classifiers of every arm read, at every size."""
    note = (
        f"Accuracy on {counted(_test_images(result), 'test image')}, the mean over "
        f"{sizes.over(result.means)}, and its standard deviation between them."
    )
    rows = tuple(map(_mean_row, result.means))
    values = tuple(_mean_values(mean, _test_images(result)) for mean in result.means)
    return Table("All arms", MEANS, rows, note, (MEAN_COLUMNS, *values))


def comparisons_table(result, tones):
    """Every arm against others.

    Args:
        result: a `Benchmark` with comparisons.
        tones: direction of a verdict -> tone.
    """
    compared = result.comparisons
    first = compared[0]
    known = with_interval(result)
    name = interval_name(first.difference.level) if known else "interval"
    header = (
        *("arm", "per class", "against", "against, %", "arm, %", "difference, points"),
        *(f"{name}, points", "p" if first.comparisons == 1 else "p, corrected", "verdict"),
    )
    how = f"with a {name}: {together(first.comparisons)}." if known else f"{NO_INTERVAL}"
    note = (
        f"Accuracies on {counted(_test_images(result), 'test image')}; differences are paired"
        f"{', ' if known else '. '}{how}"
    )
    rows = tuple(_comparison_row(one, tones) for one in compared)
    values = tuple(_comparison_values(one, _test_images(result)) for one in compared)
    return Table("All comparisons", header, rows, note, (COMPARISON_COLUMNS, *values))


def _test_images(result):
    return sum(result.settings["test_class_counts"])


def _mean_row(mean):
    sd, repeats = mean["sd"], (mean["subsets"], mean["trainings"])
    return (
        mean["arm"],
        _size(mean["per_class"]),
        _count(round(mean["images"])),
        (sizes.counted(mean["unit"], *repeats, column="subsets"), mean["subsets"]),
        _percent(mean["accuracy"]),
        "-" if sd is None else _percent(sd),
    )


def _mean_values(mean, test_images):
    sd = mean["sd"]
    return (
        *(mean["arm"], mean["per_class"], round(mean["images"])),
        _drawn(mean["unit"], mean["subsets"]),
        *(mean["subsets"], mean["trainings"], test_images),
        *(_hundredfold(mean["accuracy"]), _hundredfold(sd)),
    )


def _comparison_row(one, tones):
    found, p = one.difference, one.p_corrected
    shares = one.against_accuracy, one.accuracy
    return (
        one.arm,
        _size(one.per_class),
        one.against,
        *zip(percents(*shares), shares, strict=True),
        (points(found.mean), found.mean),
        "-" if found.low is None else f"{points(found.low)} to {points(found.high)}",
        "-" if p is None else (f"{p:.2g}", p),
        Badge(one.verdict, tones(one.direction)),
    )


def _comparison_values(one, test_images):
    found = one.difference
    shares = (
        *(one.against_accuracy, one.accuracy, found.mean, found.low, found.high),
        1 - found.level,
    )
    return (
        *(one.arm, one.against, one.per_class, _drawn(one.unit, one.subsets)),
        *(one.subsets, one.trainings, test_images),
        *map(_hundredfold, shares),
        *(found.p, one.p_corrected, one.comparisons),
        *(_hundredfold(found.smallest_gain), one.verdict),
    )


def _drawn(unit, repeats):
    """How many subsets repeats are of: of all images there is one."""
    return repeats if unit == "subsets" else 1


def _hundredfold(share):
    return None if share is None else round(100 * share, DIGITS)


def _percent(share):
    return percent(share, 2), share


def _size(per_class):
    return per_class if per_class == sizes.ALL else _count(per_class)


def _count(number):
    return f"{number:,}", number
