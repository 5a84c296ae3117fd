"""`SHA256SUMS`: what every file of a set was when it was written; `sha256sum -c` reads it, too."""

import dataclasses
import hashlib
import itertools
import os
import re
from pathlib import PurePosixPath

from ganprofile.console import ProgressBar
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.files import files_below, files_but, is_litter, write_bytes

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


def is_as_written(folder, name):
    """Whether a file of a set is still what its `SHA256SUMS` says; what none says is not."""
    try:
        listed = (folder / SUMS).read_text("utf-8", "backslashreplace").splitlines()
        return f"{_sha256(folder / name)}  {name}" in listed
    except OSError:
        return False


def is_listed(folder, name):
    """Whether `SHA256SUMS` lists a file that lies in the folder itself."""
    try:
        with open(folder / SUMS, encoding="utf-8", errors="backslashreplace") as lines:
            # Those of folders in it, perhaps a million, come behind.
            own = itertools.takewhile(lambda line: "/" not in line, lines)
            return any(line.rstrip("\n")[66:] == name for line in own)
    except OSError:
        return False


def not_as_written(folder):
    """The paths of files below the folder of a set that `SHA256SUMS` does not list, and of those
    tables and texts in it that were changed since: what a user put or corrected there.

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
                path.endswith(CORRECTED)
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
    extra = [path for path in files_below(folder) if path not in listed | {SUMS}]
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
