"""Whether the augmentation policy earns its place where a class has few samples.

    python benchmarks/augmentation_policy.py [--seeds N] [--steps N] [--output FILE]

Trains `cdcgan` on 10, 25 and 50 images per class of the embedded digits, with no policy and with
its geometric transforms, for as many steps each, and measures with classifiers on the embedded test
images:

- on-synthetic: the accuracy of a classifier trained on 20,000 drawn images and nothing else;
- recognised: how many drawn images a classifier of all 5,000 real ones reads as their label;
- diversity: of the drawn images over that of the test images, in feature space.

The classifier trained on the few real images themselves stands beside them. Twenty minutes a seed.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
from cost import machine

import ganprofile as gp
from ganprofile.classifiers import CnnClassifier
from ganprofile.metrics.diversity import diversity
from ganprofile.metrics.features import FeatureNetwork, feature_network_for
from ganprofile.training.choice import GEOMETRIC

SAMPLES = (10, 25, 50)
POLICIES = {"none": (), "geometric": GEOMETRIC}
DRAWN, CLASSIFIER_STEPS = 20_000, 2_000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--steps", type=int, default=2_500)
    parser.add_argument("--output", type=Path, help="a JSON file for the result")
    arguments = parser.parse_args()
    train, test = gp.load("digits")
    reader = classifier(train.images, train.labels)
    rows = []
    for samples in SAMPLES:
        for seed in range(arguments.seeds):
            few = train.subset(samples, seed=seed)
            baseline = accuracy(classifier(few.images, few.labels), test)
            for policy in POLICIES:
                row = {"samples": samples, "policy": policy, "seed": seed, "real_only": baseline}
                rows.append({**row, **measured(few, policy, seed, arguments.steps, reader, test)})
                print(json.dumps(rows[-1]), flush=True)
    report(rows)
    if arguments.output:
        content = {"machine": machine(), "steps": arguments.steps, "rows": rows}
        arguments.output.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def classifier(images, labels):
    return CnnClassifier(10, steps=CLASSIFIER_STEPS).fit(images, labels)


def accuracy(model, test):
    return float((model.predict(test.images) == test.labels).mean())


def measured(few, policy, seed, steps, reader, test):
    """One training and what it draws."""
    held_out = few.labels.size // 10 if few.labels.size >= 500 else 0
    epochs = round(steps / -(-(len(few) - held_out) // 128))
    with tempfile.TemporaryDirectory() as folder:
        run = gp.train(
            few,
            "cdcgan",
            epochs=epochs,
            augmentation_policy=POLICIES[policy],
            seed=seed,
            output=folder,
            progress=False,
        )
        images = run.sample(DRAWN, seed=1)
    labels = (np.arange(DRAWN) % 10).astype(np.int32)
    features = FeatureNetwork.load(feature_network_for(test.class_names))
    some = slice(0, 2_000)
    return {
        "kept_epoch_share": run.config["criterion"]["kept_epoch"] / epochs,
        "recognised": float((reader.predict(images) == labels).mean()),
        "on_synthetic": accuracy(classifier(images, labels), test),
        "diversity": diversity(
            features(images[some]), features(test.images), labels[some], test.labels
        ),
    }


def report(rows):
    print("samples  policy     seeds  on-synthetic           recognised  diversity  real only")
    for samples in SAMPLES:
        for policy in POLICIES:
            own = [r for r in rows if (r["samples"], r["policy"]) == (samples, policy)]
            column = {name: [row[name] for row in own] for name in own[0]}
            low, high = min(column["on_synthetic"]), max(column["on_synthetic"])
            print(
                f"{samples:7}  {policy:10} {len(own):5}  "
                f"{np.mean(column['on_synthetic']):.3f} ({low:.3f}..{high:.3f})  "
                f"{np.mean(column['recognised']):10.3f}  {np.mean(column['diversity']):9.2f}  "
                f"{np.mean(column['real_only']):9.3f}"
            )


if __name__ == "__main__":
    main()
