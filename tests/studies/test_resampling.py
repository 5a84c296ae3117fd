"""What repeats with parts that are drawn anew say together."""

from types import SimpleNamespace

import pytest

from ganprofile.studies.resampling import differences


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        ([0.5], [0.25], "too few repeats"),
        ([0.5] * 10, [0.25] * 10, "all repeats differ alike"),
        ([0.5, 0.75] * 5, [0.5, 0.75] * 5, "no repeat differs"),
        ([0.5, 0.75] * 5, [0.25, 0.25] * 5, "differs"),
        ([0.5, 0.25] * 5, [0.25, 0.5] * 5, "no difference shown"),
    ],
)
def test_equal_repeats_are_not_too_few(ours, theirs, verdict):
    def repeats(accuracies):
        return [SimpleNamespace(values={"accuracy": a}, aside={"share": 0.1}) for a in accuracies]

    found = {"digit-lenet-5": repeats(ours), "digit-naive": repeats(theirs)}
    predictors = {
        name: SimpleNamespace(title=name, is_conditional=False)
        for name in ("lenet-5", "naive", "committee", "lenet-5-100", "lenet-5-told")
    }
    predictors |= dict.fromkeys(("committee-told", "m2"), predictors["naive"])
    tasks = {"digit": SimpleNamespace(title="digit")}
    _, (_, _, interval, p, said, count) = differences(found, tasks, predictors, "naive")
    assert (said, count) == (verdict, f"{len(ours)}")
    assert bool(interval) == bool(p) == (verdict in ("differs", "no difference shown"))
