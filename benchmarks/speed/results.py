"""The file of all results, and the table that it gives."""

import statistics

from benchmarks.cost import machine
from benchmarks.kept import KeptRows
from benchmarks.speed.design import OURS, RATE, SECONDS, times_as_fast


class Results(KeptRows):
    """What was measured so far, of every row what it was about, and its turns: contender -> what it
    measured."""

    def turns(self, name):
        """How many turns of a row there are."""
        return len(self.rows.get(name, {"turns": []})["turns"])

    def forget(self, name):
        """Begin a row again."""
        self.rows.pop(name, None)

    def add(self, name, row, found):
        """Keep a turn, and write the file."""
        turns = [*self.rows.get(name, {"turns": []})["turns"], found]
        about = {"what": row.what, "targets": row.targets, "machine": machine()}
        self.keep(name, {**about, "turns": turns})

    def table(self):
        """The lines of a Markdown table: each row against each of its baselines."""
        yield "| what | against | ours | theirs | times as fast (lowest..highest, n) | wanted |"
        yield "|---|---|---|---|---|---|"
        for row in self.rows.values():
            for other, wanted in row["targets"].items():
                yield _line(row, other, wanted)


def _line(row, other, wanted):
    turns = [turn for turn in row["turns"] if other in turn]
    ratios = sorted(times_as_fast(turn[OURS], turn[other]) for turn in turns)
    middle = statistics.median(ratios)
    at_least = "≥ " if any(turn[other].get("stopped") for turn in turns) else ""
    ours, theirs = (_amount([turn[who] for turn in turns]) for who in (OURS, other))
    spread = f"{at_least}{middle:.2f} ({ratios[0]:.2f}..{ratios[-1]:.2f}, {len(turns)})"
    mark = "met" if middle >= wanted else "missed"
    return f"| {row['what']} | {other} | {ours} | {theirs} | {spread} | {wanted:g}: {mark} |"


def _amount(found):
    """The median of what one contender measured, in words."""
    key = RATE if RATE in found[0] else SECONDS
    middle = statistics.median(one[key] for one in found)
    memory = f"{max(one['peak_mb'] for one in found):,} MB"
    return (
        f"{middle:,.0f} {found[0].get('unit', '')}/s, {memory}"
        if key == RATE
        else (f"{middle:.2f} s, {memory}")
    )
