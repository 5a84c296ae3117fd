"""Which device trains: what there is, what is used, and why not more."""

from __future__ import annotations

import os
import sys
from typing import Final, Literal, TypeAlias

from ganprofile.backend import backend
from ganprofile.console import say
from ganprofile.errors import GanprofileError
from ganprofile.frameworks import FRAMEWORKS, chosen
from ganprofile.storage.names import check_known
from ganprofile.training.devices.cluster import cluster
from ganprofile.training.devices.strategies import STRATEGIES, Device

DEVICES = ("auto", "cpu", "gpu")
AUTO: Final = "auto"
Kind: TypeAlias = Literal["auto", "cpu", "gpu"]
StrategyName: TypeAlias = Literal["auto", "one", "mirrored", "multiworker"]


def choose_device(wanted: Kind | Device = AUTO, strategy: StrategyName = AUTO) -> Device:
    """Find the `Device` to train on.

    Several machines have to find each other before TensorFlow does anything else: call this before
    any data are loaded.

    Args:
        wanted: `"auto"` (GPUs where there are some), `"cpu"` or `"gpu"`; or a `Device`, which is
            given back.
        strategy: `"one"` device; `"mirrored"` for all GPUs of this machine; `"multiworker"` for the
            machines that the environment variable TF_CONFIG names; or `"auto"`: the last where
            TF_CONFIG names several, the second where there are several GPUs and Keras does not run
            on PyTorch, else the first.

    Returns:
        The `Device`, whose `sentence` says what was found, what is used, and why not more.

    Raises:
        UsageError: another word, or TF_CONFIG is not as it should be.
        GanprofileError: no GPU was found where one was demanded.

    Example:
        >>> device = gp.choose_device("cpu")
        >>> device.kind, device.replicas, device.is_chief
        ('cpu', 1, True)
        >>> print(device.sentence)
        Device: found ... CPU core...; training on the CPU.
    """
    if isinstance(wanted, Device):
        return wanted
    _check(wanted, strategy)
    gpus = backend().gpu_count()
    if wanted == "gpu" and not gpus:
        raise GanprofileError(
            'No GPU is to be seen here. Use `device="cpu"`, or install the GPU libraries with: '
            f"pip install {backend().WITH_GPU}."
        )
    kind: Literal["cpu", "gpu"] = "gpu" if gpus and wanted != "cpu" else "cpu"
    if strategy == AUTO:
        strategy = _fitting(kind, gpus)
    return STRATEGIES[strategy](kind, _found(gpus))


def local_device() -> Device:
    """The `Device` of this machine alone, whatever TF_CONFIG names: for a training of which the
    other workers know nothing."""
    gpus = backend().gpu_count()
    kind: Literal["cpu", "gpu"] = "gpu" if gpus else "cpu"
    return STRATEGIES[_of_here(kind, gpus)](kind, _found(gpus))


def say_what_is_loaded(wanted: Kind | Device = AUTO, strategy: StrategyName = AUTO) -> None:
    """Say, before `choose_device`, that it loads a framework, which takes seconds; nothing where
    that is loaded already.

    Args:
        wanted, strategy: as for `choose_device`.

    Raises:
        UsageError: as there.
    """
    if isinstance(wanted, Device):
        return
    _check(wanted, strategy)
    if "keras" not in sys.modules:
        name = chosen()
        say(f"Loading {FRAMEWORKS.get(name, name)}, which takes some seconds.")


def _check(wanted: str, strategy: str) -> None:
    check_known("device", wanted, DEVICES)
    check_known("strategy", strategy, [AUTO, *STRATEGIES])


def _fitting(kind: Literal["cpu", "gpu"], gpus: int) -> StrategyName:
    """The strategy that makes use of what there is."""
    if len(cluster()[0]) > 1:
        return "multiworker"
    return _of_here(kind, gpus)


def _of_here(kind: Literal["cpu", "gpu"], gpus: int) -> StrategyName:
    """The same of this machine alone."""
    return "mirrored" if kind == "gpu" and gpus > 1 and backend().MIRRORS else "one"


def _found(gpus: int) -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    several = ["" if count == 1 else "s" for count in (cores, gpus)]
    return f"Device: found {cores} CPU core{several[0]}, {gpus} GPU{several[1]}"
