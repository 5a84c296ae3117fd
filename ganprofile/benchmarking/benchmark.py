"""`benchmark`: the paired experiment on a dataset, with arms by their names."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from ganprofile.benchmarking.arm_names import RECIPE, checked_arms
from ganprofile.benchmarking.arms import named_arms
from ganprofile.benchmarking.experiment import (
    check_arguments,
    checked_folder,
    checked_sharing,
    run_experiment,
)
from ganprofile.benchmarking.results import Benchmark
from ganprofile.benchmarking.sizes import ALL, said
from ganprofile.benchmarking.training_set import TrainingSet
from ganprofile.classifiers.facts import facts_of
from ganprofile.console import DryRun, say
from ganprofile.datasets import (
    Dataset,
    check_loading,
    check_request,
    load_for_training,
    load_like,
    parts_without_empty_classes,
    refuse_overlap,
    say_empty_classes,
)
from ganprofile.datasets.given import Arrays
from ganprofile.datasets.loaders.polarity import say_opposite_paper
from ganprofile.datasets.synthetic import refuse_synthetic_test
from ganprofile.datasets.writer_parts import say_shared_writers
from ganprofile.errors import UsageError, is_whole
from ganprofile.parallel import Sharing
from ganprofile.recipes.recipes import recipe_for
from ganprofile.storage.files import printable
from ganprofile.storage.names import names_of
from ganprofile.storage.paths import StrPath

if TYPE_CHECKING:
    from ganprofile.classifiers import ClassifierName

Size: TypeAlias = int | Literal["all"]
ArmFunction: TypeAlias = Callable[[Dataset, int, Path], TrainingSet]


@dataclasses.dataclass(frozen=True)
class BenchmarkPlan:
    """What an experiment is where nothing else is said."""

    per_class: Sequence[Size] = (10,)
    arms: Sequence[str] | Mapping[str, ArmFunction] = ("none", "classic", "classic+gan")
    repeats: int = 10
    trainings: int = 1
    classifier: ClassifierName = "convnet"
    steps: int | None = None
    gan_steps: int = 2500
    teacher_steps: int | None = None


PLANS = {
    False: BenchmarkPlan(),
    # With fewer steps nobody shows what a recipe gives. Two beginnings each say as much as twice as
    # many subsets where test images are few, and take no teachers of their own.
    True: BenchmarkPlan(repeats=2, trainings=2, steps=2000, gan_steps=500),
}


def benchmark(
    dataset: Dataset | StrPath | Arrays,
    *,
    test: Dataset | StrPath | Arrays | None = None,
    per_class: Size | str | Sequence[Size] | None = None,
    arms: str | Sequence[str] | Mapping[str, ArmFunction] | None = None,
    repeats: int | None = None,
    trainings: int | None = None,
    classifier: ClassifierName | None = None,
    steps: int | None = None,
    gan_steps: int | None = None,
    seed: int = 0,
    output: StrPath | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    quick: bool = False,
    dry_run: bool = False,
    offline: bool = False,
    progress: bool = True,
    track: str | Iterable[str] | None = None,
    **loading: Any,
) -> Benchmark | DryRun:
    """Find out whether a way to get more training images helps a classifier.

    For every subset of real images, each arm makes a training set; one classifier with the same
    initial weights and the same number of steps is trained on each and reads the same test images.

    Args:
        dataset: a name or path for `load`, or the training part itself.
        test: what classifiers are judged by: a `Dataset`, or a name or path, of which a person's
            own pictures are read as those of `dataset` were; None takes the dataset's own test
            part.
        per_class: real images of every class in a subset, one size of 1 or more, or several, which
            a text lists as `"10,50"`;
            `"all"` takes every image of every class each time, and the verdict is then for these
            images. None takes 10.
        arms: names as `named_arms` knows them, a list or a text such as `"none,classic"`, and
            `augment`, the recipe that `augment` follows with so many images; folders are read as
            the real images were; or a dict of functions `(subset, seed, folder)` -> `TrainingSet`
            by name, where a function that was changed needs another name or `output`: the results
            of an arm go by its name. None takes `none`, `classic` and `classic+gan`.
        repeats: how many subsets of every size, 1 or more; of all images, how often they are
            trained on. None takes 10, or 2 if `quick`.
        trainings: how many classifiers are trained on every training set, each from initial
            weights of its own: where test images are few, several show smaller gains. None is 1,
            or 2 if `quick`.
        classifier: a name in `classifiers.CLASSIFIERS`; None takes `convnet`.
        steps: training steps of every classifier; None takes the classifier's own number.
        gan_steps: training steps of the GAN of an arm with `gan`; None takes 2500, or 500 if
            `quick`.
        seed: 0..2147483647; the same seed gives the same experiment.
        output: the folder for the result; one that is there is gone on with, and further sizes,
            repeats, trainings and arms join it. None keeps nothing on disk.
        jobs: how many processes share the work, 1 or more. None takes 1; if `quick`, one for each
            core, 8 at most, and with a GPU this one alone.
        cluster: `HOST:PORT` of the scheduler of a Dask cluster, whose workers share it instead;
            `output` is then a folder that all machines see under the same path. None works here.
        quick: let whatever is not said be so small that some five minutes suffice.
        dry_run: check everything and return what would be done, a `DryRun`.
        offline: refuse to download data.
        progress: whether to say how it goes.
        track: `"mlflow"`, `"wandb"` or both, which are told the settings and the figures of the
            finished result; one that fails is said.
        **loading: further arguments of `load`.

    Returns:
        A `benchmarking.results.Benchmark`: cells, comparisons, verdicts; of a dry run a
        `DryRun`.

    Raises:
        UsageError: an argument cannot be meant, or the experiment in `output` is another one.
        GanprofileError: data cannot be had, an arm failed, or the result is damaged.

    Example:
        >>> arms = ["none", "classic", "augment"]
        >>> plan = gp.benchmark("digits", per_class=20, arms=arms, repeats=3, dry_run=True)
        >>> len(plan["cells_to_do"])
        9

        An arm of one's own, far too short to show anything:

        >>> from ganprofile.benchmarking.training_set import TrainingSet
        >>> def none(subset, seed, folder):
        ...     return TrainingSet(subset.images, subset.labels)
        >>> def bold(subset, seed, folder):
        ...     images = np.maximum(subset.images, np.roll(subset.images, 1, axis=2))
        ...     return TrainingSet(images, subset.labels)
        >>> short = {"repeats": 2, "steps": 2, "classifier": "mlp", "progress": False}
        >>> found = gp.benchmark("digits", per_class=2, arms={"none": none, "bold": bold}, **short)
        >>> list(found.verdicts)
        [(2, 'bold', 'none')]
    """
    plan = _planned(
        quick,
        per_class=_sizes(per_class),
        arms=arms if arms is None or isinstance(arms, Mapping) else names_of(arms),
        repeats=repeats,
        trainings=trainings,
        classifier=classifier,
        steps=steps,
        gan_steps=gan_steps,
    )
    trackers = _trackers_of(track)
    if jobs is None:
        jobs = Sharing().on_this_machine().jobs if quick and cluster is None else 1
    _check(plan, seed, jobs, cluster, output)
    check_request(dataset, test, output=output, **loading)
    made = plan.arms
    if not isinstance(made, Mapping):
        made = checked_arms(made, plan.classifier)
    train_set, test_set = _fit_parts(*_parts(dataset, test, offline, loading), loading)
    if not isinstance(made, Mapping):
        made = _arms(plan, made, train_set, test_set, {"offline": offline, **loading})
    descriptions = {
        name: arm.description() for name, arm in made.items() if hasattr(arm, "description")
    }
    found = run_experiment(
        train_set,
        test_set,
        per_class=plan.per_class,
        arms=made,
        descriptions=descriptions,
        repeats=plan.repeats,
        trainings=plan.trainings,
        classifier=plan.classifier,
        steps=plan.steps,
        seed=seed,
        output=output,
        jobs=jobs,
        cluster=cluster,
        dry_run=dry_run,
        progress=progress,
    )
    if isinstance(found, Benchmark):
        _track(found, trackers, offline)
    return found


def _planned(quick: bool, **said: Any) -> BenchmarkPlan:
    """What is said, and the rest as it is otherwise; None says nothing."""
    given = {name: value for name, value in said.items() if value is not None}
    if "classifier" in given:
        given.setdefault("steps", None)  # as many as that one needs
    return dataclasses.replace(PLANS[quick], **given)


def _trackers_of(track: str | Iterable[str] | None) -> Sequence[Any]:
    if not track:  # then no framework is loaded, which comes with trainings
        return ()
    from ganprofile.training.tracking import trackers_of

    return trackers_of(track, needs=("store",))


def _track(found: Benchmark, trackers: Sequence[Any], offline: bool) -> None:
    if not trackers:
        return
    from ganprofile.training.tracking import track_result

    settings = {name: value for name, value in found.settings.items() if name != "class_counts"}
    files = () if found.path is None else sorted(found.path.glob("benchmark.[pc]*"))
    name = f"benchmark of {found.settings['dataset']}"
    params = {**settings, "arms": found.arms}
    track_result(trackers, name, params, found.numbers(), files, offline)


def _parts(
    dataset: Dataset | StrPath | Arrays,
    test: Dataset | StrPath | Arrays | None,
    offline: bool,
    loading: dict[str, Any],
) -> tuple[Dataset, Dataset | None]:
    """The pool of subsets, and what judges."""
    check_loading("benchmark", loading)
    if not isinstance(dataset, Dataset):
        return load_for_training(dataset, test=test, offline=offline, **loading)
    if test is None or isinstance(test, Dataset):
        if test is not None:
            say_opposite_paper(dataset, test)
        return dataset, test
    whole, held_out = load_like(test, dataset, offline=offline, **loading)
    return dataset, held_out or whole


def _fit_parts(
    train_set: Dataset, test_set: Dataset | None, loading: Mapping[str, Any]
) -> tuple[Dataset, Dataset | None]:
    """Both without classes that have no images; an overlap that is allowed is marked."""
    train_set, test_set = parts_without_empty_classes(train_set, test_set)
    say_empty_classes(test_set, is_alone=test_set is not None and test_set.split == "train")
    say_shared_writers(train_set, test_set)
    if loading.get("allow_overlap"):
        train_set = refuse_overlap(train_set, test_set, allow=True)
        train_set = refuse_synthetic_test(train_set, test_set, allow=True)
    return train_set, test_set


def _sizes(given: Size | str | Sequence[Size] | None) -> Sequence[Size] | None:
    """The sizes of subsets; a text lists them, as on the command line."""
    if given is None:
        return None
    sizes: Sequence[Any] = tuple(given) if isinstance(given, Iterable) else (given,)
    if isinstance(given, str):
        sizes = tuple(int(size) if size.isdecimal() else size for size in names_of(given))
    strange = [size for size in sizes if size != ALL and not is_whole(size)]
    if strange:
        raise UsageError(f"`per_class` takes whole numbers, or {ALL}. Received: {strange[0]!r}.")
    return [size if size == ALL else int(size) for size in sizes]


def _check(
    plan: BenchmarkPlan,
    seed: int,
    jobs: int | None,
    cluster: str | None,
    output: StrPath | None,
) -> None:
    """Before any data are read."""
    names = ("repeats", "trainings", "steps", "gan_steps")
    numbers = {name: getattr(plan, name) for name in names}
    check_arguments(plan.per_class, plan.arms, seed, **numbers)
    checked_sharing(jobs, cluster, output)
    checked_folder(output)


def _spelled_out(names: Sequence[str], train_set: Dataset, sizes: Iterable[Size]) -> Sequence[str]:
    """Names of arms; a result knows a recipe by its own, whatever `augment` follows one day."""
    if RECIPE not in names:
        return names
    subsets = (train_set if isinstance(size, str) else train_set.subset(size) for size in sizes)
    recipes = {recipe.arm: recipe for recipe in map(recipe_for, subsets)}
    for recipe in recipes.values():
        say(recipe.why)
    parts = [tuple(recipes) if name == RECIPE else (name,) for name in names]
    return tuple(dict.fromkeys(itertools.chain.from_iterable(parts)))


def _arms(
    plan: BenchmarkPlan,
    names: Sequence[str],
    train_set: Dataset,
    test_set: Dataset | None,
    loading: Mapping[str, Any],
) -> dict[str, ArmFunction]:
    facts = facts_of(plan.classifier, train_set.num_classes)
    made = named_arms(
        _spelled_out(names, train_set, plan.per_class),
        real=train_set,
        test_set=test_set,
        classifier=plan.classifier,
        gan_steps=plan.gan_steps,
        shown=(plan.steps or facts.steps) * facts.batch_size,
        teacher_steps=plan.teacher_steps,
        **{option: value for option, value in loading.items() if option != "revision"},
    )
    for (name, arm), size in itertools.product(made.items(), plan.per_class):
        counts = train_set.class_counts()
        if not arm.adds_to(counts if size == ALL else np.full_like(counts, size)):
            raise UsageError(
                f"The arm {printable(name)} adds no image {said(size)}: it would be what it is "
                "without that. Ask for more images to a real one, or leave it out."
            )
    return made
