"""Which device trains: what there is, what is used, and why not more."""

import contextlib
import dataclasses
import os

from ganprofile.errors import GanprofileError, UsageError

DEVICES = ("auto", "cpu", "gpu")


@dataclasses.dataclass(frozen=True)
class Device:
    """What trains.

    Attributes:
        name: `"cpu:0"` or `"gpu:0"`.
        sentence: what was found, what is used, and why not more.
    """

    name: str
    sentence: str

    def scope(self):
        """A context in which Keras puts variables and work on the device."""
        import keras

        return keras.device(self.name) if _gpu_count() else contextlib.nullcontext()


def choose_device(wanted):
    """Find the `Device` to train on.

    Args:
        wanted: `"auto"` (the GPU where there is one), `"cpu"` or `"gpu"`.

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
            "TensorFlow sees no GPU here. Use --device cpu, or install the GPU libraries with: "
            "pip install 'ganprofile[gpu]'."
        )
    found = f"{cores} CPU cores, {gpus} GPU{'' if gpus == 1 else 's'}"
    if wanted == "cpu" or not gpus:
        reason = "" if not gpus else " as asked"
        return Device("cpu:0", f"Device: found {found}; training on the CPU{reason}.")
    more = "" if gpus == 1 else "; several GPUs are not used together yet"
    return Device("gpu:0", f"Device: found {found}; training on GPU 0{more}.")


def _gpu_count():
    import tensorflow as tf

    return len(tf.config.list_physical_devices("GPU"))
