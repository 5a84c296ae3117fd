"""How fast ganprofile is on a GPU, with Keras and JAX alone.

    python -m benchmarks.gpu [MEASURE ...] [--data FILE.npz] [--quick] [--again]
                             [--presets cdcgan,...] [--precisions bfloat16,...] [--model cdcgan]
                             [--steps-per-call N] [--limit SECONDS] [--peak TFLOPS]
                             [--output FILE.json]
    python -m benchmarks.gpu --write-data FILE.npz

No TensorFlow, no network; from a checkout nothing has to be installed beside Keras and JAX. The
measures, all of them without any MEASURE, in this order:

- quality: seconds of training until a classifier that learned from drawn images alone reads 95 and
  97 % of held-out ones (`quality.py`). The first, since a process begins with nothing compiled.
- read: seconds until a classifier has learned from real images, and what it reads (`reading.py`).
- train: images/s of `fit` for every preset and precision, with many steps in a compiled call over
  one, the seconds of the first call, which is compiled, and the share of the device's peak
  (`training.py`).
- draw: images/s into host memory for every preset (`drawing.py`).

Without `--data` the digits in the package serve. MNIST comes as a file that `--write-data` wrote on
a machine that has it: in TensorFlow Datasets' folder, or in that which GANPROFILE_TEST_DATA names.
A row is written as soon as it is measured; one that is in the file is not measured again without
`--again`. `--quick` shows only that everything runs, on two cores in two minutes; without
`--output` it writes nothing.
"""

import argparse
import dataclasses
import sys
from pathlib import Path

from benchmarks.gpu import ASKED, data, drawing, quality, reading, training
from benchmarks.gpu.design import FULL, QUICK
from benchmarks.gpu.results import Results
from ganprofile.gan.presets import PRESETS
from ganprofile.gan.settings import PRECISIONS

RESULTS = Path(__file__).parents[1] / "results"
MEASURES = ("quality", "read", "train", "draw")


def main():
    options = arguments()
    if ASKED != "jax":
        sys.exit(
            f"This measures JAX. Received: KERAS_BACKEND={ASKED}. `python -m benchmarks.backends` "
            "measures what each backend costs."
        )
    if options.write_data:
        data.write(options.write_data)
        return
    # Keras would import TensorFlow where it is installed, in the middle of what is timed.
    sys.modules["tensorflow"] = None
    size = QUICK if options.quick else FULL
    if options.steps_per_call is not None:
        size = dataclasses.replace(size, steps_per_call=options.steps_per_call)
    path = options.output or (None if options.quick else RESULTS / "gpu.json")
    results = Results.open(path)
    parts = data.read(options.data)
    for name, measure in rows(options, size, parts):
        known = {"data": parts[0].name, "quick": options.quick}
        if options.again or not results.has(name, known):
            print(f"{name} ...", flush=True)
            results.add(name, {**known, **measure()})
    print("\n".join(results.table()))


def arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=", ".join(MEASURES))
    parser.add_argument("--data", type=Path, help="an .npz file of --write-data")
    parser.add_argument("--write-data", type=Path, metavar="FILE", help="write MNIST and stop")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--presets", type=_words(PRESETS), help=f"of {', '.join(PRESETS)}")
    parser.add_argument("--precisions", type=_words(PRECISIONS), default=PRECISIONS)
    parser.add_argument("--model", choices=quality.MODELS, help="what `quality` trains")
    parser.add_argument("--steps-per-call", type=int, help="of training, in place of its own")
    parser.add_argument("--limit", type=float, help="the most seconds of `quality`")
    parser.add_argument("--peak", type=float, help="of this device, for an unknown one")
    parser.add_argument("--output", type=Path, help="the JSON file of the results")
    options = parser.parse_args()
    unknown = set(options.measures) - set(MEASURES)
    if unknown:
        parser.error(f"no measure {min(unknown)!r}: {', '.join(MEASURES)}")
    return options


def _words(known):
    def words(text):
        chosen = text.split(",")
        if set(chosen) - set(known):
            raise argparse.ArgumentTypeError(f"should be of {', '.join(known)}")
        return chosen

    return words


def rows(options, size, parts):
    """`(name, measure)` of every row that was asked for."""
    presets, precisions = options.presets or size.presets, options.precisions
    limit = size.limit if options.limit is None else options.limit
    model = options.model or size.model
    wanted = options.measures or MEASURES
    if "quality" in wanted:
        for precision in precisions:
            yield (
                f"quality {model} {precision}",
                lambda p=precision: quality.measure(model, p, parts, size, limit),
            )
    if "read" in wanted:
        yield "read cnn", lambda: reading.measure(parts, size)
    for preset in presets if "train" in wanted else ():
        for precision in precisions:
            yield (
                f"train {preset} {precision}",
                lambda m=preset, p=precision: training.measure(m, p, parts[0], size, options.peak),
            )
    for preset in presets if "draw" in wanted else ():
        yield f"draw {preset}", lambda m=preset: drawing.measure(m, parts[0], size)


if __name__ == "__main__":
    main()
