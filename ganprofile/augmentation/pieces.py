"""A deformed set in pieces of work, which processes share and none of which is done twice."""

import dataclasses
import functools

import numpy as np

from ganprofile.augmentation.timing import TeacherProgress
from ganprofile.console import ProgressBar, say
from ganprofile.datasets.reading_alike import kept_size
from ganprofile.recipes.deformation import PARTS, SIZE_KEPT, cached_deformations, register_part
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.sizes import untested
from ganprofile.storage.files import write_bytes

SHORT = 500  # steps of `convnet`: some five seconds
BLOCK = 500  # images that are deformed together, by one seed


@dataclasses.dataclass(frozen=True)
class SetPieces:
    """The pieces of a set; each process has its own copy, and loads what others have left.

    Attributes:
        plan: of the teachers, a `TeacherTraining`, before anybody has asked what suits the images;
            its folder holds what is finished.
        chosen: int64 `(n,)`, which real image every image of the set is made of.
        steps: of the classifiers that find out what to expect; None for as many as they need.
    """

    plan: TeacherTraining
    chosen: np.ndarray
    steps: int | None = None

    @functools.cached_property
    def training(self):
        """The plan, as suits the images; `prepare` has a worker find it, who needs a framework."""
        return self.plan.suited()

    @functools.cached_property
    def augmenter(self):
        """What deforms the images."""
        return self.training.augmenter

    @functools.cached_property
    def teachers(self):
        """Those who label."""
        return self.training.trained()

    @property
    def is_short(self):
        """Whether the training of all teachers takes no longer than processes take to start."""
        return np.dot(self.plan.ensemble.step_costs, self.plan.member_steps) < SHORT

    def steps_file(self, number):
        """Where a teacher notes down how many steps it has done."""
        return self.plan.folder / f"steps-{number}"

    @property
    def blocks(self):
        """How many blocks of images there are."""
        return -(-len(self.chosen) // BLOCK)

    def first(self, number):
        """The place in the set of the first image of a block."""
        return number * BLOCK

    def rows(self, number):
        """Which real images the images of a block are made of."""
        return block_rows(self.chosen, number)


def prepare(pieces, executor, progress, of_set=False):
    """Find out what suits the images, register them and train the teachers, as far as undone.

    Args:
        pieces: a `SetPieces`.
        executor: who works; the pieces are what they have in common.
        progress: whether to say how it goes.
        of_set: as of `TeacherProgress`.
    """
    # One process finds out what suits the images while others register them.
    is_pairwise = pieces.plan.ensemble.deformation.is_pairwise
    parts = [(registered, False, part) for part in range(PARTS * is_pairwise)]
    with ProgressBar(len(parts), progress) as bar:
        kept = 0
        for done, was_kept in enumerate(executor.imap(carried_out, [(suited,), *parts])):
            if done:  # the first piece is no part
                kept += was_kept
                bar.show_pieces(done, "parts of the pairs are registered", kept)
    real = pieces.plan.real
    was_said = kept_size(real) is not None and untested(real.labels)  # by the recipe
    if pieces.training.ensemble.deformation.keeps_size and not was_said:
        say(SIZE_KEPT)
    if is_pairwise:
        _register_views(pieces, executor, progress)
    with TeacherProgress(pieces, executor.size, progress, of_set) as bar:
        numbers = bar.longest_first()
        for number in executor.imap_chains(taught, ([(number,)] for number in numbers), bar.tick):
            bar.finished(number)


def _register_views(pieces, executor, progress):
    """Register the images as those teachers see them who do not see them as they are."""
    ensemble = pieces.training.ensemble
    views = sorted({teacher.is_upright for teacher in ensemble.members})
    parts = [(True, part) for part in range(PARTS) if True in views]
    with ProgressBar(len(parts), progress) as bar:
        kept = 0
        for done, was_kept in enumerate(executor.imap(registered, parts), 1):
            kept += was_kept
            bar.show_pieces(done, "parts of the pairs of upright views are registered", kept)
    for _ in executor.imap(joined, zip({False, *views})):
        pass


def carried_out(pieces, function, *piece):
    """What comes of a piece of work of any kind."""
    return function(pieces, *piece)


def suited(pieces):
    """Find out what suits the images, and keep it."""
    pieces.training  # noqa: B018  loaded from its folder by all others


def registered(pieces, is_upright, part):
    """Register a part of the pairs of images in one of their views, and keep it; see there."""
    return register_part(*pieces.plan.registered(is_upright), part)


def joined(pieces, is_upright):
    """Put the parts together, for all processes to load."""
    cached_deformations(*pieces.plan.registered(is_upright))


def taught(pieces, number):
    """Train a teacher, and keep it; how far it is stands in a file meanwhile."""
    path = pieces.steps_file(number)
    pieces.training.train(number, lambda steps: write_bytes(path, str(steps).encode()))
    yield number


def drawn(pieces, number, known=None):
    """The images of a block, and the teachers' probabilities of their classes.

    Args:
        pieces: a `SetPieces`.
        number: of the block.
        known: the probabilities, where they are kept.
    """
    images = deformed_block(pieces.augmenter, pieces.chosen, number, pieces.training.seed)
    return images, pieces.teachers.predict_proba(images) if known is None else known


def deformed_block(augmenter, chosen, number, seed):
    """The images of a block of a set, uint8 `(at most BLOCK, height, width, channels)`."""
    return augmenter.deform(block_rows(chosen, number), [seed, number])


def block_rows(chosen, number):
    """Of `chosen`, which real image every image is made of, the part of a block."""
    return chosen[number * BLOCK : (number + 1) * BLOCK]
