"""How good drawn images are: pure functions of arrays, and the network whose features they compare.

The functions load NumPy only, SciPy where one is called that needs it; `features` and `inception`
load Keras.

An installed package adds a metric by an entry point of the group `ganprofile.metrics`: a function
of real and as many synthetic images, uint8 `(n, height, width, channels)` each, that returns a
number. `evaluate` measures it and keeps it under its name.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from ganprofile.metrics.copies import authenticity, membership_auc, near_copies
from ganprofile.metrics.diversity import diversity
from ganprofile.metrics.frechet_distance import frechet_distance
from ganprofile.metrics.kernel_distance import kernel_distance
from ganprofile.metrics.manifold import coverage_by_class, overlap
from ganprofile.storage.plugins import Registry

Metric: TypeAlias = Callable[[np.ndarray, np.ndarray], float]
# What `evaluate` calls its own figures, beside which a package's metrics stand; a test holds them.
OURS = (
    *("kernel_distance", "kernel_distance_sd", "frechet_distance", "density", "coverage"),
    *("precision", "recall", "coverage_by_class", "diversity", "train_on_real_accuracy"),
    *("train_on_synthetic_accuracy", "gap", "label_fidelity", "copy_rate", "test_copy_rate"),
    *("authenticity", "membership_auc"),
)
METRICS: Registry[Metric] = Registry("ganprofile.metrics", {}, reserved=OURS)

__all__ = [
    "METRICS",
    "authenticity",
    "coverage_by_class",
    "diversity",
    "frechet_distance",
    "kernel_distance",
    "membership_auc",
    "near_copies",
    "overlap",
]
