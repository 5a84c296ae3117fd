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
METRICS: Registry[Metric] = Registry("ganprofile.metrics", {})

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
