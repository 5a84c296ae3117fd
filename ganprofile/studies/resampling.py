"""What repeats with parts that are drawn anew say together."""

import numpy as np

from ganprofile.benchmarking.comparisons import points
from ganprofile.benchmarking.statistics import LEVEL, estimate, holm

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
    "p after Holm's correction"
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
            difference = _difference(*(found.get(f"{key}-{one}", ()) for one in (which, against)))
            if difference is not None:
                names = [_title(predictors[one]) for one in (which, against)]
                compared.append((f"{task.title}: {names[0]} against {names[1]}", *difference))
    tested = [one for one in compared if one[1].p is not None]
    corrected = holm([one[1].p for one in tested])
    p_of = {one[0]: p for one, p in zip(tested, corrected, strict=True)}
    rows = [["", "points", "95 % interval", "p", "verdict", "repeats"]]
    return rows + [_line(what, said, count, p_of.get(what)) for what, said, count in compared]


def _title(predictor):
    return f"{predictor.title}, told more" if predictor.is_told else predictor.title


def _difference(ours, theirs):
    """The `Estimate` of a difference in accuracy and the number of pairs, or None."""
    pairs = [
        (one.values["accuracy"] - other.values["accuracy"], one.aside["share"])
        for one, other in zip(ours, theirs, strict=False)
    ]
    if not pairs:
        return None
    differences, shares = zip(*pairs, strict=True)
    return estimate(differences, overlap=shares[0]), len(pairs)


def _line(what, said, count, p):
    interval, verdict = "", "too few repeats"
    if p is not None:
        interval = f"{points(said.low)} to {points(said.high)}"
        verdict = "differs" if p < LEVEL else "no difference shown"
    return [what, points(said.mean), interval, "" if p is None else f"{p:.2g}", verdict, f"{count}"]


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
    return f"{100 * right:.2f} % in {seconds:,.0f} s"


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
