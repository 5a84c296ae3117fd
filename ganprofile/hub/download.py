"""Snapshots of the Hub in the user's folder: pinned, whole, and never fetched twice.

    hub/datasets/USER/NAME/COMMIT/NAME/    the files of that commit
    hub/datasets/USER/NAME/refs.json       branch or tag -> the commit that it was, when last asked

No file that Python would run or unpickle is fetched.
"""

import dataclasses
import fnmatch
import re
import shutil
import urllib.parse
from pathlib import Path, PurePosixPath

from ganprofile.console import say
from ganprofile.errors import GanprofileError, NotHere
from ganprofile.hub.client import bars_in_terminals, client, host, in_words
from ganprofile.hub.names import DATASET, MODEL, PINNED, is_hub_name, parsed
from ganprofile.storage.files import atomic_folder, printable, read_json, write_json
from ganprofile.storage.paths import user_folder

MAIN = "main"
CARD = "README.md"  # of a repository: it may name the classes of the sets in its folders
REFS = "refs.json"
HIDDEN = (".*", "*/.*")


def _in_any_case(*patterns):
    return tuple(re.sub("[a-z]", lambda m: f"[{m[0]}{m[0].upper()}]", one) for one in patterns)


CODE = _in_any_case("*.py", "*.ipynb", "*.sh", "*.so", "*.dll", "*.exe")
PICKLES = _in_any_case(
    *("*.pkl", "*.pickle", "*.pt", "*.pth", "*.ckpt", "*.joblib", "*.bin", "*.weights.h5")
)
# What is no data, of either kind of repository. An `.h5` is HDF5: in a model's a network as older
# versions of Keras save it, code perhaps and all; in a dataset's arrays.
LEFT_OUT = {
    DATASET: (*HIDDEN, *CODE, *PICKLES),
    MODEL: (*HIDDEN, *CODE, *PICKLES, *_in_any_case("*.h5")),
}


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """Files of the Hub on this machine.

    Attributes:
        path: the folder, or the folder or file in it that the name speaks of.
        commit: which commit they are of, 40 hexadecimal digits.
    """

    path: Path
    commit: str


def snapshot(name, kind, offline=False):
    """The files that a name speaks of, downloaded where they are not here.

    Args:
        name: a `HubName`.
        kind: `DATASET` or `MODEL`.
        offline: take only what is here.

    Returns:
        A `Snapshot`.

    Raises:
        UsageError: the Hub's library is missing.
        GanprofileError: they cannot be had.
    """
    home = _home(name, kind)
    revision = name.revision or MAIN
    known = revision if PINNED.fullmatch(revision) else _refs(home).get(revision)
    if known and (offline or known == revision) and _place(home, name, known).exists():
        return _of(home, name, known)
    if offline:
        raise NotHere(f"{name} ({revision}) is not on this machine")
    api = client()
    with in_words(api, dataclasses.replace(name, revision=revision), "could not be downloaded"):
        repo = {"repo_id": name.repo, "repo_type": kind}
        info = api.repo_info(**repo, revision=revision, files_metadata=True)
        files = _wanted(info.siblings or (), name, kind)
        if not _place(home, name, info.sha).exists():
            _download(api, repo, info.sha, files, name, home)
    home.mkdir(parents=True, exist_ok=True)
    write_json(home / REFS, {**_refs(home), revision: info.sha})
    return _of(home, name, info.sha)


def is_model(name, offline=False):
    """Whether a `HubName` is a model's: by what it says, by what is here, or by asking."""
    if name.kind is not None:
        return name.kind == MODEL
    if _home(name, MODEL).is_dir():
        return True
    if offline or _home(name, DATASET).is_dir():
        return False
    api = client()
    with in_words(api, name, "could not be looked up"):
        return api.repo_exists(name.repo, repo_type=MODEL)


def model_folder(source, offline=False):
    """The folder of a model by its name on the Hub, such as `hf:user/name`; None of other sources.

    Raises:
        UsageError: the name cannot be one.
        GanprofileError: it cannot be had.
    """
    return snapshot(parsed(source), MODEL, offline).path if is_hub_name(source) else None


def _home(name, kind):
    return user_folder() / "hub" / f"{kind}s" / name.repo


def _place(home, name, commit):
    """Parts of a snapshot have places of their own."""
    part = "" if name.inside is None else "~" + urllib.parse.quote(name.inside, safe="")
    return home / f"{commit}{part}"


def _of(home, name, commit):
    folder = _place(home, name, commit) / name.repo.partition("/")[2]
    path = folder if name.inside is None else folder / name.inside
    if not path.exists():
        raise GanprofileError(f"{name} has no {printable(name.inside or 'files')} to read.")
    return Snapshot(path, commit)


def _refs(home):
    return read_json(home / REFS) if (home / REFS).is_file() else {}


def _wanted(siblings, name, kind):
    """Path -> size of the files to fetch.

    Raises:
        GanprofileError: there are none, or one would lie elsewhere.
    """
    for one in siblings:
        parts = re.split(r"[/\\]", one.rfilename)
        if ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:$", parts[0]):
            file = printable(one.rfilename)
            raise GanprofileError(f"{name} holds {file!r:.200}, which is no plain path.")
    files = {
        one.rfilename: one.size or 0
        for one in siblings
        if not any(fnmatch.fnmatch(one.rfilename, pattern) for pattern in LEFT_OUT[kind])
        and (name.inside is None or PurePosixPath(one.rfilename).is_relative_to(name.inside))
    }
    if not files:
        where = f" in {name.inside}" if name.inside else ""
        raise GanprofileError(
            f"{name} has no files{where} that hold data; code and pickles are not fetched."
        )
    return files | {one.rfilename: one.size or 0 for one in siblings if one.rfilename == CARD}


def _download(api, repo, commit, files, name, home):
    place = _place(home, name, commit)
    size = f"{sum(files.values()) / 1e6:,.1f} MB"
    say(
        f"{name} is not on this machine: downloading {len(files):,} files, {size}, of revision "
        f"{commit[:12]} from {host(api)} to {place}."
    )
    inside = None if name.inside is None else [name.inside, f"{name.inside}/*", CARD]
    with atomic_folder(place) as partial, bars_in_terminals():
        folder = partial / name.repo.partition("/")[2]
        api.snapshot_download(
            **repo,
            revision=commit,
            local_dir=folder,
            allow_patterns=inside,
            ignore_patterns=list(LEFT_OUT[repo["repo_type"]]),
        )
        shutil.rmtree(folder / ".cache", ignore_errors=True)  # the library's own notes
