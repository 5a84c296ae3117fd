"""`augment`: a labelled set of a user's own images, by the recipe that helps most."""

from collections.abc import Sequence
from typing import Any, Literal

from ganprofile.augmentation.deformed_set import DEFAULT_TOTAL, QUICK_TOTAL, DeformationJob
from ganprofile.augmentation.plan import CountRequest, Strategy, synthetic_counts
from ganprofile.augmentation.sets import AugmentedSet, SetFormat, make_set, named_after, place_of
from ganprofile.console import DryRun
from ganprofile.datasets import (
    Dataset,
    check_loading,
    check_request,
    load,
    without_blanks,
    without_empty_classes,
)
from ganprofile.datasets.duplicates import say_conflicts
from ganprofile.datasets.formats.set_writer import check_format
from ganprofile.datasets.given import Arrays
from ganprofile.datasets.raw_scans import refuse_raw
from ganprofile.datasets.synthetic import say_synthetic
from ganprofile.errors import UsageError, check_seed, check_whole
from ganprofile.parallel import Sharing
from ganprofile.recipes.recipes import recipe_for
from ganprofile.runs.naming import run_named
from ganprofile.storage.names import as_word
from ganprofile.storage.paths import StrPath

__all__ = ["AugmentedSet", "augment"]

PARENT = "augmented"  # the folder in which a set is made whose place is not said


def augment(
    images: Dataset | StrPath | Arrays,
    *,
    per_class: int | None = None,
    sampling_strategy: Strategy | None = None,
    total: int | None = None,
    only: str | Sequence[str] = (),
    include_real: bool = False,
    output: StrPath | None = None,
    format: SetFormat = "npz",
    seed: int = 0,
    subset: int | None = None,
    pretrained: Literal["auto", "none"] = "auto",
    expect: bool | None = None,
    quick: bool = False,
    allow_overlap: bool = False,
    offline: bool = False,
    force: bool = False,
    dry_run: bool = False,
    progress: bool = True,
    jobs: int | None = None,
    cluster: str | None = None,
    **loading: Any,
) -> AugmentedSet | Dataset | DryRun:
    """Make a labelled set of a user's own images.

    The best recipe that is known for so many (`recipes.recipe_for`) is followed, and why is said:
    deformations of the images (`transforms.deformation`), labelled by teachers
    (`recipes.distillation`), 40,000 where nothing else is asked. What may be expected of them is
    cross-validated, said, and kept in the set's `expectation.json`. The teachers' probabilities are
    the set's soft labels: `soft_labels.npy` beside the images of any format, and `soft_labels` of a
    `Dataset`.

    Args:
        images: a `Dataset`, a dataset's name, the path of pictures, or arrays, as `load` takes
            them. A class without images gets none.
        per_class: every class ends with this many images, 1 or more; included real ones count.
        sampling_strategy: the same as `per_class`; or `"equal"`: draw what each class lacks to be
            as large as the largest; `"log"`: to be that times log(1 + its images) / log(1 + the
            largest's); or a dict, class name -> number, for these classes alone.
        total: the set ends with this many images, 1 or more, spread evenly over the classes, or by
            `"equal"` or `"log"`. None is 40,000 where neither of the two above is said.
        only: names of the only classes to draw, a list or a text such as `"a,b"`; () draws all.
        include_real: put the real images first, with their writers; further columns that their
            dataset has, such as an age, have no place beside drawn images and stay out.
        output: the folder to make; None returns a `Dataset` and writes nothing.
        format: a name in `datasets.formats.FORMATS`.
        seed: 0..2147483647; the same seed draws the same set.
        subset: take so many images of every class, 1 or more; None takes all.
        pretrained: `auto` or `none`: whether teachers begin with what other people's characters
            taught, where that may be used (`recipes.pretrained`).
        expect: whether to find out what the set may be expected to give, once it is there.
        quick: to look at: 10,000 images by teachers of a third of the training, and no expectation,
            where nothing else is said.
        allow_overlap: take images that are also test images; the set is marked.
        offline: refuse to download.
        force: replace an augmented set at `output`.
        dry_run: check everything and return what would be made, a `DryRun`; nothing is
            written.
        progress: whether to say how it goes.
        jobs: how many processes share the work, 1 or more; the images are the same whatever it
            is, and the teachers' probabilities but for rounding. None takes one for each core, 8 at
            most, and with a GPU this one alone.
        cluster: `HOST:PORT` of the scheduler of a Dask cluster, whose workers draw instead; None
            draws on this machine.
        **loading: further arguments of `load`.

    Returns:
        An `AugmentedSet`; without `output` a `Dataset`, uint8 images
        `(n, height, width, channels)` and their labels; of a dry run a `DryRun`.

    Raises:
        UsageError: the request cannot be meant, `images` is a model or has no labels, or `output`
            exists.
        GanprofileError: the images cannot be had or read, or a process was ended from outside.

    Example:
        >>> train_set, test_set = gp.load("digits")
        >>> few = train_set.subset(per_class=15)
        >>> gp.augment(few, per_class=1000, dry_run=True).info["recipe"]
        'deformed+distilled+pretrained'
    """
    check_loading("augment", loading)
    check_seed(seed)
    check_format(format)
    if run_named(images, offline) is not None:
        raise UsageError(
            f"augment makes a set of images; {images!s} is a trained model. Draw from it with: "
            f"ganprofile generate {as_word(images)} --per-class 500."
        )
    if not (per_class is None and sampling_strategy is None and total is None):
        CountRequest.of(per_class, sampling_strategy, total, only)  # refuses before all is read
    if subset is not None:
        check_whole("subset", subset)
    check_request(images, output=place_of(output, "", PARENT), **loading)
    sharing = Sharing(jobs, cluster)
    loading |= {"offline": offline, "allow_overlap": allow_overlap}
    real = _own_images(images, subset, seed, loading)
    say_synthetic(real)
    say_conflicts(real)
    recipe = recipe_for(real, pretrained)
    if per_class is None and sampling_strategy is None and total is None:
        total = (QUICK_TOTAL if quick else DEFAULT_TOTAL) + include_real * len(real)
    request = CountRequest.of(per_class, sampling_strategy, total, only)
    counts = synthetic_counts(request, real.class_counts(), real.class_names, include_real)
    job = DeformationJob(
        real,
        recipe,
        counts,
        seed=seed,
        include_real=include_real,
        expect=not quick if expect is None else expect,
        quick=quick,
        progress=progress,
        sharing=sharing,
    )
    name = named_after(images, real)
    return make_set(job, name, output, parent=PARENT, format=format, force=force, dry_run=dry_run)


def _own_images(
    images: Dataset | StrPath | Arrays, subset: int | None, seed: int, loading: dict[str, Any]
) -> Dataset:
    """A user's own labelled images, for which there is a recipe."""
    real = images if isinstance(images, Dataset) else load(images, **loading)[0]
    if real is not images:
        refuse_raw(real, loading)
    if real.labels is None:
        raise UsageError(
            f"{real.name} has no labels. Sort the images into a folder per class, or train a model "
            "without labels: ganprofile train."
        )
    real = without_blanks(without_empty_classes(real))
    if subset is not None:
        real = real.subset(subset, seed)
    return real
