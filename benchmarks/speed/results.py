"""The file of all results, and the table that it gives."""

import dataclasses
import json
import statistics
from pathlib import Path

from benchmarks.cost import machine
from benchmarks.speed.design import OURS, RATE, times_as_fast


@dataclasses.dataclass
class Results:
    """What was measured so far.

    Attributes:
        path: the JSON file.
        rows: name -> what the row was about, and its turns, contender -> what it measured.
    """

    path: Path
    rows: dict

    @classmethod
    def open(cls, path):
        """Those of a file, which need not be there."""
        content = json.loads(path.read_text()) if path.is_file() else {"rows": {}}
        return cls(path, content["rows"])

    def turns(self, name):
        """How many turns of a row there are."""
        return len(self.rows.get(name, {"turns": []})["turns"])

    def forget(self, name):
        """Begin a row again."""
        self.rows.pop(name, None)

    def add(self, name, row, found):
        """Keep a turn, and write the file."""
        kept = self.rows.setdefault(name, {"turns": []})
        kept.update(what=row.what, targets=row.targets, machine=machine())
        kept["turns"].append(found)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"rows": self.rows}, indent=2) + "\n"
        self.path.write_text(content, encoding="utf-8")

    def table(self):
        """The lines of a Markdown table: each row against each of its opponents."""
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
    key = RATE if RATE in found[0] else "seconds"
    middle = statistics.median(one[key] for one in found)
    memory = f"{max(one['peak_mb'] for one in found):,} MB"
    return (
        f"{middle:,.0f} {found[0].get('unit', '')}/s, {memory}"
        if key == RATE
        else (f"{middle:.2f} s, {memory}")
    )
