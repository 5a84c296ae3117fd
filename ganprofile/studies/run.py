"""`study`: run a published study again, step by step, and keep what was found."""

import dataclasses
import fnmatch
import itertools
import time
from pathlib import Path

from ganprofile.console import say
from ganprofile.errors import GanprofileError, Interrupted, UsageError, check_seed
from ganprofile.files import printable, read_json, write_json
from ganprofile.studies.design import Found, Plan, Room
from ganprofile.studies.pages import table_rows, write_tables
from ganprofile.studies.registry import STUDIES
from ganprofile.versions import installed_versions

CONFIG = "config.json"
IDENTITY = ("study", "quick", "dataset", "seed")


@dataclasses.dataclass(frozen=True)
class StudyResult:
    """What a study found.

    Attributes:
        path: the folder.
        rows: a dict a line of the table, with the keys `pages.COLUMNS`; None where there is
            nothing to say.
    """

    path: Path
    rows: list


def study(
    name,
    *,
    quick=False,
    repeats=None,
    only="*",
    dataset=None,
    output=None,
    seed=0,
    data_dir=None,
    offline=False,
    dry_run=False,
    progress=True,
):
    """Run a published study again; one that was stopped goes on with the same arguments.

    Args:
        name: a name in `STUDIES`.
        quick: on the embedded data, in some minutes.
        repeats: how often everything is measured, each time with other seeds; may be raised later.
            None measures as often as the document, or once where it does not say, and if `quick`.
        only: measure the steps whose names match, such as `"mnist-*"`; `dry_run` says the names.
            The others are left as they are.
        dataset: run on this dataset alone: a name or path for `load`.
        output: the folder; None makes `studies/NAME`, or `studies/NAME-quick`.
        seed: a non-negative integer; the same seed gives the same study.
        data_dir: where the files of named datasets lie that are supplied by hand, those of one in a
            subfolder of its name or all here.
        offline: refuse to download.
        dry_run: check everything and return what would be done, a dict; nothing is written.
        progress: whether to say how it goes.

    Returns:
        A `StudyResult`. The folder has the table (`table.csv`), a page (`study.md`), `figures/`,
        `config.json`, and in `steps/` what every step found.

    Raises:
        UsageError: no such study or step, or the folder is of another study.
        GanprofileError: data cannot be had, or a step failed.
    """
    check_seed(seed)
    if name not in STUDIES:
        raise UsageError(f"No study {printable(name)!r}. Known: {', '.join(STUDIES)}.")
    if repeats is not None and repeats < 1:
        raise UsageError(f"--repeats should be 1 or more. Received: {repeats}.")
    chosen = STUDIES[name].load(name)
    plan = Plan(quick, dataset, data_dir and str(data_dir), offline, progress)
    folder = Path(output or Path("studies") / f"{name}{'-quick' * quick}")
    config = {"study": name, "quick": quick, "dataset": dataset, "seed": seed}
    _refuse_another(folder, config)
    steps = chosen.steps(plan)
    measured = _only(steps, only)
    if dry_run:
        return {"output": str(folder), **config, "steps": {s.name: s.what for s in measured}}
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / CONFIG, {**config, "versions": installed_versions()})
    try:
        _measure_all(measured, folder, plan, repeats, seed)
    except Interrupted as stop:
        stop.__notes__ = [f"Finished steps are kept in {folder}. Go on with the same command."]
        raise
    found = {step.name: _kept(folder, step) for step in steps}
    rows = table_rows(steps, found)
    write_tables(folder, chosen, STUDIES[name], steps, found, rows)
    return StudyResult(folder, rows)


def _only(steps, pattern):
    there = [step for step in steps if step.measure is not None]
    chosen = [step for step in there if fnmatch.fnmatchcase(step.name, pattern)]
    if not chosen:
        names = ", ".join(step.name for step in there)
        raise UsageError(f"No step is called {printable(pattern)!r}. The steps: {names}.")
    return chosen


def _measure_all(steps, folder, plan, repeats, seed):
    wanted = {step.name: repeats or (1 if plan.quick else step.repeats) for step in steps}
    rounds = itertools.product(range(max(wanted.values())), enumerate(steps, 1))
    for repeat, (number, step) in rounds:
        path = _path(folder, step, repeat)
        if repeat >= wanted[step.name] or path.is_file():
            continue
        if plan.progress:
            often = wanted[step.name]
            again = f", repeat {repeat + 1} of {often}" if often > 1 else ""
            say(f"Step {number} of {len(steps)}{again}: {step.what}.")
        figures = folder / "figures" if repeat == 0 else None
        for room in filter(None, (figures, path.with_suffix(""))):
            room.mkdir(parents=True, exist_ok=True)
        room = Room(plan, path.with_suffix(""), figures, seed + repeat)
        write_json(path, dataclasses.asdict(_measured(step, room)))


def _measured(step, room):
    started = time.monotonic()
    found = step.measure(room)
    unknown = set(found.values) - {row.key for row in step.rows}
    assert not unknown, f"{step.name} has no row for {unknown}"
    return dataclasses.replace(found, seconds=time.monotonic() - started)


def _path(folder, step, repeat):
    return folder / "steps" / f"{step.name}-{repeat}.json"


def _kept(folder, step):
    """What a step found in all its repeats, a list of `Found`."""
    paths = (_path(folder, step, repeat) for repeat in itertools.count())
    try:
        return [
            Found(**read_json(path))
            for path in itertools.takewhile(lambda path: path.is_file(), paths)
        ]
    except TypeError as error:
        raise GanprofileError(
            f"{folder / 'steps'} has a damaged file of {step.name}. Remove it, and it is "
            "measured again."
        ) from error


def _refuse_another(folder, config):
    """Refuse a folder that holds something else."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / CONFIG).is_file():
        raise UsageError(f"{folder} is no study and not empty. Choose another --output.")
    before = read_json(folder / CONFIG)
    for name in IDENTITY:
        if before.get(name) != config[name]:
            raise UsageError(
                f"{folder} is of another study: {name} was {before.get(name)!r} and is "
                f"{config[name]!r}. Choose another --output, or put it back."
            )
