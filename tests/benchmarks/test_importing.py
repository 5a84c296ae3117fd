"""No measurement breaks unseen where the package changes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
PROGRAM = """
import importlib
import sys

failed = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        failed[name] = repr(error)
sys.exit(str(failed) if failed else 0)
"""


@pytest.mark.slow
def test_every_script_can_be_imported():
    names = sorted(path.stem for path in FOLDER.glob("*.py"))
    assert len(names) > 50
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names],
        cwd=FOLDER,
        env={**os.environ, "PYTHONPATH": str(FOLDER.parent)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
