"""What a person sees while an experiment runs."""

from ganprofile.benchmarking.result_file import place_of
from ganprofile.benchmarking.sizes import said
from ganprofile.console import ProgressBar, clock, say

LONG = 10_000  # training steps, which take longer than ten seconds


class BenchmarkProgress:
    """Takes finished cells into the file, and says how it goes and how long it will.

    How long an arm takes is known from its own cells: of that size, or else of another. Of an arm
    without any it is what it costs in relation to the others, as far as its `cost` says.

    Args:
        file: the `ResultFile`.
        chains: lists of `(per_class, repeat, arm, trainings)`, what is to be done.
        costs: arm -> how long a cell of it takes, and one more training of the same set, in
            trainings of a classifier; 1 where it is not there.
        enabled: False shows nothing.
    """

    def __init__(self, file, chains, enabled, costs=None):
        self._file, self._costs = file, costs or {}
        self._most, self._at_once = max(1, len(chains)), 1
        self._left = set(cells_of(chains))
        self._total = len(self._left)
        self._enabled = enabled
        self._bar = ProgressBar(self._total, enabled)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._bar.close()

    def begin(self, at_once):
        """Take down how many cells run at a time."""
        self._at_once = min(at_once, self._most)

    def is_long(self, steps):
        """Whether so many training steps to a cell are worth an estimate before the first."""
        return self._enabled and steps * self._total >= LONG

    def estimate(self, training_seconds):
        """Say how long all cells take where a training takes so many seconds."""
        costs = 0.0
        for *_, arm, training in self._left:
            first, again = self._costs.get(arm, (1.0, 1.0))
            costs += again if training else first
        seconds = training_seconds * costs / self._at_once
        say(
            f"{self._total} cells are estimated to take {clock(seconds)}. Whole cells are kept: "
            "stopped, the same command with the same `output` goes on."
        )

    def add(self, cell):
        """Take in a cell."""
        self._file.add(cell)
        self._left.discard(place_of(cell))
        done = self._total - len(self._left)
        self._bar.show(
            done,
            f"cell {done}/{self._total}  {cell['arm']} {said(cell['per_class'])}, repeat "
            f"{cell['repeat'] + 1}: {100 * cell['accuracy']:.2f} %  "
            f"{clock(self.seconds_left())} left",
        )

    def seconds_left(self):
        """How long what is left takes; 0 where no cell is done yet, which could tell."""
        if not self._file.content["cells"]:
            return 0.0
        seconds = {}
        for cell in self._file.content["cells"]:
            spent = cell.get("arm_seconds", 0) + cell.get("classifier_seconds", 0)
            for key in ((cell["per_class"], cell["arm"]), cell["arm"]):
                seconds.setdefault(key, []).append(spent)
            seconds.setdefault(None, []).append(spent / self._cost(cell["arm"]))
        expected = 0.0
        for per_class, _, arm, _ in self._left:
            known = seconds.get((per_class, arm)) or seconds.get(arm)
            if known is None:
                known = [self._cost(arm) * one for one in seconds[None]]
            expected += sum(known) / len(known)
        return expected / self._at_once

    def _cost(self, arm):
        return self._costs.get(arm, (1.0, 1.0))[0]


def cells_of(chains):
    """`(per_class, repeat, arm, training)` of every cell of chains, a list."""
    return [(*place, k) for chain in chains for *place, trainings in chain for k in trainings]
