"""What bends and registers images is the same on both backends, and needs no TensorFlow on JAX."""

import os
import subprocess
import sys

import numpy as np
import pytest

from ganprofile.transforms.augmentation_policy import KNOTS
from ganprofile.transforms.deformation import PairwiseDeformations, find_deformations
from ganprofile.transforms.deformation.augmenter import DeformationAugmenter

pytest.importorskip("jax", reason="JAX is not installed")

STILL = {"shift": (1.0, 0.0)}
ON_JAX = f"""
import sys
sys.modules["tensorflow"] = None  # importing it fails
import numpy as np
from ganprofile.transforms.deformation import find_deformations
from ganprofile.transforms.deformation.augmenter import DeformationAugmenter

arrays = np.load(sys.argv[1])
ways = find_deformations(arrays["images"], arrays["labels"])
ways.save(sys.argv[2])
np.save(sys.argv[3], DeformationAugmenter(arrays["images"], ways, {STILL}).deform(np.arange(20), 3))
"""


@pytest.mark.slow
def test_ways_and_variations_without_tensorflow(digits, tmp_path, compiled_quickly):
    few = digits[0].subset(2)
    given, found, deformed = (
        tmp_path / "few.npz",
        tmp_path / "deformations.npz",
        tmp_path / "varied.npy",
    )
    np.savez(given, images=few.images, labels=few.labels)
    environment = {**os.environ, "KERAS_BACKEND": "jax", **compiled_quickly}
    command = [sys.executable, "-c", ON_JAX, *map(os.fspath, (given, found, deformed))]
    subprocess.run(command, env=environment, check=True, timeout=300)
    ours, theirs = find_deformations(few.images, few.labels), PairwiseDeformations.load(found)
    np.testing.assert_array_equal(ours.neighbours, theirs.neighbours)
    assert ours.fields.shape == (20, 1, 2, KNOTS, KNOTS)
    # Descent leaves few places in which the last digit decided between two neighbouring pixels.
    away = np.abs(ours.fields - theirs.fields)
    assert np.median(away) < 1e-4 and np.abs(ours.fields).mean() > 0.05
    again = DeformationAugmenter(few.images, theirs, STILL).deform(np.arange(20), 3)
    assert np.abs(again.astype(int) - np.load(deformed)).max() <= 1
