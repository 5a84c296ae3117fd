"""Writing an augmented set: real and drawn images, their manifest, what was refused."""

import dataclasses

import numpy as np

from ganprofile.augmentation.timing import size_on_disk, what_is_made
from ganprofile.console import ProgressBar, counted, say
from ganprofile.datasets import Dataset
from ganprofile.datasets.formats.attributes import SYNTHETIC
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.datasets.origins import recorded_provenance
from ganprofile.datasets.synthetic import included_synthetic
from ganprofile.errors import GanprofileError
from ganprofile.filtering.filter_log import FilterLog
from ganprofile.filtering.filtering import fitted_classifiers, labelled_stream, named
from ganprofile.filtering.rejected_picture import save_rejected_picture
from ganprofile.filtering.rejection import LEVELS, NONE, REASONS
from ganprofile.parallel import HERE, Sharing
from ganprofile.runs.run import Run

PICTURE = "rejected.png"


@dataclasses.dataclass(frozen=True)
class GenerationJob:
    """What is to be drawn and written.

    Attributes:
        run: the `Run`.
        real: its real data, or None where nothing needs them.
        counts: int64 `(num_classes,)`, how many images of every class are drawn.
        seed: of the images, the classifiers and the choice.
        level: a name in `LEVELS`.
        include_real: whether the real images come first.
        score: whether classifiers score the images where nothing else needs them.
        soft_labels: whether the classifiers' probabilities are written.
        progress: whether to say how it goes.
        sharing: who draws and judges.
    """

    run: Run
    real: Dataset | None
    counts: np.ndarray
    seed: int
    level: str
    include_real: bool = False
    score: bool = True
    soft_labels: bool = False
    progress: bool = True
    sharing: Sharing = HERE

    def description(self):
        """What would be done, a dict of JSON values."""
        drawn = would_draw(self.run.class_names, self.counts)
        return {"filter": self.level, "would_draw": drawn, "about_bytes": self.size()}

    def size(self):
        """How many bytes the set takes, roughly."""
        like = None if self.real is None else self.real.images
        count = int(self.counts.sum()) + (0 if like is None else len(like) * self.include_real)
        shape, classes = self.run.image_shape, len(self.run.class_names)
        return size_on_disk(count, classes, shape, like, soft_labels=self.soft_labels)

    def write(self, folder, format, room):
        """Do it: see `write_set`. Nothing is kept in `room`."""
        return write_set(self, folder, format)


def would_draw(class_names, counts):
    """How many images by class, a dict."""
    return dict(zip(class_names, counts.tolist(), strict=True))


def write_set(job, folder, format):
    """Draw a set into an empty folder.

    Args:
        job: a `GenerationJob`.
        folder: an existing, empty folder.
        format: a name in `datasets.formats.FORMATS`.

    Returns:
        The content of its `dataset.json`.

    Raises:
        GanprofileError: nothing was drawn that can be used.
    """
    run, real = job.run, job.real
    if job.progress:
        say(
            f"{what_is_made(job.counts, job.size())} How long it takes is said once drawing has "
            "begun."
        )
    filters = LEVELS[job.level] is not None
    score = job.score and real is not None and len(run.class_names) > 1
    with (
        SetWriter(
            *(folder, format, run.class_names, run.image_shape, job.soft_labels),
            drawn=np.flatnonzero(job.counts),
        ) as writer,
        FilterLog(
            *(run.class_names, folder if filters else None), seed=job.seed, run=run.path.name
        ) as log,
    ):
        if job.include_real:
            write_real(writer, real)
        elif real is not None:
            writer.show_real(real.images, real.labels)
        needed = score or job.soft_labels
        cross_fitted = fitted_classifiers(run, real, job.seed, job.level, needed, job.progress)
        with ProgressBar(int(job.counts.sum()), job.progress) as bar:
            arguments = {"log": log, "bar": bar, "sharing": job.sharing}
            wanted = job.counts, job.seed, job.level
            for block in labelled_stream(run, real, *wanted, cross_fitted, **arguments):
                _write_block(writer, job, block)
        if writer.class_counts.sum() == (len(real) if job.include_real else 0):
            raise GanprofileError(_nothing_drawn(run, log) if filters else _nothing_read(run))
        return _finish(writer, folder, job, log)


def write_real(writer, real):
    """Put the given images into a set, with what they know of themselves."""
    writer.add_from(real, real.soft_labels)


def _write_block(writer, job, block):
    scores = "" if block.scores is None else [f"{score:.4f}" for score in block.scores]
    writer.add(
        block.images,
        block.labels,
        block.writers(job.run),
        block.probabilities if job.soft_labels else None,
        source=SYNTHETIC,
        seed=job.seed,
        draw=block.draws.tolist(),
        run=job.run.path.name,
        score=scores,
        labelled_by="condition" if "label" in job.run.conditions else "classifier",
    )


def _finish(writer, folder, job, log):
    """Write what the set is made of, what it lacks and what was refused."""
    run = job.run
    real_counts = job.real.class_counts() if job.include_real else 0
    missing = job.counts - (writer.class_counts - real_counts)
    filters = LEVELS[job.level] is not None
    facts = {"level": job.level}
    if filters:
        log.close()  # before its sum is taken
        counts = log.counts()
        reasons = {reason: REASONS[reason] for reason in counts}  # in words, for the set's card
        facts.update(**log.tests, drawn=log.drawn, rejected=counts, reasons=reasons)
        save_rejected_picture(folder / PICTURE, run.class_names, log)
        if job.progress:
            _say_filtered(run, log)
    return writer.finish(
        f"{run.config['dataset']['name']} augmented by {run.config['model']}",
        **writer.counted(),
        unfilled=named(missing, run.class_names),
        filter=facts,
        made_from={
            "run": run.path.name,
            "run_folder": str(run.path.resolve()),
            "model": run.config["model"],
            "generator_sha256": run.fingerprint,
            "dataset": run.config["dataset"]["name"],
            "dataset_fingerprint": run.config["dataset"]["fingerprint"],
            "dataset_recipe": run.config["dataset"].get("recipe"),
            "provenance": recorded_provenance(run.config["dataset"]),
            "seed": job.seed,
            **(included_synthetic(job.real) if job.include_real else {}),
        },
    )


def _say_filtered(run, log):
    if not log.tests["discriminator"]:
        say(f"{run.path.name} has no discriminator any more; the filter goes without its score.")
    say(log.sentence())


def _nothing_drawn(run, log):
    return (
        f"No image that {run.path} drew passed the filter. {log.sentence()} "
        'Train longer, or say `filter="none"`.'
    )


def _nothing_read(run):
    return f"{run.path} drew no image that the classifiers recognise. Train longer."


def say_unfilled(info):
    """Name the classes that could not be filled."""
    why = "the model draws none, or hardly any, that the classifiers are sure of"
    if info.get("filter", {}).get("level", NONE) != NONE:
        why = "none, or hardly any, that the model draws of it passes the filter"
    for name, missing in info.get("unfilled", {}).items():
        say(f"Class {name}: {counted(missing, 'image')} fewer than asked; {why}.")
