"""An augmented set from a person's own images: by a recipe, without a trained run."""

import dataclasses
import tempfile
from pathlib import Path

import numpy as np

from ganprofile.augmentation.soft_labels import write_soft_labels
from ganprofile.augmentation.writing import would_draw, write_real
from ganprofile.benchmarking.expectation import cross_validated
from ganprofile.console import ProgressBar, say
from ganprofile.datasets import Dataset
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.errors import UsageError
from ganprofile.filtering.rejection import NONE
from ganprofile.filtering.streams import EXECUTOR
from ganprofile.parallel import HERE, Sharing
from ganprofile.recipes.deformation import cached_deformations
from ganprofile.recipes.distillation import Teachers
from ganprofile.recipes.recipes import Recipe
from ganprofile.storage.files import write_json

DEFAULT_TOTAL = 40_000
TEACHER_STEPS = None  # as many as each teacher needs
BLOCK = 500  # images that are deformed together, by one seed
DEFORMATIONS = "deformations.npz"  # of the set: what its images can be made of again
EXPECTATION = "expectation.json"
# The trainings are too short to decide: as short ones hid gains of two points (docs/lift.md).
HARM = (
    "That speaks against this set for your images, though trainings as short as these have hidden "
    "gains of two points. Judge it on held-out images before you use it: ganprofile benchmark."
)


@dataclasses.dataclass(frozen=True)
class DeformationJob:
    """What is to be made of a person's own images.

    Attributes:
        real: the labelled `Dataset`.
        recipe: its `Recipe`.
        counts: int64 `(num_classes,)`, how many deformed images of every class.
        seed: of pairs, teachers and deformed images.
        include_real: whether the real images come first.
        expect: whether to cross-validate.
        progress: whether to say how it goes.
        sharing: who cross-validates, deforms and labels.
    """

    real: Dataset
    recipe: Recipe
    counts: np.ndarray
    seed: int = 0
    include_real: bool = False
    expect: bool = True
    progress: bool = True
    sharing: Sharing = HERE

    def description(self):
        """What would be done, a dict of JSON values."""
        drawn = would_draw(self.real.class_names, self.counts)
        return {"recipe": self.recipe.arm, "would_draw": drawn}

    def write(self, folder, format):
        """Do it: see `write_deformed_set`."""
        return write_deformed_set(self, folder, format)


def write_deformed_set(job, folder, format):
    """Make a set by a recipe in an empty folder.

    Args:
        job: a `DeformationJob`.
        folder: an existing, empty folder.
        format: a name in `datasets.formats.FORMATS`.

    Returns:
        The content of its `dataset.json`.
    """
    real, recipe = job.real, job.recipe
    say(recipe.why)
    expectation = None
    if job.expect:
        arguments = job.seed, job.progress, job.sharing
        expectation = cross_validated(real, recipe.arm, *arguments)
    made_by = _augmenter_and_teachers(job, folder) if job.counts.any() else None
    with SetWriter(folder, format, real.class_names, real.image_shape) as writer:
        soft_labels = [write_real(writer, real)] if job.include_real else []
        if made_by is not None:
            soft_labels += _write_blocks(job, writer, *made_by)
        write_soft_labels(folder, real.class_names, np.concatenate(soft_labels))
        _write_expectation(folder / EXPECTATION, recipe, expectation)
        return writer.finish(f"{real.name} augmented by {recipe.arm}", **_facts(job))


def _augmenter_and_teachers(job, folder):
    """What deforms the images and what labels them; the deformations are kept with the set."""
    real, recipe, deformations = job.real, job.recipe, None
    if job.progress:
        say(f"Training teachers on deformed images of {len(real):,} real images.")
    with tempfile.TemporaryDirectory() as room:
        room = Path(room)
        if recipe.ensemble.deformation.is_pairwise:
            deformations = cached_deformations(real.images, real.labels, job.seed, room)
            deformations.save(folder / DEFORMATIONS)
        arguments = recipe.ensemble, TEACHER_STEPS, recipe.pretrained, job.progress
        teachers = Teachers(real, job.seed, room, *arguments)
    return recipe.ensemble.deformation.augmenter_with(real.images, deformations), teachers


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


def deformed_block(augmenter, chosen, number, seed):
    """The images of a block of a set, uint8 `(at most BLOCK, height, width, channels)`."""
    return augmenter.deform(chosen[number * BLOCK : (number + 1) * BLOCK], [seed, number])


def _write_blocks(job, writer, augmenter, teachers):
    """Write the deformed images; returns their soft labels, a list of `(n, num_classes)`."""
    real, parts = job.real, []
    chosen = chosen_images(real.labels, job.counts, job.seed)
    count = -(-len(chosen) // BLOCK)
    common = (augmenter, teachers, chosen, job.seed)
    with (
        ProgressBar(len(chosen), job.progress) as bar,
        job.sharing.executor(common, most=count, **EXECUTOR) as executor,
    ):
        made = executor.imap(_deformed_and_labelled, zip(range(count)))
        for number, (images, probabilities) in enumerate(made):
            rows = chosen[number * BLOCK : (number + 1) * BLOCK]
            labels = real.labels[rows]
            parts.append(probabilities)
            scores = parts[-1][np.arange(len(rows)), labels]
            writer.add(
                images,
                labels,
                None if real.writers is None else real.writers[rows],
                source="synthetic",
                seed=job.seed,
                draw=list(range(number * BLOCK, number * BLOCK + len(rows))),
                real_image=rows.tolist(),
                score=[f"{score:.4f}" for score in scores],
                labelled_by="real image",
            )
            bar.show_rate(number * BLOCK + len(rows))
    return parts


def _deformed_and_labelled(common, number):
    """The images of a block, and the teachers' probabilities of their classes."""
    augmenter, teachers, chosen, seed = common
    images = deformed_block(augmenter, chosen, number, seed)
    return images, teachers.predict_proba(images)


def _facts(job):
    """What `dataset.json` says of a set, a dict of JSON values."""
    real, pretrained = job.real, job.recipe.pretrained
    return {
        "synthetic": int(job.counts.sum()),
        "real": len(real) * job.include_real,
        "unfilled": {},
        "filter": {"level": NONE},
        "soft_labels": True,
        "made_from": {
            "recipe": job.recipe.arm,
            "pretrained": pretrained and pretrained.description(),
            "dataset": real.name,
            "dataset_fingerprint": real.fingerprint,
            "dataset_recipe": real.recipe,
            "provenance": real.provenance,
            "counts": job.counts.tolist(),
            "seed": job.seed,
        },
    }


def _write_expectation(path, recipe, expectation):
    """Say what to expect, and keep it beside what the set is made of."""
    sentences = [] if expectation is None else [expectation.sentence()]
    if expectation is not None and expectation.is_harmful:
        sentences.append(HARM)
    if recipe.gains and not (expectation and expectation.is_shown):
        known = "; ".join(gain.sentence() for gain in recipe.gains)
        sentences.append(f"On reference data {recipe.gains[0].arm} gave over classic: {known}.")
    for sentence in sentences:
        say(sentence)
    write_json(
        path,
        {
            "recipe": recipe.arm,
            "why": recipe.why,
            "cross_validated": expectation and dataclasses.asdict(expectation),
            "reference": [dataclasses.asdict(gain) for gain in recipe.gains],
            "sentences": sentences,
        },
    )
