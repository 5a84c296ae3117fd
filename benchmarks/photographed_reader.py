"""Whether photographs are read better with 20 digits per class of other people's paper.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/photographed_reader.py [--draws 3]
        [--readers FOLDER] [--output FILE] [--final]

The digits are Chars74K's, on white, by 55 people. A draw takes 20 of them, whose digits are "one's
own"; those of the other 35 say which reader is best, read as `ganprofile classify --single` reads
them, together with EMNIST's digits, of NIST's writers as MNIST's are, whom a reader shall not
forget: the one with the highest mean of both is chosen. With `--final` the photographs, of which
nothing was learned and by which nothing was chosen, are read by the readers of `COMPARED` and it.
Rows join those of the output, so that a stopped benchmark goes on; `--readers` keeps what was
trained. A reader takes two minutes on one core, all three quarters of an hour.
"""

import argparse
import dataclasses
import functools
import json
import os
import string
import tarfile
import tempfile
from pathlib import Path

import numpy as np
from cost import machine
from does_it_help import load_options
from kept import KeptRows
from photographs import OURS, STEPS, edits, photographs

import ganprofile as gp
from ganprofile.classifiers.accuracy import accuracy
from ganprofile.console import markdown_table
from ganprofile.datasets.capture.page import characters
from ganprofile.datasets.capture.photo import single
from ganprofile.datasets.loaders.pictures import read_picture
from ganprofile.evaluation.train_on_synthetic import wilson
from ganprofile.recognition.variants import PLAIN, as_variant

RESULT = Path(__file__).parent / "results" / "photographed_reader.json"
ARCHIVE = Path("chars74k", "EnglishHnd", "EnglishHnd.tgz")
IN_ARCHIVE = "English/Hnd/Img/Sample{:03d}/"  # of digits, the first ten
WRITERS, OWN = 55, 20
DRAWS = 3
KEYS = ("chars74k", "emnist")  # by which a reader is chosen
HEAVY = 30  # times that one's own are shown, so that they are a tenth of all


@functools.cache
def chars74k(photographs):
    """The digits of Chars74K as `datasets import --photographs` reads them, with writers 0..54."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(os.environ["GANPROFILE_TEST_DATA"], ARCHIVE)
        with tarfile.open(archive) as packed:
            for member in packed.getmembers():
                for digit in range(10):
                    if member.name.startswith(IN_ARCHIVE.format(digit + 1)) and member.isfile():
                        place = Path(folder, str(digit), Path(member.name).name)
                        place.parent.mkdir(exist_ok=True)
                        place.write_bytes(packed.extractfile(member).read())
        digits, _ = gp.load(folder, photographs=photographs)
    order = np.argsort(digits.labels, kind="stable")
    assert (digits.class_counts() == WRITERS).all() and (order == np.arange(len(order))).all()
    writers = np.tile(np.arange(WRITERS, dtype=np.int32), 10)
    return dataclasses.replace(digits, writers=writers, name="own")


def own(draw, photographs="scans"):
    """20 digits of each class, by the people of a draw."""
    digits = chars74k(photographs)
    return digits.select(np.isin(digits.writers, _drawn(draw)))


def others(draw):
    """The digits of the other people, in the form in which photographs are read."""
    digits = chars74k("characters")
    return digits.select(~np.isin(digits.writers, _drawn(draw)))


def _drawn(draw):
    return np.random.default_rng(draw).permutation(WRITERS)[:OWN]


@functools.cache
def mnist(in_form=False):
    """MNIST's training part, all of it in the form of photographs where that is asked."""
    train_set = gp.load("mnist", **load_options("mnist"))[0]
    if not in_form:
        return train_set
    random = np.random.default_rng(0)
    images = np.stack([as_variant(image, PLAIN, random) for image in train_set.images])
    return dataclasses.replace(train_set, images=images)


@functools.cache
def emnist():
    """EMNIST's digits of the test part, in the form of photographs: those of NIST's writers."""
    digits = gp.load("emnist", **load_options("emnist"))[1].of_classes(string.digits)
    images = [single(255 - image.repeat(4, 0).repeat(4, 1)) for image in digits.images]
    return dataclasses.replace(digits, images=np.stack(images))


def together(first, second, times=1):
    """Two sets as one, the second so many times."""
    images = np.concatenate([first.images, *[second.images] * times])
    labels = np.concatenate([first.labels, *[second.labels] * times])
    return gp.Dataset.from_arrays(images, labels, class_names=first.class_names, name="together")


# What a reader learns, by draw; which model it is goes by how many images that are.
LEARNED = {
    "MNIST": lambda draw: mnist(),
    "own": lambda draw: own(draw),
    "own, in the form of photographs": lambda draw: own(draw, "characters"),
    "MNIST and own": lambda draw: together(mnist(), own(draw)),
    f"MNIST and own {HEAVY} times": lambda draw: together(mnist(), own(draw, "characters"), HEAVY),
    "MNIST in the form of photographs": lambda draw: mnist(True),
}
COMPARED = ("MNIST", "own", "MNIST and own")
# Readers that read together, the mean of what they say: of the same draw, of those above.
TOGETHER = {
    "MNIST beside own in the form of photographs": ("MNIST", "own, in the form of photographs"),
    f"MNIST and own {HEAVY} times, beside own": (
        f"MNIST and own {HEAVY} times",
        "own, in the form of photographs",
    ),
}


class Mean:
    """Several classifiers that read together.

    Args:
        classifiers: with `predict_proba`.
    """

    def __init__(self, classifiers):
        self.classifiers = classifiers

    def predict_proba(self, images):
        return np.mean([one.predict_proba(images) for one in self.classifiers], axis=0)

    def predict(self, images):
        return self.predict_proba(images).argmax(axis=1)


def reader(name, draw, folder):
    """A reader of a draw, trained unless the folder has it; the draw is its seed, too."""
    if name in TOGETHER:
        some = [reader(one, draw, folder) for one in TOGETHER[name]]
        return gp.Reader(folder / name, Mean([one.classifier for one in some]), some[0].info)
    path = folder / f"{name.replace(' ', '-').replace(',', '')}-{draw}"
    if path.is_dir():
        return gp.Reader.open(path)
    return gp.train_reader(LEARNED[name](draw), seed=draw, output=path, progress=False)


def chosen_by(name, draw, folder):
    """A row: how much is read of what is no photograph and was not learned."""
    made = reader(name, draw, folder)
    sets = {"chars74k": others(draw), "emnist": emnist()}
    return {key: accuracy(made.classifier, one.images, one.labels) for key, one in sets.items()} | {
        "images": {key: len(one) for key, one in sets.items()},
        "model": made.info["model"],
    }


@functools.cache
def forms():
    """The photographs as classify reads them, `{set: (images, labels)}`, and of the pages the last
    row, `{file: (images, text)}`."""
    sets, pages = photographs(True)
    read = STEPS[OURS]
    return {
        name: (np.stack([read(one) for one in pictures]), labels)
        for name, (pictures, labels) in sets.items()
    }, {path.name: (_last_row(path), text) for path, text in pages.items()}


def _last_row(path):
    rows = characters(read_picture(path))
    return np.stack([one.image for one in rows[-1]])


def final(name_of_reader, draw, folder):
    """A row: what is read of the photographs."""
    made = reader(name_of_reader, draw, folder)
    sets, pages = forms()
    row = {
        what: {"right": accuracy(made.classifier, images, labels), "images": len(labels)}
        for what, (images, labels) in sets.items()
    }
    wrong = {}
    for name, (images, text) in pages.items():
        wrong[name] = edits(text, "".join(map(str, made.classifier.predict(images))))
    there = sum(len(text) for _, text in pages.values())
    return row | {"pages": {"errors": wrong, "characters": there}}


def score(row):
    """What a reader is chosen by: the mean of both sets, each weighing as much."""
    return np.mean([row[key] for key in KEYS])


def promising(rows):
    """Which are trained on further draws: all that are compared, and of the others
    those that read more than MNIST's reader does after the first draw."""
    least = score(rows["choice/MNIST/0"])
    better = [name for name in [*LEARNED, *TOGETHER] if score(rows[f"choice/{name}/0"]) > least]
    return list(dict.fromkeys([*COMPARED, *better]))


def chosen(rows):
    """The name of the reader that reads best what may be chosen by, the mean of its draws."""
    means = {name: [] for name in [*LEARNED, *TOGETHER]}
    for key, row in rows.items():
        if key.startswith("choice/"):
            means[key.split("/")[1]].append(score(row))
    further = promising(rows)  # a single draw is no mean
    return max(further, key=lambda name: np.mean(means[name]))


def choice_lines(rows):
    """How well each reader reads what it may be chosen by, the mean of the draws."""
    table = [("read by", "model", "Chars74K, 35 others", "EMNIST digits", "draws")]
    for name in [*LEARNED, *TOGETHER]:
        some = [row for key, row in rows.items() if key.rpartition("/")[0] == f"choice/{name}"]
        if some:
            cells = [_cell([row[key] for row in some], some[0]["images"][key]) for key in KEYS]
            table.append((name, some[0]["model"], *cells, f"{len(some)}"))
    return markdown_table(table)


def final_lines(rows):
    """What each reader reads of the photographs, the mean of the draws."""
    known = [key.rpartition("/")[0].partition("/")[2] for key in rows if key.startswith("final/")]
    sets = None
    for name in dict.fromkeys(known):
        some = [row for key, row in rows.items() if key.rpartition("/")[0] == f"final/{name}"]
        if sets is None:
            sets = [key for key in some[0] if key != "pages"]
            table = [("read by", *sets, "pages, characters wrong", "draws")]
        cells = [_cell([row[key]["right"] for row in some], some[0][key]["images"]) for key in sets]
        characters = some[0]["pages"]["characters"]
        errors = [sum(row["pages"]["errors"].values()) / characters for row in some]
        table.append((name, *cells, _cell(errors, characters), f"{len(some)}"))
    return markdown_table(table) if sets else ()


def _cell(shares, images):
    """The mean of all draws, and the interval of the median one."""
    low, high = wilson(round(np.median(shares) * images), images)
    return f"{100 * np.mean(shares):.1f} % ({100 * low:.1f}..{100 * high:.1f})"


def measure(kept, stage, measured, names, draws, room):
    """Fill the rows that are missing, draw by draw."""
    for draw in range(draws):
        for name in names:
            key = f"{stage}/{name}/{draw}"
            if key not in kept.rows:
                kept.keep(key, measured(name, draw, room))
                print(key, json.dumps(kept.rows[key]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--readers", type=Path, help="keep them in this folder")
    parser.add_argument("--output", type=Path, default=RESULT)
    parser.add_argument("--final", action="store_true", help="read the photographs")
    options = parser.parse_args()
    kept = KeptRows.open(options.output)
    with tempfile.TemporaryDirectory() as folder:
        room = options.readers or Path(folder)
        measure(kept, "choice", chosen_by, [*LEARNED, *TOGETHER], 1, room)
        measure(kept, "choice", chosen_by, promising(kept.rows), options.draws, room)
        print(f"Chosen: {chosen(kept.rows)}")
        if options.final:
            names = dict.fromkeys([*COMPARED, chosen(kept.rows)])
            measure(kept, "final", final, names, options.draws, room)
    kept.keep("machine", machine())
    for lines in (choice_lines, final_lines):
        print("\n" + "\n".join(lines(kept.rows)))


if __name__ == "__main__":
    main()
