"""The table of speeds: what it says of turns, and that a row runs whole and is kept."""

import json
import subprocess
import sys

import pytest

from benchmarks.speed.design import OURS, RATE, SECONDS, Row, times_as_fast
from benchmarks.speed.results import Results
from benchmarks.speed.rows import ROWS, row


def test_both_kinds_of_measurement_say_how_many_times_as_fast():
    assert times_as_fast({RATE: 300}, {RATE: 100}) == 3
    assert times_as_fast({SECONDS: 2}, {SECONDS: 10}) == 5


def kept(tmp_path, *turns, **theirs):
    results = Results.open(tmp_path / "speed.json")
    row = Row("a thing", {}, {"theirs": 2.0})
    for ours, other in turns:
        found = {OURS: {SECONDS: ours, "peak_mb": 1}, "theirs": {SECONDS: other, "peak_mb": 2}}
        found["theirs"] |= theirs
        results.add("thing", row, found)
    return results


def test_the_ratio_of_each_turn_counts(tmp_path):
    results = kept(tmp_path, (1, 3), (10, 10), (2, 5))
    line = list(results.table())[-1]
    assert "2.50 (1.00..3.00, 3)" in line and "2: met" in line
    assert "| 2.00 s, 1 MB | 5.00 s, 2 MB |" in line


def test_a_target_that_is_missed_is_said(tmp_path):
    assert list(kept(tmp_path, (1, 1.5)).table())[-1].endswith("| 2: missed |")


def test_who_was_stopped_counts_as_at_least(tmp_path):
    assert "≥ 6.00" in list(kept(tmp_path, (1, 6), stopped=True).table())[-1]


def test_turns_are_kept_and_counted(tmp_path):
    kept(tmp_path, (1, 3), (2, 5))
    again = Results.open(tmp_path / "speed.json")
    assert again.turns("thing") == 2 and again.turns("another") == 0
    assert again.rows["thing"]["machine"]["cores"] >= 1
    again.forget("thing")
    assert again.turns("thing") == 0


@pytest.mark.slow
def test_a_row_is_measured_in_turns_and_goes_on_where_it_was_stopped(tmp_path):
    output = tmp_path / "speed.json"
    command = [sys.executable, "-m", "benchmarks.speed", "import", "--quick", "--output", output]
    first = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert first.count("import, turn") == 4 and "`import ganprofile`" in first
    content = json.loads(output.read_text())
    assert [set(turn) for turn in content["rows"]["import"]["turns"]] == [
        {OURS, "import keras"}
    ] * 2
    again = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "import, turn" not in again and again.splitlines()[-1] == first.splitlines()[-1]


def test_every_row_measures_ours_and_whom_it_is_compared_with():
    for name in ROWS:
        wanted = row(name)
        assert next(iter(wanted.contenders)) == OURS
        assert set(wanted.targets) == set(wanted.contenders) - {OURS}
