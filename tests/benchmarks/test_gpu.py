"""What measures a GPU runs whole where nothing but Keras and JAX is installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

pytest.importorskip("jax", reason="JAX is not installed")

ROOT = Path(__file__).parents[2]
NOT_INSTALLED = (
    *("tensorflow", "tensorflow_datasets", "importlib_resources", "sklearn", "joblib", "skops"),
    *("PIL", "imageio", "matplotlib", "platformdirs", "pooch", "jinja2", "typer"),
)
PROGRAM = f"""
import sys
for name in {NOT_INSTALLED}:
    sys.modules[name] = None  # importing it fails

from pathlib import Path
import ganprofile as gp
from benchmarks.gpu import __main__, data

data.save(Path(sys.argv[sys.argv.index("--data") + 1]), gp.load("digits"))
__main__.main()
__main__.main()
"""


def test_it_runs_with_keras_and_jax_alone(tmp_path, compiled_quickly):
    """Every measure; a second time, nothing is measured again."""
    output = tmp_path / "gpu.json"
    options = ["--quick", "--peak", "1", "--data", tmp_path / "digits.npz", "--output", output]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, options)],
        cwd=ROOT,
        env={**os.environ, **compiled_quickly},
        capture_output=True,
        text=True,
        timeout=800,
    )
    assert done.returncode == 0, done.stderr
    rows = json.loads(output.read_text("utf-8"))["rows"]
    trained = [f"train gan {precision}" for precision in ("float32", "bfloat16")]
    judged = [f"quality cgan {precision}" for precision in ("float32", "bfloat16")]
    assert list(rows) == [*judged, "read cnn", *trained, "draw gan"]
    for name, row in rows.items():
        assert row["data"] == "digits" and row["quick"], name
        assert done.stdout.count(f"{name} ...\n") == 1
        assert done.stdout.count(f"| {name} |") == 2
    for row in (rows[name] for name in trained):
        assert row["of_peak"] == pytest.approx(
            row["images_per_second"]["median"] * row["flop_per_image"] / 1e12
        )
        many, single = (
            row[f"{which}images_per_second"]["median"] for which in ("", "one_step_per_call_")
        )
        assert row["steps_per_call"] == 2
        assert row["over_one_step_per_call"] == pytest.approx(many / single)
    for row in (rows[name] for name in judged):
        assert row["readings"][0]["seconds"] > row["first_step_seconds"] > 0
        assert 0 <= row["test_accuracy"] <= 1
