"""Make the pictures in `samples/`, their index, and the models in `weights/` and `saved_models/`.

    GANPROFILE_TEST_DATA=FOLDER python tools/make_samples.py [ITEM ...]

An item is a preset on a dataset, `digits-cgan`; without any, all that `samples/measured.json` does
not have yet. Each is trained by the command that the index shows, then judged by `ganprofile
evaluate` on the dataset's test part. `--index` only writes the index again.
"""

import argparse
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

import ganprofile as gp
from ganprofile.gan.networks.serialization import write_network
from ganprofile.images import beside, grid, read_png, save_png
from ganprofile.storage.files import write_json

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
MEASURED = SAMPLES / "measured.json"
TEMPLATE = Path(__file__).with_name("samples_index.md")
PACKAGE, BESIDE = ROOT / "ganprofile" / "weights", ROOT / "saved_models"
PICTURES = {
    "grid": "grid.png",
    "progress": "samples/progress.gif",
    "loss-histograms": "figures/loss_histograms.png",
}
FIGURES = (
    "kernel_distance",
    "coverage",
    "label_fidelity",
    "train_on_synthetic_accuracy",
    "copy_rate",
)
IN_THE_PACKAGE = ("digits", "characters")


@dataclasses.dataclass(frozen=True)
class Item:
    """A training whose pictures are shown; the model is kept where `keep` names a folder."""

    dataset: str
    model: str
    length: str
    keep: Path | None = None

    @property
    def name(self):
        return f"{self.dataset}-{self.model}"

    @property
    def training(self):
        return f"train --dataset {self.dataset} --model {self.model} {self.length}"


ITEMS = (
    Item("digits", "gan", "--epochs 100"),
    Item("digits", "cgan", "--epochs 600", PACKAGE),
    Item("digits", "cdcgan", "--minutes 6"),
    Item("characters", "gan", "--minutes 5"),
    Item("characters", "cgan", "--epochs 750", BESIDE),
    Item("characters", "cdcgan", "--minutes 8"),
    Item("mnist", "gan", "--minutes 6"),
    Item("mnist", "cgan", "--minutes 6"),
    Item("mnist", "cdcgan", "--minutes 12", BESIDE),
    Item("emnist", "gan", "--minutes 6"),
    Item("emnist", "cgan", "--minutes 8"),
    Item("emnist", "cdcgan", "--minutes 30", PACKAGE),
    Item("chars74k", "gan", "--minutes 5"),
    Item("chars74k", "cgan", "--minutes 5"),
    Item("chars74k", "cdcgan", "--minutes 5"),
)


def main():
    known = {item.name: item for item in ITEMS}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("items", nargs="*", metavar="ITEM", help=f"of: {', '.join(known)}")
    parser.add_argument("--index", action="store_true", help="train nothing")
    options = parser.parse_args()
    unknown = [name for name in options.items if name not in known]
    if unknown:
        parser.error(f"no item {unknown[0]!r}; there are {', '.join(known)}")
    measured = json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {}
    missing = [name for name in known if name not in measured]
    for name in [] if options.index else options.items or missing:
        measured[name] = make(known[name])
        write_json(MEASURED, {name: measured[name] for name in known if name in measured})
    for name in IN_THE_PACKAGE:
        save_png(SAMPLES / f"{name}-real.png", gp.load(name)[0].grid())
    save_png(SAMPLES / "real-and-drawn.png", real_beside_drawn())
    (text,) = gp.sample("emnist-cdcgan", SAMPLES, text="Handwriting 2026", force=True)
    text.replace(SAMPLES / "text.png")
    (SAMPLES / "README.md").write_text(index(measured), encoding="utf-8")


def make(item):
    """Train, judge, keep the pictures and perhaps the model; what was measured is returned."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        run = gp.Run.open(command(*item.training.split(), "--output", folder / "runs"))
        if item.keep == PACKAGE:
            round_weights(run.path / "generator.keras")
        judged = folder / "evaluation"
        command("evaluate", run.path, "--against", item.dataset, "--output", judged)
        for name, file in PICTURES.items():
            path = SAMPLES / f"{item.name}-{name}{Path(file).suffix}"
            shutil.copy(run.path / file, path)
        if item.keep:
            gp.save_model(run, item.name, evaluation=judged, output=item.keep, force=True)
        found = gp.Evaluation.open(judged)
        return {
            "training": item.training,
            "epochs": int(run.last_epoch["epoch"]),
            "minutes": round(float(run.history["seconds"].sum()) / 60, 1),
            "test_images": found.images,
            "events": list(run.events.values()),
            "train_on_real_accuracy": found.train_on_real_accuracy,
            **{name: getattr(found, name) for name in FIGURES},
        }


def round_weights(path):
    """Leave weights nine significant bits, and pack them to a third of the bytes.

    Of 940 images no pixel changed by more than 3 levels (`digits-cgan`) or 6 (`emnist-cdcgan`).
    """
    import keras

    generator = keras.saving.load_model(path, compile=False)
    generator.set_weights([rounded(weights) for weights in generator.get_weights()])
    write_network(generator, path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:  # smaller than a wheel's own
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_BZIP2)


def rounded(weights, bits=9):
    """float32 numbers, rounded to so many significant bits."""
    mantissa, exponent = np.frexp(weights)
    return np.ldexp(np.rint(np.ldexp(mantissa, bits)), exponent - bits).astype(np.float32)


def real_beside_drawn(columns=5, rows=16, block=312, cell=30):
    """EMNIST's characters, a row per class: real ones, and on their right those of its grid."""
    real, _ = gp.load("characters")
    drawn = read_png(SAMPLES / "emnist-cdcgan-grid.png")
    parts = []
    for number, first in enumerate(range(0, real.num_classes, rows)):
        classes = range(first, min(first + rows, real.num_classes))
        images = [real.images[real.labels == k][:columns] for k in classes]
        left = number * block
        beside_it = drawn[: len(classes) * cell - 2, left : left + columns * cell - 2]
        parts.append(beside([grid(np.concatenate(images), columns), beside_it]))
    return beside(parts, gap=24)


def command(*arguments):
    """Run `ganprofile ARGUMENTS`; the last line that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "ganprofile", *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={"GANPROFILE_DATA_DIR": os.environ.get("GANPROFILE_TEST_DATA", ""), **os.environ},
    )
    return done.stdout.splitlines()[-1]


def index(measured):
    """The text of `samples/README.md`."""
    items = [item for item in ITEMS if item.name in measured]
    return TEMPLATE.read_text("utf-8").format(
        table="\n".join(row(item, measured[item.name]) for item in items),
        sections="\n".join(section(item, measured[item.name]) for item in items),
    )


def row(item, found):
    def share(name):
        return "" if found[name] is None else f"{found[name]:.1%}"

    return (
        f"| {item.dataset} | [`{item.model}`](#{item.model}-on-{item.dataset}) "
        f"| {found['epochs']:,} | {found['minutes']:.2g} | {found['kernel_distance']:.4f} "
        f"| {share('coverage')} | {share('label_fidelity')} "
        f"| {share('train_on_synthetic_accuracy')} "
        f"| {share('train_on_real_accuracy')} | {share('copy_rate')} |"
    )


def section(item, found):
    said = "".join(f"\nSaid on the way: {event}\n" for event in found["events"])
    return f"""## {item.model} on {item.dataset}

`ganprofile {item.training}`
{said}
![Images drawn at the end]({item.name}-grid.png)
![The same latents while training]({item.name}-progress.gif)

![Histogram of the losses of each epoch]({item.name}-loss-histograms.png)
"""


if __name__ == "__main__":
    main()
