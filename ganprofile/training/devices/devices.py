"""Which device trains: what there is, what is used, and why not more."""

import os

from ganprofile.backend import backend
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.training.devices.cluster import cluster
from ganprofile.training.devices.strategies import STRATEGIES, Device

DEVICES = ("auto", "cpu", "gpu")
AUTO = "auto"


def choose_device(wanted=AUTO, strategy=AUTO):
    """Find the `Device` to train on.

    Several machines have to find each other before TensorFlow does anything else: call this before
    any data are loaded.

    Args:
        wanted: `"auto"` (GPUs where there are some), `"cpu"` or `"gpu"`; or a `Device`, which is
            given back.
        strategy: `"one"` device; `"mirrored"` for all GPUs of this machine; `"multiworker"` for the
            machines that the environment variable TF_CONFIG names; or `"auto"`: the last where
            TF_CONFIG names several, the second where there are several GPUs, else the first.

    Raises:
        UsageError: another word, or TF_CONFIG is not as it should be.
        GanprofileError: no GPU was found where one was demanded.
    """
    if isinstance(wanted, Device):
        return wanted
    if wanted not in DEVICES:
        raise UsageError(f"No device {wanted!r}. Known: {', '.join(DEVICES)}.")
    if strategy not in (AUTO, *STRATEGIES):
        raise UsageError(f"No strategy {strategy!r}. Known: {', '.join([AUTO, *STRATEGIES])}.")
    gpus = backend().gpu_count()
    if wanted == "gpu" and not gpus:
        raise GanprofileError(
            'No GPU is to be seen here. Use `device="cpu"`, or install the GPU libraries with: '
            "pip install 'ganprofile[gpu]'."
        )
    kind = "gpu" if gpus and wanted != "cpu" else "cpu"
    if strategy == AUTO:
        strategy = _fitting(kind, gpus)
    return STRATEGIES[strategy](kind, _found(gpus))


def _fitting(kind, gpus):
    """The strategy that makes use of what there is."""
    if len(cluster()[0]) > 1:
        return "multiworker"
    return "mirrored" if kind == "gpu" and gpus > 1 else "one"


def _found(gpus):
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"Device: found {cores} CPU cores, {gpus} GPU{'' if gpus == 1 else 's'}"
