"""`augment`: draw labelled images, filter them and write them with a manifest."""

import dataclasses
from pathlib import Path

import numpy as np

from ganprofile.augmentation.filtering import check_level
from ganprofile.augmentation.plan import Request, synthetic_counts
from ganprofile.augmentation.sieve import NONE
from ganprofile.augmentation.writing import Order, say_unfilled, write_set
from ganprofile.console import say
from ganprofile.datasets.duplicates import refuse_marked
from ganprofile.datasets.formats.set_writer import check_format
from ganprofile.datasets.stored import read_stored
from ganprofile.errors import GanprofileError, UsageError, check_seed
from ganprofile.files import atomic_folder, refuse_existing
from ganprofile.runs import Run

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
):
    """Draw a labelled set from a trained generator, filter it and write it.

    A conditional model draws what it is told. The images of an unlabelled one are labelled by
    classifiers; only those that these are sure of are kept, and the manifest says so.

    The filter draws more than is wanted and drops what would hurt: images with a strange amount of
    ink; those that cross-fitted classifiers (`judging.Judge`) read as something else or doubt; near
    copies of training images and of each other; the ones that the run's discriminator finds least
    real, where its checkpoint is still there. Of what is left it chooses images that cover each
    class. Classifiers are fitted to the run's own real data, and near means near in blurred pixels:
    nothing that was learned from other data enters. `rejected.csv` names every image that was
    dropped and why (`sieve.REASONS`), `rejected.png` shows some beside the kept.

    Args:
        source: a `Run`, the path of a run folder or model, or a model's name.
        per_class: every class ends with this many images; included real ones count.
        total: the set ends with this many images, spread evenly over the classes, or by `balance`.
        balance: `"equal"` (or True) or `"log"`. Alone: draw what each class lacks to be as large
            as the largest real class, or that times log(1 + its images) / log(1 + the largest's).
        ratio: draw so many images for each real one of the class.
        top_up: draw for rare classes only, up to the largest real class or to `per_class`; real
            images count, included or not.
        only: names of the only classes to draw; () draws all.
        filter: `"none"`, `"standard"` or `"strict"`; None is `standard` where the real data are at
            hand and `score` is left on, else `none`.
        soft_labels: write the probabilities by the cross-fitted classifiers as further columns
            `soft_label.CLASS`. In every format they lie in `attributes.npz` beside the images,
            from where `load` reads them; idx files, class folders, TFRecords and TFDS examples
            themselves have no place for them.
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

    Returns:
        An `AugmentedSet`; classes that could not be filled are named in its `info["unfilled"]`.

    Raises:
        UsageError: the request cannot be meant, or `output` exists.
        GanprofileError: the run is incomplete, its real data are needed and cannot be had, or no
            image passes the filter.
    """
    run = Run.open(source)
    run.require("generator.keras")
    provenance = run.config["dataset"].get("provenance", {})
    refuse_marked(provenance, run.path.name, allow_overlap)
    check_seed(seed)
    check_format(format)
    if filter is not None:
        check_level(filter)
    output = Path(output or Path("augmented") / run.path.name)
    _check_output(output, force)
    request = Request(per_class, total, balance, ratio, top_up, only)
    needs_real = include_real or request.needs_real or soft_labels or filter not in (None, NONE)
    if needs_real or "label" not in run.conditions:
        real = _real_data(run, dataset, offline)
    else:
        real = _real_data_if_at_hand(run, dataset) if score else None
    level = filter or (DEFAULT_LEVEL if score and real is not None else NONE)
    real_counts = np.zeros(len(run.class_names), np.int64) if real is None else real.class_counts()
    counts = synthetic_counts(request, real_counts, run.class_names, include_real)
    if dry_run:
        drawn = dict(zip(run.class_names, counts.tolist(), strict=True))
        return AugmentedSet(output, {"format": format, "filter": level, "would_draw": drawn})
    options = {"score": score, "soft_labels": soft_labels, "progress": progress}
    order = Order(run, real, counts, seed, level, include_real, **options)
    with atomic_folder(output, force) as folder:
        info = write_set(order, folder, format)
    say_unfilled(info)
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
