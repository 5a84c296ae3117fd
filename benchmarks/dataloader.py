"""How many images a PyTorch `DataLoader` gives in a second, with 0, 2 and 4 workers.

    python benchmarks/dataloader.py [--others /path/to/venv/bin/python] [--repeats 5] [--seconds 3]

`HandwritingTransform`, image by image and, in the `collate_fn`, a batch at a time, beside
TorchVision's `RandomAffine` and `ElasticTransform` of the same strengths, image by image (see
`layer_contenders.py`; it has no thickness and no classes). Images of MNIST (GANPROFILE_TEST_DATA),
28 x 28, uint8 tensors in memory, batches of 64. Every contender is a process of its own with its
workers, all of one number of workers are open at once and take turns, so that what else the
machine does meets them alike; a turn is measured in seconds of the clock, after one that does not
count. With more workers than cores nothing more is to be gained: the JSON has the cores and how
busy they were. TorchVision is no dependency; `--others` is an interpreter that has it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from layer_contenders import _torchvision
from layer_speed import ONE_THREAD, digits
from ratios import beside, spread

RESULT = Path(__file__).parent / "results" / "dataloader.json"
WORKERS = (0, 2, 4)
BATCH = 64
ENDLESS = 10**9


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--others", help="an interpreter that has TorchVision")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of a turn")
    parser.add_argument("--output", type=Path, default=RESULT)
    parser.add_argument("--contender", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contender:
        name, workers, path, seconds = arguments.contender
        contend(name, int(workers), path, float(seconds))
        return
    if not os.environ.get("GANPROFILE_TEST_DATA"):
        raise SystemExit("Skipped: GANPROFILE_TEST_DATA does not say where MNIST is.")
    busy = os.getloadavg()[0]
    rows = [row for workers in WORKERS for row in measured(workers, arguments)]
    print("\n".join(table(rows)))
    content = {
        "batch": BATCH,
        "repeats": arguments.repeats,
        "seconds": arguments.seconds,
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(busy, 2),
        "rows": rows,
    }
    arguments.output.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def measured(workers, arguments):
    """A row for each contender: images/s of each turn, and ours as a ratio to them."""
    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "images.npz"
        np.savez(path, **digits(28))
        processes = {
            name: started(name, workers, path, arguments)
            for name, (_, other) in CONTENDERS.items()
            if arguments.others or not other
        }
        rates = {name: [] for name in processes}
        for turn in range(arguments.repeats + 1):
            for name, process in processes.items():
                rate = one_turn(name, process)
                if turn:
                    rates[name].append(rate)
        for process in processes.values():
            process.stdin.close()
            process.wait()
    return [row(name, workers, rates) for name in rates]


def started(name, workers, path, arguments):
    """A process that waits for lines."""
    python = arguments.others if CONTENDERS[name][1] else sys.executable
    given = [name, str(workers), str(path), str(arguments.seconds)]
    return subprocess.Popen(
        [python, __file__, "--contender", *given],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **ONE_THREAD},
    )


def one_turn(name, process):
    """images/s of a contender."""
    process.stdin.write("\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer.startswith("rate "):
        raise SystemExit(f"{name} ended; call it by --contender to see why.")
    return float(answer.split()[1])


def contend(name, workers, path, seconds):
    """Measure a turn whenever a line comes in."""
    import numpy as np
    import torch
    from torch.utils.data import DataLoader

    torch.set_num_threads(1)
    arrays = np.load(path)
    data = CONTENDERS[name][0](arrays["images"], arrays["labels"])
    collate = getattr(data, "collate", None)
    batches = iter(DataLoader(data, BATCH, num_workers=workers, collate_fn=collate))
    for _ in range(2 * workers + 1):
        next(batches)
    for _ in sys.stdin:
        for _ in range(2 * workers):  # made while others had their turn
            next(batches)
        count, began = 0, time.perf_counter()
        while (passed := time.perf_counter() - began) < seconds:
            next(batches)
            count += BATCH
        print("rate", count / passed, flush=True)


class Images:
    """Images again and again, as a dataset of PyTorch; each transformed by itself."""

    def __init__(self, images, labels):
        import torch

        self.images = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
        self.labels = labels.tolist()

    def __len__(self):
        return ENDLESS

    def of(self, index):
        index %= len(self.labels)
        return self.images[index], self.labels[index]


class Ours(Images):
    """Image by image."""

    def __init__(self, images, labels):
        import ganprofile as gp

        super().__init__(images, labels)
        transform = gp.transforms.HandwritingTransform(10, seed=0)
        self.transform = transform.adapt(images[:100], labels[:100])

    def __getitem__(self, index):
        return self.transform(*self.of(index))


class OursBatched(Ours):
    """A batch at a time, where it is put together."""

    def __getitem__(self, index):
        return self.of(index)

    def collate(self, rows):
        from torch.utils.data import default_collate

        return self.transform(*default_collate(rows))


class TorchVision(Images):
    """Image by image."""

    def __init__(self, images, labels):
        super().__init__(images, labels)
        self.chain = _torchvision(images)[0]

    def __getitem__(self, index):
        image, label = self.of(index)
        return self.chain(image), label


def row(name, workers, rates):
    return {
        "contender": name,
        "workers": workers,
        **beside(rates[OURS], rates[name]),
    }


def table(rows):
    yield "| workers | what | images/s | ours over it (lowest..highest) |"
    yield "|---|---|---|---|"
    for one in rows:
        rate = f"{one['images_per_second']:,}"
        yield f"| {one['workers']} | {one['contender']} | {rate} | {spread(one)} |"


OURS = "HandwritingTransform"
# name -> (the dataset, whether another interpreter has it)
CONTENDERS = {
    OURS: (Ours, False),
    "HandwritingTransform, a batch at a time": (OursBatched, False),
    "TorchVision v2, affine and elastic": (TorchVision, True),
}


if __name__ == "__main__":
    main()
