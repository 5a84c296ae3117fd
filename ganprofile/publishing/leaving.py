"""What would leave this machine: a set, a model, a reader or a folder of data, file by file."""

import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from ganprofile.datasets.formats.checksums import SUMS
from ganprofile.datasets.loaders.stored_set import is_set
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.hub.names import DATASET, MODEL
from ganprofile.publishing.contents import naming_writers
from ganprofile.publishing.machine_paths import RECORDS, has_place, without_places
from ganprofile.publishing.staying import CARD, PROFILE, goes_of_reader, listed
from ganprofile.runs import model_places
from ganprofile.runs.config_file import read_config
from ganprofile.runs.run import Run
from ganprofile.runtimes import refuse_exported, runtime_of
from ganprofile.storage.files import expanded, is_folder, printable, read_json
from ganprofile.storage.names import as_word, did_you_mean

OF_RUNS = ("history.csv", "checkpoint")  # beside its config
OF_MODELS = ("config.json", "generator.keras", "grid.png", "evaluation.json", "history.csv", CARD)


@dataclasses.dataclass(frozen=True)
class Leaving:
    """What would leave.

    Attributes:
        path: the folder that was named.
        kind: a name in `KINDS`.
        repo_kind: `DATASET` or `MODEL`.
        files: path in the repository -> a `Path` here, or bytes where the content differs from it.
        changed: which of them have no places of this machine any more.
        places: files in which such places are left as they are.
        left_out: files of the folder that stay here.
        of_people: which of them show images of people.
        naming: files that leave and say by name who wrote images.
        writers: these names.
    """

    path: Path
    kind: str
    repo_kind: str
    files: dict[str, Path | bytes]
    changed: list[str]
    places: list[str]
    left_out: list[str]
    of_people: list[str]
    naming: list[str]
    writers: list[str]

    @property
    def sizes(self):
        """Path in the repository -> bytes, in order."""
        return {
            name: len(file) if isinstance(file, bytes) else file.stat().st_size
            for name, file in sorted(self.files.items())
        }

    def with_card(self, card):
        """The same with a card, bytes, which `SHA256SUMS` lists, too."""
        files = {**self.files, CARD: card}
        if SUMS in files:
            files[SUMS] = _summed(files[SUMS], {CARD: card})
        return dataclasses.replace(self, files=files)

    def text(self, name):
        """What a file says as it would leave.

        Raises:
            UsageError: it is no UTF-8, which the Hub reads.
        """
        file = self.files[name]
        try:
            return (file if isinstance(file, bytes) else file.read_bytes()).decode()
        except UnicodeDecodeError as error:
            message = f"{self.path / name} is no UTF-8, which the Hub reads. Save it as UTF-8."
            raise UsageError(message) from error

    def record(self):
        """What its own record says, a dict; empty of a folder that has none."""
        file = self.files.get(KINDS[self.kind].record)
        if file is None:
            return {}
        return json.loads(file) if isinstance(file, bytes) else read_json(file)


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of folder: in words, the file that marks it, its record, and what of it goes."""

    what: str
    repo_kind: str
    mark: str
    record: str = ""
    goes: Callable[[str], bool] = lambda name: True
    is_ours: Callable[[Path], bool] = lambda folder: True  # others have files of such names, too

    def marks(self, folder: Path) -> bool:
        """Whether a folder is of this kind."""
        return (folder / self.mark).exists() and self.is_ours(folder)


def _is_run(folder):
    """Whether a `config.json` is that of a run, or, if it is damaged, lies beside what a run
    keeps."""
    try:
        read_config(folder / "config.json")
    except GanprofileError:
        return any((folder / name).exists() for name in OF_RUNS)
    return True


# In this order: the first whose mark is there.
KINDS = {
    "set": Kind(
        "a set that ganprofile wrote", DATASET, "dataset.json", "dataset.json", is_ours=is_set
    ),
    "model": Kind(
        "a model", MODEL, "generator.keras", "config.json", lambda name: name in OF_MODELS
    ),
    "reader": Kind("a reader", MODEL, "reader.json", "reader.json", goes_of_reader),
    "run": Kind("an unfinished run", MODEL, "config.json", is_ours=_is_run),
    "data": Kind("a folder of data", DATASET, ""),
}
RESULTS = ("benchmark.json", "study.json", "evaluation.json", PROFILE)


def leaving(path):
    """What of a folder would leave.

    Raises:
        UsageError: it is no folder, empty, a result, a run that is not finished, or what was
            exported.
    """
    refuse_exported(path)
    places = [expanded(path), *model_places.places(path)]
    folder = next((place for place in places if place.is_dir()), None)
    if folder is None:
        raise UsageError(
            f"There is no folder {printable(path)}. Name a set, a model or your pictures'."
            f"{did_you_mean(path, paths=is_folder)}"
        )
    model_places.refuse_folder_of_runs(folder)
    kind = next(name for name, one in KINDS.items() if one.marks(folder))
    result = next((name for name in RESULTS if (folder / name).is_file()), None)
    if result and kind in ("run", "data"):  # a model may hold its evaluation
        raise UsageError(
            f"{printable(path)} holds results ({result}) and no images or networks, which the Hub "
            f"is for. Make a page of them: ganprofile report {as_word(path)}"
        )
    if kind == "run":
        raise UsageError(
            f"{printable(path)} draws nothing yet. Finish it: ganprofile train --resume "
            f"{as_word(path)}"
        )
    if kind == "data":
        _refuse_models_in(folder)
    if kind == "model" and (folder / "config.json").is_file():
        Run.open(folder).require("generator.keras")  # one of a training that goes on stays
    found = listed(folder, KINDS[kind].goes)
    if not found.names:
        stay = some(found.left_out, 9)
        why = f"Hidden files, links, code, pickles and reports stay here: {stay}." if stay else ""
        raise UsageError(
            f"{printable(path)} holds no file that could leave. {why or 'Put some there.'}"
        )
    files = {name: folder / name for name in found.names}
    changed = _without_places(files, KINDS[kind].record)
    files |= changed | _with_sums(files, changed)
    return Leaving(
        folder,
        kind,
        KINDS[kind].repo_kind,
        files,
        sorted(changed),
        sorted(name for name, file in files.items() if has_place(name, file, folder)),
        found.left_out,
        found.of_people,
        *naming_writers(files),
    )


def _refuse_models_in(folder):
    """Refuse a folder of readers alone, or with exported models, which is no folder of data."""
    inside = sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    if inside and all((one / KINDS["reader"].mark).is_file() for one in inside):
        raise UsageError(
            f"{printable(folder)} is a folder of readers. Name one: {printable(inside[0])}"
        )
    exported = next(filter(runtime_of, inside), None)
    if exported is not None:
        raise UsageError(
            f"{printable(folder)} holds an exported model, {printable(exported.name)}, of which no "
            "card can be made. Push the run, model or reader that it was made of."
        )


def some(names: list[str], most: int) -> str:
    """At most so many of some names."""
    return ", ".join(map(printable, names[:most])) + (", ..." if len(names) > most else "")


def _without_places(files, own):
    """The records in which paths are cut, path -> bytes.

    Args:
        files: path -> a `Path`.
        own: that of what is pushed, which has to be readable.
    """
    changed = {}
    for name, file in files.items():
        if PurePosixPath(name).name in RECORDS:
            try:
                content = without_places(file)
            except GanprofileError:
                if name == own:
                    raise
                continue  # somebody else's of the same name
            if content is not None:
                changed[name] = content
    return changed


def _with_sums(files, changed):
    """The lists of sums beside files that were changed, path -> bytes."""
    summed = {}
    for folder in {PurePosixPath(name).parent for name in changed}:
        sums = (folder / SUMS).as_posix()
        if sums in files:
            inside = {
                PurePosixPath(name).name: content
                for name, content in changed.items()
                if PurePosixPath(name).parent == folder
            }
            summed[sums] = _summed(files[sums], inside)
    return summed


def _summed(sums, changed):
    """`SHA256SUMS`, a `Path` or bytes, with the sums of what was changed or came to it."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in changed.items()}
    sums = sums if isinstance(sums, bytes) else sums.read_bytes()
    lines = []
    for line in sums.decode().splitlines(keepends=True):
        digest = digests.pop(_name(line), None)
        lines.append(line if digest is None else f"{digest}  {_name(line)}\n")
    lines += [f"{digest}  {name}\n" for name, digest in digests.items()]
    return "".join(lines).encode()


def _name(line):
    """The file that a line of `SHA256SUMS` is about."""
    return line[66:].rstrip("\n")
