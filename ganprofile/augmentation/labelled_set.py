"""A set of labelled images and of those that were labelled by them, as files."""

import csv
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from ganprofile.augmentation.sets import SetFormat
from ganprofile.captions import named_blocks
from ganprofile.datasets import Dataset
from ganprofile.datasets.formats.attributes import NEIGHBOURS, is_origin, write_attributes
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.datasets.guessed import have_guessed_labels
from ganprofile.datasets.loaders.writers import WRITER_NAMES
from ganprofile.datasets.origins import MADE_FROM, merged_provenance
from ganprofile.images import (
    BLOCK_ROWS,
    MOST_CLASSES_SHOWN,
    class_blocks,
    classes_shown,
    save_png,
)

CERTAINTY = "certainty"  # a further column of such a set
FILE = "file"  # another, where images were read from files
BY_FILE = "labelled.csv"
DOUBTFUL = "doubtful.png"
GUESSED_BEFORE = "guessed_before"  # in `dataset.json`: how many of `labelled_before` were guesses
SHOWN = 10  # doubtful images of every class


def left_out(share, count):
    """How many of so many images are left out, by their share, in 0..1."""
    return round(share * count)


def write_labelled(
    folder: Path,
    format: SetFormat,
    few: Dataset,
    many: Dataset,
    found: np.ndarray,
    leave_out: float,
    **facts: Any,
) -> dict[str, Any]:
    """Write a set.

    Args:
        folder: where.
        format: a name in `FORMATS`.
        few: the images that were labelled before.
        many: the others.
        found: what speaks for each class of these, float32 `(n, num_classes)`, in 0..1.
        leave_out: the share of these that is left out, the least certain, in 0..1.
        **facts: more of what its `dataset.json` says.

    Returns:
        The content of that file.
    """
    certain = found.max(axis=1)
    doubtful_first = np.argsort(certain, kind="stable")
    kept = np.sort(doubtful_first[left_out(leave_out, len(many)) :])
    labels, certain = found.argmax(axis=1)[kept].astype(np.int32), certain[kept]
    images = dataclasses.replace(
        many.select(kept), labels=labels, class_names=few.class_names, soft_labels=None
    )
    is_soft = few.soft_labels is not None
    with SetWriter(folder, format, few.class_names, few.image_shape, is_soft) as writer:
        writer.add_from(few, few.soft_labels)
        score = [*map(_share, certain.tolist())]
        writer.add_from(images, score=score, labelled_by=NEIGHBOURS)
        columns = {
            CERTAINTY: np.concatenate([_known_certainty(few), certain]),
            **_columns(few, images),
        }
        if _has_file_each(many):
            names = np.array(few.class_names)[labels]
            _list_files(folder / BY_FILE, images.attributes[FILE], names, certain)
        write_attributes(folder, columns)
        save_png(folder / DOUBTFUL, _least_certain(images, labels, certain, few.class_names))
        before = int(np.count_nonzero(have_guessed_labels(few)))
        return writer.finish(
            f"{many.name} labelled by {few.name}",
            **writer.counted(),
            labelled_before=len(few),
            **({GUESSED_BEFORE: before} if before else {}),
            labelled_now=len(kept),
            left_out=len(many) - len(kept),
            labels_of=_named(few),
            images_of=_named(many),
            provenance=_marks(few, images),
            **facts,
        )


def _known_certainty(few: Dataset) -> np.ndarray:
    """How sure labels are that were there before: those that were guessed in turn as sure as they
    were then. Of others such a column, of numbers or not, is the user's own."""
    known = few.attributes.get(CERTAINTY)
    if known is None or not np.issubdtype(known.dtype, np.number):
        return np.ones(len(few), np.float32)
    return np.where(have_guessed_labels(few), known, 1).astype(np.float32)


def _named(part: Dataset) -> dict[str, Any]:
    """Which images they are, and what they were made of, where that is known."""
    made = {key: part.provenance[key] for key in (MADE_FROM,) if key in part.provenance}
    return {"name": part.name, "fingerprint": part.fingerprint, **made}


def _columns(few: Dataset, images: Dataset) -> dict[str, np.ndarray]:
    """Which file each image was read from and who wrote it by name, where either set tells it, and
    other columns of numbers or of texts that both have."""
    parts = few.attributes, images.attributes
    texts = {
        name: np.concatenate(
            [part.attributes.get(name, np.full(len(part), "")) for part in (few, images)]
        )
        for name in (FILE, WRITER_NAMES)
        if any(name in part for part in parts)
    }
    others = {
        name: np.concatenate([part[name] for part in parts])
        for name in parts[0]
        if name != CERTAINTY and not is_origin(name) and all(name in part for part in parts)
    }
    return {**others, **texts}


def _has_file_each(images: Dataset) -> bool:
    """Whether each image was read from a file of its own, which then names it; a page does not."""
    files = images.attributes.get(FILE)
    return files is not None and len(np.unique(files)) == len(files)


def _list_files(path: Path, files: np.ndarray, names: np.ndarray, certain: np.ndarray) -> None:
    """Which file was given which label, the least certain first, as a table that can be read as
    labels of the files once it is corrected."""
    order = np.argsort(certain, kind="stable")
    with open(path, "w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened)
        rows.writerow(["image", "label", CERTAINTY])
        rows.writerows((files[k], names[k], _share(float(certain[k]))) for k in order)


def _share(value: float) -> str:
    """A share of 1 with four decimal places, and more where it would become 0 or 1."""
    said = f"{value:.4f}"
    return said if 0 < float(said) < 1 or value in (0, 1) else repr(value)


def _marks(few: Dataset, images: Dataset) -> dict[str, Any]:
    """What is known of where the images come from, and of test images among them; not of what
    either was made, since the set is made of both: that stands beside the name of each."""
    merged = merged_provenance(few.provenance, images.provenance)
    return {name: value for name, value in merged.items() if name != MADE_FROM}


def _least_certain(
    images: Dataset, labels: np.ndarray, certain: np.ndarray, class_names: tuple[str, ...]
) -> np.ndarray:
    """The least certain images of every class, a row with its name, the least certain first; of
    more than 100 classes those that are doubted most."""
    order = np.argsort(certain, kind="stable")
    doubted, firsts = np.unique(labels[order], return_index=True)
    if len(class_names) > MOST_CLASSES_SHOWN:
        doubted = np.sort(doubted[np.argsort(firsts)[:MOST_CLASSES_SHOWN]])
    chosen = np.concatenate([order[labels[order] == label][:SHOWN] for label in doubted])
    sheet = Dataset(images.images[chosen], labels[chosen], class_names)
    blocks = class_blocks(*sheet.some_of_classes(SHOWN))
    names = [class_names[label] for label in classes_shown(sheet.labels, sheet.num_classes)]
    firsts = range(0, len(names), BLOCK_ROWS)
    return named_blocks(blocks, [names[first : first + BLOCK_ROWS] for first in firsts])
