"""Tables in terminals of any width: nothing is cut, and numbers and verdicts stay whole."""

import collections
import io
import re
import sys

import pytest
from rich.cells import cell_len

from ganprofile.cli import tables

BENCHMARK = """
per class|arm|images|subsets, trainings|accuracy|sd|against|difference|interval|p|verdict
5|none|50|3, 6 trainings|64.71 %|1.02|-|-|-|-|-
5|gan:5|15,150|3, 6 trainings|66.04 %|1.09|none (3: 64.71 -> 66.04)|+1.33|97.5 % CI -0.43 to +3.09|9.8e-10|no benefit shown
"""  # noqa: E501
EVALUATION = """
features|kernel distance|frechet distance|precision|recall|density|coverage
of a classifier of real images|KID 0.0001234|FID 12.34|0.9123|0.9123|0.9123|0.9123
pixels|-0.0004831|0.1234|0.8712|0.8712|0.8712|0.8712
"""
RUNS = """
run|created|state|dataset|model|epochs|best kernel distance|in epoch|size
2026-11-20-cgan-register-001|2026-11-20|unfinished|my-scans-of-the-parish-register-1790-1820|cgan|1/100|0.0004831|1|18.3 MB
"""  # noqa: E501


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def shown(monkeypatch):
    """What a terminal so wide shows of a table, lines of text."""

    def lines(rows, width):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stdout", terminal)
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("TERM", "xterm")
        head, *others = (line.split("|") for line in rows.strip().splitlines())
        table = tables.new_table(*head)
        for row in others:
            table.add_row(*row)
        tables.print_table(table)
        return re.sub("\x1b[^m]*m", "", terminal.getvalue()).splitlines()

    return lines


def letters_in(texts):
    return collections.Counter("".join("".join(texts).split()))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize(
    "rows", [BENCHMARK, EVALUATION, RUNS], ids=["benchmark", "evaluate", "runs"]
)
def test_nothing_is_cut_however_narrow(shown, rows, width):
    lines = shown(rows, width)
    assert max(map(cell_len, lines)) <= width and "\u2026" not in "".join(lines)
    assert letters_in(lines) == letters_in(rows.replace("|", ""))


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        (BENCHMARK, "no benefit shown 15,150 66.04 1.09 +1.33 97.5 -0.43 +3.09 9.8e-10"),
        (EVALUATION, "0.0001234 -0.0004831 12.34 0.9123 precision coverage"),
        (RUNS, "2026-11-20 unfinished cgan 1/100 0.0004831 18.3 epochs"),
    ],
    ids=["benchmark", "evaluate", "runs"],
)
def test_numbers_and_verdicts_stay_whole_in_80_columns(shown, rows, kept):
    assert set(kept.split()) <= set(" ".join(shown(rows, 80)).split())


def test_a_table_that_has_room_stays_as_it_is(shown):
    assert len(shown(RUNS, 200)) == 2 and len(shown(BENCHMARK, 200)) == 3
    assert shown("a|b\none|two", 80) == ["a    b  ", "one  two"]


def test_elsewhere_a_row_is_one_line_and_nothing_is_cut(capsys):
    table = tables.new_table("key", "value")
    table.add_row("long", "words " * 1_000)
    table.add_row("short", "1")
    tables.print_table(table)
    lines = ["key    value", f"long   {'words ' * 1_000}".rstrip(), "short  1"]
    assert capsys.readouterr().out.splitlines() == lines
    table.add_row("longer", "x" * 20_000)
    tables.print_table(table)
    assert capsys.readouterr().out.count("x") == 20_000


def test_wide_characters_are_folded_too(shown):
    lines = shown(f"nearest|writer\n{'字' * 50}|ann", 40)
    assert max(map(cell_len, lines)) <= 40 and "".join(lines).count("字") == 50
