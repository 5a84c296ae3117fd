"""`label`: labels for many images from the labels of a few."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from ganprofile.augmentation.labelled_set import left_out, write_labelled
from ganprofile.augmentation.pieces import SetPieces, prepare
from ganprofile.augmentation.sets import (
    AugmentedSet,
    ByName,
    SetFormat,
    check_place,
    make_set,
    named_after,
    place_of,
)
from ganprofile.augmentation.spreading import SpreadLabels, with_readings
from ganprofile.augmentation.timing import size_on_disk
from ganprofile.console import DryRun, counted, say
from ganprofile.datasets import (
    Dataset,
    check_loading,
    check_request,
    load,
    load_unlabelled,
    without_blanks,
    without_empty_classes,
)
from ganprofile.datasets.blanks import are_blank
from ganprofile.datasets.duplicates import say_conflicts
from ganprofile.datasets.given import Arrays
from ganprofile.datasets.loaders.polarity import say_opposite_paper
from ganprofile.datasets.raw_scans import refuse_raw
from ganprofile.datasets.synthetic import say_synthetic
from ganprofile.datasets.writer_parts import numbered_beside
from ganprofile.errors import UsageError, check_seed, check_several_classes
from ganprofile.images import TO_ONE_SHAPE, shape_in_words
from ganprofile.parallel import HERE, Sharing
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.ensembles import WARPED
from ganprofile.storage.files import printable
from ganprofile.storage.names import resolved
from ganprofile.storage.paths import StrPath

PARENT = "labelled"  # the folder in which a set is made whose place is not said
NEAR_CHANCE = 0.05  # of the way from as likely as all others to certain
TEACHER_STEPS = None  # as many as each teacher needs
Effort = Literal["quick", "full"]
EFFORTS = QUICK, FULL = get_args(Effort)
HELPED = 51_900  # images, some of whose labels a reader corrected; of 5,000 it did harm


def label(
    unlabelled: Dataset | StrPath | Arrays,
    *,
    by: Dataset | StrPath | Arrays,
    leave_out: float = 0.0,
    effort: Effort = QUICK,
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
    teachers read themselves counts as far as that labels the labelled images better. With the
    effort `full` a reader then learns from these labels against a generator
    (`gan.semi_supervised`), which finds what no labelled image shows, such as sevens with a bar,
    and what it reads counts, too. The set holds the labelled images first and is used like any
    other: to train a classifier on, or a GAN.

    Args:
        unlabelled: a `Dataset`, or a name or path for `load`; labels that it has are not looked at,
            and pictures of a person's own are brought to the form of the labelled ones; of a folder
            all are read, in whatever folders they lie below it, but those of a test part, which is
            said. Writers whom both call by one name
            are the same people; numbers are those of the same people in parts of one set alone.
        by: the labelled images, likewise: some 10 of every class; classes without images are left
            out.
        leave_out: the share of images that are left out, the least certain, from 0 to less than 1.
        effort: `quick`, or `full`, which takes an hour more of a processor's core and is for tens
            of thousands of images without labels: labels of 5,000 it made worse.
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
        known. Other columns of numbers or of texts are kept that both have, and soft labels, beside
        which guessed labels are certain ones. `doubtful.png` shows the least certain images of
        every class, or of the 100 that are doubted most.

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
    effort = resolved("effort", effort, EFFORTS)
    check_place(output, format, force)
    check_request(unlabelled, by, output=place_of(output, "", PARENT), **loading)
    job = labelling_job(unlabelled, by, leave_out, effort, seed, progress, loading)
    name = named_after(unlabelled, job.many)
    return make_set(job, name, output, parent=PARENT, format=format, force=force, dry_run=dry_run)


def labelling_job(
    unlabelled: Dataset | StrPath | Arrays,
    by: Dataset | StrPath | Arrays,
    leave_out: float,
    effort: str,
    seed: int,
    progress: bool,
    loading: dict[str, Any],
) -> LabellingJob:
    """What `label` is to do, whose checked arguments these are."""
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
        many = load_unlabelled(unlabelled, few, **alike)
    if not are_blank(few.images).any():  # else blank ones may be of a class of their own
        many = without_blanks(many)
    many = numbered_beside(few, _others(few, many))
    if left_out(leave_out, len(many)) == len(many):
        raise UsageError(
            f"`leave_out` should leave some of the {counted(len(many), 'image')} of "
            f"{printable(many.name)}. Received: {leave_out:g}, which leaves out all."
        )
    say_synthetic(many)
    if effort == FULL:
        _say_few(many)
    return LabellingJob(few, many, leave_out, effort, seed, progress)


@dataclasses.dataclass(frozen=True)
class LabellingJob:
    """What is to be labelled.

    Attributes:
        few: the labelled images.
        many: those without labels.
        leave_out: the share of these that is left out, in 0..1.
        effort: one of `EFFORTS`.
        seed: of teachers, and of a reader.
        progress: whether to say how it goes.
        sharing: who shares the work.
    """

    few: Dataset
    many: Dataset
    leave_out: float
    effort: str
    seed: int
    progress: bool
    sharing: Sharing = HERE

    def description(self) -> dict[str, Any]:
        """What would be done, a dict of JSON values."""
        few, many = self.few, self.many
        kept = len(many) - left_out(self.leave_out, len(many))
        size = size_on_disk(
            len(few) + kept,
            few.num_classes,
            few.image_shape,
            many.images,
            soft_labels=few.soft_labels is not None,
        )
        plan = {"labelled": len(few), "unlabelled": len(many), "about_bytes": size}
        return plan | self._told

    @property
    def _told(self) -> dict[str, Any]:
        """What is said of the effort, where it is not the usual one."""
        return {} if self.effort == QUICK else {"effort": self.effort}

    def write(self, folder: Path, format: SetFormat, room: Path) -> dict[str, Any]:
        """Write the set; returns the content of its `dataset.json`. Teachers are kept in `room`."""
        found = self._found(room)
        _say_near_chance(found, self.many)
        kept = (self.few, self.many, found, self.leave_out)
        return write_labelled(folder, format, *kept, **self._told)

    def _found(self, room: Path) -> np.ndarray:
        """Probabilities of the classes of images, float32 `(n, num_classes)`."""
        if self.progress:
            say(f"Training teachers on deformed images of {len(self.few):,} labelled images.")
        plan = TeacherTraining(self.few, self.seed, room, WARPED, TEACHER_STEPS)
        pieces = SetPieces(plan, np.arange(0))
        sharing = HERE.on_this_machine(pieces.is_short)
        with sharing.executor(pieces, work="label", remedy="Run the command again.") as executor:
            prepare(pieces, executor, self.progress)
        found = self._spread(pieces)
        return found if self.effort == QUICK else self._read_again(pieces, found)

    def _spread(self, pieces: SetPieces) -> np.ndarray:
        """The same, by neighbours and teachers."""
        images = self.many.images
        if self.progress:
            say(f"Spreading their labels over {len(images):,} images.")
        teachers = pieces.teachers
        spread = SpreadLabels(self.few, images, [teachers], self.seed, not _keeps_size(pieces))
        found, share = with_readings(spread, pieces.training, teachers, images)
        if self.progress and share:
            say(
                f"What teachers read counts {share:g} times as much, as labels that are known tell."
            )
        return found

    def _read_again(self, pieces: SetPieces, found: np.ndarray) -> np.ndarray:
        """The same, and what a reader says that learned from them against a generator."""
        from ganprofile.recipes.adversarial import SETTINGS, AdversarialTraining, with_reader

        if self.progress:
            say(f"Training a reader against a generator, {SETTINGS.steps:,} steps.")
        settings = dataclasses.replace(SETTINGS, keeps_size=_keeps_size(pieces))
        images, room = self.many.images, pieces.plan.folder
        training = AdversarialTraining(self.few, images, found, self.seed, room, settings)
        return with_reader(found, training.trained(self.progress), images)


def _keeps_size(pieces: SetPieces) -> bool:
    """Whether size tells the characters apart."""
    return pieces.training.ensemble.deformation.keeps_size


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
            f"Images of {many.name} should be {shape_in_words(few.image_shape)}, as those of "
            f"{few.name}. Received: {shape_in_words(many.image_shape)}. Say {TO_ONE_SHAPE}."
        )
    is_known = np.isin(many.image_hashes, few.image_hashes)
    if is_known.all():
        raise UsageError(f"All images of {many.name} are among those of {few.name} already.")
    if known := np.count_nonzero(is_known):
        say(
            f"{known:,} of the {len(many):,} images of {printable(many.name)} are among those of "
            f"{printable(few.name)} already: they keep the labels that they have there."
        )
    return many.select(~is_known)


def _say_few(many: Dataset) -> None:
    """Say of fewer images than a reader was shown to help with that it may harm (docs/lift.md)."""
    if len(many) < HELPED:
        say(
            f"`effort={FULL!r}` made 99.0 % of the labels of {HELPED:,} digits right where 98.1 % "
            "were, and of 5,000 digits 97.7 % where 98.3 % were: of as few as "
            f"{len(many):,} images it may make labels worse. {QUICK!r} needs no such hour."
        )


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
