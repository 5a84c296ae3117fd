"""HWD+ (Beaulac and Rosenthal 2022, SN Computer Science 4, 66), run again: who wrote a digit, and
what can be said of the writer.

Where HWD+ itself is not at hand, digit and writer are read on other images of known writers.
"""

import dataclasses
import functools
import itertools
import time

import numpy as np

from ganprofile.classifiers.lenet import Informed
from ganprofile.console import percent
from ganprofile.datasets.writer_parts import by_digits, by_individuals, complete_writers
from ganprofile.figures import save_curves, save_histograms
from ganprofile.studies import drawn_writers, resampling, unseen_writers
from ganprofile.studies.design import Found, Row, Step, Study
from ganprofile.studies.hwdplus_published import FIGURES
from ganprofile.studies.predictors import NAIVE, PASSES, PREDICTORS, QUICK_PASSES

DATASETS = {False: "hwdplus", True: "digits"}  # by `quick`
LARGER = "hwdplus/100"
OTHERS = "mnist"  # images by other people, beside HWD+
NEEDS = "needs HWD+"
# Where not everybody wrote everything equally often: people, and images of each digit by each.
DRAWN = {"qmnist": (97, 11), "digits": (20, 10)}
DRAWN_OTHERWISE = (None, 5)
SHARE_OF_DIGITS, SHARE_OF_PEOPLE = 10 / 14, 0.7  # to learn from
HISTOGRAMS = ("age", "height")
# The curves over the share of labels.
CURVES, COMPARED, SHARES, CURVED = ("digit", "id"), ("lenet-5", "m2"), (0.125, 0.25, 0.5), 10


@dataclasses.dataclass(frozen=True)
class Task:
    """What is asked of an image.

    Attributes:
        title: in words.
        column: `label`, `writer`, or a characteristic of HWD+.
        by: how parts are made: by digits, every writer in both, or by individuals.
        given: another column that some predictors are told, or None.
    """

    title: str
    column: str
    by: str
    given: str | None = None

    def split(self, dataset, seed):
        """Two parts of a `Dataset`: to learn from, and to test with."""
        if self.by == "digits":
            return by_digits(dataset, SHARE_OF_DIGITS, seed)
        return by_individuals(dataset, SHARE_OF_PEOPLE, seed)


TASKS = {
    "digit": Task("digit", "label", "individuals"),
    "id": Task("writer", "writer", "digits", given="label"),
    "digit-by-digits": Task("digit, by writers who were met", "label", "digits", given="writer"),
    "gender": Task("gender", "gender", "individuals"),
    "language": Task("language of the school", "language", "individuals"),
    "hand": Task("hand", "handedness", "individuals"),
    "education": Task("education", "education", "individuals"),
    "medium": Task("usual medium", "medium", "individuals"),
}
TOLD = {"label": "digit", "writer": "writer"}


def steps(plan):
    """What is known of the writers, one for each task and predictor, and those of the curves."""
    name = plan.dataset or DATASETS[plan.quick]
    train_set = plan.at_hand(name)
    known = set() if train_set is None else set(train_set.attributes)
    describing = functools.partial(describe, name)
    checked = functools.partial(images_of, name=name)
    made = [
        Step("writers", f"{name}: what is known of the writers", describing),
        *(_step(name, key, which, known) for key in TASKS for which in _asked_of(key)),
        *(_curve_step(name, *point) for point in itertools.product(CURVES, COMPARED, SHARES)),
        *drawn_writers.steps(name, images_of),
        *unseen_writers.steps(name, images_of),
    ]
    return [
        dataclasses.replace(step, datasets=step.datasets or (name,), check=checked) for step in made
    ]


def _is_hwdplus(name):
    return name.partition("/")[0] == "hwdplus"


def _read_by(name, predictor):
    """The datasets that a predictor reads."""
    others = (OTHERS,) if predictor.sees_others and _is_hwdplus(name) else ()
    return (LARGER if predictor.larger else name, *others)


def _asked_of(key):
    """The predictors that the document has a figure of, and those that these are compared with."""
    beside = ("lenet-5", "committee") if TASKS[key].given else ()
    return [which for which in PREDICTORS if which in FIGURES[key] or which in beside]


def _step(name, key, which, known):
    task, predictor = TASKS[key], PREDICTORS[which]
    mean, sd = FIGURES[key].get(which, (None, None))
    given = f", given the {TOLD[task.given]}" if predictor.is_conditional else ""
    is_there = task.column in ("label", "writer", *known)
    is_there = is_there and (not predictor.larger or _is_hwdplus(name))
    measure = functools.partial(read, name, key, which, 1.0) if is_there else None
    absent = "not yet measured" if is_there else NEEDS
    row = Row("accuracy", f"{task.title}: {predictor.title}{given}", mean, "share", sd, absent)
    what = f"{name}: {predictor.title} reads the {task.title}{given}"
    datasets = _read_by(name, predictor)
    return Step(f"{key}-{which}", what, measure, (row,), predictor.repeats, datasets)


def _curve_step(name, key, which, share):
    what = f"{TASKS[key].title}: {PREDICTORS[which].title}, {100 * share:g} % of the labels"
    measure = functools.partial(read, name, key, which, share)
    row = Row("accuracy", what)
    datasets = _read_by(name, PREDICTORS[which])
    step = f"{key}-{which}-of-{100 * share:g}"
    return Step(step, f"{name}: {what}", measure, (row,), CURVED, datasets)


@functools.lru_cache(maxsize=1)  # steps that follow each other are mostly of the same images
def images_of(plan, name):
    """The images that all tasks divide among them."""
    everything = plan.everything(name)
    if _is_hwdplus(name):
        return everything
    people, replicates = DRAWN.get(name.partition("/")[0], DRAWN_OTHERWISE)
    return complete_writers(everything, people, replicates, seed=0)


def images_of_others(plan, name, everything):
    """Images by other people, uint8 `(n, height, width, channels)`: MNIST's beside HWD+, as in the
    document, otherwise those by writers whom `images_of` left out."""
    if _is_hwdplus(name):
        return plan.parts(OTHERS)[0].images
    there = plan.everything(name)
    return there.images[~np.isin(there.writers, everything.writers)]


def read(name, key, which, share, room):
    """How many test images a predictor is right about, with a share of the labels to learn from."""
    task, predictor = TASKS[key], PREDICTORS[which]
    everything = images_of(room.plan, LARGER if predictor.larger else name)
    learn, test = task.split(everything, room.seed)
    passed, left = len(learn), learn.images[:0]
    if share < 1:
        learn, without = by_digits(learn, share, room.seed)
        left = without.images
    parts = learn, test
    train_labels, test_labels = _coded(everything, task.column, parts)
    seen = [part.images for part in parts]
    options, more = {}, {}
    if predictor.sees_others:
        more["unlabelled"] = np.concatenate([images_of_others(room.plan, name, everything), left])
    if predictor.is_conditional:
        known = _coded(everything, task.given, parts)
        seen = [Informed(images, codes) for images, codes in zip(seen, known, strict=True)]
        options["values"] = int(max(codes.max() for codes in known)) + 1
    classes = int(max(train_labels.max(), test_labels.max())) + 1
    began = time.perf_counter()
    classifier = predictor.fitted(seen[0], train_labels, classes, room, passed, options, more)
    seconds = time.perf_counter() - began
    right = float((classifier.predict(seen[1]) == test_labels).mean())
    share = len(test_labels) / len(everything)
    return Found({"accuracy": right}, len(test_labels), aside={"seconds": seconds, "share": share})


def _coded(everything, column, parts):
    """A column of parts as numbers 0, 1, ...; the same value has the same number in all."""
    values = np.unique(_column(everything, column))
    return [np.searchsorted(values, _column(part, column)) for part in parts]


def _column(dataset, name):
    return {"label": dataset.labels, "writer": dataset.writers, **dataset.attributes}[name]


def describe(name, room):
    """How many writers there are of every kind, as table 1 and figure 3 have it."""
    everything = images_of(room.plan, name)
    _, first = np.unique(everything.writers, return_index=True)
    people = everything.select(first)
    rows = [["", "value", "writers", "share"]]
    for column in people.attributes:
        if column in (task.column for task in TASKS.values()):
            values, counts = np.unique(people.attributes[column], return_counts=True)
            rows += [
                [column, f"{value:g}", f"{count}", f"{percent(count / len(people), 1)} %"]
                for value, count in zip(values, counts, strict=True)
            ]
    columns = {c: people.attributes[c] for c in HISTOGRAMS if c in people.attributes}
    pictures = {}
    if room.figures is not None and columns:
        save_histograms(room.figures / "writers.png", columns, "writers")
        pictures["writers.png"] = "Writers by age and height"
    pages = len(everything) // max(1, len(people))
    title = f"What is known of {len(people)} writers, {pages} images each, as the files code it"
    return Found({}, len(everything), pictures, {title: rows} if len(rows) > 1 else {})


def conclude(found, figures):
    """Differences, accuracy by time, and by the share of labels."""
    tables = {
        resampling.PAIRED: resampling.differences(found, TASKS, PREDICTORS, NAIVE),
        resampling.TIMED: resampling.by_time(found, TASKS),
    }
    curves = {
        (TASKS[key].title, PREDICTORS[which].title): resampling.curve(
            found, f"{key}-{which}", SHARES
        )
        for key, which in itertools.product(CURVES, COMPARED)
    }
    pictures = {}
    if all(len(line) > 1 for line in curves.values()):
        save_curves(figures / "labels.png", curves, "share of labels", "accuracy")
        pictures["labels.png"] = "Accuracy by the share of training images that have labels"
    return Found({}, None, pictures, {name: rows for name, rows in tables.items() if len(rows) > 1})


STUDY = Study(
    steps,
    conclude=conclude,
    notes=(
        "The digit is read with other writers in the training than in the test part, the writer "
        "with ten of each writer's 14 images of a digit (or as large a share of them) to learn "
        "from, and characteristics with other writers, as in the document. It draws parts anew "
        "50 times, 15 times for the committee; how often they were drawn here stands in the table.",
        "Network, optimiser (Adam), and committee are the document's; it does not say how long it "
        f"trains. Here every network sees each training image {PASSES} times, {QUICK_PASSES} times "
        "in the quick form. GANs are trained for minutes: how many epochs that is depends on the "
        "machine, and stands below; so the same seed may give other figures.",
        "QMNIST's writers have MNIST's images, of one size and centred: what a size or a place in "
        "the square says of a writer is not in them. Nobody there wrote each digit 14 times, so "
        "97 of those who wrote each 11 times stand in.",
        "The document shows pictures of drawn digits, of four writers, and gives no figures. Here "
        "those who judge have learned from the same real images; how often they are right about "
        "real images that they have not seen stands beside. What draws learned from them, too, so "
        "that it may be recognised more often than those; whether it copies them stands below.",
        "Majority: the class that most training images have, which is what an accuracy is to be "
        "held against. On language, hand and education no published model beats it.",
    ),
)
