"""`generate`: a labelled set of what a trained generator draws, filtered."""

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np

from ganprofile.augmentation.plan import CountRequest, Strategy, synthetic_counts
from ganprofile.augmentation.sets import (
    AugmentedSet,
    ByName,
    SetFormat,
    check_place,
    make_set,
    place_of,
)
from ganprofile.augmentation.writing import GenerationJob
from ganprofile.console import DryRun, say
from ganprofile.datasets import Dataset, empty_classes, say_empty_classes
from ganprofile.datasets.duplicates import refuse_marked
from ganprofile.datasets.given import Arrays
from ganprofile.datasets.outside import refuse_inside
from ganprofile.datasets.recipe import taken_by
from ganprofile.errors import GanprofileError, NotHere, UsageError, check_seed
from ganprofile.filtering.filtering import check_level
from ganprofile.filtering.rejection import NONE, FilterLevel
from ganprofile.parallel import Sharing
from ganprofile.runs.model_places import model_names
from ganprofile.runs.naming import run_named
from ganprofile.runs.run import Run
from ganprofile.storage.names import as_word, did_you_mean
from ganprofile.storage.paths import StrPath

DEFAULT_LEVEL: FilterLevel = "standard"
PARENT = "generated"  # the folder in which a set is made whose place is not said


def generate(
    model: Run | StrPath,
    *,
    per_class: int | None = None,
    sampling_strategy: Strategy | None = None,
    total: int | None = None,
    only: str | Sequence[str] = (),
    filter: FilterLevel | None = None,
    score: bool = True,
    soft_labels: bool = False,
    include_real: bool = False,
    dataset: Dataset | Arrays | None = None,
    output: StrPath | ByName | None = None,
    format: SetFormat = "npz",
    seed: int = 0,
    allow_overlap: bool = False,
    offline: bool = False,
    force: bool = False,
    dry_run: bool = False,
    progress: bool = True,
    jobs: int | None = None,
    cluster: str | None = None,
) -> AugmentedSet | Dataset | DryRun:
    """Draw a labelled set from a trained generator.

    A conditional model draws the class that is asked. The images of an unlabelled one are labelled
    by classifiers; only those that these are sure of are kept, and the manifest says so.

    The filter draws more than is wanted and drops what would hurt: images with a strange amount of
    ink; those that cross-fitted classifiers read as something else or doubt; near copies of
    training images and of each other; the ones that the run's discriminator finds least real, where
    its checkpoint is still there. Of what is left it chooses images that cover each class.
    Classifiers are fitted to the run's own real data, and near means near in blurred pixels:
    nothing that was learned from other data enters. `rejected.csv` names every image that was
    dropped and why (`filtering.rejection.REASONS`), `rejected.png` shows some beside the kept.

    Args:
        model: a `Run`, the path of a run folder, or a model's name. A class of which the run has
            seen no image gets none.
        per_class: every class ends with this many images, 1 or more; included real ones count.
        sampling_strategy: the same as `per_class`; or `"equal"`: draw what each class lacks to be
            as large as the largest real one; `"log"`: to be that times log(1 + its images) / log(1
            + the largest's); or a dict, class name -> number, for these classes alone.
        total: the set ends with this many images, 1 or more, spread evenly over the classes, or by
            `"equal"` or `"log"`. This, `per_class` or `sampling_strategy` has to be said.
        only: names of the only classes to draw, a list or a text such as `"a,b"`; () draws all.
        filter: `"none"`, `"standard"` or `"strict"`; None is `standard` where the real data are at
            hand and `score` is left on, else `none`.
        score: whether classifiers score the images where nothing else needs them.
        soft_labels: write the probabilities by the cross-fitted classifiers as `soft_labels.npy`
            beside the images.
        include_real: put the run's real images first, with their writers.
        dataset: the run's real data, where they were given as arrays; None reads them from where
            the run says.
        output: the folder to make; None returns a `Dataset` and writes nothing.
        format: a name in `datasets.formats.FORMATS`.
        seed: 0..2147483647; the same seed draws the same set.
        allow_overlap: draw from a run that was trained on images which are also test images; the
            set is marked.
        offline: refuse to download real data.
        force: replace an augmented set at `output`.
        dry_run: check everything and return what would be drawn, a `DryRun`; nothing is
            written.
        progress: whether to say how it goes.
        jobs: how many processes share the drawing, 1 or more, None being 1; the images are the same
            whatever it is.
        cluster: `HOST:PORT` of the scheduler of a Dask cluster, whose workers draw instead; None
            draws on this machine.

    Returns:
        An `AugmentedSet`; classes that could not be filled are named in its `info["unfilled"]`.
        Without `output` a `Dataset`, uint8 images `(n, height, width, channels)` and their labels;
        of a dry run a `DryRun`.

    Raises:
        UsageError: the request cannot be meant, there is no such model, or `output` exists.
        GanprofileError: the run is incomplete, its real data are needed and cannot be had, or no
            image passes the filter.

    Example:
        >>> drawn = gp.generate("digits-cgan", per_class=2, score=False)
        >>> drawn.class_counts().tolist()
        [2, 2, 2, 2, 2, 2, 2, 2, 2, 2]
    """
    check_seed(seed)
    check_place(output, format, force)
    run = run_named(model, offline)
    if run is None:
        raise UsageError(_no_model(model))
    run.require("generator.keras", "config.json")  # the set names them as what it was made of
    refuse_marked(run.config["dataset"].get("provenance", {}), run.path.name, allow_overlap)
    if filter is not None:
        check_level(filter)
        if filter != NONE and not score:
            raise UsageError(
                f"`filter={filter!r}` goes by the scores. Leave out `score=False`, or "
                f"say `filter={NONE!r}`. Received: both."
            )
    request = CountRequest.of(per_class, sampling_strategy, total, only)
    sharing = Sharing(jobs, cluster)
    if isinstance(output, ByName):
        check_place(place_of(output, run.path.name, PARENT), format, force)
    learned_from = dict((run.config["dataset"].get("recipe") or [{}])[0]).get("load")
    refuse_inside(place_of(output, "", PARENT), learned_from)
    real, level = _real_and_level(
        run, dataset, filter, include_real or request.needs_real or soft_labels, score, offline
    )
    real_counts = np.zeros(len(run.class_names), np.int64) if real is None else real.class_counts()
    if real is not None:
        request = _of_learned_classes(request, real)
    counts = synthetic_counts(request, real_counts, run.class_names, include_real)
    job = GenerationJob(
        run,
        real,
        counts,
        seed,
        level,
        include_real=include_real,
        score=score,
        soft_labels=soft_labels,
        progress=progress,
        sharing=sharing,
    )
    return make_set(
        job, run.path.name, output, parent=PARENT, format=format, force=force, dry_run=dry_run
    )


def _real_and_level(
    run: Run,
    dataset: Dataset | Arrays | None,
    filter: FilterLevel | None,
    needs_real: bool,
    score: bool,
    offline: bool,
) -> tuple[Dataset | None, FilterLevel]:
    """The run's real data, None where they are neither needed nor at hand, and how to filter."""
    real = None
    if needs_real or filter not in (None, NONE) or "label" not in run.conditions:
        real = _real_data(run, dataset, offline)
    elif score:
        real = _real_data_if_at_hand(run, dataset, offline)
    return real, filter or (DEFAULT_LEVEL if score and real is not None else NONE)


def _of_learned_classes(request: CountRequest, real: Dataset) -> CountRequest:
    """The same request for the classes alone of which the run has seen images; an older run may
    have been told of others."""
    empty = empty_classes(real)
    if not empty:
        return request
    say_empty_classes(real)
    if asked := [name for name in _named(request) if name in empty]:
        raise UsageError(
            f"{real.name} has no image of the class {asked[0]!r}, which the model has never seen. "
            "Leave it out of `only`."
        )
    learned = tuple(name for name in real.class_names if name not in empty)
    if isinstance(request.sampling_strategy, dict):
        return request
    return dataclasses.replace(request, only=request.only or learned)


def _named(request: CountRequest) -> Iterable[str]:
    strategy = request.sampling_strategy
    return strategy if isinstance(strategy, dict) else request.only


def _real_data(run: Run, dataset: Dataset | Arrays | None, offline: bool) -> Dataset:
    with taken_by(f"gp.generate({str(run.path)!r}, dataset=dataset)"):
        real: Dataset = run.dataset(dataset, offline)
    if real.labels is None:
        raise GanprofileError(
            f"{real.name} has no labels, so nothing can label the images of {run.path.name}. "
            "Label some real images and train on them."
        )
    return real


def _real_data_if_at_hand(
    run: Run, dataset: Dataset | Arrays | None, offline: bool
) -> Dataset | None:
    """The same where images can be had without: None where the data are not here; nothing is
    downloaded."""
    try:
        return _real_data(run, dataset, offline=True)
    except NotHere as missing:
        how = f"`filter={DEFAULT_LEVEL!r}` asks for it."
        why = str(missing) if offline else missing.unasked(how)
    except GanprofileError as error:
        why = str(error)
    say(f"The images are neither filtered nor scored, because the real data are not at hand: {why}")
    return None


def _no_model(word: object) -> str:
    """That a word is no model, and what may be meant by it, in sentences."""
    meant = did_you_mean(word, model_names())
    return (
        f"generate draws from a trained model; there is none called {word}.{meant} See: ganprofile "
        f"models, ganprofile runs. To make more of images: ganprofile augment {as_word(word)}."
    )
