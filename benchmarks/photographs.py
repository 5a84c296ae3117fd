"""How well photographs of digits are read, and what each step from photograph to image gives.

    GANPROFILE_TEST_DATA=FOLDER python benchmarks/photographs.py [--final] [--study FOLDER ...]
        [--readers FOLDER]

Readers learn MNIST as `ganprofile classify --train mnist` does, one a seed. They read half of the
cells, chosen by a seed, on which the steps and the reader were chosen; with `--final` also what
nothing was chosen on and nobody looked at before: the other half, the single digits, and the rows
of digits of the four pages whose text is known. `--study` names folders of the study `sharpies`:
their readers read the single digits as the published ones read theirs, and in our form; without it
what was measured of them stays, for nothing that we train changes it. `--readers` names a folder to
keep readers in, which a stopped benchmark does not train again. No photograph is ever learned from.
Ten minutes.
"""

import argparse
import csv
import json
import os
import tempfile
from pathlib import Path

import numpy as np
from cost import machine
from does_it_help import load_options

import ganprofile as gp
from ganprofile.classifiers.accuracy import accuracy
from ganprofile.datasets.capture.glyphs import normalised
from ganprofile.datasets.capture.ink import darkening, ink_mask, reduced
from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.capture.photo import character_mask, single
from ganprofile.datasets.loaders.pictures import read_picture
from ganprofile.evaluation.train_on_synthetic import wilson
from ganprofile.figures import save_readings
from ganprofile.images import enlarge, fit, luminance
from ganprofile.recognition.models import MODELS

RESULT = Path(__file__).parent / "results" / "photographs.json"
SIDE = 28
SEEDS = 3
TUNED_ON = 250  # of the 500 cells


def shrunk(picture):
    """To the side of a reader's images, whatever stands there."""
    return cv2().resize(picture, (SIDE, SIDE), interpolation=cv2().INTER_AREA)[..., None]


def naive(picture):
    """Grey, as bright as MNIST's ink is, and shrunk; the scalars of the training data follow."""
    return 255 - shrunk(luminance(picture))


def without_paper(picture):
    dark = darkening(reduced(picture))
    return shrunk(np.rint(255 * dark / max(dark.max(), 1e-6)).astype(np.uint8))


def only_ink(picture):
    return shrunk(255 * ink_mask(darkening(reduced(picture))).astype(np.uint8))


def in_form(**form):
    """A step up to the form of MNIST, all or some of it."""
    return lambda picture: normalised(character_mask(darkening(reduced(picture))), **form)


STEPS = {  # each holds those before
    "grey, inverted, shrunk (naive)": naive,
    "the paper taken away": without_paper,
    "only ink": only_ink,
    "borders and specks left out, cropped to 20 of 28": in_form(strokes=False, centred=False),
    "strokes as broad as MNIST's": in_form(centred=False),
    "centre of mass in the middle": single,
}
OURS = list(STEPS)[-1]
# Of "From Pixels to Sharpies", on photographs that are not to be had.
PUBLISHED = {"k-nn": 0.0, "svm": 0.25, "mlp-64-16": 0.5} | dict.fromkeys(
    ("mlp-64-32", "cnn-32", "cnn-32-16", "cnn-32-16x3"), 0.45
)


def photographs(final):
    """Pictures and labels of every set, `{name: (list of uint8 images, int64 labels)}`."""
    folder = Path(os.environ["GANPROFILE_TEST_DATA"]) / "photographed_digits"
    with open(folder / "labels.csv", encoding="utf-8", newline="") as file:
        rows = sorted((row["file"], row["label"]) for row in csv.DictReader(file))
    cells = [row for row in rows if row[0].startswith("cells/")]
    tuned_on = set(np.random.default_rng(0).permutation(len(cells))[:TUNED_ON].tolist())
    sets = {"cells, tuned on": [row for k, row in enumerate(cells) if k in tuned_on]}
    if final:
        sets["cells, the others"] = [row for k, row in enumerate(cells) if k not in tuned_on]
        sets["singles"] = [row for row in rows if row[0].startswith("singles/")]
    opened = {
        name: (
            [read_picture(folder / file) for file, _ in some],
            np.array([int(d) for _, d in some]),
        )
        for name, some in sets.items()
    }
    pages = {
        folder / file: text.split()[-1]
        for file, text in rows
        if file.startswith("pages/") and not text.startswith("all:")
    }
    return opened, pages if final else {}


def readers(folder, variants):
    """One a seed, trained unless the folder has it."""
    options = {"variants": variants, **load_options("mnist")}
    for seed in range(SEEDS):
        output = folder / f"{'any' if variants else 'plain'}-{seed}"
        kept = output.is_dir()
        yield (
            gp.Reader.open(output)
            if kept
            else gp.train_reader("mnist", seed=seed, output=output, **options)
        )


def measured(what, reader_name, classifiers, pictures, labels, step):
    """A row: how much is read after a step, by one classifier a seed."""
    images = np.stack([step(one) for one in pictures])
    shares = [accuracy(classifier, images, labels) for classifier in classifiers]
    return {
        "photographs": what,
        "reader": reader_name,
        "right": shares,
        "mean": float(np.mean(shares)),
        "images": len(labels),
        # Of the median reader: the photographs are few, whatever the reader.
        "interval": wilson(round(np.median(shares) * len(labels)), len(labels)),
    }


def steps_table(sets, trained):
    """All steps for readers that know variants, the last for those that do not."""
    for what, (pictures, labels) in sets.items():
        for name, step in STEPS.items():
            yield {"step": name} | measured(what, "convnet", trained[True], pictures, labels, step)
        yield {"step": f"{OURS}; no variants learned"} | measured(
            what, "convnet", trained[False], pictures, labels, STEPS[OURS]
        )


def study_table(folders, sets):
    """The study's readers on the single digits, as published and in our form."""
    pictures, labels = sets["singles"]
    for name, classifiers in study_readers(folders).items():
        for step in (next(iter(STEPS)), OURS):
            yield {"step": step} | measured(
                "singles", name, classifiers, pictures, labels, STEPS[step]
            )


def measured_before():
    """What the result says of the study's readers."""
    rows = json.loads(RESULT.read_text("utf-8"))["rows"]
    return [row for row in rows if row["reader"] != "convnet"]


def study_readers(folders):
    """Those that a study kept, by the name of the model, one a folder and seed."""
    found = {}
    for folder in folders:
        for name, model in MODELS.items():
            for file in sorted(Path(folder).glob(f"steps/*/reader{model.suffix}")):
                if file.parent.name.rpartition("-")[0] == name:
                    found.setdefault(name, []).append(model.kind.load(file))
    return found


def pages_table(pages, made):
    """Character errors in the last row of each page."""
    for path, text in pages.items():
        for seed, reader in enumerate(made):
            (found,) = gp.classify([path], reader, output=None)
            lines = found.text.splitlines() or [""]
            yield {
                "page": path.name,
                "seed": seed,
                "text": text,
                "read": lines[-1],
                "rows": len(lines),
                "errors": edits(text, lines[-1]),
            }


def edits(text, read):
    """How many characters are to be put in, left out or changed (Levenshtein 1966)."""
    row = list(range(len(read) + 1))
    for i, wanted in enumerate(text, 1):
        before, row[0] = row[0], i
        for j, got in enumerate(read, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (wanted != got))
    return row[-1]


def show_misread(path, sets, classifier):
    """Photographs that are misread, each beside the form in which it was read."""
    pictures, captions = [], []
    for what, (photographed, labels) in sets.items():
        forms = np.stack([STEPS[OURS](one) for one in photographed])
        said = classifier.predict(forms)
        for k in np.flatnonzero(said != labels):
            photograph = 255 - luminance(fit(photographed[k], 3 * SIDE, 3 * SIDE))
            pictures.append(np.concatenate([photograph, enlarge(forms[k], 3)], axis=1))
            captions.append(f"{labels[k]} as {said[k]}, {what}")
    if pictures:
        save_readings(path, np.stack(pictures), captions, columns=6)


def steps_lines(content):
    """A table of what each step gives, the mean of all seeds and the interval of the median one."""
    rows = [row for row in content["rows"] if row["reader"] == "convnet"]
    sets = list(dict.fromkeys(row["photographs"] for row in rows))
    images = {row["photographs"]: row["images"] for row in rows}
    yield f"| after | {' | '.join(f'{name} ({images[name]})' for name in sets)} |"
    yield f"|{'---|' * (1 + len(sets))}"
    for step in dict.fromkeys(row["step"] for row in rows):
        cells = {row["photographs"]: _cell(row) for row in rows if row["step"] == step}
        yield f"| {step} | {' | '.join(cells[name] for name in sets)} |"


def study_lines(content):
    """A table of the study's readers on the single digits, beside what is published."""
    rows = [row for row in content["rows"] if row["reader"] != "convnet"]
    steps = list(dict.fromkeys(row["step"] for row in rows))
    if not rows:
        return
    yield f"| read by | published, 20 photographs | {' | '.join(steps)} |"
    yield f"|{'---|' * (2 + len(steps))}"
    for reader in dict.fromkeys(row["reader"] for row in rows):
        cells = {row["step"]: _cell(row) for row in rows if row["reader"] == reader}
        published = f"{100 * PUBLISHED[reader]:.0f} %"
        yield f"| `{reader}` | {published} | {' | '.join(cells[step] for step in steps)} |"


def _cell(row):
    low, high = (100 * bound for bound in row["interval"])
    return f"{100 * row['mean']:.1f} % ({low:.1f}..{high:.1f})"


def pages_lines(content):
    """What was read of each page, and how much of it was wrong."""
    for row in content["pages"]:
        yield (
            f"{row['page']}, seed {row['seed']}: {row['text']} read as {row['read']}, "
            f"{row['errors']} errors, row {row['rows']}"
        )
    characters = sum(len(row["text"]) for row in content["pages"])
    if characters:
        errors = sum(row["errors"] for row in content["pages"])
        yield f"Pages: {errors} of {characters} characters wrong, {100 * errors / characters:.1f} %"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--final", action="store_true")
    parser.add_argument("--study", nargs="*", default=(), type=Path)
    parser.add_argument("--readers", type=Path, help="keep them in this folder")
    parser.add_argument("--output", type=Path, help=f"with --final {RESULT}")
    options = parser.parse_args()
    sets, pages = photographs(options.final)
    with tempfile.TemporaryDirectory() as folder:
        room = options.readers or Path(folder)
        made = {known: list(readers(room, known)) for known in (True, False)}
        trained = {known: [one.classifier for one in some] for known, some in made.items()}
        rows = list(steps_table(sets, trained))
        if options.final:
            rows += study_table(options.study, sets) if options.study else measured_before()
        if options.final:
            show_misread(RESULT.with_suffix(".png"), sets, trained[True][0])
        content = {
            "machine": machine(),
            "mnist": {
                str(known): [one.info["accuracy"] for one in some] for known, some in made.items()
            },
            "rows": rows,
            "pages": list(pages_table(pages, made[True])),
        }
    for lines in (steps_lines, study_lines, pages_lines):
        print("\n".join(lines(content)), end="\n\n")
    output = options.output or (RESULT if options.final else None)
    if output:
        output.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
