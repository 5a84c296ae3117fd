"""How well the presets draw, as read by a classifier of real images and one of drawn ones only.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/quality.py [ROW ...] [--output FILE] [--runs DIR]

Each row trains one preset on the training part of one dataset for some minutes and some seeds, then
measures on the part held out, which nothing else has read:

- recognised: how many of 10,000 drawn images, every class as often, the reference classifier reads
  as their label; it is trained on the real training part, and its own accuracy stands beside it.
  For an unlabelled preset instead: how many it reads with 95 % certainty.
- train-on-synthetic accuracy: of the same kind of classifier trained on 60,000 drawn images and
  nothing else (Ravuri & Vinyals 2019, arXiv 1905.10887), with a 95 % bootstrap interval over the
  held-out images. Images of an unlabelled preset are labelled by the reference classifier.
- kernel distance, diversity: of the drawn images against the held-out ones.
- last / best: the kernel distance of the last epoch over that of the best, which is kept.

A row is written to the file as soon as it is done, beside the rows of earlier calls. All rows take
two and a half hours.
"""

import argparse
import dataclasses
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import scripts
from cost import machine

import ganprofile as gp
from ganprofile.classifiers import CnnClassifier
from ganprofile.metrics.diversity import diversity
from ganprofile.metrics.features import FeatureNetwork, feature_network_for
from ganprofile.metrics.kernel_distance import kernel_distance

JUDGED, SYNTHETIC = 10_000, 60_000
CLASSIFIER_STEPS = 6_000
BOOTSTRAPS = 2_000
DRAWING_SEED = 1


@dataclasses.dataclass(frozen=True)
class Row:
    """A preset on a dataset."""

    dataset: str
    model: str
    minutes: float
    seeds: tuple[int, ...] = (0,)

    @property
    def name(self):
        return f"{self.dataset}:{self.model}"


ROWS = (
    Row("mnist", "cdcgan", 12, (0, 1, 2)),
    Row("mnist", "cgan", 12),
    Row("mnist", "gan", 12),
    Row("emnist", "cdcgan", 30),
    Row("chars74k", "cdcgan", 5),
    Row("chars74k", "gan", 5),
    Row("chars74k/lowercase", "cdcgan", 5),
    Row("chars74k/lowercase", "gan", 5),
    Row("arabic", "cdcgan", 18),
    *(Row(name, "cdcgan", 6) for name in ("bangla", "devanagari", "korean", "sanskrit")),
)
FOLDERS = {"mnist": "mnist", "chars74k": "chars74k/EnglishHnd"}


def main():
    known = {row.name: row for row in ROWS}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of: {', '.join(known)}")
    parser.add_argument("--minutes", type=float, help="train each for so long instead")
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    parser.add_argument("--runs", type=Path, help="keep the run folders here")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.rows if name not in known]
    if unknown:
        parser.error(f"no row {unknown[0]!r}; there are {', '.join(known)}")
    results = {"machine": machine(), "rows": {}}
    if arguments.output and arguments.output.exists():
        results = json.loads(arguments.output.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as temporary:
        for name in arguments.rows or known:
            row = known[name]
            if arguments.minutes:
                row = dataclasses.replace(row, minutes=arguments.minutes)
            results["rows"][name] = measure(row, arguments.runs or Path(temporary))
            if arguments.output:
                text = json.dumps(results, indent=2, allow_nan=False) + "\n"
                arguments.output.write_text(text, encoding="utf-8")
    report(results["rows"])


def measure(row, runs):
    """Everything about one row, over its seeds."""
    train, test = load(row.dataset)
    reader = fit(train.images, train.labels, train.num_classes)
    seeds = [one_seed(row, seed, train, test, reader, runs) for seed in row.seeds]
    return {
        **dataclasses.asdict(row),
        "train_images": len(train),
        "test_images": len(test),
        "classes": train.num_classes,
        "classifier_accuracy": accuracy(reader, test),
        "runs": seeds,
    }


def load(name):
    """Training and held-out part; EMNIST as TensorFlow Datasets prepared it; of other scripts a
    third of the training part is held out, as in `scripts.py`.
    """
    if name in scripts.READ:
        return scripts.reader(scripts.SIZE)(name)
    data = Path(os.environ["GANPROFILE_TEST_DATA"])
    os.environ["TFDS_DATA_DIR"] = str(data / "tfds")
    folder = FOLDERS.get(name.partition("/")[0])
    return gp.load(name, data_dir=folder and data / folder)


def one_seed(row, seed, train, test, reader, runs):
    run = gp.train(train, row.model, minutes=row.minutes, seed=seed, output=runs)
    history = run.history
    labelled = "label" in run.conditions
    classes = train.num_classes
    images = run.sample(JUDGED, seed=DRAWING_SEED)
    probabilities = reader.predict_proba(images)
    labels = np.arange(JUDGED) % classes if labelled else probabilities.argmax(axis=1)
    result = {
        "seed": seed,
        "run": run.path.name,
        "minutes": float(history["seconds"].sum() / 60),
        "epochs": len(history["epoch"]),
        "images_per_second": float(np.median(history["images_per_second"])),
        "kept_epoch": run.config["criterion"]["kept_epoch"],
        "last_over_best": float(history["over_best"][-1]),
        "events": list(run.events.values()),
        "read_with_95_percent": float((probabilities.max(axis=1) >= 0.95).mean()),
        "largest_share_of_a_class": float(np.bincount(labels).max() / JUDGED),
    }
    if labelled:
        result["recognised"] = float((probabilities.argmax(axis=1) == labels).mean())
    began = time.perf_counter()
    correct = trained_on_synthetic(run, reader, test)
    low, high = bootstrap(correct)
    return {
        **result,
        "train_on_synthetic_accuracy": float(correct.mean()),
        "train_on_synthetic_95_percent": [low, high],
        "train_on_synthetic_minutes": (time.perf_counter() - began) / 60,
        **in_feature_space(images, labels, test),
    }


def fit(images, labels, num_classes):
    return CnnClassifier(num_classes, steps=CLASSIFIER_STEPS).fit(images, labels)


def accuracy(classifier, test):
    return float((classifier.predict(test.images) == test.labels).mean())


def trained_on_synthetic(run, reader, test):
    """Which held-out images a classifier reads that has seen drawn ones only."""
    images = run.sample(SYNTHETIC, seed=DRAWING_SEED + 1)
    if "label" in run.conditions:
        labels = np.arange(SYNTHETIC) % test.num_classes
    else:
        labels = reader.predict(images)
    student = fit(images, labels.astype(np.int32), test.num_classes)
    return student.predict(test.images) == test.labels


def bootstrap(correct):
    """The 95 % interval of a mean over resampled images."""
    random = np.random.default_rng(0)
    means = random.binomial(len(correct), correct.mean(), BOOTSTRAPS) / len(correct)
    return [float(value) for value in np.quantile(means, [0.025, 0.975])]


def in_feature_space(images, labels, test):
    features = FeatureNetwork.load(feature_network_for(test.class_names))
    drawn, real = features(images), features(test.images)
    return {
        "features": features.name,
        "kernel_distance": kernel_distance(real, drawn),
        "diversity": diversity(drawn, real, labels, test.labels),
    }


def report(rows):
    print("row                         seed  min  recog.  clf   on-synthetic          div.  l/b")
    for name, row in rows.items():
        for run in row["runs"]:
            # Of an unlabelled preset, in brackets: what is read with 95 % certainty.
            sure = f"({run['read_with_95_percent']:.2f})"
            recognised = f"{run['recognised']:.3f}" if "recognised" in run else sure.rjust(5)
            low, high = run["train_on_synthetic_95_percent"]
            print(
                f"{name:27} {run['seed']:4} {run['minutes']:4.0f}  {recognised}  "
                f"{row['classifier_accuracy']:.3f}  {run['train_on_synthetic_accuracy']:.3f} "
                f"({low:.3f}..{high:.3f})  {run['diversity']:.2f}  {run['last_over_best']:.2f}"
            )


if __name__ == "__main__":
    main()
