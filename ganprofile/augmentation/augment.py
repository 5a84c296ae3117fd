"""`augment`: draw labelled images, filter them and write them with a manifest."""

import dataclasses
import functools
from pathlib import Path

import numpy as np

from ganprofile.augmentation.deformed_set import DEFAULT_TOTAL, DeformationJob
from ganprofile.augmentation.plan import CountRequest, synthetic_counts
from ganprofile.augmentation.writing import GenerationJob, say_unfilled
from ganprofile.console import say
from ganprofile.datasets import (
    Dataset,
    check_loading,
    empty_classes,
    load,
    say_empty_classes,
    without_empty_classes,
)
from ganprofile.datasets.duplicates import refuse_marked
from ganprofile.datasets.formats.set_writer import check_format, checked_output
from ganprofile.datasets.stored import read_stored
from ganprofile.errors import GanprofileError, UsageError, check_seed
from ganprofile.filtering.filtering import check_level
from ganprofile.filtering.rejection import NONE
from ganprofile.parallel import Sharing
from ganprofile.recipes.recipes import recipe_for
from ganprofile.runs.naming import run_named
from ganprofile.storage.files import atomic_folder, file_name

DEFAULT_LEVEL = "standard"


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
    balance=None,
    ratio=None,
    top_up=False,
    only=(),
    filter=None,
    soft_labels=False,
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
    subset=None,
    expect=True,
    pretrained="auto",
    jobs=None,
    cluster=None,
    **loading,
):
    """Draw a labelled set, from a trained generator or from a person's own images, and write it.

    **From images**, the best recipe that is known for so many (`recipes.recipe_for`) is followed,
    and why is said: deformations of the images (`transforms.deformation`), labelled by teachers
    (`recipes.distillation`), 40,000 where nothing else is asked. What may be expected of them is
    cross-validated, said, and kept in the set's `expectation.json`.

    **From a run or a model**, its generator draws, and the images are filtered.

    A conditional model draws what it is told. The images of an unlabelled one are labelled by
    classifiers; only those that these are sure of are kept, and the manifest says so.

    The filter draws more than is wanted and drops what would hurt: images with a strange amount of
    ink; those that cross-fitted classifiers read as something else or doubt; near copies of
    training images and of each other; the ones that the run's discriminator finds least real, where
    its checkpoint is still there. Of what is left it chooses images that cover each class.
    Classifiers are fitted to the run's own real data, and near means near in blurred pixels:
    nothing that was learned from other data enters. `rejected.csv` names every image that was
    dropped and why (`filtering.rejection.REASONS`), `rejected.png` shows some beside the kept.

    Args:
        source: a `Run`, the path of a run folder, a model's name; a `Dataset`, a dataset's name, or
            the path of a person's own images. A word is tried in this order. A class without real
            images gets none.
        per_class: every class ends with this many images; included real ones count.
        total: the set ends with this many images, spread evenly over the classes, or by `balance`.
        balance: `"equal"` (or True) or `"log"`. Alone: draw what each class lacks to be as large
            as the largest real class, or that times log(1 + its images) / log(1 + the largest's).
        ratio: draw so many images for each real one of the class.
        top_up: draw for rare classes only, up to the largest real class or to `per_class`; real
            images count, included or not.
        only: names of the only classes to draw; () draws all.
        filter: of what a run draws, `"none"`, `"standard"` or `"strict"`; None is `standard` where
            the real data are at hand and `score` is left on, else `none`.
        soft_labels: write the probabilities by the cross-fitted classifiers as further columns
            `soft_label.CLASS`; from images the teachers' are always written. In every format they
            lie in `attributes.npz` beside the images, from where `load` reads them; idx files,
            class folders, TFRecords and TFDS examples themselves have no place for them.
        output: the folder to make; None makes `augmented/NAME`.
        format: a name in `datasets.formats.FORMATS`.
        include_real: put the run's real images first, with their writers; further columns that
            their dataset has, such as an age, have no place beside drawn images and stay out.
        seed: a non-negative integer; the same seed draws the same set.
        dataset: the run's real data, where they were given as arrays.
        score: whether classifiers score the images where nothing else needs them.
        allow_overlap: draw from a run that was trained on images which are also test images; the
            set is marked.
        force: replace an augmented set at `output`.
        offline: refuse to download real data.
        dry_run: check everything and return what would be drawn; nothing is written.
        progress: whether to say how it goes.
        subset: take so many images of every class of the data.
        expect: whether to cross-validate what the set may be expected to give.
        pretrained: from images, `auto` or `none`: whether teachers begin with what other people's
            characters taught, where that may be used (`recipes.pretrained`).
        jobs: how many processes share the drawing; the images are the same whatever it is. None
            draws in this one, and lets the cross-validation take one for each core.
        cluster: `HOST:PORT` of the scheduler of a Dask cluster, whose workers draw instead.
        **loading: from images, further arguments of `load`.

    Returns:
        An `AugmentedSet`; classes that could not be filled are named in its `info["unfilled"]`.

    Raises:
        UsageError: the request cannot be meant, or `output` exists.
        GanprofileError: the run is incomplete, its real data are needed and cannot be had, or no
            image passes the filter.
    """
    check_loading("augment", loading)
    run = run_named(source)
    check_seed(seed)
    check_format(format)
    request = {"per_class": per_class, "total": total, "balance": balance, "ratio": ratio}
    request |= {"top_up": top_up, "only": only}
    sharing = Sharing(jobs, cluster)
    common = {"include_real": include_real, "seed": seed, "progress": progress, "sharing": sharing}
    if run is None:
        _refuse_for_images(filter=filter, dataset=dataset)
        loading |= {"offline": offline, "allow_overlap": allow_overlap}
        real = _own_images(source, subset, seed, loading)
        name = real.name
        common |= {"recipe": recipe_for(real, pretrained), "expect": expect}
        order_for = functools.partial(_order_from_images, real, request, common)
    else:
        _refuse_for_run(
            subset=subset, pretrained=None if pretrained == "auto" else pretrained, **loading
        )
        _check_run(run, filter, allow_overlap)
        options = {"filter": filter, "score": score, "soft_labels": soft_labels, "offline": offline}
        name = run.path.name
        order_for = functools.partial(_order_from_run, run, request, common, dataset, options)
    output = output or Path("augmented") / file_name(name)
    output = checked_output(output, force)
    job = order_for()
    if dry_run:
        return AugmentedSet(output, {"format": format, **job.description()})
    sharing.check()  # now, and not when all has been trained that judges what is drawn
    with atomic_folder(output, force) as folder:
        info = job.write(folder, format)
    say_unfilled(info)
    return AugmentedSet(output, info)


def _check_run(run, filter, allow_overlap):
    run.require("generator.keras")
    refuse_marked(run.config["dataset"].get("provenance", {}), run.path.name, allow_overlap)
    if filter is not None:
        check_level(filter)


def _order_from_run(run, request, common, dataset, options):
    """What a run is to draw, a `GenerationJob`."""
    filter, score, include_real = options["filter"], options["score"], common["include_real"]
    request = CountRequest(**request)
    needs_real = include_real or request.needs_real or options["soft_labels"]
    if needs_real or filter not in (None, NONE) or "label" not in run.conditions:
        real = _real_data(run, dataset, options["offline"])
    else:
        real = _real_data_if_at_hand(run, dataset) if score else None
    level = filter or (DEFAULT_LEVEL if score and real is not None else NONE)
    real_counts = np.zeros(len(run.class_names), np.int64) if real is None else real.class_counts()
    if real is not None:
        request = _of_learned_classes(request, real)
    counts = synthetic_counts(request, real_counts, run.class_names, include_real)
    soft_labels = options["soft_labels"]
    return GenerationJob(
        run, real, counts, level=level, score=score, soft_labels=soft_labels, **common
    )


def _of_learned_classes(request, real):
    """The same request for the classes alone of which the run has seen images; an older run may
    have been told of others."""
    empty = empty_classes(real)
    if not empty:
        return request
    say_empty_classes(real)
    if asked := [name for name in request.only if name in empty]:
        raise UsageError(
            f"{real.name} has no image of the class {asked[0]!r}, which the model has never seen. "
            "Leave it out of --only."
        )
    learned = tuple(name for name in real.class_names if name not in empty)
    return dataclasses.replace(request, only=request.only or learned)


def _own_images(source, subset, seed, loading):
    """A person's own labelled images, for which there is a recipe."""
    real = source if isinstance(source, Dataset) else load(source, **loading)[0]
    if real.labels is None:
        raise UsageError(
            f"{real.name} has no labels. Sort the images into a folder per class, or train a model "
            "without labels: ganprofile train."
        )
    real = without_empty_classes(real)
    if subset is not None:
        real = real.subset(subset, seed)
    return real


def _order_from_images(real, request, common):
    """What is to be made of a person's own images, a `DeformationJob`."""
    include_real = common["include_real"]
    if not any(value for name, value in request.items() if name != "only"):
        request["total"] = DEFAULT_TOTAL + include_real * len(real)
    asked = CountRequest(**request)
    counts = synthetic_counts(asked, real.class_counts(), real.class_names, include_real)
    return DeformationJob(real, counts=counts, **common)


def _refuse_for_images(**options):
    for name, value in options.items():
        if value is not None:
            raise UsageError(f"--{name} is for what a model draws; the source is data. Remove it.")


def _refuse_for_run(**options):
    for name, value in options.items():
        if value is not None:
            option = name.replace("_", "-")
            raise UsageError(f"--{option} is for data; the source is a model. Remove it.")


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
    """The same where images can be had without: None where the data are not here; nothing is
    downloaded."""
    try:
        return _real_data(run, dataset, offline=True)
    except GanprofileError as error:
        say(
            "The images are neither filtered nor scored, because the real data are not at hand: "
            f"{error}"
        )
        return None
