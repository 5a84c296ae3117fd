"""What a billion labelled images cost, from what each stage costs an image here.

    python benchmarks/billion.py [--quick] [--repeats N] [--output FILE]
    python benchmarks/billion.py --table        # only prints what there is

One core draws, scores, writes and checks images of the carried model of 47 classes, one stage after
the other. What counts are processor seconds: they hardly depend on what else a machine does. The
weights of every preset are counted, too, for what several GPUs have to tell each other in a step:
a ring's all-reduce sends each of them 2 (n - 1) / n times the gradients, in 2 (n - 1) turns
(Patarasuk & Yuan 2009).
"""

import os

CORE = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= CORE  # before TensorFlow is loaded

import argparse  # noqa: E402
import json  # noqa: E402
import statistics  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from cost import machine  # noqa: E402

import ganprofile as gp  # noqa: E402
from ganprofile.datasets.formats.set_writer import SetWriter  # noqa: E402
from ganprofile.filtering.cross_fitting import CrossFittedClassifiers  # noqa: E402
from ganprofile.gan.drawing import BLOCK, draw  # noqa: E402
from ganprofile.gan.presets import PRESETS, build_gan  # noqa: E402

RESULT = Path(__file__).parent / "results" / "billion.json"
MODEL, DATASET, CLASSES = "characters-cgan", "characters", 47
IMAGES = 10**9
STAGES = {  # of `augment` and `verify`
    "draw": "draw",
    "score": "score, by four classifiers, each for its share",
    "write": "write: manifest, fingerprint, compressed archives",
    "check": "`verify`",
    "filter": "instead of the first two: draw, filter and choose, `--filter standard`",
}
FILTERED = 2000, 6000  # images of two sets: what their costs differ by is no beginning
GPUS = 8, 64  # one has nobody to tell
IN_A_MACHINE = 8
# Assumed of NVIDIA's links, one direction: NVLink of a machine of eight, 400 Gbit/s between such;
# seconds a turn takes however little is sent.
LINKS = {"NVLink": (450e9, 5e-6), "400 Gbit/s": (50e9, 15e-6)}
STEP = 128 / 30_000  # seconds: what we want of one H200 and have not measured


def used(work):
    """Processor seconds, and what came of it."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def stages(count):
    """Processor seconds per image of each stage, and bytes per image on disk."""
    run = gp.Run.open(MODEL)
    labels = (np.arange(count) % CLASSES).astype("int32")
    cross_fitted = CrossFittedClassifiers(gp.load(DATASET)[0])
    cross_fitted.predict_proba(draw(run.generator, 0, 0, BLOCK, label=labels[:BLOCK]))
    drawing, images = used(lambda: draw(run.generator, 0, 0, count, label=labels))
    blocks = [slice(first, first + BLOCK) for first in range(0, count, BLOCK)]
    scoring, _ = used(lambda: [cross_fitted.predict_proba(images[block]) for block in blocks])
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        writing, _ = used(lambda: written(folder, run, images, labels, blocks))
        checking, checked = used(lambda: gp.verify(folder, run=run, progress=False))
        assert checked.ok, checked.problems
        size = sum(file.stat().st_size for file in folder.iterdir())
    spent = {"draw": drawing, "score": scoring, "write": writing, "check": checking}
    return {**{name: seconds / count for name, seconds in spent.items()}, "bytes": size / count}


def written(folder, run, images, labels, blocks):
    """A set of some images as `augment` writes it."""
    with SetWriter(folder, "npz", run.class_names, run.image_shape) as writer:
        for block in blocks:
            draws = list(range(block.start, block.start + len(images[block])))
            arguments = {"seed": 0, "draw": draws, "run": MODEL, "score": "0.9999"}
            writer.add(images[block], labels[block], source="synthetic", **arguments)
        data = run.config["dataset"]
        made_from = {"run": MODEL, "model": run.config["model"], "seed": 0}
        made_from |= {"generator_sha256": run.fingerprint, "dataset": data["name"]}
        made_from |= {"dataset_fingerprint": data["fingerprint"]}
        writer.finish(MODEL, synthetic=len(images), real=0, made_from=made_from)


def filtered():
    """Processor seconds of one more image that passes the standard filter."""
    spent = []
    for count in FILTERED:
        with tempfile.TemporaryDirectory() as work:
            arguments = {"output": Path(work) / "it", "progress": False}
            spent.append(
                used(lambda arguments=arguments, n=count: gp.generate(MODEL, total=n, **arguments))[
                    0
                ]
            )
    return (spent[1] - spent[0]) / (FILTERED[1] - FILTERED[0])


def gradients(name):
    """Bytes of the gradients of both networks of a preset."""
    gan = build_gan((28, 28, 1), {"label": CLASSES}, CLASSES, PRESETS[name])
    weights = gan.generator.trainable_weights + gan.discriminator.trainable_weights
    return 4 * sum(int(np.prod(weight.shape)) for weight in weights)


def all_reduce(size, gpus):
    """Seconds of a ring's all-reduce of `size` bytes, as `LINKS` are assumed."""
    bandwidth, latency = LINKS["NVLink" if gpus <= IN_A_MACHINE else "400 Gbit/s"]
    return 2 * (gpus - 1) / gpus * size / bandwidth + 2 * (gpus - 1) * latency


def table(result):
    """The lines of the two tables of `docs/scaling.md`."""
    costs = {key: statistics.median(turn[key] for turn in result["turns"]) for key in STAGES}
    yield "| stage | microseconds of a core per image (spread) | core hours for a billion |"
    yield "|---|---|---|"
    for name, what in STAGES.items():
        all_turns = [1e6 * turn[name] for turn in result["turns"]]
        spread = f"{1e6 * costs[name]:.1f} ({min(all_turns):.1f}..{max(all_turns):.1f})"
        yield f"| {what} | {spread} | {costs[name] * IMAGES / 3600:,.1f} |"
    size = statistics.median(turn["bytes"] for turn in result["turns"])
    yield ""
    yield f"{size:.0f} bytes per image, {size * IMAGES / 1e9:,.0f} GB for a billion."
    yield ""
    yield f"| preset | gradients of a step | {' | '.join(f'{n} GPUs' for n in GPUS)} |"
    yield f"|---|---|{'---|' * len(GPUS)}"
    for name, size in result["gradients"].items():
        waits = [all_reduce(size, gpus) for gpus in GPUS]
        cells = [f"{1e3 * wait:.2f} ms, {STEP / (STEP + wait):.0%}" for wait in waits]
        yield f"| `{name}` | {size / 1e6:.1f} MB | {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--output", type=Path, default=RESULT)
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    if not options.table:
        count = 5000 if options.quick else 100_000
        turns = []
        for _ in range(options.repeats):
            turns.append({**stages(count), "filter": filtered()})
            print(turns[-1], flush=True)
        sizes = {name: gradients(name) for name in PRESETS}
        found = {"machine": machine(), "images": count, "turns": turns, "gradients": sizes}
        options.output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print("\n".join(table(json.loads(options.output.read_text(encoding="utf-8")))))


if __name__ == "__main__":
    main()
