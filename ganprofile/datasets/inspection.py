"""What a set of images looks like to somebody who has to decide whether to trust it."""

import unicodedata

import numpy as np

from ganprofile.console import say
from ganprofile.datasets.blanks import FAINT, are_blank, levels_apart
from ganprofile.datasets.classes import in_words
from ganprofile.datasets.duplicates import (
    beside_original,
    beside_twin,
    conflicting,
    leaked,
    nearly_repeated,
    repeated,
    shared,
)
from ganprofile.datasets.loaders.edges import LOOKED_AT, extents
from ganprofile.datasets.loaders.loaded_data import AUTO, SCANS
from ganprofile.datasets.loaders.pictures import kinds_not_read
from ganprofile.datasets.loaders.polarity import polarity_doubts
from ganprofile.datasets.orientation import orientation_of
from ganprofile.datasets.origins import ORIGIN, UNKNOWN
from ganprofile.datasets.writer_parts import known_writers, shared_writers
from ganprofile.storage.files import printable

LISTED, FEW = 10, 3
SMALL = 0.5  # MNIST's characters fill 20 of 28 pixels
HALF = 128

# Letters of several scripts or languages that are drawn alike: Arabic as Persian and Urdu type
# them, Greek and Cyrillic as Latin.
KEYBOARDS = str.maketrans(
    "\u0643\u064a"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0408\u0405"
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455",
    "\u06a9\u06ccABEZHIKMNOPTYXoABEKMHOPCTXIJSaeopcyxijs",
)


def inspect(reading, invert=AUTO):
    """A report on a `LoadedData`.

    Args:
        reading: what was read.
        invert: what was said of its polarity.

    Returns:
        A dict of plain values: counts a class and part, shape, what the reader saw in the files,
        duplicates inside and across the parts, identical images with different labels, images
        without content, and `warnings`, a list of sentences.
    """
    train = reading.train
    filled = filled_share(train.images)
    # Characters of a few pixels are alike by chance.
    parts = reading.parts if filled >= SMALL else ()
    saved_again = {part.split: (part, *nearly_repeated(part)) for part in parts}
    report = {
        "images": {part.split: len(part) for part in reading.parts},
        "image_shape": list(train.image_shape),
        "classes": len(train.class_names),
        "images_per_class": _counts(reading.parts),
        "writers": _writers(reading.parts),
        "origin": train.provenance.get(ORIGIN, [UNKNOWN]),
        **reading.findings,
        **copies(reading),
        "near_duplicates": {split: len(some) for split, (_, some, _) in saved_again.items()},
        "near_duplicate_examples": [
            line
            for part, again, originals in saved_again.values()
            for line in _beside_their_originals(part, again, part, originals)
        ],
        "blank": [line for part in reading.parts for line in _blank(part)],
        "filled_share": filled,
        "fingerprints": {part.split: part.fingerprint for part in reading.parts},
    }
    found = orientation_of(train)
    report |= {"orientation": found.verdict, "likeness_to_upright": found.likeness}
    said = found.sentence(printable(train.name), reading.findings)
    # What makes all that is learned worthless comes first.
    warnings = [*polarity_doubts(reading, invert), *_warnings(report)]
    warnings += filter(None, [shared_writers(train, reading.test), said])
    return {**report, "warnings": warnings}


def copies(reading):
    """What a `LoadedData` has more than once, the part of a report on which `without_duplicates`
    acts."""
    train, test = reading.train, reading.test
    rows, twins = ((), ()) if test is None else leaked(train, test)
    both = () if test is None else shared(train, test)
    stood_before = [(part, repeated(part.image_hashes)) for part in reading.parts]
    return {
        "duplicates": {part.split: len(rows) for part, rows in stood_before},
        "duplicate_examples": [
            line for part, rows in stood_before for line in _beside_their_twins(part, rows, part)
        ],
        "shared_by_train_and_test": len(both),
        "shared_examples": _beside_their_twins(train, both, test) if len(both) else [],
        "nearly_shared_by_train_and_test": len(rows),
        "nearly_shared_examples": _beside_their_originals(test, rows, train, twins),
        "conflicting_labels": _conflicts(reading.parts),
    }


def examples(found):
    """All lines of `copies` that name images."""
    return [line for lines in found.values() if isinstance(lines, list) for line in lines]


def _counts(parts):
    """`{class: {part: count}}`."""
    if parts[0].labels is None:
        return {}
    counts = {part.split: part.class_counts().tolist() for part in parts}
    return {
        name: {split: counts[split][label] for split in counts}
        for label, name in enumerate(parts[0].class_names)
    }


def _writers(parts):
    """How many different writers each part has; empty where they are not known."""
    return {part.split: len(known_writers(part)) for part in parts if part.writers is not None}


def _beside_their_twins(dataset, indices, other):
    """Some images, each with the first one of `other` that is the same."""
    return [beside_twin(dataset, index, other) for index in indices[:LISTED].tolist()]


def _beside_their_originals(dataset, rows, others, twins):
    """Some images that others saved again, each beside its original."""
    some = zip(rows[:LISTED], twins[:LISTED], strict=True)
    return [beside_original(dataset, row, others, twin) for row, twin in some]


def _conflicts(parts):
    """All groups of identical images whose labels differ; only a person can put them right."""
    return [
        " = ".join(parts[number].describe_image(index) for number, index in group)
        for group in conflicting(*parts)
    ]


def say_blank(reading):
    """Say which images of a `LoadedData` show nothing, or that a part is fainter than the other, as
    where levels of 0..1 stand beside such of 0..255."""
    name = printable(reading.train.name)
    ranges = [levels_apart(part.images) for part in reading.parts]
    highest = [int(some.max()) for some in ranges]
    if min(highest) < HALF <= max(highest):
        faint, other = reading.parts[:: 1 if highest[0] < HALF else -1]
        say(
            f"{name}: the levels of the {faint.split} part differ by {min(highest)} at most, those "
            f"of the {other.split} part by {max(highest)}. Write both in one range, 0..255 or 0..1."
        )
        return
    blank = [line for part in reading.parts for line in _blank(part)]
    if not blank:
        return
    count, several = sum(map(len, ranges)), len(blank) > 1
    steps = np.concatenate([some[some < FAINT] for some in ranges])
    remedy = "bring all to one range, 0..255 or 0..1" if steps.any() else "take them out"
    say(
        f"{name}: {len(blank):,} of {count:,} images show{'s' * (not several)} nothing, such as "
        f"{blank[0]}: levels in {'them' if several else 'it'} differ by {steps.max()} of 255 at "
        f"most. If that is not meant, {remedy}."
    )


def _blank(part):
    return [part.describe_image(index) for index in np.flatnonzero(are_blank(part.images)).tolist()]


def filled_share(images):
    """How much of a side the ink of an image takes up, its longer way: the median of the images."""
    return round(float(np.median(filled_shares(images))), 4)


def filled_shares(images):
    """The same of some images, float64 `(n,)`, 0 where there is no ink."""
    chosen = images[:: -(-len(images) // LOOKED_AT)].max(axis=-1)
    ink = chosen > np.maximum(chosen.max(axis=(1, 2), keepdims=True) // 2, FAINT)
    shares = [extents(ink.any(axis=axis)) / ink.shape[3 - axis] for axis in (1, 2)]
    return np.maximum(*shares)


def _warnings(report):
    counts = {name: sum(parts.values()) for name, parts in report["images_per_class"].items()}
    found = {**_about_files(report), **_about_classes(report, counts), **_about_images(report)}
    said = [sentence for sentence, applies in found.items() if applies]
    return [*said, *report.get("assumed", ())]


def _counted(count, one, many):
    """How many there are, in words that fit the number."""
    return f"{count:,} {one if count == 1 else many}"


def _about_files(report):
    """Sentence -> whether it applies, of what was read and how."""
    passed_over = report.get("passed_over", ())
    several = report.get("first_of_several", ())
    fewer = report.get("fewer_bits", ())
    unreadable = report.get("unreadable", ())
    return {
        _counted(len(unreadable), "file", "files") + " left out that could not be read": bool(
            unreadable
        ),
        _passed_over(passed_over): bool(passed_over),
        _counted(len(several), "file holds", "files hold")
        + " several pictures, of which the first was read": bool(several),
        f"{len(fewer)} pictures, such as {', '.join(fewer[:1])}, have levels of fewer than "
        f"{report.get('bits')} bits and may be faint; `bits` says how many all have": bool(fewer),
        f"half of the characters fill less than {report['filled_share']:.0%} of their image, where "
        'those of MNIST fill 71%, and lose their details; `photographs="scans"` enlarges them': (
            _are_small_on_pictures(report)
        ),
        "half of the characters fill less than "
        f"{report['filled_share']:.0%} of their image though each was cropped to its ink: dust or "
        'lines on the paper were probably taken for ink; `photographs="characters"` leaves more of '
        "them aside": _are_small_though_cropped(report),
    }


def _passed_over(names):
    """What is to be said of files and folders that were passed over."""
    some = f"{', such as' if len(names) > FEW else ':'} {', '.join(names[:FEW])}"
    why = kinds_not_read(names)
    said = (
        _counted(len(names), "file or folder was", "files or folders were") + f" passed over{some}"
    )
    return f"{said}; {why}" if why else said


def _about_classes(report, counts):
    """The same of classes; `counts` are the images of each."""
    empty = [*report.get("empty_classes", ()), *(name for name in counts if not counts[name])]
    fewest = min(filter(counts.get, counts), key=counts.get, default=None)
    alike = _alike(counts)
    return {
        "there is only one class": len(counts) == 1,
        f"class {printable(str(fewest))!r} has no more images than {counts.get(fewest, 0)}": (
            fewest is not None and counts[fewest] <= 1
        ),
        f"no image of the class{'es' if len(empty) > 1 else ''} {in_words(empty)}": bool(empty),
        f"classes that look alike but are not the same: {', '.join(alike)}": bool(alike),
    }


def _about_images(report):
    """The same of images, in one part or both."""
    shared, nearly = (report[f"{how}shared_by_train_and_test"] for how in ("", "nearly_"))
    again, examples = sum(report["near_duplicates"].values()), report["near_duplicate_examples"]
    alike = _counted(again, "image looks like another", "images look like others")
    both = "training image is also a test image", "training images are also test images"
    leaks = (
        "test image is a training image saved again",
        "test images are training images saved again",
    )
    blank = _counted(len(report["blank"]), "image shows nothing", "images show nothing")
    taken_out = "`drop_duplicates=True` takes them out"
    return {
        f"{alike} of the same part saved again, such as {''.join(examples[:1])}; what learns from "
        "one and is judged by the other reads too well: take them out, unless they are bare "
        "strokes that are alike by chance": again > 0,
        f"{_counted(shared, *both)}; training refuses them: {taken_out}": shared > 0,
        f"{_counted(nearly, *leaks)}; training refuses them, but for a few bare strokes: "
        f"{taken_out}": nearly > 0,
        f"identical images with different labels: {len(report['conflicting_labels'])}": (
            bool(report["conflicting_labels"])
        ),
        blank: bool(report["blank"]),
    }


def _alike(names):
    """Names that differ in their width, blanks, invisible characters or the keyboard on which they
    were typed alone, in words."""
    seen = {}
    for name in names:
        folded = unicodedata.normalize("NFKC", name).translate(KEYBOARDS)
        visible = "".join(c for c in folded if unicodedata.category(c) != "Cf")
        seen.setdefault(" ".join(visible.split()), []).append(ascii(name))
    return [" and ".join(several) for several in seen.values() if len(several) > 1]


def _are_small_on_pictures(report):
    """Whether characters lie lost on picture files, which might be cropped."""
    may_be_cropped = "pixel_formats" in report and "photographs" not in report
    return may_be_cropped and 0 < report["filled_share"] < SMALL


def _are_small_though_cropped(report):
    """Whether they do though each was cropped to its ink: something else was taken for ink."""
    kind = report.get("photographs", {}).get("kind")
    is_cropped = kind == SCANS and "keep_size" not in report
    return is_cropped and 0 < report["filled_share"] < SMALL
