"""`label`: labels for many images from the labels of a few."""

import csv
import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from ganprofile.augmentation.pieces import SetPieces, prepare
from ganprofile.augmentation.sets import (
    AugmentedSet,
    ByName,
    SetFormat,
    check_place,
    make_set,
    place_of,
)
from ganprofile.augmentation.spreading import SpreadLabels, with_readings
from ganprofile.augmentation.timing import size_on_disk
from ganprofile.augmentation.writing import write_real
from ganprofile.captions import named_blocks
from ganprofile.console import DryRun, say
from ganprofile.datasets import (
    Dataset,
    check_loading,
    check_request,
    load,
    load_like,
    without_blanks,
    without_empty_classes,
)
from ganprofile.datasets.blanks import are_blank
from ganprofile.datasets.duplicates import say_conflicts
from ganprofile.datasets.formats.attributes import REAL, write_attributes
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.datasets.given import Arrays
from ganprofile.datasets.loaders.polarity import say_opposite_paper
from ganprofile.datasets.loaders.writers import WRITER_NAMES
from ganprofile.datasets.origins import MADE_FROM, merged_provenance
from ganprofile.datasets.raw_scans import refuse_raw
from ganprofile.datasets.synthetic import say_synthetic
from ganprofile.datasets.writer_parts import numbered_beside
from ganprofile.errors import UsageError, check_seed, check_several_classes
from ganprofile.images import BLOCK_ROWS, class_blocks, save_png
from ganprofile.parallel import HERE, Sharing
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.ensembles import WARPED
from ganprofile.storage.files import printable
from ganprofile.storage.paths import StrPath

PARENT = "labelled"  # the folder in which a set is made whose place is not said
CERTAINTY = "certainty"  # a further column of such a set
FILE = "file"  # another, where images were read from files
BY_FILE = "labelled.csv"
DOUBTFUL = "doubtful.png"
SHOWN = 10  # doubtful images of every class
NEAR_CHANCE = 0.05  # of the way from as likely as all others to certain
TEACHER_STEPS = None  # as many as each teacher needs


def label(
    unlabelled: Dataset | StrPath | Arrays,
    *,
    by: Dataset | StrPath | Arrays,
    leave_out: float = 0.0,
    output: StrPath | ByName | None = None,
    format: SetFormat = "npz",
    seed: int = 0,
    force: bool = False,
    dry_run: bool = False,
    progress: bool = True,
    **loading: Any,
) -> AugmentedSet | Dataset | DryRun:
    """Label images from a few labelled ones: a set of them all.

    Teachers of the labelled images (`recipes.distillation`) learn what matters about
    characters; labels then spread from neighbour to neighbour in their eyes (`spreading`), and what
    teachers read themselves counts as far as that labels the labelled images better. The set holds
    the labelled images first and is used like any other: to train a classifier on, or a GAN.

    Args:
        unlabelled: a `Dataset`, or a name or path for `load`; labels that it has are not looked at,
            and pictures of a person's own are brought to the form of the labelled ones; of a folder
            all are read, in whatever folders they lie below it. Writers whom both call by one name
            are the same people; numbers are those of the same people in parts of one set alone.
        by: the labelled images, likewise: some 10 of every class; classes without images are left
            out.
        leave_out: the share of images that are left out, the least certain, from 0 to less than 1.
        output: the folder to make; None returns a `Dataset` and writes nothing.
        format: a name in `datasets.formats.FORMATS`.
        seed: 0..2147483647; the same seed gives the same labels.
        force: replace a set at `output`.
        dry_run: check everything and return what would be done, a `DryRun`; nothing is written.
        progress: whether to say how it goes.
        **loading: further arguments of `load`, for both.

    Returns:
        An `AugmentedSet`; without `output` a `Dataset`, of a dry run a `DryRun`. Each image's
        certainty is in the manifest's `score` and in the column `certainty` of the `Dataset`: which
        part of all that speaks for a class speaks for its class. It puts images in order and is no
        probability of being right, far below that as a rule; how many labels are right is not
        known. `doubtful.png` shows the least certain images of every class.

    Raises:
        UsageError: there are no labels to begin with, the images are of another shape or all
            labelled already, or `output` exists.
        GanprofileError: images cannot be had or read.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> few = train_set.subset(per_class=10)
        >>> gp.label(test_set, by=few, dry_run=True)["unlabelled"]
        1000
    """
    check_loading("label", loading)
    check_seed(seed)
    if not (isinstance(leave_out, (int, float, np.number)) and 0 <= leave_out < 1):
        raise UsageError(f"`leave_out` should be from 0 to less than 1. Received: {leave_out!r}.")
    check_place(output, format, force)
    check_request(unlabelled, by, output=place_of(output, "", PARENT), **loading)
    few = by if isinstance(by, Dataset) else load(by, **loading)[0]
    if few is not by:
        refuse_raw(few, loading)
    few = without_blanks(without_empty_classes(few))
    say_synthetic(few)
    if few.labels is not None:
        say_conflicts(few)
    if isinstance(unlabelled, Dataset):
        many = unlabelled
        say_opposite_paper(few, many)
    else:
        of_few = () if isinstance(by, Dataset) else ("revision",)
        alike = {option: value for option, value in loading.items() if option not in of_few}
        many, _ = load_like(unlabelled, few, unlabelled=True, **alike)
    if not are_blank(few.images).any():  # else blank ones may be of a class of their own
        many = without_blanks(many)
    many = numbered_beside(few, _others(few, many))
    job = LabellingJob(few, many, leave_out, seed, progress)
    return make_set(
        job, many.name, output, parent=PARENT, format=format, force=force, dry_run=dry_run
    )


@dataclasses.dataclass(frozen=True)
class LabellingJob:
    """What is to be labelled.

    Attributes:
        few: the labelled images.
        many: those without labels.
        leave_out: the share of these that is left out, in 0..1.
        seed: of teachers.
        progress: whether to say how it goes.
        sharing: who shares the work.
    """

    few: Dataset
    many: Dataset
    leave_out: float
    seed: int
    progress: bool
    sharing: Sharing = HERE

    def description(self) -> dict[str, Any]:
        """What would be done, a dict of JSON values."""
        few, many = self.few, self.many
        kept = len(many) - int(self.leave_out * len(many))
        size = size_on_disk(
            len(few) + kept, few.num_classes, few.image_shape, many.images, soft_labels=False
        )
        return {"labelled": len(few), "unlabelled": len(many), "about_bytes": size}

    def write(self, folder: Path, format: SetFormat, room: Path) -> dict[str, Any]:
        """Write the set; returns the content of its `dataset.json`. Teachers are kept in `room`."""
        found = _spread(self.few, self.many, self.seed, room, self.progress)
        _say_near_chance(found, self.many)
        return _write(folder, format, self.few, self.many, found, self.leave_out)


def _others(few: Dataset, many: Dataset) -> Dataset:
    """The images that are to be labelled: those which are not labelled already."""
    if few.labels is None:
        raise UsageError(
            f"{few.name} has no labels to begin with. Sort some 10 images of every class into a "
            "folder per class, and name it with `by`."
        )
    check_several_classes(few.num_classes)
    if few.image_shape != many.image_shape:
        raise UsageError(
            f"Images of {many.name} should have the shape {few.image_shape} of those of "
            f"{few.name}. Received: {many.image_shape}. Say `image_size` and `channels`."
        )
    is_known = np.isin(many.image_hashes, few.image_hashes)
    if is_known.all():
        raise UsageError(f"All images of {many.name} are among those of {few.name} already.")
    return many.select(~is_known)


def _spread(few: Dataset, many: Dataset, seed: int, room: Path, progress: bool) -> np.ndarray:
    """Probabilities of the classes of images, float32 `(n, num_classes)`."""
    if progress:
        say(f"Training teachers on deformed images of {len(few):,} labelled images.")
    plan = TeacherTraining(few, seed, room, WARPED, TEACHER_STEPS)
    pieces = SetPieces(plan, np.arange(0))
    sharing = HERE.on_this_machine(pieces.is_short)
    with sharing.executor(pieces, work="label", remedy="Run the command again.") as executor:
        prepare(pieces, executor, progress)
    if progress:
        say(f"Spreading their labels over {len(many):,} images.")
    is_upright = not pieces.training.ensemble.deformation.keeps_size
    teachers = pieces.teachers
    spread = SpreadLabels(few, many.images, [teachers], seed, is_upright)
    found, share = with_readings(spread, pieces.training, teachers, many.images)
    if progress and share:
        say(f"What teachers read counts {share:g} times as much, as labels that are known tell.")
    return found


def _say_near_chance(found: np.ndarray, many: Dataset) -> None:
    """Say where of most images nothing tells which class they are of."""
    classes = found.shape[1]
    chance = 1 / classes
    doubtful = found.max(axis=1) < chance + NEAR_CHANCE * (1 - chance)
    if 2 * np.count_nonzero(doubtful) <= len(many):
        return
    example = printable(many.describe_image(int(found.max(axis=1).argmin())))
    say(
        f"Of {np.count_nonzero(doubtful):,} of the {len(many):,} images of {printable(many.name)} "
        f"each of the {classes:,} classes is about as likely as the others, such as of {example}: "
        "they may show none of these classes. Look at them before their labels are used."
    )


def _write(
    folder: Path,
    format: SetFormat,
    few: Dataset,
    many: Dataset,
    found: np.ndarray,
    leave_out: float,
) -> dict[str, Any]:
    """Write the set; returns the content of its `dataset.json`."""
    certain = found.max(axis=1)
    doubtful_first = np.argsort(certain, kind="stable")
    kept = np.sort(doubtful_first[int(leave_out * len(many)) :])
    images, labels, certain = many.select(kept), found.argmax(axis=1)[kept], certain[kept]
    with SetWriter(folder, format, few.class_names, few.image_shape) as writer:
        write_real(writer, few)
        score = [f"{value:.4f}" for value in certain]
        said = {"source": REAL, "score": score, "labelled_by": "neighbours"}
        writer.add(images.images, labels, images.writers, **said)
        known = np.ones(len(few), np.float32)
        columns = {CERTAINTY: np.concatenate([known, certain]), **_texts(few, images)}
        if FILE in images.attributes:
            names = np.array(few.class_names)[labels]
            _list_files(folder / BY_FILE, images.attributes[FILE], names, certain)
        write_attributes(folder, columns)
        save_png(folder / DOUBTFUL, _least_certain(images, labels, certain, few.class_names))
        return writer.finish(
            f"{many.name} labelled by {few.name}",
            real=len(few) + len(kept),
            synthetic=0,
            labelled_before=len(few),
            labelled_now=len(kept),
            left_out=len(many) - len(kept),
            labels_of={"name": few.name, "fingerprint": few.fingerprint},
            provenance=_marks(few, images),
        )


def _texts(few: Dataset, images: Dataset) -> dict[str, np.ndarray]:
    """Which file each image was read from and who wrote it by name, where either set tells it."""
    return {
        name: np.concatenate(
            [part.attributes.get(name, np.full(len(part), "")) for part in (few, images)]
        )
        for name in (FILE, WRITER_NAMES)
        if name in few.attributes or name in images.attributes
    }


def _list_files(path: Path, files: np.ndarray, names: np.ndarray, certain: np.ndarray) -> None:
    """Which file was given which label, the least certain first, as a table that can be read as
    labels of the files once it is corrected."""
    order = np.argsort(certain, kind="stable")
    with open(path, "w", newline="", encoding="utf-8") as opened:
        rows = csv.writer(opened)
        rows.writerow(["image", "label", CERTAINTY])
        rows.writerows((files[k], names[k], f"{certain[k]:.4f}") for k in order)


def _marks(few: Dataset, images: Dataset) -> dict[str, Any]:
    """What is known of where the images come from, and of test images among them; not of what
    either was made, since the set is made of both."""
    merged = merged_provenance(few.provenance, images.provenance)
    return {name: value for name, value in merged.items() if name != MADE_FROM}


def _least_certain(
    images: Dataset, labels: np.ndarray, certain: np.ndarray, class_names: tuple[str, ...]
) -> np.ndarray:
    """The least certain images of every class, a row with its name, the least certain first."""
    order = np.argsort(certain, kind="stable")
    rows = [order[labels[order] == label][:SHOWN] for label in range(len(class_names))]
    chosen = np.concatenate(rows)
    shown = Dataset(images.images[chosen], labels[chosen], class_names)
    sheet, classes = shown.some_of_classes(SHOWN)
    firsts = range(0, classes, BLOCK_ROWS)
    names = [class_names[:classes][first : first + BLOCK_ROWS] for first in firsts]
    return named_blocks(class_blocks(sheet, classes), names)
