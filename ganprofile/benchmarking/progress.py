"""What a person sees while an experiment runs."""

from ganprofile.benchmarking.result_file import place_of
from ganprofile.console import ProgressBar, clock


class Progress:
    """Takes finished cells into the file, and says how it goes and how long it will.

    How long an arm takes is known from its own cells of that size, or else from what is done.

    Args:
        file: the `ResultFile`.
        chains: lists of `(per_class, repeat, arm, trainings)`, what is to be done.
        enabled: False shows nothing.
    """

    def __init__(self, file, chains, enabled):
        self._file = file
        self._most, self._at_once = max(1, len(chains)), 1
        self._left = set(cells_of(chains))
        self._total = len(self._left)
        self._bar = ProgressBar(self._total, enabled)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._bar.close()

    def begin(self, at_once):
        """Take down how many cells run at a time."""
        self._at_once = min(at_once, self._most)

    def add(self, cell):
        """Take in a cell."""
        self._file.add(cell)
        self._left.discard(place_of(cell))
        done = self._total - len(self._left)
        self._bar.show(
            done,
            f"cell {done}/{self._total}  {cell['arm']} at {cell['per_class']} a class, repeat "
            f"{cell['repeat'] + 1}: {100 * cell['accuracy']:.2f} %  {clock(self._seconds())} left",
        )

    def _seconds(self):
        seconds = {}
        for cell in self._file.content["cells"]:
            spent = cell.get("arm_seconds", 0) + cell.get("classifier_seconds", 0)
            for key in ((cell["per_class"], cell["arm"]), cell["arm"], None):
                seconds.setdefault(key, []).append(spent)
        expected = 0.0
        for per_class, _, arm, _ in self._left:
            known = seconds.get((per_class, arm)) or seconds.get(arm) or seconds[None]
            expected += sum(known) / len(known)
        return expected / self._at_once


def cells_of(chains):
    """`(per_class, repeat, arm, training)` of every cell of chains, a list."""
    return [(*place, k) for chain in chains for *place, trainings in chain for k in trainings]
