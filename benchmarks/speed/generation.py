"""Labelled images on disk, every class as often, and read again to see that they are whole.

Ours is `ganprofile augment` without a filter and `ganprofile verify`, which takes every checksum
and draws a part again; theirs a loop over Keras' `predict` that writes the same format, compressed
archives of 50,000 images, and reads them again. Both draw with the carried generator of digits.
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
GANPROFILE = [sys.executable, "-m", "ganprofile"]


def total(is_quick):
    return 20_000 if is_quick else 1_000_000


def ours(is_quick, jobs=1, threads=None):
    """`augment` and `verify`, in processes of their own."""
    count = total(is_quick)
    limited = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"), str(threads))
    environment = {**os.environ, **(limited if threads else {})}
    options = ["--filter", "none", "--no-score", "--jobs", jobs]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "more"
        began = time.perf_counter()
        augment = [*GANPROFILE, "augment", MODEL, "--total", count, *options, "--output", out]
        for command in (augment, [*GANPROFILE, "verify", out]):
            subprocess.run(
                list(map(str, command)), check=True, capture_output=True, env=environment
            )
        return {RATE: count / (time.perf_counter() - began), "unit": "images"}


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
            told = {"latents": noise, "label": labels}
            drawn = generator.predict(told, batch_size=128, verbose=0)
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
        "the same in two processes of one thread each",
        {
            OURS: functools.partial(ours, jobs=2, threads=1),
            "one process of one thread": functools.partial(ours, threads=1),
        },
        {"one process of one thread": 1.7},
        repeats=3,
    ),
}
