"""What repeats with parts that are drawn anew say together."""

import numpy as np

from ganprofile.benchmarking.comparison import interval_name
from ganprofile.benchmarking.statistics import LEVEL, estimate
from ganprofile.console import percent, points

# Which predictor is compared with which, beside each with the naive one.
COMPARED = (
    ("committee", "lenet-5"),
    ("lenet-5-100", "lenet-5"),
    ("lenet-5-told", "lenet-5"),
    ("committee-told", "committee"),
    ("m2", "lenet-5"),
)
OF_ONE_TIME = ("lenet-5", "committee", "lenet-5-100")
PAIRED = (
    "Differences, by the paired test of Nadeau and Bengio (2003) for parts drawn again and again, "
    "all of them together at 95 %"
)
TIMED = "Accuracy by time of training, the mean of all repeats"


def differences(found, tasks, predictors, naive):
    """Which predictor is better than which.

    Args:
        found: a step's name, `TASK-PREDICTOR` -> a list of `Found`.
        tasks: name -> an object with a `title`.
        predictors: the same.
        naive: the predictor that the others are held against.

    Returns:
        Rows of text, the first one being the header.
    """
    compared = []
    for key, task in tasks.items():
        pairs = [(which, naive) for which in predictors if which != naive]
        for which, against in (*pairs, *COMPARED):
            pairs_of_values = _pairs(*(found.get(f"{key}-{one}", ()) for one in (which, against)))
            if pairs_of_values:
                names = [_title(predictors[one]) for one in (which, against)]
                compared.append((f"{task.title}: {names[0]} against {names[1]}", pairs_of_values))
    tested = max(1, sum(len(values) > 1 for _, values in compared))
    rows = [["", "points", interval_name(LEVEL / tested), "p", "verdict", "repeats"]]
    return rows + [_line(what, values, tested) for what, values in compared]


def _title(predictor):
    return f"{predictor.title}, told more" if predictor.is_conditional else predictor.title


def _pairs(ours, theirs):
    """Differences in accuracy, each with the overlap of its training parts."""
    return [
        (one.values["accuracy"] - other.values["accuracy"], one.aside["share"])
        for one, other in zip(ours, theirs, strict=False)
    ]


def _line(what, pairs_of_values, tested):
    """A row; its verdict is what its interval says, at a level for all that are tested."""
    differences, shares = zip(*pairs_of_values, strict=True)
    found = estimate(differences, overlap=shares[0], level=LEVEL / tested)
    interval, p, verdict = "", "", "too few repeats"
    if len(differences) > 1 and found.p is None:  # so that nothing tells how others would vary
        verdict = "all repeats differ alike" if found.mean else "no repeat differs"
    elif found.p is not None:
        interval = f"{points(found.low)} to {points(found.high)}"
        p = f"{min(1.0, found.p * tested):.2g}"
        verdict = "no difference shown" if found.low <= 0 <= found.high else "differs"
    return [what, points(found.mean), interval, p, verdict, f"{len(differences)}"]


def by_time(found, tasks):
    """Accuracy and seconds of training of those that take about as long, rows of text."""
    rows = [["", *OF_ONE_TIME]]
    for key, task in tasks.items():
        cells = [_cell(found.get(f"{key}-{which}", ())) for which in OF_ONE_TIME]
        if any(cells):
            rows.append([task.title, *(cell or "-" for cell in cells)])
    return rows


def _cell(repeats):
    if not repeats:
        return ""
    right = np.mean([one.values["accuracy"] for one in repeats])
    seconds = np.mean([one.aside["seconds"] for one in repeats])
    return f"{percent(right, 2)} % in {seconds:,.0f} s"


def curve(found, step, shares):
    """Mean accuracy by the share of labels, those of `STEP-of-PERCENT` and of the step itself.

    Returns:
        A list of `(share, mean, standard deviation or 0)`.
    """
    named = {share: f"{step}-of-{100 * share:g}" for share in shares} | {1.0: step}
    line = []
    for share, name in named.items():
        values = [one.values["accuracy"] for one in found.get(name, ())]
        if values:
            sd = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
            line.append((share, float(np.mean(values)), sd))
    return line
