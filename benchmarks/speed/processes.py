"""Contenders in processes of their own, which they share with nobody."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.cost import ended
from benchmarks.speed.rows import row


def measured(name, contender, is_quick, before):
    """What a contender measured of a row, with what its process used; None: it failed.

    Args:
        before: what the contenders before it in this turn measured, name -> dict: who is far
            behind them may give up.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "found.json"
        arguments = json.dumps({"name": name, "contender": contender, "quick": is_quick})
        command = [sys.executable, "-m", "benchmarks.speed.processes", arguments, str(output)]
        environment = {**os.environ, "SPEED_BEFORE": json.dumps(before)}
        environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        # Installed packages come compiled. Ours, in a checkout, would be compiled at every start.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        used = ended(process)
        return None if process.returncode else json.loads(output.read_text()) | used


def before():
    """What the contenders before this one in the same turn measured."""
    return json.loads(os.environ.get("SPEED_BEFORE", "{}"))


def main():
    """Measure one contender, as `measured` asks for it."""
    arguments, output = json.loads(sys.argv[1]), Path(sys.argv[2])
    found = row(arguments["name"]).contenders[arguments["contender"]](arguments["quick"])
    output.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
