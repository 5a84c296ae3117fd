"""The paired experiment: every arm on the same subsets, with the same classifier and weights."""

import contextlib
import functools
import itertools
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ganprofile.benchmarking.arm_names import check_functions
from ganprofile.benchmarking.cells import Protocol, subset_of
from ganprofile.benchmarking.outlook import Outlook
from ganprofile.benchmarking.progress import BenchmarkProgress, cells_of
from ganprofile.benchmarking.result_file import NAME, ResultFile
from ganprofile.benchmarking.results import Benchmark, chosen_baseline
from ganprofile.benchmarking.runner import run_chains
from ganprofile.benchmarking.same_pool import SAME_POOL, warning
from ganprofile.benchmarking.sizes import ALL, images_of, in_order
from ganprofile.benchmarking.speed import Speed
from ganprofile.classifiers.facts import facts_of
from ganprofile.console import DryRun, say
from ganprofile.datasets.duplicates import ALLOWED, refuse_overlap, say_conflicts, with_each_once
from ganprofile.datasets.guessed import marked_by_guesses
from ganprofile.datasets.synthetic import JUDGED_BY, refuse_synthetic_test, say_synthetic
from ganprofile.errors import (
    UsageError,
    check_seed,
    check_several_classes,
    check_whole,
    kept_if_stopped,
)
from ganprofile.parallel import Sharing
from ganprofile.storage.files import expanded, printable
from ganprofile.storage.locks import added_to_alone
from ganprofile.storage.places import check_writable
from ganprofile.storage.versions import installed_versions

FOLDER = "subsets"  # what arms keep, a folder per subset


def run_experiment(
    train_set,
    test_set,
    *,
    per_class=(10,),
    arms,
    descriptions=None,
    repeats=10,
    trainings=1,
    classifier="convnet",
    steps=None,
    seed=0,
    output=None,
    jobs=1,
    cluster=None,
    baseline=None,
    prepare=None,
    dry_run=False,
    progress=True,
):
    """Compare ways to make a training set, on the same subsets of real images.

    A repeat is a subset, the initial weights of the classifiers and a seed for the arms; in all
    arms of a repeat these are the same, and so are the classifier and its number of steps.
    Intervals are over subsets and over test images, both of which are samples. Where test images
    are few, how a classifier happens to begin can move it as far as the subset does: several
    `trainings` take the mean over such beginnings.

    Args:
        train_set: the pool that subsets are drawn from, a labelled `Dataset`.
        test_set: what every classifier is judged by, a `Dataset` with the same classes; further
            copies of an image in it are left out, and that is said.
        per_class: how many images of every class a subset has; several sizes are several
            experiments in one result. `"all"` takes every image of every class each time: what a
            repeat then varies is where training begins, and the verdict is for these images.
        arms: name -> `arm(subset, seed, folder)`, which gives a `TrainingSet`. The folder belongs
            to the subset: what one arm leaves there, another or a later sitting may use.
        descriptions: name -> dict of JSON values, what decides how an arm makes its set.
        repeats: how many subsets of every size.
        trainings: how many classifiers are trained on every training set, each from initial
            weights of its own.
        classifier: a name in `classifiers.CLASSIFIERS`.
        steps: training steps of every classifier; None takes the classifier's own number.
        seed: a non-negative integer; the same seed gives the same experiment.
        output: the folder for `benchmark.json` and all else; an experiment that is there is gone
            on with, and further sizes, repeats, trainings and arms join it. None keeps nothing on
            disk.
        jobs: how many processes share the work.
        cluster: `HOST:PORT` of the scheduler of a Dask cluster, whose workers share it instead;
            `output` is then a folder that all machines see under the same path.
        baseline: the arm that all others are compared with; None takes `none`, or else the first.
        prepare: called without arguments in every process before its first cell, or None.
        dry_run: check everything and return what would be done, a `DryRun`; nothing is written.
        progress: whether to say how it goes.

    Returns:
        A `Benchmark`.

    Raises:
        UsageError: an argument cannot be meant, or the experiment in `output` is another one.
        GanprofileError: an arm failed, or the result in `output` is damaged.
    """
    per_class, arms = sorted(set(per_class), key=in_order), dict(arms)
    check_arguments(per_class, arms, seed, repeats=repeats, trainings=trainings, steps=steps)
    sharing = checked_sharing(jobs, cluster, output)
    output = checked_folder(output)
    _check_data(train_set, test_set, [size for size in per_class if size != ALL])
    train_set = marked_by_guesses(train_set, test_set)
    test_set = with_each_once(test_set)
    steps = _checked_steps(classifier, train_set.num_classes, steps)
    settings = _settings(train_set, test_set, classifier, steps, seed)
    described = {name: (descriptions or {}).get(name, {}) for name in arms}
    with added_to_alone(None if dry_run else output):
        file = ResultFile.open(output, settings, described, _environment(sharing))
        against = chosen_baseline(file.content["arms"], baseline)
        chains = _chains(per_class, repeats, arms, trainings, set(file.places))
        foreseen = Outlook.of(settings, per_class, repeats, file.content, against)
        if chains:
            _warn(foreseen, described, file.content["arms"])
        costs = {
            (size, name): arm.costs_of(images_of(size, train_set.class_counts()))
            for name, arm in arms.items()
            if hasattr(arm, "costs_of")
            for size in per_class
        }
        speed = Speed(classifier, test_set.image_shape, steps)
        watching = BenchmarkProgress(file, chains, progress and not dry_run, costs, speed)
        if dry_run:
            plan = {**_plan(file, chains), "outlook": [one.as_json() for one in foreseen]}
            plan |= _time(watching, sharing)
            return DryRun(output, plan)
        subset_for = functools.partial(subset_of, train_set, seed=seed)
        with _folder(output) as folder, kept_if_stopped(lambda: _kept(file)), watching:
            protocol = Protocol(arms, test_set, classifier, steps, seed, folder, prepare or bool)
            run_chains(chains, protocol, subset_for, sharing, watching)
        file.looked_at()
        benchmark = Benchmark.of(file, baseline)
        if output is not None:
            benchmark.write()
        return benchmark


def check_arguments(per_class, arms, seed, **numbers):
    """Refuse what no data can make right, before any are read.

    Args:
        per_class, arms, seed: as for `run_experiment`; arms may be a list of names.
        **numbers: further arguments that are whole numbers, 1 or more; None stands for no number.

    Raises:
        UsageError: with the first of them.
    """
    check_seed(seed)
    if not arms or not per_class:
        raise UsageError("A benchmark needs one arm or more and one size or more. Received: none.")
    if isinstance(arms, Mapping):
        check_functions(arms)
    for name, value in numbers.items():
        if value is not None:
            check_whole(name, value)
    for size in per_class:
        if size != ALL:
            check_whole("per_class", size)


def _check_data(train_set, test_set, sizes):
    """Refuse data that the experiment would not be fair on, or that are too few; images with
    several labels are said."""
    if test_set is None:
        raise UsageError(
            f"{train_set.name} has no test part, which classifiers are judged by. Name one with "
            "`test`."
        )
    if train_set.labels is None or test_set.labels is None:
        unlabelled = train_set if train_set.labels is None else test_set
        raise UsageError(f"{unlabelled.name} has no labels, which a benchmark needs.")
    check_several_classes(train_set.num_classes)
    if train_set.class_names != test_set.class_names:
        differing = sorted(set(train_set.class_names) ^ set(test_set.class_names))
        received = f"{printable(differing[0])!r} in one only" if differing else "another order"
        raise UsageError(
            "Training and test images should have the same classes in the same order. "
            f"Received: {received}."
        )
    if JUDGED_BY not in train_set.provenance:
        refuse_synthetic_test(train_set, test_set)
    refuse_overlap(train_set, test_set, allow=ALLOWED in train_set.provenance)
    if sizes:
        train_set.subset(max(sizes))
    say_synthetic(train_set)
    say_conflicts(train_set)
    say_conflicts(test_set, judges=True)


def _checked_steps(classifier, num_classes, steps):
    own = facts_of(classifier, num_classes).steps  # refuses one that is not there
    return own if steps is None else steps


def _settings(train_set, test_set, classifier, steps, seed):
    return {
        "dataset": train_set.name,
        "train_fingerprint": train_set.fingerprint,
        "test_fingerprint": test_set.fingerprint,
        "class_names": list(train_set.class_names),
        "class_counts": train_set.class_counts().tolist(),
        "test_class_counts": test_set.class_counts().tolist(),
        "classifier": classifier,
        "steps": steps,
        "seed": seed,
        "provenance": train_set.provenance,
    }


def checked_sharing(jobs, cluster, output):
    """The `Sharing` of an experiment.

    Raises:
        UsageError: as `Sharing`, or a cluster has no `output` to share.
    """
    sharing = Sharing(jobs, cluster)
    if cluster is not None and output is None:
        raise UsageError(
            "A benchmark on a cluster keeps what arms make in a folder that all machines see. "
            "Name one with `output`."
        )
    return sharing


def checked_folder(output):
    """The folder of a result, a `Path`, or None for none; a place that takes no result is refused,
    and a folder of something else, into which it would be mixed.

    Raises:
        UsageError: it has files, and neither a result nor what a sitting without one has left.
        GanprofileError: it cannot be written to.
    """
    if output is None:
        return None
    folder = expanded(output)
    check_writable(folder / NAME)
    if not folder.is_dir() or (folder / NAME).is_file():
        return folder
    others = (one.name for one in folder.iterdir() if one.name != FOLDER)
    if any(not name.startswith(".") for name in others):
        raise UsageError(
            f"{printable(output)} is no result of a benchmark and not empty. Choose another "
            "`output`."
        )
    return folder


def _environment(sharing):
    import joblib

    jobs = {"jobs": sharing.jobs} if sharing.cluster is None else {"cluster": True}
    return {"versions": installed_versions(), "cores": joblib.cpu_count(), **jobs}


def _chains(per_class, repeats, arms, trainings, done):
    """For each subset the arms and trainings that are missing; a repeat in all sizes before the
    next."""
    chains = []
    for repeat, size in itertools.product(range(repeats), per_class):
        missing = {
            arm: tuple(k for k in range(trainings) if (size, repeat, arm, k) not in done)
            for arm in arms
        }
        chains.append([(size, repeat, arm, numbers) for arm, numbers in missing.items() if numbers])
    return [chain for chain in chains if chain]


def _plan(file, chains):
    return {
        "settings": file.content["settings"],
        "arms": file.content["arms"],
        "cells_done": len(file.places),
        "cells_to_do": [list(cell) for cell in cells_of(chains)],
    }


def _warn(foreseen, described, arms):
    """Say before the work what its verdicts can not show; one arm, as `none,none` is, has none."""
    if len(arms) == 1:
        say(
            f"The only arm is {printable(*arms)}, which is compared with nothing: this measures "
            "its accuracy and gives no verdict. Name another beside it (`arms`)."
        )
    for one in foreseen:
        one.warn()
    if any(one.floor is None for one in foreseen):
        say(
            "So few test images can show no gain: were all of them read differently, it could be "
            "chance. Judge by more of them (`test`)."
        )
    if any(one.repeats < 2 for one in foreseen):
        say(
            "A single repeat can show no gain: nothing tells how far another would differ. Ask for "
            "more of them (`repeats`)."
        )
    if any(one.overlap < 1 for one in foreseen):
        for name, how in described.items():
            if how.get(SAME_POOL):
                say(warning(name, how[SAME_POOL]))


def _time(watching, sharing):
    """How long it takes, as far as something tells; of a cluster's workers nothing does."""
    if watching.told_by is None or sharing.cluster is not None:
        return {}
    watching.begin(sharing.jobs)
    return {"about_seconds": watching.seconds_left(), "as_fast_as": watching.told_by}


@contextlib.contextmanager
def _folder(output):
    """Where subsets have their folders."""
    if output is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    output = output.resolve()
    for partial in output.glob(f".{Path(NAME).stem}.*.partial*"):  # of a sitting that was killed
        partial.unlink(missing_ok=True)
    yield output / FOLDER


def _kept(file):
    """How to go on after an interruption, which may have come before the last cell was written."""
    if file.path is None:
        return ""
    cells = len(ResultFile.read(file.path).places) if file.path.exists() else 0
    if not cells:
        return ""
    kept = "1 cell is" if cells == 1 else f"{cells} cells are"
    return f"{kept} kept in {file.path}. Go on with the same command."
