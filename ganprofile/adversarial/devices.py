"""Which device trains: what there is, what is used, and why not more."""

import contextlib
import os

import keras

from ganprofile.errors import GanprofileError, UsageError

DEVICES = ("auto", "cpu", "gpu")


def choose_device(wanted):
    """Find a device and say so.

    Args:
        wanted: `"auto"` (the GPU where there is one), `"cpu"` or `"gpu"`.

    Returns:
        `(device, sentence)`: a name for `on_device` and what to tell the user.

    Raises:
        UsageError: another word.
        GanprofileError: no GPU was found where one was demanded.
    """
    if wanted not in DEVICES:
        raise UsageError(f"No device {wanted!r}. Known: {', '.join(DEVICES)}.")
    gpus = _gpu_count()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if wanted == "gpu" and not gpus:
        raise GanprofileError(
            f"{keras.backend.backend()} sees no GPU here. Use --device cpu, or install the GPU "
            "libraries with: pip install 'ganprofile[gpu]'."
        )
    found = f"{cores} CPU cores, {gpus} GPU{'' if gpus == 1 else 's'}"
    if wanted == "cpu" or not gpus:
        reason = "" if not gpus else " as asked"
        return "cpu:0", f"Device: found {found}; training on the CPU{reason}."
    more = "" if gpus == 1 else "; several GPUs are not used together yet"
    return "gpu:0", f"Device: found {found}; training on GPU 0{more}."


def on_device(device):
    """A context in which Keras puts variables and work on the device."""
    return keras.device(device) if _gpu_count() else contextlib.nullcontext()


def _gpu_count():
    import tensorflow as tf

    return len(tf.config.list_physical_devices("GPU"))
