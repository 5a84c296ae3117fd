"""What each backend costs: TensorFlow, JAX and PyTorch side by side.

    python -m benchmarks.backends [--repeats 5] [--quick] [--backends tensorflow,jax,torch]
                                  [--output FILE]

In every turn each backend has two fresh processes, with no other framework to be found in them, and
every turn begins with another backend. One process draws a picture with a model that the package
carries, as the command line does, from its start to its end. The other measures

- images/s of `fit`, batches of 128 of the digits, for `cgan` and `cdcgan`, after a first epoch,
  which compiles; the seconds of that beside it;
- labelled images/s that `cdcgan` draws into memory, by the function that `generate` draws with,
  after a first block;
- seconds of a fit of 500 steps of the classifier `cnn`, what it compiles included;
- its peak memory.

`--quick` shows only that everything runs. Threads are as many as each framework takes by itself;
OMP_NUM_THREADS and its like hold for all three.
"""

import argparse
import functools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import util
from pathlib import Path

from benchmarks.alone import alone
from benchmarks.cost import ended, machine
from ganprofile.frameworks import FRAMEWORKS

BATCH = 128
FULL = {"steps": 200, "drawn": 20_000, "classifier_steps": 500}
QUICK = {"steps": 2, "drawn": 500, "classifier_steps": 2}
SHOWN = {
    "start": "`sample digits-cgan`, s",
    "cgan": "`cgan`, images/s",
    "cgan_first": "its first epoch, s",
    "cdcgan": "`cdcgan`, images/s",
    "cdcgan_first": "its first epoch, s",
    "drawn": "drawn by `cdcgan`, images/s",
    "classifier": "500 steps of `cnn`, s",
    "peak_mb": "peak memory, MB",
}
DRAW = ["sample", "digits-cgan", "--class", "7"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--backends", default=",".join(filter(util.find_spec, FRAMEWORKS)))
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        found = measured(**(QUICK if options.quick else FULL))
        options.measure.write_text(json.dumps(found))
        return
    names, turns = options.backends.split(","), []
    for number in range(options.repeats):
        first = number % len(names)
        turns.append({name: turn(name, options.quick) for name in names[first:] + names[:first]})
        print(f"turn {number + 1} of {options.repeats}", file=sys.stderr, flush=True)
    if options.output:
        content = {"machine": machine(), "quick": options.quick, "turns": turns}
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print("\n".join(table(turns)))


def turn(name, is_quick):
    """What a backend costs in two processes."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **alone(name, folder), "KERAS_BACKEND": name}
        output = folder / "found.json"
        run = functools.partial(_run, environment=environment)
        began = time.perf_counter()
        run(["-m", "ganprofile", *DRAW, "--output", folder / "drawn"])
        start = time.perf_counter() - began
        quick = ["--quick"] if is_quick else []
        used = run(["-m", "benchmarks.backends", "--measure", output, *quick])
        return {"start": start, **json.loads(output.read_text()), **used}


def _run(arguments, environment):
    command = [sys.executable, *map(str, arguments)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    used = ended(process)
    assert process.returncode == 0, command
    return used


def measured(steps, drawn, classifier_steps):
    """What one process of a backend measures."""
    import numpy as np

    import ganprofile as gp
    from ganprofile.classifiers import CLASSIFIERS
    from ganprofile.gan.drawing import BLOCK, draw

    train_set, _ = gp.load("digits")
    found = {}
    for model in ("cgan", "cdcgan"):
        gan, found[f"{model}_first"], found[model] = trained(train_set, model, steps)
    generator = gan.drawing_generator
    draw(generator, 0, 0, BLOCK, label=np.zeros(BLOCK, int))
    began = time.perf_counter()
    draw(generator, 0, BLOCK, drawn, label=np.arange(drawn) % 10)
    found["drawn"] = drawn / (time.perf_counter() - began)
    began = time.perf_counter()
    CLASSIFIERS["cnn"](10, steps=classifier_steps).fit(train_set.images, train_set.labels)
    found["classifier"] = time.perf_counter() - began
    return found


def trained(train_set, model, steps):
    """The GAN, seconds of its first epoch, images/s of a second."""
    from ganprofile.gan.pipeline import endless_batches
    from ganprofile.gan.presets import build_gan, settings_for

    settings = settings_for(model, batch_size=BATCH)
    counts = dict.fromkeys(settings.conditions, 10)
    gan = build_gan(train_set.image_shape, counts, 10, settings)
    batches = endless_batches(
        train_set.images,
        dict.fromkeys(counts, train_set.labels),
        settings.images_per_step,
        settings.seed,
        steps_per_epoch=steps,
    )
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        gan.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0)
        seconds.append(time.perf_counter() - began)
    return gan, seconds[0], steps * settings.images_per_step / seconds[1]


def table(turns):
    """The lines of a Markdown table: medians, the lowest and the highest."""
    names = list(FRAMEWORKS.keys() & turns[0].keys())
    names.sort(key=list(FRAMEWORKS).index)
    yield f"| n = {len(turns)} | " + " | ".join(FRAMEWORKS[name] for name in names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for key, what in SHOWN.items():
        cells = (_cell([turn[name][key] for turn in turns]) for name in names)
        yield f"| {what} | " + " | ".join(cells) + " |"


def _cell(values):
    """The median, the lowest and the highest."""
    digits = 0 if min(values) >= 100 else 1
    shown = (f"{v:,.{digits}f}" for v in (statistics.median(values), min(values), max(values)))
    return "{} ({}..{})".format(*shown)


if __name__ == "__main__":
    main()
