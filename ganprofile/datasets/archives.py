"""Other people's archives, unpacked where they can do no harm.

An archive is looked through to its end before a byte of it is written, so that one that is refused
or damaged leaves nothing behind. Only plain files and folders come out, without their permissions.
"""

import bz2
import contextlib
import dataclasses
import errno
import gzip
import lzma
import re
import shutil
import stat
import tarfile
import tempfile
import zipfile
from pathlib import Path

from ganprofile.console import say
from ganprofile.datasets.archive_names import Names
from ganprofile.datasets.file_system import Places
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.storage.arrays import UNREADABLE
from ganprofile.storage.files import is_there, printable
from ganprofile.storage.names import did_you_mean

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")

LARGEST_TOTAL, MOST_MEMBERS = 20 * 10**9, 2_000_000
# Blank images shrink a hundredfold; beyond this, and beyond what any disk bears, it is a bomb.
LARGEST_RATIO, HARMLESS_TOTAL = 500, 500 * 10**6
LARGEST_HEADER = 16 * 2**20  # one is read in one piece, however long it says that it is

_BLOCK = 2**20
_DAMAGED = (*UNREADABLE, tarfile.TarError, lzma.LZMAError)
_NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.ENAMETOOLONG, errno.EROFS, errno.EACCES)
_TRUSTED = "If you trust it, unpack it by hand and give the folder."
_BY_HAND = "Get it again, or unpack it by hand and give the folder."
_DECOMPRESSORS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open}


def is_archive(path):
    """Whether `path` is a file with the name of an archive that `unpacked` takes."""
    path = Path(path)
    return path.name.lower().endswith(SUFFIXES) and path.is_file()


def refuse_archive(path):
    """Refuse an archive where a folder is asked for, be it one of a set that ganprofile wrote.

    Raises:
        UsageError: it is one.
    """
    if is_archive(path):
        raise UsageError(
            f"{printable(path)} is an archive, and what is in it is not looked at here. Unpack it, "
            "and give the folder."
        )


def within(path):
    """The archive that a path leads into, and the path inside; None where it leads into none.

    `letters.zip/Greek` is `(letters.zip, Greek)`, unless there is such a folder.
    """
    path = Path(path)
    if is_there(path):
        return None
    archive = next((parent for parent in path.parents if is_archive(parent)), None)
    return None if archive is None else (archive, path.relative_to(archive))


@contextlib.contextmanager
def unpacked(path, encoding=None, tell=say):
    """Give a folder with what lies in `path`.

    Args:
        path: a folder, which is given as it is, or an archive (`SUFFIXES`), which is unpacked into
            a temporary folder (below `TMPDIR`) that goes when the block ends.
        encoding: the code page of names that do not say it, see `Names`.
        tell: is given a sentence where that had to be guessed.

    Raises:
        UsageError: `path` is neither.
        GanprofileError: the archive is damaged or incomplete, or holds what does not belong into a
            dataset: a path out of the folder, a link, a device, an encrypted file, more than
            `LARGEST_TOTAL` bytes, a compression bomb.
    """
    path = Path(path)
    if path.is_dir():
        yield path
        return
    _require_archive(path)
    with tempfile.TemporaryDirectory(prefix="ganprofile-", ignore_cleanup_errors=True) as folder:
        names = Names(path, encoding)
        _unpack(path, Path(folder), names)
        if names.guessed is not None:
            tell(names.sentence())
        yield Path(folder)


def first_names(path, count):
    """The names of the first `count` members of an archive, fewer or none where it is damaged."""
    path, names = Path(path), []
    with contextlib.suppress(*_DAMAGED), _open(path, Names(path)) as archive:
        for member in archive.members():
            names.append(member.name)
            if len(names) == count:
                break
    return names


@dataclasses.dataclass(frozen=True)
class _Member:
    """A member of an archive; `kind` is `"file"`, `"folder"`, or what it is instead, in words."""

    name: str
    size: int
    kind: str
    handle: object

    @property
    def parts(self):
        """Its path, in pieces, with the separators of every system."""
        parts = self.name.replace("\\", "/").split("/")
        return [part for part in parts if part not in ("", ".")]

    @property
    def leads_out(self):
        """Whether its path is absolute, on a drive, or climbs."""
        rooted = self.name.startswith(("/", "\\")) or re.match("[A-Za-z]:", self.name)
        return bool(rooted) or ".." in self.parts


class _Zip:
    """A zip file."""

    def __init__(self, path, names):
        self._names = names
        self._archive = zipfile.ZipFile(path)
        self.open = self._archive.open
        self.close = self._archive.close

    def members(self):
        """Every `_Member` in turn."""
        for info in self._archive.infolist():
            yield _Member(self._names.in_zip(info), info.file_size, self._kind(info), info)

    def check_end(self):
        """The list of a zip file stands at its end, so it was there."""

    @staticmethod
    def _kind(info):
        file_type = stat.S_IFMT(info.external_attr >> 16)
        if info.flag_bits & 0x1:
            return "encrypted"
        if file_type not in (0, stat.S_IFREG, stat.S_IFDIR):
            return "a link" if file_type == stat.S_IFLNK else "a device"
        return "folder" if info.is_dir() else "file"


class _Tar:
    """A tar file, compressed or not."""

    def __init__(self, path, names):
        self._names = names
        self._stream = _Bounded(_decompressed(path))
        try:
            self._archive = tarfile.open(fileobj=self._stream, mode="r:")
        except BaseException:
            self._stream.close()
            raise
        self.open = self._archive.extractfile

    def close(self):
        self._archive.close()
        self._stream.close()

    def members(self):
        """Every `_Member` in turn."""
        for info in self._archive:
            yield _Member(self._names.in_tar(info.name), info.size, self._kind(info), info)

    def check_end(self):
        """Raise if the archive does not end as it should; tarfile takes any garbage for the end."""
        self._stream.seek(self._archive.offset)
        end = self._stream.read(tarfile.BLOCKSIZE)
        if len(end) < tarfile.BLOCKSIZE or end.strip(b"\0"):
            raise tarfile.ReadError("the end of the archive is missing")
        while self._stream.read(_BLOCK):  # the checksum of compressed data follows them
            pass

    @staticmethod
    def _kind(info):
        if info.issym() or info.islnk():
            return "a link"
        if info.isdir():
            return "folder"
        return "file" if info.isreg() else "a device"


class _Bounded:
    """A stream that refuses to hand out what no harmless archive holds."""

    def __init__(self, stream):
        self._stream = stream
        self.seek, self.tell, self.close = stream.seek, stream.tell, stream.close

    def read(self, size):
        if size > LARGEST_HEADER:
            raise tarfile.ReadError(f"a header of {size:,} bytes")
        content = self._stream.read(size)
        if self._stream.tell() > LARGEST_TOTAL:
            raise tarfile.ReadError(f"more than {LARGEST_TOTAL:,} bytes")
        return content


def _require_archive(path):
    if not path.exists():
        raise UsageError(f"{path} does not exist.{did_you_mean(path, paths=True)}")
    if not is_archive(path):
        raise UsageError(
            f"{path} is neither a folder nor an archive ({' '.join(SUFFIXES)}). Unpack it by hand "
            "and give the folder."
        )


def _open(path, names):
    return contextlib.closing((_Zip if _is_zip(path) else _Tar)(path, names))


def _is_zip(path):
    """Whether a file is a zip file, or the beginning of one."""
    with open(path, "rb") as file:
        return file.read(4) == b"PK\3\4" or zipfile.is_zipfile(path)


def _decompressed(path):
    with open(path, "rb") as file:
        beginning = file.read(8)
    for magic, opener in _DECOMPRESSORS.items():
        if beginning.startswith(magic):
            return opener(path, "rb")
    return open(path, "rb")


def _unpack(path, folder, names):
    """Look an archive through to its end, then write its members below `folder`."""
    current = None
    try:
        with _open(path, names) as archive:
            members, total, taken = [], 0, Places(folder)
            for member in archive.members():
                current = member
                members.append(member)
                total += member.size
                _check(path, member, taken)
                _check_amount(path, total, len(members))
            archive.check_end()
            _check_room(path, folder, total)
            for member in members:
                current = member
                _write(archive, member, folder)
    except _DAMAGED as error:
        if isinstance(error, GanprofileError):
            raise
        if getattr(error, "errno", None) in _NO_ROOM:
            raise GanprofileError(_no_room(path, folder, error.strerror)) from error
        where = f"at member {current.name!r}" if current else "at its beginning"
        where = "at its end" if not current and isinstance(error, zipfile.BadZipFile) else where
        raise GanprofileError(
            f"{path} cannot be unpacked: damaged or incomplete {where} ({error}). {_BY_HAND}"
        ) from error


def _check(path, member, taken):
    """Refuse a member that does not belong; `taken` knows the files so far by place."""
    problem = None
    if member.leads_out:
        problem = "leads out of the folder"
    elif member.kind not in ("file", "folder"):
        problem = f"is {member.kind}"
    elif member.size < 0 or (member.kind == "file" and not member.parts):
        problem = "has no name or size"
    elif member.kind == "file" and (before := taken.taken_by(member.parts)) is not None:
        problem = f"would overwrite {before!r}"
    if problem:
        name = member.name
        raise GanprofileError(f"{path} is not unpacked: its member {name!r} {problem}. {_TRUSTED}")


def _check_amount(path, total, count):
    """Refuse what would fill a disk, by what the members declare so far."""
    size = path.stat().st_size
    most = min(max(HARMLESS_TOTAL, LARGEST_RATIO * size), LARGEST_TOTAL)
    if total > most or count > MOST_MEMBERS:
        raise GanprofileError(
            f"{path} is not unpacked: its {size:,} bytes would become {total:,} bytes or more in "
            f"{count:,} files or more; {most:,} and {MOST_MEMBERS:,} are the most. {_TRUSTED}"
        )


def _check_room(path, folder, total):
    free = shutil.disk_usage(folder).free
    if total > free:
        reason = f"it needs {total:,} bytes, {free:,} are left"
        raise GanprofileError(_no_room(path, folder, reason))


def _no_room(path, folder, reason):
    return (
        f"{path} cannot be unpacked into {folder.parent} ({reason}). Make room, shorten names or "
        "set TMPDIR to a folder elsewhere."
    )


def _write(archive, member, folder):
    target = folder.joinpath(*member.parts)
    if member.kind == "folder":
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member.handle) as source, open(target, "wb") as file:
        shutil.copyfileobj(source, file, _BLOCK)  # no more than is declared
        if file.tell() < member.size:
            raise EOFError(f"{member.size:,} bytes are declared, {file.tell():,} are there")
