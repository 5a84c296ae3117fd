"""Make the pictures in `samples/` and the models in `weights/` and `saved_models/` again.

    python tools/make_samples.py

Trains the presets on the embedded data (`gan` for 100 epochs, as published), judges the images with
a classifier fitted to the real ones, and writes `samples/README.md` with the commands and what was
measured.
"""

import argparse
import dataclasses
import shutil
import tempfile
from pathlib import Path

import numpy as np

import ganprofile as gp
from ganprofile.classifiers import CnnClassifier
from ganprofile.images import save_png

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
MODEL_FILES = ("config.json", "generator.keras", "grid.png")
JUDGED = 4_700


@dataclasses.dataclass(frozen=True)
class Item:
    """A training whose pictures are shown; the model is kept where `keep` names a folder."""

    dataset: str
    model: str
    epochs: int
    keep: Path | None = None

    @property
    def name(self):
        return f"{self.dataset}-{self.model}"


ITEMS = (
    Item("digits", "gan", 100),
    Item("digits", "cgan", 600, ROOT / "ganprofile" / "weights"),
    Item("characters", "cgan", 750, ROOT / "saved_models"),
)


def main():
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    SAMPLES.mkdir(exist_ok=True)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for item in ITEMS:
            run = gp.train(item.dataset, item.model, epochs=item.epochs, output=folder)
            show(run, item.name)
            if item.keep:
                keep(run, item.keep / item.name)
            rows.append({"item": item, "run": run, **judge(run, item.dataset)})
    for name in ("digits", "characters"):
        save_png(SAMPLES / f"{name}-real.png", gp.load(name)[0].grid())
    (text,) = gp.sample("digits-cgan", SAMPLES, text="2026", seed=7, force=True)
    text.replace(SAMPLES / "text.png")
    write_index(rows)


def show(run, name):
    """Copy what a run drew into `samples/`."""
    for source, target in (
        ("grid.png", f"{name}-grid.png"),
        ("figures/losses.png", f"{name}-losses.png"),
        ("figures/loss_histograms.png", f"{name}-loss-histograms.png"),
        ("samples/progress.gif", f"{name}-progress.gif"),
    ):
        shutil.copy(run.path / source, SAMPLES / target)


def keep(run, folder):
    """Copy the part of a run that draws."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in MODEL_FILES:
        shutil.copy(run.path / file, folder / file)


def judge(run, dataset):
    """How a classifier fitted to the real training images reads real test images and drawn ones."""
    train, test = gp.load(dataset)
    classifier = CnnClassifier(train.num_classes, steps=3000).fit(train.images, train.labels)
    result = {"accuracy": float((classifier.predict(test.images) == test.labels).mean())}
    images = run.sample(JUDGED, seed=1)
    probabilities = classifier.predict_proba(images)
    if run.conditions:
        labels = np.arange(JUDGED) % train.num_classes
        result["recognised"] = float((probabilities.argmax(axis=1) == labels).mean())
    result["sure"] = float((probabilities.max(axis=1) >= 0.95).mean())
    return result


def write_index(rows):
    table = "\n".join(table_row(row) for row in rows)
    sections = "\n".join(section(row["item"]) for row in rows)
    text = INDEX.format(judged=f"{JUDGED:,}", table=table, sections=sections)
    (SAMPLES / "README.md").write_text(text, encoding="utf-8")


def table_row(row):
    item = row["item"]
    recognised = f"{row['recognised']:.1%}" if "recognised" in row else "unlabelled"
    return (
        f"| `{item.dataset}` | `{item.model}` | {item.epochs:,} | {recognised} "
        f"| {row['sure']:.1%} | {row['accuracy']:.1%} |"
    )


def section(item):
    command = (
        f"ganprofile train --dataset {item.dataset} --model {item.model} --epochs {item.epochs}"
    )
    return SECTION.format(item=item, name=item.name, command=command)


INDEX = """# Samples

Made by `make samples`, seed 0, on two CPU cores.

| data | preset | epochs | recognised as its label | read with 95 % certainty | accuracy on real |
|---|---|---|---|---|---|
{table}

{judged} images of each. The reader is the reference CNN, fitted to the embedded training images,
which the GAN saw, too; the last column is its accuracy on the embedded test images. A high share
says that images are legible, not that they are varied or that they help a classifier.

{sections}
## The real ones

![Real digits](digits-real.png)

![Real characters](characters-real.png)

## cdcgan

Trained and measured by `benchmarks/quality.py`, which needs the official files; the figures are in
[its results](../benchmarks/results/quality.json). MNIST, ten images a class:

![MNIST](mnist-cdcgan-grid.png)

EMNIST-derived47, real EMNIST images in another split than the official one:

![EMNIST-derived47](emnist-cdcgan-grid.png)

Chars74K, 40 writers, five minutes on two CPU cores each, beside the classic `gan` on the same data,
by `ganprofile compare`; `gan` draws whatever it likes, `cdcgan` is told the character. All 62
characters:

![Chars74K](chars74k-gan-and-cdcgan.png)

a to z, as in the published study:

![Chars74K, a to z](chars74k-lowercase-gan-and-cdcgan.png)

## Writers

By `ganprofile profile qmnist`: those of 836 whose single digits are told best, and worst, from
those of others. An empty place is a digit that nobody has of this writer.

![QMNIST's writers](qmnist-hands.png)
"""

SECTION = """## {item.model} on {item.dataset}

`{command}`

![Images drawn at the end]({name}-grid.png)
![The same latents while training]({name}-progress.gif)

![Losses of every step]({name}-losses.png)

![Histogram of the losses of each epoch]({name}-loss-histograms.png)
"""


if __name__ == "__main__":
    main()
