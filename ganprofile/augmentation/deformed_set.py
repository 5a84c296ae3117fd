"""An augmented set from a person's own images: by a recipe, without a trained run."""

import dataclasses
import hashlib
import shutil
from pathlib import Path

import numpy as np

from ganprofile.augmentation import expected, timing
from ganprofile.augmentation.pieces import SetPieces, drawn, prepare
from ganprofile.augmentation.writing import would_draw, write_real
from ganprofile.console import ProgressBar, say
from ganprofile.datasets import Dataset
from ganprofile.datasets.formats.attributes import REAL, SYNTHETIC
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.datasets.synthetic import INCLUDED, included_synthetic
from ganprofile.errors import UsageError
from ganprofile.filtering.rejection import NONE
from ganprofile.filtering.streams import EXECUTOR
from ganprofile.frameworks import backend_fact
from ganprofile.parallel import HERE, Sharing
from ganprofile.recipes.deformation import kept_deformations
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.recipes import Recipe
from ganprofile.storage.arrays import write_arrays
from ganprofile.storage.kept import kept_arrays, kept_name

DEFAULT_TOTAL = 40_000
QUICK_TOTAL = 10_000
QUICK_SHARE = 3  # so many times as short is the training of quick teachers
TEACHER_STEPS = None  # as many as each teacher needs
DEFORMATIONS = "deformations.npz"  # of the set: what its images can be made of again


@dataclasses.dataclass(frozen=True)
class DeformationJob:
    """What is to be made of a person's own images.

    Attributes:
        real: the labelled `Dataset`.
        recipe: its `Recipe`.
        counts: int64 `(num_classes,)`, how many deformed images of every class.
        seed: of pairs, teachers and deformed images.
        include_real: whether the real images come first.
        expect: whether to find out what the set may be expected to give, once it is there.
        quick: whether teachers are trained for a third of their steps.
        progress: whether to say how it goes.
        sharing: who trains, deforms and labels.
    """

    real: Dataset
    recipe: Recipe
    counts: np.ndarray
    seed: int = 0
    include_real: bool = False
    expect: bool = True
    quick: bool = False
    progress: bool = True
    sharing: Sharing = HERE

    def description(self):
        """What would be done, a dict of JSON values."""
        drawn = would_draw(self.real.class_names, self.counts)
        seconds = timing.known_seconds(self._plan(Path()), int(self.counts.sum()))
        return {
            **{"recipe": self.recipe.arm, "why": self.recipe.why_here},
            "reference": expected.reference(self),
            **{"would_draw": drawn, "about_bytes": self.size()},
            **({} if seconds is None else {"about_seconds": round(seconds)}),
        }

    def size(self):
        """How many bytes the set takes, roughly."""
        real = self.real
        count = int(self.counts.sum()) + len(real) * self.include_real
        return timing.size_on_disk(count, real.num_classes, real.image_shape, real.images)

    def facts(self, keeps_size):
        """What `dataset.json` says of the set, a dict of JSON values.

        Args:
            keeps_size: whether the deformed images stay about as large as they are.
        """
        real, pretrained = self.real, self.recipe.pretrained
        weakest = self.recipe.ensemble.deformation.suited_by(real.labels, keeps_size).weakest
        included = included_synthetic(real) if self.include_real else {}
        return {
            SYNTHETIC: int(self.counts.sum()) + included.get(INCLUDED, 0),
            REAL: len(real) * self.include_real - included.get(INCLUDED, 0),
            "unfilled": {},
            "filter": {"level": NONE},
            "soft_labels": True,
            "made_from": {
                "recipe": self.recipe.arm,
                "pretrained": pretrained and pretrained.description(),
                "dataset": real.name,
                "dataset_fingerprint": real.fingerprint,
                "dataset_recipe": real.recipe,
                "provenance": real.provenance,
                "counts": self.counts.tolist(),
                "seed": self.seed,
                **({"quick": True} if self.quick else {}),
                **({"keeps_size": True} if keeps_size else {}),
                **({"weakest": weakest} if weakest < 1 else {}),
                **backend_fact(),
                **included,
            },
        }

    def pieces(self, room):
        """The `SetPieces`, which keep what is finished in the folder `room`."""
        chosen = chosen_images(self.real.labels, self.counts, self.seed)
        return SetPieces(self._plan(room), chosen, expected.STEPS)

    def _plan(self, room):
        ensemble, pretrained = self.recipe.ensemble, self.recipe.pretrained
        if self.quick:
            ensemble = ensemble.shortened(QUICK_SHARE)
        return TeacherTraining(self.real, self.seed, room, ensemble, TEACHER_STEPS, pretrained)

    def write(self, folder, format, room):
        """Make the set in an empty folder; what was finished in `room` before is not done again.

        Args:
            folder: an existing, empty folder.
            format: a name in `datasets.formats.FORMATS`.
            room: an existing folder, where all is kept that takes long, piece by piece.

        Returns:
            The content of its `dataset.json`.
        """
        say(self.recipe.why_here)
        if self.progress:
            say(
                f"{timing.what_is_made(self.counts, self.size())} How long it takes is said after "
                "a second of the training."
            )
        real, keeps_size = self.real, False
        drawn = np.flatnonzero(self.counts)
        form = real.class_names, real.image_shape, True
        with SetWriter(folder, format, *form, drawn=drawn) as writer:
            if self.include_real:
                write_real(writer, real)
            else:
                writer.show_real(real.images, real.labels)
            if self.counts.any():
                keeps_size = _write_drawn(self, self.pieces(room), writer, folder)
            expected.write_pending(folder, self, self.expect and self.counts.any())
            name = f"{real.name} augmented by {self.recipe.arm}"
            return writer.finish(name, **self.facts(keeps_size))

    def is_unfinished(self, folder):
        """Whether a folder holds this very set, and what to expect of it is still to be found."""
        return any(expected.is_pending(folder, self.facts(kept)) for kept in (False, True))

    def conclude(self, folder, room):
        """Find out what a finished set may be expected to give, if that is asked, and say so."""
        expected.conclude(self, folder, room)


def chosen_images(labels, counts, seed):
    """Which real image every deformed image of a set is made of, in its order.

    Args:
        labels: int `(n,)`, of the real images.
        counts: int `(num_classes,)`, how many deformed images of every class.
        seed: of the order.

    Returns:
        int64 `(counts.sum(),)`; within a class, each image as often as any other or once more.

    Raises:
        UsageError: a class is wanted of which there is no image.
    """
    empty = np.flatnonzero((counts > 0) & (np.bincount(labels, minlength=len(counts)) == 0))
    if len(empty):
        raise UsageError(
            f"There is no image of class number {empty[0]}, of which {counts[empty[0]]:,} "
            "deformed images are asked. Leave the class out."
        )
    random = np.random.default_rng(seed)
    parts = [
        np.resize(random.permutation(np.flatnonzero(labels == label)), count)
        for label, count in enumerate(counts)
        if count
    ]
    return random.permutation(np.concatenate(parts))


def _write_drawn(job, pieces, writer, folder):
    """Train, deform, label and write; returns whether the images keep their size."""
    local = job.sharing.on_this_machine(pieces.is_short)
    with local.executor(pieces, **EXECUTOR) as executor:
        prepare(pieces, executor, job.progress, of_set=True)
        deformation = pieces.training.ensemble.deformation
        if deformation.is_pairwise:
            kept = kept_deformations(*pieces.plan.registered(is_upright=False))
            shutil.copyfile(kept, folder / DEFORMATIONS)
        if job.sharing.cluster is None:
            _write_blocks(job, pieces, writer, executor)
            return deformation.keeps_size
    pieces.augmenter, pieces.teachers  # noqa: B018  they travel to the cluster
    with job.sharing.executor(pieces, most=pieces.blocks, **EXECUTOR) as executor:
        _write_blocks(job, pieces, writer, executor)
    return deformation.keeps_size


def _write_blocks(job, pieces, writer, executor):
    real = job.real
    kept = BlockLabels(pieces)
    numbers = range(pieces.blocks)
    before = sum(len(pieces.rows(number)) for number in numbers if kept.has(number))
    work = ((number, kept.known(number)) for number in numbers)
    with ProgressBar(len(pieces.chosen), job.progress) as bar:
        for number, (images, probabilities) in enumerate(executor.imap(drawn, work)):
            kept.keep(number, probabilities)
            rows = pieces.rows(number)
            labels = real.labels[rows]
            scores = probabilities[np.arange(len(rows)), labels]
            first = pieces.first(number)
            writer.add(
                images,
                labels,
                None if real.writers is None else real.writers[rows],
                probabilities,
                source=SYNTHETIC,
                seed=job.seed,
                draw=list(range(first, first + len(rows))),
                real_image=rows.tolist(),
                score=[f"{score:.4f}" for score in scores],
                labelled_by="real image",
            )
            done = first + len(rows)
            bar.show_rate(done, kept=min(done, before))  # those of an earlier time come first


class BlockLabels:
    """The teachers' probabilities of blocks, kept as they come.

    Args:
        pieces: the `SetPieces`.
    """

    def __init__(self, pieces):
        chosen = hashlib.sha256(pieces.chosen.tobytes()).hexdigest()
        facts = {"chosen": chosen, "teachers": pieces.training.place.name}
        self._folder = Path(pieces.training.folder) / kept_name("labels", **facts)

    def has(self, number):
        """Whether those of a block are kept."""
        return self._path(number).is_file()

    def known(self, number):
        """Those of a block, float32 `(n, num_classes)`, or None."""
        return kept_arrays(self._path(number))["probabilities"] if self.has(number) else None

    def keep(self, number, probabilities):
        """Keep them, where they are not kept yet."""
        if not self.has(number):
            self._folder.mkdir(exist_ok=True)
            write_arrays(self._path(number), {"probabilities": probabilities})

    def _path(self, number):
        return self._folder / f"{number}.npz"
