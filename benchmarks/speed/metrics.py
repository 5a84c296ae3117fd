"""What `evaluate` computes of two sets of features: 10,000 rows against 10,000.

Kernel distance in 100 subsets of 1,000, Fréchet distance, precision and recall. Ours gives density
and coverage beside them. The features are random numbers, with as many columns as our feature
network has, and as Inception has: what they are does not change the work.
"""

import functools
import importlib
import sys
import time
from unittest.mock import MagicMock

import numpy as np

from benchmarks.speed.design import OURS, SECONDS, Row

ROWS_EACH = 10_000
COLUMNS = 64
OF_INCEPTION = 2048


def features(columns, is_quick):
    """`(real, fake)`, float32 `(n, columns)`."""
    random = np.random.default_rng(0)
    count = 2000 if is_quick else ROWS_EACH
    mixed = random.normal(size=(columns, columns)).astype(np.float32) / columns**0.5
    real, fake = (random.normal(size=(count, columns)).astype(np.float32) @ mixed for _ in "rf")
    return real, 1.05 * fake


def timed(work):
    began = time.perf_counter()
    found = work()
    return {SECONDS: time.perf_counter() - began, "found": found}


def ours(columns, is_quick):
    """All of `evaluation.distances` for one feature space."""
    from ganprofile.evaluation.distances import distances

    real, fake = features(columns, is_quick)

    def work():
        found = distances(real, fake)
        kept = ("kernel_distance", "frechet_distance", "precision", "recall")
        return {name: float(getattr(found, name)) for name in kept}

    return timed(work)


def torch_fidelity(columns, is_quick):
    """The same by the functions of arrays in torch-fidelity."""
    import torch

    fid, kid, prc = (_module(f"torch_fidelity.metric_{name}") for name in ("fid", "kid", "prc"))
    fake, real = (torch.from_numpy(array) for array in reversed(features(columns, is_quick)))

    def work():
        statistics = [fid.fid_features_to_statistics(some) for some in (fake, real)]
        found = fid.fid_statistics_to_metric(*statistics, verbose=False)
        arguments = {"kid_subsets": 100, "kid_subset_size": 1000, "verbose": False}
        found |= kid.kid_features_to_metric(fake, real, **arguments)
        return found | prc.prc_features_to_metric(fake, real, verbose=False)

    return timed(work)


def _module(name):
    """A module of torch-fidelity; its readers of images, which nobody asks here, may be missing."""
    while True:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as missing:
            if not missing.name.startswith("torchvision"):
                raise
            sys.modules[missing.name] = MagicMock()


def _row(columns):
    return Row(
        f"kernel and Fréchet distance, precision, recall; {columns} features",
        {OURS: functools.partial(ours, columns),
         "torch-fidelity": functools.partial(torch_fidelity, columns)},
        {"torch-fidelity": 1.0},
        modules=("torch", "torch_fidelity"),
    )  # fmt: skip


ROWS = {"metrics": _row(COLUMNS), "metrics-inception": _row(OF_INCEPTION)}
