"""What a person sees while an experiment runs."""

from ganprofile.benchmarking.result_file import place_of
from ganprofile.benchmarking.sizes import said
from ganprofile.console import ProgressBar, clock, percent, say

LONG = 10_000  # training steps, which take longer than ten seconds


class BenchmarkProgress:
    """Takes finished cells into the file, and says how it goes and how long it will.

    How long an arm takes is known from its own cells: of that size, or else of another. Of an arm
    without any it is what it costs in relation to the others, as far as its `cost` says. Before
    the first cell it goes by the last experiment with such a classifier on this machine.

    Args:
        file: the `ResultFile`.
        chains: lists of `(per_class, repeat, arm, trainings)`, what is to be done.
        enabled: False shows nothing.
        costs: `(per_class, arm)` -> how long such a cell takes, and one more training of the same
            set, in trainings of a classifier; 1 where it is not there.
        speed: the `Speed` of such a training, or None.
    """

    def __init__(self, file, chains, enabled, costs=None, speed=None):
        self._file, self._costs, self._speed = file, costs or {}, speed
        self._most, self._at_once = max(1, len(chains)), 1
        self._left = set(cells_of(chains))
        self._total = len(self._left)
        self._enabled = enabled
        self._bar = ProgressBar(self._total, enabled)
        self._added = []  # seconds of a training, as each cell of this sitting has it

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._bar.close()
        if self._speed is not None and self._added:
            self._speed.note(sum(self._added) / len(self._added), len(self._added))

    def begin(self, at_once):
        """Take down how many cells run at a time."""
        self._at_once = min(at_once, self._most)

    def is_long(self, steps):
        """Whether so many training steps to a cell are worth an estimate before the first."""
        return self._enabled and steps * self._total >= LONG

    def estimate(self, training_seconds):
        """Say how long all cells take where a training takes so many seconds."""
        seconds = self._seconds_by_cost(training_seconds)
        kept = "Whole cells are kept: stopped, the same command with the same `output` goes on."
        if self._file.path is None:
            kept = "Nothing is kept: with `output` it can be gone on with, and seen as a page."
        say(f"{self._total} cells are estimated to take {clock(seconds)}. {kept}")

    def add(self, cell):
        """Take in a cell."""
        self._file.add(cell)
        self._left.discard(place_of(cell))
        self._added.append(self._training_seconds(cell))
        done = self._total - len(self._left)
        self._bar.show(
            done,
            f"cell {done}/{self._total}  {cell['arm']} {said(cell['per_class'])}, repeat "
            f"{cell['repeat'] + 1}: {percent(cell['accuracy'], 2)} %  "
            f"{clock(self.seconds_left())} left",
        )

    @property
    def told_by(self):
        """What tells how long the rest takes, in words; None where nothing does."""
        if self._file.content["cells"]:
            return "the cells that are done"
        known = self._speed and self._speed.known_seconds()
        return "the last benchmark on this machine" if known else None

    def seconds_left(self):
        """How long what is left takes; 0 where nothing could tell."""
        cells = self._file.content["cells"]
        if not cells:
            return self._seconds_by_cost((self._speed and self._speed.known_seconds()) or 0.0)
        seconds = {}  # of a training, by what it was of
        for cell in cells:
            for key in ((cell["per_class"], cell["arm"]), cell["arm"], None):
                seconds.setdefault(key, []).append(self._training_seconds(cell))
        expected = 0.0
        for per_class, _, arm, training in self._left:
            known = seconds.get((per_class, arm)) or seconds.get(arm) or seconds[None]
            expected += self._cost(per_class, arm, training) * sum(known) / len(known)
        return expected / self._at_once

    def _seconds_by_cost(self, training_seconds):
        costs = sum(self._cost(size, arm, training) for size, _, arm, training in self._left)
        return training_seconds * costs / self._at_once

    def _training_seconds(self, cell):
        """How long a training took, by a cell that may hold more than one."""
        spent = cell.get("arm_seconds", 0) + cell.get("classifier_seconds", 0)
        return spent / self._cost(*(cell[part] for part in ("per_class", "arm", "training")))

    def _cost(self, per_class, arm, training):
        first, again = self._costs.get((per_class, arm), (1.0, 1.0))
        return again if training else first


def cells_of(chains):
    """`(per_class, repeat, arm, training)` of every cell of chains, a list."""
    return [(*place, k) for chain in chains for *place, trainings in chain for k in trainings]
