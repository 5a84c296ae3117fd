"""What `evaluate` costs: seconds and peak memory of 10,000 images against 10,000.

    python benchmarks/evaluation_cost.py [--quick] [--output FILE]

Each run is a fresh process, without the training of classifiers: of the carried model of digits,
whose own 5,000 training images are searched for copies, and of an `.npz` of images drawn from it,
against 10,000 real test and 10,000 training images (2,000 with --quick). The real images are the
embedded digits, moved by a few pixels when they come again, since the package carries no 10,000;
what images show does not change the cost. Wall seconds count where nothing else runs; beside them
stand seconds of processor time.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from cost import GANPROFILE, machine, run

import ganprofile as gp

MODEL = "digits-cgan"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    count = 2000 if arguments.quick else 10_000
    results = {"machine": machine(), "images": count, "runs": {}}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        write_real(work / "real", count)
        write_drawn(work / "drawn.npz", count)
        for name, source in (("a model", MODEL), ("a set of images", work / "drawn.npz")):
            command = [*GANPROFILE, "evaluate", source, "--against", work / "real"]
            command += ["--images", count, "--no-classifier", "--output", work / "evaluation"]
            results["runs"][name] = run([*command, "--force"])
    report(results)
    if arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        arguments.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def write_real(folder, count):
    """`train/` and `test/` of `count` different images each, a folder per class."""
    for part, dataset in zip(("train", "test"), gp.load("digits"), strict=True):
        rows = np.resize(np.arange(len(dataset)), count)
        shifts = np.arange(count) // len(dataset)
        images = np.stack(
            [
                np.roll(image, (shift % 4 - 1, shift // 4 - 1), (0, 1))
                for image, shift in zip(dataset.images[rows], shifts, strict=True)
            ]
        )
        gp.Dataset(
            images, labels=dataset.labels[rows], class_names=dataset.class_names, split=part
        ).save(folder / part, "imagefolder")
        for file in (folder / part).glob("*.*"):  # what makes it a set of ours
            if file.is_file():
                file.unlink()


def write_drawn(path, count):
    """A file of images that does not say where they come from."""
    images = gp.Run.open(MODEL).sample(count)
    np.savez(path, images=images, labels=np.arange(count) % 10)


def report(results):
    print(f"{results['images']:,} images against as many, without classifiers")
    print(f"{'':20} {'seconds':>9} {'processor':>10} {'peak MB':>8}")
    for name, row in results["runs"].items():
        print(
            f"{name:20} {row['seconds']:9.1f} {row['processor_seconds']:10.1f} {row['peak_mb']:8,}"
        )


if __name__ == "__main__":
    main()
