"""Networks that are trained side by side learn what each would have learned alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

pytest.importorskip("jax", reason="JAX is not installed")

ROOT = Path(__file__).parents[2]
PROGRAM = """
import argparse
import json
import sys

import numpy as np

import ganprofile as gp
from ganprofile.classifiers import convnet
from ganprofile.transforms.deformation import reduced

sys.path.insert(0, "benchmarks")
import packed
import side_by_side
import together

convnet.WIDTH, together.STEPS_AT_ONCE, together.READ_AT_ONCE, together.ROWS = 3, 2, 20, 64
side_by_side.DRAWN_AT_ONCE, side_by_side.THREADS = 64, 2


def small(part):
    return gp.Dataset(part.images[:, ::2, ::2], part.labels, part.class_names, name="small")


def main():
    pool, judging = (small(part).of_classes("012") for part in gp.load("digits"))
    few, other = pool.subset(4, seed=0), pool.subset(4, seed=1)
    kind = convnet.ConvnetClassifier
    lessons = [{"images": one.images, "labels": one.labels} for one in (few, few, other)]
    alone = [kind(3, steps=3, seed=seed).fit(**how) for seed, how in zip((1, 2, 2), lessons)]
    beside_each_other = [kind(3, steps=3, seed=seed) for seed in (1, 2, 2)]
    together.fit_together(beside_each_other, lessons)
    read = [one.predict_proba(judging.images[:50]) for one in alone]
    read_together = [together.read(one, judging.images[:50]) for one in beside_each_other]
    apart = [float(np.abs(a - b).max()) for a, b in zip(read, read_together)]
    different = [float(np.abs(read[0] - one).max()) for one in read[1:]]

    gp.recipes.ensembles.Teacher.steps_for = lambda teacher, num_classes, per_class: 2
    arms = ["none", "deformed+distilled"]
    how = {"per_class": 4, "arms": arms, "repeats": 2, "steps": 3, "progress": False}
    with packed.side_by_side(argparse.Namespace(side_by_side=True)):
        found = gp.benchmark(pool, test=judging.subset(10), output=sys.argv[1], **how)
    print(json.dumps({"apart": apart, "different": different, "sizes": [
        (one["arm"], one["repeat"], one["images"]) for one in found.cells
    ]}))


if __name__ == "__main__":
    main()
"""


def test_side_by_side_they_learn_what_each_learns_alone(tmp_path, compiled_quickly):
    """Of a first seed, a second one and other images; then all cells of an experiment."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, program, tmp_path / "result"],
        cwd=ROOT,
        env={**os.environ, **compiled_quickly, "KERAS_BACKEND": "jax", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert max(found["apart"]) < 1e-3 < min(found["different"])
    shown = {arm: size for arm, _, size in found["sizes"]}
    assert len(found["sizes"]) == 4
    assert shown == {"none": 12, "deformed+distilled": 96}
