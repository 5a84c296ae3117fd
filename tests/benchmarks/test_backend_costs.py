"""What each backend costs: the table, and that it is measured whole where it is all there is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.backends import SHOWN, table

ROOT = Path(__file__).parents[2]


def test_the_table_has_medians_and_spreads_in_one_order():
    values = [dict.fromkeys(SHOWN, value) for value in (3.0, 1.0, 2.0)]
    lines = list(table([{"torch": one, "tensorflow": one | {"cgan": 1500}} for one in values]))
    assert lines[0] == "| n = 3 | TensorFlow | PyTorch |" and len(lines) == 2 + len(SHOWN)
    assert "| `cgan`, images/s | 1,500 (1,500..1,500) | 2.0 (1.0..3.0) |" in lines


@pytest.mark.slow
def test_a_backend_is_measured_where_no_other_is_to_be_found(tmp_path):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    output = tmp_path / "backends.json"
    options = ["--quick", "--repeats", "1", "--backends", "torch", "--output", os.fspath(output)]
    command = [sys.executable, "-m", "benchmarks.backends", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (turn,) = json.loads(output.read_text("utf-8"))["turns"]
    assert turn["torch"].keys() >= SHOWN.keys() and min(turn["torch"].values()) > 0
    assert done.stdout.splitlines()[0] == "| n = 1 | PyTorch |"
