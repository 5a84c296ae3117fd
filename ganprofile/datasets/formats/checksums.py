"""`SHA256SUMS`: what every file of a set was when it was written; `sha256sum -c` reads it, too."""

import dataclasses
import fnmatch
import hashlib
import itertools
import os
import re
from pathlib import PurePosixPath

from ganprofile.console import ProgressBar
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import files_below, files_but, is_litter, printable, write_bytes

INFO = "dataset.json"  # what a set is
SUMS = "SHA256SUMS"
CORRECTED = (".csv", ".md")  # what people write in,
MANIFEST = "manifest.csv"  # but for this, a row per image, which is nobody's to change


@dataclasses.dataclass(frozen=True)
class ChecksumReport:
    """How the files of a folder differ from its `SHA256SUMS`.

    Attributes:
        files: how many files are listed.
        changed: paths whose content is another.
        missing: paths that are listed but not there.
        irregular: paths that are listed and no plain files any more, but folders, pipes, ....
        extra: paths that are there but not listed.
        garbled: lines that name no file of the folder.
    """

    files: int
    changed: list[str]
    missing: list[str]
    irregular: list[str]
    extra: list[str]
    garbled: list[str]


def write_checksums(folder):
    """Write `SHA256SUMS` for all other files below `folder`, in sorted order."""
    with open(folder / SUMS, "w", encoding="utf-8", newline="\n") as sums:
        for path in filter(SUMS.__ne__, files_below(folder)):
            sums.write(f"{_sha256(folder / path)}  {path}\n")


def change_checksum(folder, name, digest):
    """Take down that a file below `folder` is about to have another content.

    Args:
        folder: of the set.
        name: the file's path in it, as `SHA256SUMS` has it.
        digest: of the new content, in hexadecimal digits.
    """
    lines = (folder / SUMS).read_text("utf-8").splitlines(keepends=True)
    changed = [f"{digest}  {name}\n" if line[66:-1] == name else line for line in lines]
    write_bytes(folder / SUMS, "".join(changed).encode())


def are_as_written(folder, *patterns):
    """Whether the files in the folder of a set that `SHA256SUMS` lists under some names are still
    what it says; where it lists none of them they are not."""
    sums = _own_sums(folder)
    names = [name for name in sums for one in patterns if fnmatch.fnmatchcase(name, one)]
    try:
        return bool(names) and all(_sha256(folder / name) == sums[name] for name in names)
    except OSError:
        return False


def listed(folder):
    """The names of the files in the folder itself that `SHA256SUMS` lists; none without it."""
    return _own_sums(folder).keys()


def is_listed(folder, name):
    """Whether `SHA256SUMS` lists a file that lies in the folder itself."""
    return name in listed(folder)


def refuse_changed(folder, *names):
    """Refuse files with a row for each image of a set whose content is another than `SHA256SUMS`
    says; they may be missing, or be listed nowhere.

    Raises:
        GanprofileError: with the first of them.
    """
    for name in names:
        path = folder / name
        if path.is_file() and is_listed(folder, name) and not are_as_written(folder, name):
            raise GanprofileError(
                f"{printable(path)} is not the file that was written with the set, so that its "
                "rows may be those of other images. Copy the set again; to go on with rows of "
                "your own, give them to gp.Dataset beside the images."
            )


def _own_sums(folder):
    """Name -> digest of the files that lie in the folder itself; empty without `SHA256SUMS`."""
    try:
        with open(folder / SUMS, encoding="utf-8", errors="backslashreplace") as lines:
            # Those of folders in it, perhaps a million, come behind.
            own = itertools.takewhile(lambda line: "/" not in line, lines)
            return {line.rstrip("\n")[66:]: line[:64] for line in own}
    except OSError:
        return {}


def not_as_written(folder, corrected=CORRECTED):
    """The paths of files below the folder of a set that `SHA256SUMS` does not list, and of those
    tables and texts in it that were changed since: what a user put or corrected there.

    Args:
        folder: of the set, or of what else has checksums.
        corrected: how the names of files end that are read to tell whether they were changed.

    Raises:
        UsageError: there is no `SHA256SUMS` to tell it.
    """
    try:
        lines = (folder / SUMS).read_text("utf-8", "backslashreplace").splitlines()
    except OSError as error:
        raise UsageError(
            f"{folder} exists already, and without its {SUMS} nothing tells what ganprofile "
            "wrote there from what was put there since, so `force` does not replace it. Remove the "
            "folder if it is not needed, or choose another place."
        ) from error
    digests = {line[66:]: line[:64] for line in lines}
    return [
        path
        for path in files_below(folder)
        if path != SUMS
        and not is_litter(path)
        and (
            path not in digests
            or (
                path.endswith(corrected)
                and path != MANIFEST
                and _sha256(folder / path) != digests[path]
            )
        )
    ]


def beside_sets(parts, *patterns):
    """As `files_but`, of a folder in which sets lie, which are looked into as `not_as_written`."""

    def found(folder):
        sets = [part for part in parts if (folder / part).is_dir()]
        others = files_but(*patterns, *(f"{part}/*" for part in sets))(folder)
        return others + [
            f"{part}/{path}" for part in sets for path in not_as_written(folder / part)
        ]

    return found


def compare(folder, progress=False):
    """Hold the files below `folder` against its `SHA256SUMS`.

    Returns:
        A `ChecksumReport`.

    Raises:
        GanprofileError: there is no `SHA256SUMS`, or it cannot be read.
    """
    lines = _lines(folder / SUMS)
    listed = set()
    changed, missing, irregular, garbled = [], [], [], []
    with ProgressBar(len(lines), progress) as bar:
        for done, line in enumerate(lines, start=1):
            match = re.fullmatch(r"([0-9a-f]{64}) [ *](.+)", line)
            if not match or not _is_below(match[2]):
                garbled.append(line)
                continue
            digest, path = match.groups()
            listed.add(path)
            try:
                if not os.path.lexists(folder / path):
                    missing.append(path)
                elif not (folder / path).is_file():  # reading a pipe would wait for ever
                    irregular.append(path)
                elif _sha256(folder / path) != digest:
                    changed.append(path)
            except OSError:  # what cannot be read is not what was written
                changed.append(path)
            bar.show(done, f"{done:,}/{len(lines):,} files compared with {SUMS}")
    known = listed | {SUMS}
    extra = [path for path in files_below(folder) if path not in known and not is_litter(path)]
    return ChecksumReport(len(listed), changed, missing, irregular, extra, garbled)


def _lines(path):
    try:
        if path.exists() and not path.is_file():
            raise OSError("not a regular file")
        return path.read_text(encoding="utf-8", errors="backslashreplace").splitlines()
    except FileNotFoundError:
        raise GanprofileError(
            f"{path.parent} has no {SUMS}, so changed files cannot be told. Write the set again."
        ) from None
    except OSError as error:
        raise GanprofileError(f"{path} cannot be read ({error}).") from error


def _is_below(path):
    """Whether a listed path stays inside the folder."""
    return path.isprintable() and not {"..", "/"} & set(PurePosixPath(path).parts)


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
