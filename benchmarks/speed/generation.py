"""Labelled images on disk, every class as often, and read again to see that they are whole.

Both are a program in Python that has imported what it needs. Ours calls `augment` without a filter
and `verify`, which takes every checksum and draws a part again; theirs loops over Keras' `predict`,
writes the same format, compressed archives of 50,000 images, and reads them again. Both draw with
the carried generator of digits.

How two processes compare to one is asked of `augment` alone, each process with a core of its own,
and of what it does between 100,000 and 1,000,000 images: the start of the frameworks is the same.
"""

import functools
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.speed.design import OURS, RATE, Row

MODEL = "digits-cgan"
SHARD = 50_000
ONE_THREAD = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


def total(is_quick):
    return 20_000 if is_quick else 1_000_000


def ours(is_quick):
    """`augment` and `verify`."""
    import keras  # noqa: F401  as theirs, before the clock runs

    import ganprofile as gp

    count = total(is_quick)
    arguments = {"filter": "none", "score": False, "progress": False}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "more"
        began = time.perf_counter()
        gp.generate(MODEL, total=count, output=out, **arguments)
        assert gp.verify(out, progress=False).ok
        return {RATE: count / (time.perf_counter() - began), "unit": "images"}


def on_cores(cores, is_quick):
    """`augment` in as many processes of one thread as it has cores."""
    counts = total(is_quick) // 10, total(is_quick)
    seconds = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            command = [*_augment(count), "--jobs", cores, "--output", Path(folder) / "more"]
            seconds.append(_seconds(*command, cores=cores))
    return {RATE: (counts[1] - counts[0]) / (seconds[1] - seconds[0]), "unit": "images"}


def _augment(count):
    return "generate", MODEL, "--total", count, "--filter", "none", "--no-score"


def _seconds(*arguments, cores):
    """What a command of ours takes on the first of the cores alone, with a thread each."""
    command = [sys.executable, "-m", "ganprofile", *map(str, arguments)]
    chosen = sorted(os.sched_getaffinity(0))[:cores]
    arguments = {"env": {**os.environ, **dict.fromkeys(ONE_THREAD, "1")}, "check": True}
    arguments["preexec_fn"] = lambda: os.sched_setaffinity(0, chosen)
    began = time.perf_counter()
    subprocess.run(command, capture_output=True, **arguments)
    return time.perf_counter() - began


def predict_loop(is_quick):
    """What a user writes who has a Keras model and a page of NumPy's documentation."""
    import keras
    import numpy as np

    import ganprofile as gp

    count = total(is_quick)
    path = gp.Run.open(MODEL).path / "generator.keras"
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        generator = keras.models.load_model(path, compile=False)
        random = np.random.default_rng(0)
        files = []
        for first in range(0, count, SHARD):
            labels = np.arange(first, min(first + SHARD, count)) % 10
            noise = random.normal(size=(len(labels), 100)).astype("float32")
            arguments = {"latents": noise, "label": labels}
            drawn = generator.predict(arguments, batch_size=128, verbose=0)
            images = np.clip(np.rint((drawn + 1) * 127.5), 0, 255).astype("uint8")
            files.append(Path(folder) / f"{first}.npz")
            np.savez_compressed(files[-1], images=images, labels=labels)
        assert sum(len(np.load(file)["labels"]) for file in files) == count
        assert all(np.load(file)["images"].shape[1:] == (28, 28, 1) for file in files)
        return {RATE: count / (time.perf_counter() - began), "unit": "images"}


ROWS = {
    "generation": Row(
        "1,000,000 labelled images of 28 x 28 on disk, checked",
        {OURS: ours, "a loop over Keras' predict": predict_loop},
        {"a loop over Keras' predict": 3.0},
        repeats=3,
    ),
    "generation-processes": Row(
        "such images on disk by two processes, a core each",
        {
            OURS: functools.partial(on_cores, 2),
            "one process on one core": functools.partial(on_cores, 1),
        },
        {"one process on one core": 1.7},
        repeats=3,
    ),
}
