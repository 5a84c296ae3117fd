"""What is judged: images drawn from a model, or a set that anybody made."""

import contextlib
import dataclasses
import os

import numpy as np

from ganprofile.console import are, counted
from ganprofile.datasets import Dataset, are_arrays, load
from ganprofile.datasets.classes import in_words
from ganprofile.datasets.duplicates import refuse_marked
from ganprofile.datasets.naming import require_data
from ganprofile.datasets.origins import made_from, recorded_provenance
from ganprofile.datasets.raw_scans import refuse_raw
from ganprofile.datasets.synthetic import are_synthetic
from ganprofile.errors import GanprofileError, NotHere
from ganprofile.evaluation.proportions import differ_much, evenly_beside, in_proportion, places
from ganprofile.evaluation.reference import applicable
from ganprofile.hub.names import is_hub_name
from ganprofile.runs.model_places import model_names
from ganprofile.runs.naming import run_named
from ganprofile.runs.run import Run
from ganprofile.storage.files import composed

BLOCK = 500  # images drawn at once
DRAWN, DEFORMED = "drawn", "deformed"  # by a GAN; from real images


@dataclasses.dataclass(frozen=True)
class Synthetic:
    """Images to be judged.

    Attributes:
        dataset: the images; where they are no whole set, `rows` says which of it they are.
        what: in words, without their number.
        training: the real images that they were learned from, or None where that is not known.
        notes: what a reader of the result should know of them.
        kind: what made them, `DRAWN` or `DEFORMED`, or None where that is not known.
        generator: the fingerprint of the generator that drew them, where that is known.
    """

    dataset: Dataset
    what: str
    training: Dataset | None = None
    notes: tuple[str, ...] = ()
    kind: str | None = None
    generator: str | None = None


def read_synthetic(source, reference, *, images, seed=0, classes=None, labelled=True, **loading):
    """Get the images to be judged, after a look at whether they can be held against others.

    Args:
        source: a `Run`, the path of a run folder or model, or a model's name, of which images are
            drawn; else a `Dataset`, what `augment` or `generate` returned, or what `load` reads.
        reference: the `Reference` that they are held against.
        images: at most so many.
        seed: of the drawing, or of the choice among more.
        classes: names of the only classes to judge, or None for all.
        labelled: False ignores labels.
        **loading: further arguments of `datasets.load`.

    Returns:
        `Synthetic`; its labels are those of the reference, or None.

    Raises:
        UsageError: there is no such source, or it cannot be held against the reference.
        GanprofileError: it is incomplete or damaged.
    """
    classes = None if classes is None else [composed(name) for name in classes]
    run = run_named(source, bool(loading.get("offline")))
    if run is not None:
        refuse_marked(run.config["dataset"].get("provenance", {}), run.path.name, _allowed(loading))
        names = run.class_names if labelled and "label" in run.conditions else None
        reference.check(run.path.name, run.image_shape, names if classes is None else classes)
        drawn, notes = _drawn(run, reference, images, seed, classes if names else None)
        training, more = _training(run, reference)
        what, notes = f"drawn from {run.path.name} with seed {seed}", (*notes, *more)
        synthetic = Synthetic(drawn, what, training, notes, DRAWN, _fingerprint_of(run))
    else:
        synthetic = _read(source, reference, loading)
    dataset = synthetic.dataset
    if not labelled:
        dataset = dataclasses.replace(dataset, labels=None, class_names=(), soft_labels=None)
    if classes is not None and dataset.labels is not None:
        # A class that is not there at all is one that the result shall show as lacking.
        dataset = dataset.of_classes([n for n in classes if n in dataset.class_names] or classes)
        synthetic = _restricted(synthetic, classes)
    present = None
    if dataset.labels is not None:
        counts = dataset.class_counts()
        present = [dataset.class_names[label] for label in np.flatnonzero(counts)]
    reference.check(dataset.name, dataset.image_shape, present)
    dataset = reference.relabelled(dataset)
    return dataclasses.replace(synthetic, dataset=sample(dataset, images, seed))


def _restricted(synthetic, classes):
    """The same where only some classes are judged: what they were learned from is of these, too, as
    images of others are farther from both sides, and the user is told which they are."""
    training, notes = synthetic.training, (f"Judged are only the classes {in_words(classes)}.",)
    if training is not None and training.labels is not None:
        there = [training.class_names[label] for label in np.flatnonzero(training.class_counts())]
        known = [name for name in classes if name in there]
        training = training.of_classes(known) if known else training
    return dataclasses.replace(synthetic, training=training, notes=(*notes, *synthetic.notes))


def check_source(source, offline=False):
    """Refuse a word that names nothing, before anything is read.

    Returns:
        The source where it may be data, None where it is known to be a run.

    Raises:
        UsageError: as `read_synthetic`.
        GanprofileError: a run is damaged.
    """
    if isinstance(source, (str, os.PathLike)) and is_hub_name(source):
        return source
    if run_named(source, offline) is not None:
        return None
    if isinstance(source, (str, os.PathLike)):
        _require_images(source)
    return source


def sample(dataset, count, seed):
    """`count` images of a dataset in their order, every class in proportion; all if it has fewer.

    The same seed draws the same ones.
    """
    return dataset if len(dataset) <= count else dataset.select(sampled_rows(dataset, count, seed))


def sampled_rows(dataset, count, seed):
    """The rows that `sample` takes, in order, int64 `(count,)`."""
    order = np.random.default_rng(seed).permutation(len(dataset))
    if dataset.labels is not None:
        order = order[np.argsort(places(dataset.labels[order]), kind="stable")]
    return np.sort(order[:count])


def _drawn(run, reference, count, seed, names):
    """Images of a run, and a note where their classes are not as frequent as each other.

    Classes are drawn in the proportions of the real images, where those are far from balanced, and
    every class by as many writers as there are.
    """
    told, notes = run.condition_indices(count), ()
    if "label" in told:
        weights, notes = _frequencies(reference, names or run.class_names)
        classes = np.array([run.label_index(name) for name in names or run.class_names])
        told["label"] = classes[in_proportion(count, weights)]
        for name in told.keys() - {"label"}:
            told[name] = evenly_beside(told["label"], len(run.condition_values[name]))
    asked = {name: np.array(run.condition_values[name])[told[name]] for name in told}
    parts = [
        run.sample(
            min(BLOCK, count - first),
            seed=seed,
            first=first,
            **{name: values[first : first + BLOCK] for name, values in asked.items()},
        )
        for first in range(0, count, BLOCK)
    ]
    drawn = Dataset(
        np.concatenate(parts),
        labels=told.get("label"),
        class_names=run.class_names if "label" in told else (),
        name=run.path.name,
        split="synthetic",
        provenance=recorded_provenance(run.config["dataset"]),
    )
    return drawn, notes


def _frequencies(reference, names):
    """How often classes are drawn in proportion to each other, and a note where that is not alike:
    as often as they are among the real images, where these are known and far from balanced."""
    equal = np.ones(len(names), np.int64)
    if not set(names) <= set(reference.class_names):
        return equal, ()
    counts = dict(zip(reference.class_names, reference.compared.class_counts(), strict=True))
    counts = np.array([counts[name] for name in names], np.int64)
    if not counts.any() or not differ_much(counts, equal):
        return equal, ()
    most, least = names[counts.argmax()], names[counts.argmin()]
    return counts, (
        f"The classes are drawn in the proportions of {reference.compared.name}, which is far from "
        f"balanced: {counted(counts.max(), 'image')} of {most}, {counts.min():,} of {least}.",
    )


def _read(source, reference, loading):
    """A set of images; of one that says which are synthetic, only these."""
    notes = []
    if not isinstance(source, Dataset):
        source, test = _load(
            getattr(source, "path", source), loading
        )  # of what augment or generate returned
        refuse_raw(source, loading)
        if test is not None:
            held_out = counted(len(test), "image")
            notes.append(f"The test part of {source.name}, {held_out}, is not judged.")
    refuse_marked(source.provenance, source.name, _allowed(loading))
    source = dataclasses.replace(source, rows=None)  # from here on, rows are those of this set
    is_synthetic = are_synthetic(source)
    if is_synthetic.any():
        real = np.count_nonzero(~is_synthetic)
        source = source.select(is_synthetic)
        if real:
            notes.append(
                f"The {counted(real, 'real image')} of {source.name} {are(real)} left out."
            )
    making = made_from(source.provenance)
    what, kind = f"of {source.name}", _kind(making)
    claimed, more = _claimed_run(making)
    training = None
    if claimed is not None:
        training, more = _training(claimed, reference)
    generator = making.get("generator_sha256") if kind == DRAWN else None
    return Synthetic(source, what, training, (*notes, *more), kind, generator)


def _fingerprint_of(run):
    """Of its generator; an exported one has lost its file."""
    with contextlib.suppress(GanprofileError):
        return run.fingerprint
    return None


def _kind(making):
    """What made a set, by what it says itself."""
    return DEFORMED if "recipe" in making else DRAWN if "run" in making else None


def _load(path, loading):
    if are_arrays(path):
        return load(path, **applicable(path, loading))
    _require_images(path)
    return load(path, **applicable(path, loading))


def _require_images(word):
    require_data(word, "model and no set of images", model_names())


def _allowed(loading):
    return bool(loading.get("allow_overlap"))


def _claimed_run(making):
    """The run that a set says it was drawn from, where that is at hand and still the same, and a
    note where it is at hand but another."""
    notes = ()
    for place in filter(None, (making.get("run_folder"), making.get("run"))):
        with contextlib.suppress(GanprofileError, OSError):
            run = Run.open(str(place))
            if run.fingerprint == making.get("generator_sha256"):
                return run, ()
            notes = (
                f"{run.path} has changed since the set was drawn from it, or is another run: what "
                "the images were learned from is not known.",
            )
    return None, notes


def _training(run, reference):
    """What a run was trained on, where that is at hand, and a note where it is not.

    Nothing is downloaded for it; data that came as arrays may be those to compare with.
    """
    try:
        return dataclasses.replace(run.dataset(offline=True), rows=None), ()
    except NotHere as missing:
        reason = missing.unasked()
    except GanprofileError as error:
        reason = str(error)
    if reference.train is not None:
        with contextlib.suppress(GanprofileError):
            return run.dataset(reference.train), ()
    return None, (f"What {run.path.name} was trained on is not at hand: {reason}",)
