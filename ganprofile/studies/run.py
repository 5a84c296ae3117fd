"""`study`: run a published study again, step by step, and keep what was found."""

import dataclasses
import fnmatch
import itertools
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ganprofile.console import DryRun, say
from ganprofile.datasets import check_loading, check_request
from ganprofile.errors import GanprofileError, UsageError, check_seed, check_whole, kept_if_stopped
from ganprofile.parallel import Sharing
from ganprofile.storage.files import check_path, expanded, printable, read_json, write_json
from ganprofile.storage.locks import added_to_alone
from ganprofile.storage.paths import StrPath
from ganprofile.storage.places import check_writable
from ganprofile.storage.versions import installed_versions
from ganprofile.studies.design import Found, Room, Step, StudyPlan
from ganprofile.studies.pages import summary_of, table_rows, write_tables
from ganprofile.studies.registry import STUDIES, StudyName

CONFIG = "config.json"
WORK = "the study"
REMEDY = "Finished steps are kept; run the command again."
IDENTITY = ("study", "quick", "dataset", "seed", "loading")
AGAIN = "Remove it, and it is measured again."
OF_DICTS = ("values", "figures", "tables", "aside", "data", "versions")


@dataclasses.dataclass(frozen=True)
class StudyResult:
    """What a study found.

    Attributes:
        path: the folder.
        rows: a dict a line of the table, with the keys `pages.COLUMNS`; None where there is
            nothing to say.
        summary: what was found, in sentences, those first that say what its figures cannot be held
            against.

    Example:
        >>> from pathlib import Path
        >>> from ganprofile.studies.run import StudyResult
        >>> found = StudyResult(Path("studies/mine"), [{"what": "Accuracy", "ours": 0.98}])
        >>> [line["what"] for line in found.rows]
        ['Accuracy']
    """

    path: Path
    rows: list[dict[str, Any]]
    summary: Sequence[str] = ()


@dataclasses.dataclass(frozen=True)
class _Asked:
    """How much of a study is asked for, and by whom it is done; see `study`."""

    only: Sequence[str]
    repeats: int | None
    sharing: Sharing
    offline: bool
    dry_run: bool


def study(
    name: StudyName,
    *,
    quick: bool = False,
    repeats: int | None = None,
    only: str | Sequence[str] = "*",
    dataset: StrPath | None = None,
    output: StrPath | None = None,
    seed: int = 0,
    jobs: int = 1,
    cluster: str | None = None,
    data_dir: StrPath | None = None,
    offline: bool = False,
    dry_run: bool = False,
    progress: bool = True,
    **loading: Any,
) -> StudyResult | DryRun:
    """Run a published study again; one that was stopped goes on with the same arguments.

    Args:
        name: a name in `ganprofile.studies.STUDIES`.
        quick: on the embedded data, in some minutes.
        repeats: how often everything is measured, 1 or more, each time with other seeds; may be
            raised later. None measures as often as the document, or once where it does not say, and
            if `quick`.
        only: measure the steps whose names match one of these, such as `"mnist-*"`; `dry_run`
            says the names. The others are left as they are.
        dataset: run on this dataset alone: a name or path for `load`; None takes the study's own.
        output: the folder; None makes `studies/NAME`, or `studies/NAME-quick`.
        seed: 0..2147483647; the same seed gives the same study.
        jobs: how many processes share the repeats, 1 or more; the steps of one follow each other.
        cluster: `HOST:PORT` of the scheduler of a Dask cluster, whose workers share them instead;
            `output` and data are then where all machines see them under the same path. None works
            here.
        data_dir: where the files of named datasets lie that are supplied by hand, those of one in a
            subfolder of its name or all here; None looks in the usual places.
        offline: refuse to download.
        dry_run: check everything and return what would be done, a `DryRun`; nothing is written.
        progress: whether to say how it goes.
        **loading: further arguments of `load`, such as `channels`, for `dataset`.

    Returns:
        A `StudyResult`; of a dry run a `DryRun`. The folder has the table (`table.csv`), a page
        (`study.md`), `figures/`, `config.json`, and in `steps/` what every step found.

    Raises:
        UsageError: no such study or step, or the folder is of another study or of other data.
        GanprofileError: data cannot be had, or a step failed.

    Example:
        >>> plan = gp.study("profiling", quick=True, only="digits-*", dry_run=True)
        >>> list(plan["steps"])
        ['digits-reader', 'digits-gan', 'digits-cdcgan', 'digits-mlp']
    """
    check_seed(seed)
    check_path(name)
    if name not in STUDIES:
        raise UsageError(
            f"No study {printable(name)!r}. Known: {', '.join(STUDIES)}, as ganprofile.studies."
            "STUDIES lists them."
        )
    if repeats is not None:
        check_whole("repeats", repeats)
    asked = _Asked(_patterns(only), repeats, Sharing(jobs, cluster), offline, dry_run)
    chosen = STUDIES[name].load(name)
    loading = {key: _as_kept(value) for key, value in loading.items()}
    dataset = None if dataset is None else str(dataset)
    data_dir = None if data_dir is None else str(data_dir)
    folder = expanded(output or Path("studies") / f"{name}{'-quick' * quick}")
    _check_loading(dataset, loading)
    check_request(dataset, output=folder, **loading)
    # A plan downloads nothing; whether it may be downloaded is looked at below.
    told = tuple((key, tuple(v) if isinstance(v, list) else v) for key, v in loading.items())
    plan = StudyPlan(quick, dataset, data_dir, offline or dry_run, told, progress)
    config = {"study": name, "quick": quick, "dataset": dataset, "seed": seed, "loading": loading}
    check_writable(folder / CONFIG)
    with added_to_alone(None if dry_run else folder):
        return _studied(chosen, plan, config, folder, asked)


def _studied(
    chosen: Any,
    plan: StudyPlan,
    config: dict[str, Any],
    folder: Path,
    asked: _Asked,
) -> StudyResult | DryRun:
    """The same, whose arguments are checked, in a folder that nobody else adds to."""
    dataset = config["dataset"] = _refuse_another(folder, config)
    plan = dataclasses.replace(plan, dataset=dataset)
    steps = chosen.steps(plan)
    measured = _only(steps, asked.only)
    before = {step.name: _kept(folder, step) for step in steps}
    plan = _of_known_data(plan, [*itertools.chain.from_iterable(before.values())])
    new = [step for step in measured if not before[step.name]]
    # Before a folder is made that is of these data.
    missing = _to_download(new, plan, asked.offline)
    _check_possible(new, measured, folder, plan, missing)
    wanted = _wanted(measured, plan, asked.repeats)
    if asked.dry_run:
        steps = {step.name: step.what for step in measured}
        kept = {step.name: len(before[step.name]) for step in measured}
        told = {"steps": steps, "repeats": wanted, "kept": kept, "to_download": missing}
        return DryRun(folder, {**config, **told})
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / CONFIG, {**config, "versions": installed_versions()})
    kept = f"Finished steps are kept in {folder}. Go on with the same command."
    with kept_if_stopped(lambda: kept):
        _measure_all(measured, wanted, folder.resolve(), plan, config["seed"], asked.sharing)
    found = {step.name: _kept(folder, step) for step in steps}
    rows = table_rows(steps, found)
    summary = summary_of(rows, plan, steps)
    write_tables(folder, chosen, STUDIES[config["study"]], steps, found, rows, summary)
    return StudyResult(folder, rows, summary)


def _as_kept(value: object) -> object:
    """An argument as `config.json` gives it back."""
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


def _check_loading(dataset: str | None, loading: Mapping[str, Any]) -> None:
    """Refuse arguments that `load` does not have, or that are of no dataset."""
    check_loading("study", loading)
    if loading and dataset is None:
        raise UsageError(
            f"`{min(loading)}` is for data of your own, and this study takes those of the "
            "document. Name yours with `dataset`, or leave it out."
        )


def _of_known_data(plan: StudyPlan, found: Sequence[Found]) -> StudyPlan:
    """The plan, which knows what data finished steps have read.

    Raises:
        UsageError: the only dataset to run on is another one now, though nothing may be left to do.
    """
    known = {name: read for one in found for name, read in one.data.items()}
    plan = dataclasses.replace(plan, known=known)
    if plan.dataset in known:
        plan.parts(plan.dataset)
    return plan


def _to_download(steps: Sequence[Step], plan: StudyPlan, offline: bool) -> list[str]:
    """The datasets of steps that are not on this machine, and would be downloaded.

    Raises:
        UsageError: one is not there at all, or no study can be made of it.
        GanprofileError: one cannot be had.
    """
    names = dict.fromkeys(name for step in steps for name in step.datasets)
    missing = [name for name in names if plan.is_missing(name)]
    if missing and offline:
        plan.parts(missing[0])  # which says what to do
    return missing


def _check_possible(
    new: Sequence[Step],
    measured: Sequence[Step],
    folder: Path,
    plan: StudyPlan,
    missing: Collection[str],
) -> None:
    """Refuse steps that would fail: for the data, if they are here, or for want of another step.

    Raises:
        UsageError: one would.
    """
    at_hand = [step for step in new if not {*missing}.intersection(step.datasets)]
    for check in dict.fromkeys(step.check for step in at_hand):
        check(plan)
    names = {step.name for step in measured}
    for step in new:
        for need in step.needs:
            if need not in names and not (folder / "steps" / f"{need}-0.json").is_file():
                raise UsageError(
                    f"The step {step.name} needs what the step {need} leaves. Measure that step "
                    f"first: `only={need!r}`."
                )


def _patterns(only: Any) -> tuple[str, ...]:
    several = only if isinstance(only, (list, tuple)) else [only]
    if not several or not all(isinstance(one, str) for one in several):
        raise UsageError(
            "`only` should be the name of a step, such as 'mnist-*', or several. Received: "
            f"{only!r:.60}."
        )
    return tuple(several)


def _only(steps: Sequence[Step], patterns: Sequence[str]) -> list[Step]:
    """The steps whose names match one of some patterns, each of which has to match one."""
    there = [step for step in steps if step.measure is not None]
    chosen: set[str] = set()
    for pattern in patterns:
        called = {step.name for step in there if fnmatch.fnmatchcase(step.name, pattern)}
        if not called:
            names = ", ".join(step.name for step in there)
            raise UsageError(f"No step is called {printable(pattern)!r}. The steps: {names}.")
        chosen |= called
    return [step for step in there if step.name in chosen]


def _wanted(steps: Iterable[Step], plan: StudyPlan, repeats: int | None) -> dict[str, int]:
    """The name of a step -> how often it is to be measured."""
    return {step.name: repeats or (1 if plan.quick else step.repeats) for step in steps}


def _measure_all(
    steps: Sequence[Step],
    wanted: Mapping[str, int],
    folder: Path,
    plan: StudyPlan,
    seed: int,
    sharing: Sharing,
) -> None:
    """Measure what is missing: repeats side by side, and the steps of each in their order."""
    missing = [
        [
            (number, repeat)
            for number, step in enumerate(steps)
            if repeat < wanted[step.name] and not _path(folder, step, repeat).is_file()
        ]
        for repeat in range(max(wanted.values()))
    ]
    chains = [chain for chain in missing if chain]
    if not chains:
        return

    def pieces(chain: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        for number, repeat in chain:
            step = steps[number]
            if plan.progress:
                _say_step(number, len(steps), step, repeat, wanted[step.name])
            yield number, repeat

    common = (steps, folder, plan, seed)
    with sharing.executor(common, work=WORK, remedy=REMEDY, most=len(chains)) as executor:
        for number, repeat, found in executor.imap_chains(_measured, map(pieces, chains)):
            write_json(_path(folder, steps[number], repeat), dataclasses.asdict(found))


def _say_step(number: int, count: int, step: Step, repeat: int, often: int) -> None:
    again = f", repeat {repeat + 1} of {often}" if often > 1 else ""
    say(f"Step {number + 1} of {count}{again}: {step.what}.")


def _measured(
    common: tuple[Sequence[Step], Path, StudyPlan, int], number: int, repeat: int
) -> Iterator[tuple[int, int, Found]]:
    """`(number, repeat, Found)`: what a step finds in a repeat."""
    steps, folder, plan, seed = common
    step = steps[number]
    own = _path(folder, step, repeat).with_suffix("")
    figures = folder / "figures" if repeat == 0 else None
    for room in filter(None, (figures, own)):
        room.mkdir(parents=True, exist_ok=True)
    yield number, repeat, _timed(step, Room(plan, own, figures, seed + repeat))


def _timed(step: Step, room: Room) -> Found:
    started = time.monotonic()
    assert step.measure is not None, f"{step.name} cannot be measured"  # `_only` leaves it out
    plan = dataclasses.replace(room.plan, used={})
    found = step.measure(dataclasses.replace(room, plan=plan))
    unknown = set(found.values) - {row.key for row in step.rows}
    assert not unknown, f"{step.name} has no row for {unknown}"
    seconds = time.monotonic() - started
    return dataclasses.replace(
        found, seconds=seconds, data=plan.used, versions=installed_versions()
    )


def _path(folder: Path, step: Step, repeat: int) -> Path:
    return folder / "steps" / f"{step.name}-{repeat}.json"


def _kept(folder: Path, step: Step) -> list[Found]:
    """What a step found in all its repeats, a list of `Found`."""
    paths = (_path(folder, step, repeat) for repeat in itertools.count())
    return [*map(_found_in, itertools.takewhile(lambda path: path.is_file(), paths))]


def _found_in(path: Path) -> Found:
    """What a step found, as its file has it."""
    content = read_json(path, AGAIN)
    fields = {one.name for one in dataclasses.fields(Found)}
    are_known = isinstance(content, dict) and "values" in content and content.keys() <= fields
    if not are_known or not all(isinstance(content.get(name, {}), dict) for name in OF_DICTS):
        step = path.stem.rpartition("-")[0]
        raise GanprofileError(f"{path.parent} has a damaged file of {step}: {path.name}. {AGAIN}")
    return Found(**content)


def _refuse_another(folder: Path, config: Mapping[str, Any]) -> str | None:
    """Refuse a folder that holds something else; returns the dataset as this study calls it."""
    dataset: str | None = config["dataset"]
    if not folder.exists() or not any(folder.iterdir()):
        return dataset
    if not (folder / CONFIG).is_file():
        raise UsageError(f"{folder} is no study and not empty. Choose another `output`.")
    if not any(path.is_file() for path in (folder / "steps").rglob("*")):
        return dataset  # nothing came of it
    before = read_json(
        folder / CONFIG, "Put a whole copy in its place, or choose another `output`."
    )
    if _is_same_place(before.get("dataset"), dataset):
        dataset = before["dataset"]
    now = {**config, "dataset": dataset}
    for name in IDENTITY:
        was = before.get(name, {} if name == "loading" else None)  # which older ones lack
        if was != now[name]:
            raise UsageError(
                f"{folder} is of another study: {name} was {was!r} and is "
                f"{now[name]!r}. Choose another `output`, or put it back."
            )
    return dataset


def _is_same_place(one: object, other: object) -> bool:
    """Whether two names of datasets are paths of one place that is there."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    places = expanded(one), expanded(other)
    return all(place.exists() for place in places) and places[0].resolve() == places[1].resolve()
