"""How much other settings of `quick` teach after so many seconds, side by side.

    python -m benchmarks.settings_tried [CHANGE[,CHANGE ...] ...] [--repeats 3] [--output FILE]

A change is a setting, `beta_1=0.5`. In every turn the preset as it is and each variant of it are
trained on the same images with the same seed, one after the other, and looked at as the rows
`quality-...` of `benchmarks.speed` do: a classifier that learned from 20,000 drawn images reads
10,000 training images that no GAN saw. Neither drawing nor its training counts.
"""

import argparse
import contextlib
import json
from pathlib import Path

import numpy as np

from benchmarks.cost import machine
from benchmarks.speed.quality import Enough, data, look, trained
from benchmarks.stopwatch import Stopwatch

AS_IT_IS = "as it is"


class LooksAt:
    """Called after every training step: looks after given seconds of training.

    Attributes:
        accuracies: what it saw.
    """

    def __init__(self, seconds, judged, is_quick):
        self.seconds, self.judged, self.is_quick = seconds, judged, is_quick
        self.accuracies = []
        self.clock = Stopwatch()

    def __call__(self, draw):
        if self.clock.seconds < self.seconds[len(self.accuracies)]:
            return
        with self.clock.paused():
            self.accuracies.append(look(draw, self.judged, self.is_quick)[1])
        if len(self.accuracies) == len(self.seconds):
            raise Enough


def settings_of(variant):
    """`"beta_1=0.5,loss=hinge"` as the settings that it means."""
    changes = dict(change.split("=") for change in variant.split(",") if variant != AS_IT_IS)
    return {name: _value(text) for name, text in changes.items()}


def _value(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def measure(options):
    """Variant -> accuracies, a row a repeat and a column a look."""
    real, judged, _ = data(options.dataset, options.quick)
    found = {variant: [] for variant in (AS_IT_IS, *options.variants)}
    for seed in range(options.repeats):
        for variant, rows in found.items():
            looks = LooksAt(options.seconds, judged, options.quick)
            with contextlib.suppress(Enough):
                trained(real, looks, seed=seed, **settings_of(variant))
            rows.append(looks.accuracies)
            print(f"{variant}, seed {seed}: {np.round(looks.accuracies, 4)}", flush=True)
    return found


def report(found, seconds):
    heads = " ".join(f"{f'{second:g} s':>24}" for second in seconds)
    print(f"{'quick':40} {heads}")
    for variant, rows in found.items():
        columns = 100 * np.array(rows).T
        cells = " ".join(f"{c.mean():8.2f} ({c.min():.2f}..{c.max():.2f})" for c in columns)
        print(f"{variant:40} {cells}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("variants", nargs="*", metavar="CHANGE[,CHANGE ...]")
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--seconds", type=float, nargs="+", default=[60.0, 120.0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="on the digits of the package")
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    options = parser.parse_args()
    found = measure(options)
    report(found, options.seconds)
    if options.output:
        content = {"machine": machine(), "dataset": options.dataset, "seconds": options.seconds}
        text = json.dumps({**content, "accuracies": found}, indent=2) + "\n"
        options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
