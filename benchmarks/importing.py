"""What `datasets import` costs: images per second and peak memory, each time in a fresh process.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/importing.py [--quick] [--output FILE]

Chars74K's EnglishHnd (3,410 pictures of 1200 x 900), and a folder of 100,000 PNGs (10,000 with
--quick) of 28 x 28 in ten classes, written from the embedded digits with a little noise, so that no
two are the same. The folder in turns with what a user would write instead: Keras'
`image_dataset_from_directory` into one array, which inspects nothing and keeps nothing.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from cost import GANPROFILE, machine, run
from pictures import write_pictures

KERAS = """
import sys
import keras, numpy as np
batches = keras.utils.image_dataset_from_directory(
    sys.argv[1], color_mode="grayscale", image_size=(28, 28), batch_size=512, shuffle=False
)
images = np.concatenate([images.numpy().astype("uint8") for images, _ in batches])
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    count = 10_000 if arguments.quick else 100_000
    data = Path(os.environ["GANPROFILE_TEST_DATA"])
    results = {"machine": machine(), "repeats": arguments.repeats}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GANPROFILE_HOME"] = folder
        pictures = Path(folder) / "pictures"
        write_pictures(pictures, count)
        archive = data / "chars74k" / "EnglishHnd" / "EnglishHnd.tgz"
        commands = {
            "EnglishHnd": (3410, importing(archive)),
            f"{count:,} PNGs": (count, importing(pictures)),
            f"{count:,} PNGs by Keras": (count, [sys.executable, "-c", KERAS, pictures]),
        }
        turns = [
            {name: run(command) for name, (_, command) in commands.items()}
            for _ in range(arguments.repeats)
        ]
    for name, (images, _) in commands.items():
        results[name] = summary([turn[name] for turn in turns], images)
    ours, theirs = (f"{count:,} PNGs", f"{count:,} PNGs by Keras")
    ratios = [turn[theirs]["seconds"] / turn[ours]["seconds"] for turn in turns]
    results["speed_over_keras"] = spread(ratios)
    report(results)
    if arguments.output:
        arguments.output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def importing(path):
    return [*GANPROFILE, "datasets", "import", path, "--name", "it", "--force"]


def summary(runs, images):
    """Images a second with their spread, and the highest memory of all repeats."""
    return {
        "images": images,
        "images_per_second": spread([images / one["seconds"] for one in runs]),
        "seconds": statistics.median(one["seconds"] for one in runs),
        "peak_mb": max(one["peak_mb"] for one in runs),
    }


def spread(values):
    return {
        "median": round(statistics.median(values), 3),
        "min": round(min(values), 3),
        "max": round(max(values), 3),
    }


def report(results):
    print(f"{'':26} {'images/s':>9} {'(min..max)':>18} {'seconds':>8} {'peak MB':>8}")
    for name, row in results.items():
        if isinstance(row, dict) and "peak_mb" in row:
            rate = row["images_per_second"]
            span = f"({rate['min']:,.0f}..{rate['max']:,.0f})"
            print(
                f"{name:26} {rate['median']:9,.0f} {span:>18} {row['seconds']:8.1f} "
                f"{row['peak_mb']:8,}"
            )
    ratio = results["speed_over_keras"]
    print(
        f"speed over Keras' reader {ratio['median']} ({ratio['min']}..{ratio['max']}, "
        f"n = {results['repeats']})"
    )


if __name__ == "__main__":
    main()
