"""From the start of a process to the first minibatch, with what was prepared once.

Ours reads what `datasets import` or TensorFlow Datasets prepared, into memory, where training takes
it from; Keras' reader lists the pictures and decodes as many as a minibatch has, which leaves the
rest for later. What importing the frameworks takes is not counted in either.
"""

import contextlib
import functools
import os
import tempfile
import time
from pathlib import Path

from benchmarks.speed.design import OURS, SECONDS, Row

BATCH = 128
PICTURES = Path(tempfile.gettempdir()) / "ganprofile-speed"


def _timed(work):
    began = time.perf_counter()
    first = work()
    return {SECONDS: time.perf_counter() - began, "images": len(first)}


def ours(name, is_quick):
    """`load`, and the first minibatch as training takes it."""
    import tensorflow  # noqa: F401 (the framework is not what is measured)

    import ganprofile as gp
    from ganprofile.gan.pipeline import endless_batches

    place, options = _place(name, is_quick)
    with contextlib.suppress(gp.UsageError):  # it is there already
        if name == "pictures":
            gp.import_dataset(_pictures(is_quick), place)

    def work():
        train_set, _ = gp.load(place, **options)
        return next(iter(endless_batches(train_set.images, {}, BATCH, seed=0)))["images"]

    return _timed(work)


def _place(name, is_quick):
    """What `load` is told."""
    if name == "pictures":
        os.environ["GANPROFILE_HOME"] = str(PICTURES / "home")
        return f"pictures-{'few' if is_quick else 'many'}", {}
    data = Path(os.environ["GANPROFILE_TEST_DATA"])
    os.environ.setdefault("TFDS_DATA_DIR", str(data / "tfds"))
    return name, {"offline": True}


def by_keras(name, is_quick):
    """`image_dataset_from_directory`, and its first minibatch."""
    import keras

    folder = _pictures(is_quick, name)

    def work():
        batches = keras.utils.image_dataset_from_directory(
            folder, color_mode="grayscale", image_size=(28, 28), batch_size=BATCH, verbose=False
        )
        return next(iter(batches))[0]

    return _timed(work)


def _pictures(is_quick, name="pictures"):
    """A folder of PNGs, a subfolder per class, written where it is not there yet."""
    from benchmarks.pictures import write_pictures

    count = 2000 if is_quick else {"pictures": 100_000, "mnist": 60_000, "emnist": 112_800}[name]
    folder = PICTURES / str(count)
    if not (folder / "whole").is_file():
        write_pictures(folder / "classes", count)
        (folder / "whole").touch()
    return folder / "classes"


def _row(name, what):
    return Row(
        what,
        {OURS: functools.partial(ours, name),
         "image_dataset_from_directory": functools.partial(by_keras, name)},
        {"image_dataset_from_directory": 1.0},
        data=name != "pictures",
    )  # fmt: skip


ROWS = {
    "loading-mnist": _row("mnist", "`mnist` to the first minibatch"),
    "loading-emnist": _row("emnist", "`emnist` to the first minibatch"),
    "loading-pictures": _row("pictures", "100,000 imported PNGs to the first minibatch"),
}
