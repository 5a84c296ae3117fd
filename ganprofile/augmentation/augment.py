"""`augment`: draw labelled images and write them with a manifest."""

import dataclasses
from pathlib import Path

import numpy as np

from ganprofile.augmentation.plan import shuffled_labels, synthetic_counts
from ganprofile.augmentation.streams import conditional_stream, unlabelled_stream
from ganprofile.console import ProgressBar, say
from ganprofile.datasets.duplicates import refuse_marked
from ganprofile.datasets.formats.set_writer import SetWriter, check_format
from ganprofile.datasets.stored import read_stored
from ganprofile.errors import GanprofileError, UsageError, check_seed
from ganprofile.files import atomic_folder, refuse_existing
from ganprofile.runs import Run


@dataclasses.dataclass(frozen=True)
class AugmentedSet:
    """A labelled set on disk, with its manifest.

    Attributes:
        path: the folder.
        info: content of its `dataset.json` (counts, fingerprints, what could not be filled).
    """

    path: Path
    info: dict

    def load(self):
        """All images as a `Dataset`."""
        return read_stored(self.path)


def augment(
    source,
    *,
    per_class=None,
    total=None,
    balance=False,
    output=None,
    format="npz",
    include_real=False,
    seed=0,
    dataset=None,
    score=True,
    allow_overlap=False,
    force=False,
    offline=False,
    dry_run=False,
    progress=True,
):
    """Draw a labelled set from a trained generator and write it.

    A conditional model draws what it is told. The images of an unlabelled one are labelled by a
    reference classifier that is fitted to the run's real data; only those that it is sure of are
    kept, and the manifest says so.

    Args:
        source: a `Run`, the path of a run folder or model, or a model's name.
        per_class: every class ends with this many images; included real ones count.
        total: the set ends with this many images, spread evenly over the classes.
        balance: draw what each class lacks to be as large as the largest real class.
        output: the folder to make; None makes `augmented/NAME`.
        format: a name in `datasets.formats.FORMATS`.
        include_real: put the run's real images first, with their writers; further columns that
            their dataset has, such as an age, have no place beside drawn images and stay out.
        seed: a non-negative integer; the same seed draws the same set.
        dataset: the run's real data, where they were given as arrays.
        score: whether the reference classifier also scores the images of a conditional model.
        allow_overlap: draw from a run that was trained on images which are also test images; the
            set is marked.
        force: replace an augmented set at `output`.
        offline: refuse to download real data.
        dry_run: check everything and return what would be drawn; nothing is written.
        progress: whether to say how it goes.

    Returns:
        An `AugmentedSet`.

    Raises:
        UsageError: the request cannot be meant, or `output` exists.
        GanprofileError: the run is incomplete, or its real data are needed and cannot be had.
    """
    run = Run.open(source)
    run.require("generator.keras")
    provenance = run.config["dataset"].get("provenance", {})
    refuse_marked(provenance, run.path.name, allow_overlap)
    check_seed(seed)
    check_format(format)
    output = Path(output or Path("augmented") / run.path.name)
    _check_output(output, force)
    needs_real = include_real or balance or "label" not in run.conditions
    real = _real_data(run, dataset, offline) if needs_real else None
    none_yet = np.zeros(len(run.class_names), np.int64)
    counts = synthetic_counts(
        real.class_counts() if include_real or balance else none_yet,
        per_class=per_class,
        total=total,
        balance=balance,
    )
    if dry_run:
        drawn = dict(zip(run.class_names, counts.tolist(), strict=True))
        return AugmentedSet(output, {"format": format, "would_draw": drawn})
    with (
        atomic_folder(output, force) as folder,
        SetWriter(folder, format, run.class_names, run.image_shape) as writer,
    ):
        if include_real:
            writer.add(real.images, real.labels, real.writers, source="real", labelled_by="dataset")
        score = score and len(run.class_names) > 1  # else there is nothing to tell apart
        if real is None and score:
            real = _real_data_if_at_hand(run, dataset)
        needs_reader = score or "label" not in run.conditions
        classifier = _fit_reference(real, progress) if needs_reader else None
        _write_synthetic(writer, run, seed, counts, classifier, progress)
        info = _finish(writer, run, seed, counts, real if include_real else None)
    for name, missing in info["unfilled"].items():
        say(f"Class {name}: {missing:,} images fewer than asked; the model hardly ever draws it.")
    return AugmentedSet(output, info)


def _check_output(output, force):
    """Before any work: nothing of the user's is replaced, with `force` only a set of ours."""
    refuse_existing(output, force)
    if output.exists() and not (output / "dataset.json").is_file():
        raise UsageError(
            f"{output} is not a set that ganprofile wrote, so --force does not replace it. "
            "Choose another --output."
        )


def _real_data(run, dataset, offline):
    """The run's real, labelled data."""
    dataset = run.dataset(dataset, offline)
    if dataset.labels is None:
        raise GanprofileError(
            f"{dataset.name} has no labels, so nothing can label the images of {run.path.name}. "
            "Label some real images and train on them."
        )
    return dataset


def _real_data_if_at_hand(run, dataset):
    """The same for scores alone: None where the data are not here; nothing is downloaded."""
    try:
        return _real_data(run, dataset, offline=True)
    except GanprofileError as error:
        say(f"The images are not scored, because the real data are not at hand: {error}")
        return None


def _fit_reference(real, progress):
    from ganprofile.classifiers import CnnClassifier

    if real is None:
        return None
    if progress:
        say(f"Fitting the reference classifier to {len(real):,} real images.")
    return CnnClassifier(real.num_classes).fit(real.images, real.labels)


def _write_synthetic(writer, run, seed, counts, classifier, progress):
    is_told = "label" in run.conditions
    if is_told:
        blocks = conditional_stream(run, seed, shuffled_labels(counts, seed), classifier)
    else:
        blocks = unlabelled_stream(run, seed, counts, classifier)
    done = 0
    with ProgressBar(int(counts.sum()), progress) as bar:
        for block in blocks:
            scores = [] if block.scores is None else [f"{score:.4f}" for score in block.scores]
            writer.add(
                block.images,
                block.labels,
                block.writers,
                source="synthetic",
                seed=seed,
                draw=block.draws.tolist(),
                run=run.path.name,
                score=scores or "",
                labelled_by="condition" if is_told else "classifier",
            )
            done += len(block.images)
            bar.show_images(done)


def _finish(writer, run, seed, counts, included):
    """Write `dataset.json`: what the set is made of and what it lacks."""
    real_counts = 0 if included is None else included.class_counts()
    missing = counts - (writer.class_counts - real_counts)
    if writer.class_counts.sum() == 0:
        raise GanprofileError(
            f"{run.path} drew no image that the reference classifier recognises. Train longer."
        )
    return writer.finish(
        f"{run.config['dataset']['name']} augmented by {run.config['model']}",
        synthetic=int((counts - missing).sum()),
        real=int(np.sum(real_counts)),
        unfilled={
            name: int(count) for name, count in zip(run.class_names, missing, strict=True) if count
        },
        made_from={
            "run": run.path.name,
            "run_folder": str(run.path.resolve()),
            "model": run.config["model"],
            "generator_sha256": run.fingerprint,
            "dataset": run.config["dataset"]["name"],
            "dataset_fingerprint": run.config["dataset"]["fingerprint"],
            "provenance": run.config["dataset"].get("provenance", {}),
            "seed": seed,
        },
    )
