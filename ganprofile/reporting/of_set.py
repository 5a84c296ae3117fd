"""The page of a labelled set: real beside new images, what was refused, and doubtful labels."""

from pathlib import Path

import numpy as np

from ganprofile.augmentation.expected import EXPECTATION
from ganprofile.augmentation.labelled_set import DOUBTFUL as LEAST_CERTAIN
from ganprofile.augmentation.labelled_set import GUESSED_BEFORE
from ganprofile.augmentation.writing import PICTURE
from ganprofile.benchmarking.comparison import HELPS, HURTS, NOTHING_SHOWN
from ganprofile.console import are, counted, percent
from ganprofile.datasets.agreement import check_opened
from ganprofile.datasets.formats import preview
from ganprofile.datasets.formats.attributes import FILE as ATTRIBUTES
from ganprofile.datasets.formats.attributes import SYNTHETIC
from ganprofile.datasets.formats.checksums import MANIFEST, refuse_changed
from ganprofile.datasets.formats.soft_labels import FILE as SOFT_LABELS
from ganprofile.datasets.formats.soft_labels import read_soft_labels
from ganprofile.datasets.manifest import Manifest
from ganprofile.datasets.stored import read_info, stored_blocks
from ganprofile.filtering.rejection import REASONS
from ganprofile.images import encode_png, on_paper
from ganprofile.reporting.benchmark_method import WHERE
from ganprofile.reporting.page import (
    BAD,
    GOOD,
    PLAIN,
    Captioned,
    Page,
    Picture,
    Prose,
    Table,
    Verdict,
)
from ganprofile.storage.files import read_json

DOUBTFUL = 24  # images that are shown
CERTAIN = 0.9  # from which probability on an image's class is not in doubt
NAMED = 3  # classes of a soft label in words


def page(folder):
    """The `Page` of a set: what `augment`, `generate`, `label` or `Dataset.save` wrote.

    Raises:
        GanprofileError: it is damaged.
    """
    folder = Path(folder)
    info = read_info(folder)
    check_opened(folder, info, stored_blocks(folder, info))
    refuse_changed(folder, SOFT_LABELS, ATTRIBUTES)
    sources, labels, scores = _manifest(folder)
    return Page(
        title=info["name"],
        subtitle=_kind(info, sources),
        verdicts=tuple(_verdicts(folder, info, sources)),
        facts=tuple(_facts(info)),
        blocks=(
            *_preview(folder, info, sources),
            *_doubtful(folder, info, sources, labels, scores),
            *_refused(folder, info),
            _classes(info, sources, labels),
        ),
        method=WHERE if (folder / EXPECTATION).is_file() else "",
    )


def _manifest(folder):
    """Whether each image is new, bool `(n,)`; its label; the score of its label, NaN for none."""
    parts = []
    for rows in Manifest(folder / MANIFEST, ("source", "label", "score")).pieces():
        texts = [rows[name].fill_null("").to_pylist() for name in ("source", "label", "score")]
        new = np.array([text == SYNTHETIC for text in texts[0]], bool)
        numbers = np.array([int(text) if text.isdecimal() else -1 for text in texts[1]], np.int64)
        parts.append((new, numbers, np.array([_score(text) for text in texts[2]], np.float64)))
    if not parts:
        return np.zeros(0, bool), np.zeros(0, np.int64), np.zeros(0)
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _score(text):
    try:
        return float(text)
    except ValueError:
        return np.nan


def _kind(info, sources):
    """What the set is, in words."""
    if "labels_of" in info:
        return "A set of images that were labelled by a few"
    return f"A set of {'real and new images' if sources.any() else 'real images'} with labels"


def _verdicts(folder, info, sources):
    say = _labelled if "labels_of" in info else _counted
    yield Verdict(say(info, int(sources.sum())))
    yield from _expectation(folder)
    unfilled = info.get("unfilled")
    if unfilled:
        lacking = ", ".join(f"{name} ({count:,})" for name, count in unfilled.items())
        yield Verdict(f"Fewer images than were asked for, of the classes {lacking}.", BAD, "short")


def _labelled(info, new):
    """How many labels were there and how many are guessed, and how many images nobody wrote."""
    left_out = info.get("left_out", 0)
    were = are(left_out, "was", "were")
    less = f" {left_out:,} of the least certain {were} left out." if left_out else ""
    drawn = f" Among the images {are(new)} {new:,} that {are(new)} synthetic." if new else ""
    before, now = info["labelled_before"], info["labelled_now"]
    guesses = info.get(GUESSED_BEFORE, 0)
    guessed = f", {guesses:,} of them by such guesses," if guesses else ","
    return (
        f"{counted(info['images'], 'image')}: {before:,} {are(before, 'was', 'were')} labelled "
        f"before{guessed} and {now:,} {are(now, 'was', 'were')} labelled by these, of "
        f"{info['labels_of']['name']}. How many of these labels are right is not known."
        f"{less}{drawn}"
    )


def _counted(info, new):
    """How many images are real and new."""
    if not new:
        return f"{counted(info['images'], 'image')}, {are(info['images'], '', 'all ')}real."
    made_from = info.get("made_from")
    how = f"{are(new, 'was', 'were')} drawn by a GAN" if made_from else f"{are(new)} synthetic"
    is_deformed = "recipe" in (info.get("made_from") or {})
    how = f"{are(new)} deformed from real ones" if is_deformed else how
    real = f"{counted(info['images'] - new, 'real one')}, and " if new < info["images"] else ""
    return f"{counted(info['images'], 'image')}: {real}{new:,} that {how}."


def _expectation(folder):
    """What the user's own images say of the set, or what is known from elsewhere."""
    if not (folder / EXPECTATION).is_file():
        return
    found = read_json(folder / EXPECTATION)
    own = found.get("cross_validated") or {}
    low, high = own.get("low"), own.get("high")
    tone, badge = PLAIN, NOTHING_SHOWN if own else ""
    if low is not None and low > 0:
        tone, badge = GOOD, HELPS
    elif high is not None and high < 0:
        tone, badge = BAD, HURTS
    said = " ".join(found.get("sentences", ()))
    if said:
        yield Verdict(said, tone, badge)


def _facts(info):
    made_from = info.get("made_from") or {}
    if "labels_of" in info:
        yield "labelled by", info["labels_of"]["name"]
    elif made_from:
        yield from _making(info, made_from)
    yield "classes", f"{len(info['class_names'])}"
    yield "format", info["format"]


def _making(info, made_from):
    yield "made from", str(made_from.get("dataset", "-"))
    yield "by", str(made_from.get("recipe") or made_from.get("run") or "-")
    yield "filter", str((info.get("filter") or {}).get("level", "none"))
    yield "seed", str(made_from.get("seed", "-"))


def _preview(folder, info, sources):
    path, shown = folder / preview.FILE, preview.shown_classes(info["class_names"])
    if path.is_file() and not sources.any():
        yield Picture(f"Some images of {shown}", path, f"A row for {shown}: some images")
    elif path.is_file():
        alt = f"A row for {shown}: some real images, and beside them some new ones"
        yield Picture("Real images beside new ones", path, alt)


def _refused(folder, info):
    """What the filter refused, by reason."""
    found = info.get("filter") or {}
    rejected = found.get("rejected")
    if not rejected:
        return
    drawn = found.get("drawn") or 0
    rows = []
    for reason, by_class in rejected.items():
        count = sum(by_class.values())
        share = f"{percent(count / drawn, 1)} %" if drawn else "-"
        worst = sorted(by_class, key=by_class.get, reverse=True)[:NAMED]
        rows.append(
            (reason, REASONS.get(reason, ""), (f"{count:,}", count), share, ", ".join(worst))
        )
    yield Table(
        "What the filter refused",
        ("reason", "what it means", "images", "of those drawn", "most often"),
        tuple(rows),
        f"Of {counted(drawn, 'image')} drawn. rejected.csv says it of each.",
    )
    if (folder / PICTURE).is_file():
        alt = "A row for each class: images that were kept, then some of each reason"
        yield Picture("Kept, and refused", folder / PICTURE, alt)


def _doubtful(folder, info, sources, labels, scores):
    """The new images whose class is least certain, with what is known of it; of images that were
    labelled, the picture that was made then."""
    if not sources.any():
        if "labels_of" in info and (folder / LEAST_CERTAIN).is_file():
            alt = "A row for each class: its least certain images, the least certain first"
            yield Picture("Doubtful labels", folder / LEAST_CERTAIN, alt)
        return
    new = np.flatnonzero(sources & (labels >= 0))
    soft = read_soft_labels(folder, info, mapped=True)
    # Of the label that the set gives: classifiers may be sure of another class.
    certainty = scores[new] if soft is None else np.asarray(soft[new, labels[new]])
    order = np.argsort(certainty, kind="stable")[:DOUBTFUL]
    chosen = new[order[certainty[order] < CERTAIN]]  # NaN is not smaller
    title = "Doubtful labels"
    if not len(chosen):
        if np.isfinite(certainty).any():
            certain = f"No label of a new image is less certain than {100 * CERTAIN:.0f} %."
            yield Prose(title, (certain,))
        return
    words, note = _what_is_known(chosen, labels, scores, soft, info["class_names"])
    images = _images(folder, info, chosen)
    pictures = [encode_png(on_paper(images[k])) for k in chosen.tolist()]
    yield Captioned(title, tuple(zip(pictures, words, strict=True)), note)


def _what_is_known(chosen, labels, scores, soft, names):
    """What classifiers made of each of some images, in words, and what these words say."""
    note = "The new images whose label classifiers find least probable, and how probable"
    if soft is None:
        return [f"{names[labels[k]]}: {_probability(scores[k])} %" for k in chosen], f"{note}."
    return [_probabilities(soft[k], labels[k], names) for k in chosen], (
        f"{note}; behind it, what else they may be by their soft labels. A classifier that learns "
        "from these learns that such an image might be either."
    )


def _probabilities(row, label, names):
    """The label of an image and the likeliest other classes in words."""
    others = [k for k in np.argsort(-np.asarray(row), kind="stable") if k != label]
    shown = [label, *(k for k in others[: NAMED - 1] if row[k] >= 0.01)]
    return ", ".join(f"{names[k]}: {_probability(row[k])} %" for k in shown)


def _probability(share):
    """In per cent, without the many digits that tell the smallest from none."""
    return "under 0.01" if 0 < share < 1e-4 else percent(float(share))


def _images(folder, info, places):
    """Place -> image, of some of a set's images; the set is read as far as the last of them."""
    wanted, found, first = set(places.tolist()), {}, 0
    for images, _ in stored_blocks(folder, info):
        for place in wanted & set(range(first, first + len(images))):
            found[place] = images[place - first].copy()
        first += len(images)
        if len(found) == len(wanted):
            break
    return found


def _classes(info, sources, labels):
    """How many images of each class there are, by where they or their labels come from."""
    groups = {"real": ~sources, "new": sources} if sources.any() else {"images": ~sources}
    if "labels_of" in info:
        known = np.arange(len(labels)) < info["labelled_before"]  # which come first
        groups = {"labelled before": known, "labelled now": ~known}
    names = info["class_names"]
    counts = [
        np.bincount(labels[rows & (labels >= 0)], minlength=len(names)).tolist()
        for rows in groups.values()
    ]
    rows = tuple(
        (name, *((f"{count:,}", count) for count in of_class))
        for name, *of_class in zip(names, *counts, strict=True)
    )
    return Table("By class", ("class", *groups), rows)
