"""The folds on which the arm `classic` was chosen: variants of its transforms, side by side.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/classic.py [--folds N] [--steps N] [--output FILE]

Only training parts are read. A fold takes aside some of a training part to judge by, 8,000 random
images or those of 13 writers of Chars74K, and draws a subset of the rest to learn from. All
variants get the same subsets and the same initial weights of the classifier `convnet`. `classic` is
frozen: this shows what stands beside it, and is no invitation to change it.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
from cost import machine
from does_it_help import load_options

import ganprofile as gp
from ganprofile.classifiers import TRANSFORMS, ConvnetClassifier

CELLS = (("mnist", 10), ("mnist", 50), ("emnist", 15), ("emnist", 200), ("chars74k", 15))
JUDGED, WRITERS_JUDGED = 8000, 13
CLASSIC = TRANSFORMS["classic"]
VARIANTS = {
    "none": None,
    "affine": TRANSFORMS["affine"],
    "classic": CLASSIC,
    **{
        f"classic without {name}": {n: v for n, v in CLASSIC.items() if n != name}
        for name in ("elastic", "thickness", "cutout")
    },
    "classic, stronger": {n: (p, 1.4 * strength) for n, (p, strength) in CLASSIC.items()},
}


def fold(train_set, seed, count=JUDGED):
    """`(images to learn from, images to judge by)`."""
    random = np.random.default_rng(seed)
    if train_set.writers is not None and len(train_set) < 2 * count:
        writers = random.permutation(np.unique(train_set.writers))[:WRITERS_JUDGED]
        judged = np.isin(train_set.writers, writers)
    else:
        judged = np.zeros(len(train_set), bool)
        judged[random.permutation(len(train_set))[:count]] = True
    return train_set.select(~judged), train_set.select(judged)


def measure(name, size, folds, steps):
    """Variant -> accuracy on every fold."""
    train_set, _ = gp.load(name, **load_options(name))
    found = {variant: [] for variant in VARIANTS}
    for seed in range(folds):
        pool, judged = fold(train_set, seed)
        subset = pool.subset(size, seed)
        for variant, transforms in VARIANTS.items():
            TRANSFORMS["measured"] = transforms
            began = time.monotonic()
            reader = ConvnetClassifier(subset.num_classes, steps=steps, seed=seed).fit(
                subset.images, subset.labels, transforms=transforms and "measured"
            )
            share = float((reader.predict(judged.images) == judged.labels).mean())
            found[variant].append(share)
            seconds = time.monotonic() - began
            print(f"{name} {size} fold {seed} {variant}: {share:.4f} ({seconds:.0f} s)", flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--steps", type=int, help="of the classifier; its own number by default")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    rows = {}
    for name, size in CELLS:
        rows[f"{name} {size}"] = measure(name, size, options.folds, options.steps)
        if options.output:
            content = {"machine": machine(), "steps": options.steps, "accuracy": rows}
            options.output.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    print(f"{'':28}" + "".join(f"{row:>14}" for row in rows))
    for variant in VARIANTS:
        means = [100 * float(np.mean(found[variant])) for found in rows.values()]
        print(f"{variant:28}" + "".join(f"{mean:14.2f}" for mean in means))


if __name__ == "__main__":
    main()
