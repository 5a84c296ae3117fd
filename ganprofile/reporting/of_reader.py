"""The page of a reader: how well it reads, how sure it may be, and what it confuses."""

from pathlib import Path

import numpy as np

from ganprofile.console import percent
from ganprofile.images import encode_png, on_paper
from ganprofile.recognition.calibration import BINS, Calibration
from ganprofile.recognition.reader import FOLDS, read_info
from ganprofile.recognition.sentences import headline, sentences
from ganprofile.reporting.page import Captioned, Chart, Page, Prose, Table, Verdict
from ganprofile.storage.arrays import open_arrays

MOST_CLASSES = 40  # of a table with a column for each
MOST_PAIRS = 30
A_BIN = 20  # images, at least, of which the share is one point of a line
LEVELS = np.linspace(0.5, 0.99, 50)
ABOUT = ("model", "dataset", "images", "image_shape", "recipe", "seed", "test_images")


def page(folder):
    """The `Page` of a reader's folder.

    Raises:
        GanprofileError: it is damaged.
    """
    folder = Path(folder)
    info = read_info(folder)
    first = headline(info)
    others = tuple(one for one in sentences(info) if one not in first)
    asked = (folder / FOLDS).is_file()
    return Page(
        title=f"{info.get('dataset') or 'Images'}, read by {info['model']}",
        subtitle="A reader",
        verdicts=tuple(map(Verdict, first)),
        facts=tuple(
            (name.replace("_", " "), _text(info[name]))
            for name in ABOUT
            if info.get(name) is not None
        ),
        blocks=(
            *([Prose("What is known of it", others)] if others else []),
            *(_blocks(open_arrays(folder / FOLDS), info["class_names"]) if asked else ()),
        ),
    )


def _text(value):
    return "x".join(map(str, value)) if isinstance(value, list) else f"{value}"


def _blocks(arrays, names):
    said = {key: np.asarray(arrays[key]) for key in ("said", "labels", "folds", "rows")}
    calibration = Calibration(**said)
    if not len(calibration.labels):
        return
    tempered = calibration.tempered()
    yield _reliability(calibration, tempered)
    yield _rejected(calibration, tempered)
    yield from _confusions(calibration, names)
    yield _doubtful(arrays, calibration, tempered, names)


def _reliability(calibration, tempered):
    """How often what is said with a certainty is right."""
    lines = {"as sure as right": ([0.0, 1.0], [0.0, 1.0])}
    for name, said in (("as the networks say it", calibration.said), ("tempered", tempered)):
        sure, right = said.max(axis=1), said.argmax(axis=1) == calibration.labels
        bins = np.array_split(np.argsort(sure), max(2, min(BINS, len(sure) // A_BIN)))
        lines[name] = tuple([float(one[rows].mean()) for rows in bins] for one in (sure, right))
    return Chart(
        "How sure it is, and how often it is right", "certainty", "share read rightly", lines
    )


def _rejected(calibration, tempered):
    """What is left, and how well that is read, where less certain characters are refused."""
    sure, right = tempered.max(axis=1), tempered.argmax(axis=1) == calibration.labels
    shares = [float((sure >= level).mean()) for level in LEVELS]
    rates = [
        float(right[sure >= level].mean()) if (sure >= level).any() else np.nan for level in LEVELS
    ]
    lines = {"share that is read": (LEVELS, shares), "of these, read rightly": (LEVELS, rates)}
    return Chart("What it would refuse", "least certainty", "share", lines)


def _confusions(calibration, names):
    found = calibration.said.argmax(axis=1)
    counts = np.zeros((len(names), len(names)), int)
    np.add.at(counts, (calibration.labels, found), 1)
    if len(names) <= MOST_CLASSES:
        rows = tuple(
            (name, *(("·" if not count else f"{count}", int(count)) for count in row))
            for name, row in zip(names, counts, strict=True)
        )
        note = "A row for each class, a column for what it was read as."
        yield Table("Read as", ("is", *names), rows, note)
    wrong = counts - np.diag(np.diag(counts))
    worst = np.argsort(-wrong, axis=None, kind="stable")[:MOST_PAIRS]
    pairs = [divmod(int(place), len(names)) for place in worst]
    rows = tuple(
        (names[one], names[other], (f"{wrong[one, other]}", int(wrong[one, other])))
        for one, other in pairs
        if wrong[one, other]
    )
    if rows:
        yield Table("Misread most", ("character", "read as", "times"), rows)


def _doubtful(arrays, calibration, tempered, names):
    """The images of which it is least sure."""
    pictures = []
    for row, image in zip(
        np.asarray(arrays["doubtful"]), np.asarray(arrays["images"]), strict=True
    ):
        said, truth = tempered[row].argmax(), calibration.labels[row]
        sure = f"{percent(tempered[row].max())}\N{NO-BREAK SPACE}%"  # which stays on one line
        words = f"{names[truth]} read as {names[said]}, {sure}"
        pictures.append((encode_png(on_paper(image)), words))
    return Captioned("The most doubtful images", tuple(pictures))
