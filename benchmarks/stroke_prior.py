"""What teachers of a script begin with: nothing, other people's Latin characters, or strokes.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/stroke_prior.py [CELL ...] [--priors A,B]
                                              [--repeats N] [--weights DIR] [--output FILE]
    GANPROFILE_TEST_DATA=FOLDER python benchmarks/stroke_prior.py --train DIR [--priors A,B]

The teachers of `deformed+distilled+pretrained` begin with the weights that the package carries
(`latin`), or with those that `--train` made of EMNIST and of the alphabets of Omniglot but for
`LEFT_OUT`, by classification (`strokes`) or by comparison (`contrast`, see `contrast.py`), or of
the same without EMNIST's digits, moved against the networks (`robust`, see `robust.py`); those of
`deformed+distilled` begin with `nothing`. Together they read the third of the training part that is
set aside in `scripts.py`, or the fold of `lift.py` of MNIST, which begins with letters; no test
part is read.
"""

import argparse
import dataclasses
import os
import tempfile
import zipfile
from pathlib import Path

import contrast
import numpy as np
import robust
from classic import fold
from does_it_help import load_options
from kept import KeptRows
from lift import FOLD
from scripts import ALPHABETS, OMNIGLOT, READ, SEED, halves

import ganprofile as gp
from ganprofile.classifiers import CLASSIFIERS
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.ensembles import PRETRAINED_TEACHERS, WARPED
from ganprofile.recipes.pretrained import (
    CHARACTERS,
    LETTERS,
    PretrainedWeights,
    network_name,
    packed_body,
)
from ganprofile.storage.arrays import write_arrays
from ganprofile.transforms.deformation import upright

RESULTS = Path(__file__).parent / "results" / "stroke_prior.json"
CELLS = ("bangla:10", "devanagari:10", "arabic:10", "korean:10")
PRIORS = ("nothing", "latin", "strokes", "contrast", "robust")
# What the cells are of or akin to it, and what EMNIST has.
LEFT_OUT = {*(folder for _, folder in ALPHABETS.values()), "Latin"}
STEPS, BATCH = 8000, 64  # as tools/train_pretrained.py


@dataclasses.dataclass(frozen=True)
class TrainedStrokes(PretrainedWeights):
    """What `--train` wrote.

    Attributes:
        path: of the `.npz` file.
    """

    path: Path = dataclasses.field(kw_only=True)

    def _path(self):
        return self.path


def strokes(alphabets, latin):
    """Characters of alphabets and Latin ones together: images, labels, how often.

    Half of what is shown is Latin, and every class of either as often as the others.
    """
    images, labels, count = [], [], 0
    for characters in alphabets:
        images.append(characters.images)
        labels.append(characters.labels + count)
        count += characters.num_classes
    drawn = np.concatenate(labels)
    images = np.concatenate([*images, latin.images])
    labels = np.concatenate([drawn, latin.labels + count])
    shares = np.repeat([0.5 / count, 0.5 / latin.num_classes], [count, latin.num_classes])
    return images, labels, (shares / np.maximum(1, np.bincount(labels)))[labels]


def alphabets_learned_from(left_out=LEFT_OUT):
    """The alphabets of Omniglot's small background sets, a `Dataset` each, cropped to their ink."""
    with tempfile.TemporaryDirectory() as room:
        for part in (1, 2):  # two alphabets are in both
            path = Path(os.environ["GANPROFILE_TEST_DATA"]) / OMNIGLOT.format(part)
            with zipfile.ZipFile(path) as archive:
                archive.extractall(room)
        places = {path.name: path for path in sorted(Path(room).glob("*/*")) if path.is_dir()}
        for name in sorted(places.keys() - left_out):
            yield gp.load(places[name], photographs="scans", image_size=28)[0]


def classified(alphabets, latin, is_upright, seed, kind=CLASSIFIERS["embedding"]):
    """The weights of a classifier `embedding` but for its last layer, told the characters."""
    images, labels, frequency = strokes(alphabets, latin)
    reader = kind(int(labels.max()) + 1, steps=STEPS, batch_size=BATCH, seed=seed)
    seen = upright(images) if is_upright else images
    return reader.fit(seen, labels, frequency, transforms="classic").body()


def moved(alphabets, latin, is_upright, seed):
    """The same, trained against moved images, without digits: these may be met by who has these."""
    are_digits = np.array([name.isdigit() for name in latin.class_names])
    letters = latin.select(~are_digits[latin.labels])
    return classified(alphabets, letters, is_upright, seed, robust.RobustEmbedding)


TRAINED = {"strokes": classified, "contrast": contrast.body_of, "robust": moved}


def train(folder, priors):
    """Train both networks that teachers begin with, and keep all but their last layers."""
    alphabets = list(alphabets_learned_from())
    latin = gp.load("emnist", **load_options("emnist"))[0]
    folder.mkdir(parents=True, exist_ok=True)
    for prior in [one for one in priors if one in TRAINED]:
        arrays = {}
        for is_upright in (True, False):
            body = TRAINED[prior](alphabets, latin, is_upright, SEED)
            arrays |= packed_body(network_name("embedding", is_upright), body)
            print(f"{prior}: a network is trained", flush=True)
        write_arrays(folder / f"{prior}.npz", arrays)


def accuracy(cell, subset, prior, weights):
    """Of the teachers together, on the images set aside."""
    name, per_class = cell.split(":")
    is_script = name in READ
    if is_script:
        pool, judging = halves(READ[name](name, 28), name)
    else:
        pool, judging = fold(gp.load(name, **load_options(name))[0], FOLD)
    few = pool.subset(int(per_class), seed=subset)
    if prior in TRAINED:
        pretrained = TrainedStrokes(prior, path=weights / f"{prior}.npz")
    else:
        carried = PretrainedWeights(CHARACTERS if is_script else LETTERS)
        pretrained = {"nothing": None, "latin": carried}[prior]
    ensemble = PRETRAINED_TEACHERS if pretrained else WARPED
    with tempfile.TemporaryDirectory() as room:
        plan = TeacherTraining(few, subset, Path(room), ensemble, None, pretrained)
        found = plan.suited().trained().predict_proba(judging.images).argmax(axis=1)
    return float((found == judging.labels).mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cells", nargs="*", default=CELLS)
    parser.add_argument("--priors", default=",".join(PRIORS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.train:
        train(options.train, options.priors.split(","))
        return
    kept = KeptRows.open(options.output)
    for subset in range(options.repeats):
        for cell in options.cells:
            for prior in options.priors.split(","):
                name = f"{cell} {subset} {prior}"
                if name not in kept.rows:
                    found = accuracy(cell, subset, prior, options.weights)
                    kept.keep(name, {"accuracy": found})
                    print(f"{name}: {100 * found:.2f} %", flush=True)


if __name__ == "__main__":
    main()
