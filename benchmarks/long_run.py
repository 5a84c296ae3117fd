"""Whether a long training stays as it began: memory, open files, threads, traces of the step.

    python benchmarks/long_run.py [--epochs 400] [--tensorboard] [--output FILE]

400 epochs of 125 steps, 50,000 in all, by `ganprofile.train` in one process: the smallest preset on
2,000 of the embedded digits in batches of 16. Every epoch writes a grid and a checkpoint, every
fourth is judged. A callback looks at the process after every eighth, when the files of the epoch
are written; the growth is that of resident memory from the end of the first tenth to the end.
Takes some ten minutes.
"""

import argparse
import gc
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import keras
import psutil
import tensorflow as tf

import ganprofile as gp

PER_CLASS = 222  # of which 22 are kept aside
BATCH = 16
EPOCHS_BETWEEN = 8
WARM_UP = 0.1
MEGABYTE = 2**20
COLUMNS = {
    "steps": "",
    "memory_mb": "resident memory, after a collection of garbage",
    "python_blocks": "pieces of memory that Python's own objects take",
    "open_files": "file descriptors",
    "threads": "",
    "traces": "how often Python ran through the step, which happens only when it is traced",
    "checkpoint_mb": "size of the newest checkpoint",
    "files": "in the run folder",
    "cpu_ms_per_step": "processor time of all threads since the row before, files included",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=400)
    parser.add_argument("--tensorboard", action="store_true")
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    dataset = gp.load("digits")[0].subset(PER_CLASS)
    with tempfile.TemporaryDirectory() as folder:
        watch = Watch(Path(folder), EPOCHS_BETWEEN)
        gp.train(
            dataset,
            "gan",
            batch_size=BATCH,
            epochs=arguments.epochs,
            output=folder,
            progress=False,
            tensorboard=arguments.tensorboard,
            callbacks=[watch],
        )
    result = {
        "machine": machine(),
        "tensorboard": arguments.tensorboard,
        "summary": summary(watch.rows),
        "columns": {name: meaning for name, meaning in COLUMNS.items() if meaning},
        "rows": watch.rows,
    }
    report(result)
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


class Watch(keras.callbacks.Callback):
    """Looks at the process at the end of epochs, and counts traces of the train step.

    Args:
        output: the folder in which the run folder is made.
        interval: epochs from one look to the next.

    Attributes:
        rows: a dict for every look, `COLUMNS`.
        traces: how often Python has run through the step so far.
    """

    def __init__(self, output, interval):
        super().__init__()
        self.rows = []
        self.traces = 0
        self._output = output
        self._interval = interval
        self._steps = self._steps_before = 0
        self._process = psutil.Process()

    def set_model(self, model):
        super().set_model(model)
        if not hasattr(model, "untraced_step"):  # a training that was taken back begins again
            model.untraced_step = model.train_step
            model.train_step = self._counted

    def _counted(self, *args):
        self.traces += 1
        return self.model.untraced_step(*args)

    def on_train_begin(self, logs=None):
        self._looked_at = time.process_time()

    def on_train_batch_end(self, batch, logs=None):
        self._steps += 1

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self._interval == 0:
            self.rows.append(self._look())

    def _look(self):
        seconds = time.process_time() - self._looked_at
        gc.collect()
        (run,) = self._output.iterdir()
        row = {
            "steps": self._steps,
            "memory_mb": round(self._process.memory_info().rss / MEGABYTE, 2),
            "python_blocks": sys.getallocatedblocks(),
            "open_files": self._process.num_fds(),
            "threads": self._process.num_threads(),
            "traces": self.traces,
            "checkpoint_mb": round((run / "checkpoint/state.npz").stat().st_size / MEGABYTE, 3),
            "files": sum(file.is_file() for file in run.rglob("*")),
            "cpu_ms_per_step": round(1000 * seconds / (self._steps - self._steps_before), 2),
        }
        self._steps_before = self._steps
        self._looked_at = time.process_time()
        return row


def summary(rows, warm_up=WARM_UP):
    """The growth of memory, and the range of what should not change, after a share of the steps."""
    warm = [row for row in rows if row["steps"] >= warm_up * rows[-1]["steps"]]
    column = {name: [row[name] for row in warm] for name in COLUMNS}
    first, last = column["memory_mb"][0], column["memory_mb"][-1]
    steps = column["steps"][-1] - column["steps"][0]
    blocks = column["python_blocks"]
    return {
        "steps": column["steps"][-1],
        "memory_growth_percent": round(100 * (last / first - 1), 2),
        "memory_highest_percent": round(100 * (max(column["memory_mb"]) / first - 1), 2),
        "memory_bytes_per_step": round((last - first) * MEGABYTE / steps, 1),
        "python_blocks_per_step": round((blocks[-1] - blocks[0]) / steps, 3),
        "open_files": [min(column["open_files"]), max(column["open_files"])],
        "threads": [min(column["threads"]), max(column["threads"])],
        "traces": [min(column["traces"]), max(column["traces"])],
    }


def machine():
    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "cores": os.cpu_count(),
    }


def report(result, lines=20):
    rows = result["rows"]
    print(" ".join(f"{name:>16}" for name in COLUMNS))
    for row in rows[:: -(-len(rows) // lines)]:
        print(" ".join(f"{row[name]:16,}" for name in COLUMNS))
    for name, value in result["summary"].items():
        print(f"{name:24} {value}")


if __name__ == "__main__":
    main()
