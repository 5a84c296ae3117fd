"""Files and folders that appear whole or not at all."""

import contextlib
import csv
import errno
import fnmatch
import json
import os
import re
import shutil
import tempfile
import unicodedata
import uuid
from pathlib import Path

from ganprofile.errors import GanprofileError, UsageError, cannot_write

JOINERS = "\u200c\u200d"  # which tell words of Persian and Indic scripts apart
A_WHOLE_COPY = "Put a whole copy in its place, or make again what it belongs to."
MOST_NAMED = 3
# What systems put into folders by themselves, and what a killed process left half written.
LITTER = (".DS_Store", "._*", "Thumbs.db", "[Dd]esktop.ini", ".*.partial*")
REPORT = "report.html"  # made again by one command
OTHER_PLACE = "Choose another `{}` or add `force=True`."  # by the argument that says where
OTHER_OUTPUT = OTHER_PLACE.format("output")


@contextlib.contextmanager
def atomic_path(path):
    """Give a hidden place beside `path` to write to; move it to `path` when the block succeeds.

    Where `path` is a link, what it leads to is replaced, and the link stays.
    """
    path = expanded(path)
    path = path.resolve() if path.is_symlink() else path
    partial = _partial(path)
    try:
        with _failures_naming(path, partial):
            yield partial
            _flush_to_disk(partial)
            partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def append(path, content):
    """Add bytes to the end of a file, all or none of them."""
    path = Path(path)
    size = path.stat().st_size
    try:
        with _failures_naming(path, path), open(path, "ab") as file:
            file.write(content)
    except BaseException:
        os.truncate(path, size)
        raise


@contextlib.contextmanager
def atomic_folder(path, force=False, remedy=OTHER_OUTPUT):
    """Give a hidden folder beside `path`; move it to `path` when the block succeeds.

    `remedy` says what to do if it exists already.

    Raises:
        UsageError: `path` exists and `force` is not set, or what lies there was changed meanwhile.
    """
    path = expanded(path).resolve()
    refuse_existing(path, force, remedy)
    before, partial = _listing(path), _partial(path)
    with _without_empty(path.parent):
        try:
            make_folder(partial, path)
            with _failures_naming(path, partial):
                yield partial
            # Somebody else may have made it meanwhile, even since the last look: only `force`
            # replaces.
            if force and path.exists():
                _refuse_changed(path, before)
                _exchange(partial, path)
            else:
                _move_into_place(partial, path, remedy)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _listing(folder):
    """What lies in a folder: path -> its size and when it was changed, without what systems put
    there by themselves and a page that is made again by one command."""
    found = {}
    for file in folder.rglob("*"):
        is_litter = any(fnmatch.fnmatch(file.name, pattern) for pattern in (*LITTER, REPORT))
        if not is_litter and not file.is_dir():
            stat = file.lstat()
            found[str(file.relative_to(folder))] = stat.st_size, stat.st_mtime_ns
    return found


def _refuse_changed(folder, before):
    """Refuse to replace a folder into which somebody wrote while its replacement was made."""
    changed = sorted({name for name, _ in _listing(folder).items() - before.items()})
    if changed:
        raise UsageError(
            f"{printable(changed[0])} was written into {folder} while what is to replace it was "
            "made, so nothing was replaced. Move it elsewhere, and run the same command again."
        )


@contextlib.contextmanager
def made_folder(path):
    """Make a folder for files that are to come, and those above it; where the block leaves them
    empty, as it does when it fails, they go again."""
    path = expanded(path)
    with _without_empty(path):
        make_folder(path, path)
        refuse_unwritable(path, path)
        yield


def refuse_unwritable(folder, path):
    """Refuse a folder that takes no file, whatever its permissions say, as those in `/proc`.

    Args:
        folder: a folder that is there.
        path: what is to be made in it.

    Raises:
        GanprofileError: with what the system says.
    """
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise cannot_write(printable(path), error) from error


def make_folder(folder, named):
    """Make a folder and those above it; a failure is one of what it is made for."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(printable(named), error) from error


@contextlib.contextmanager
def _without_empty(folder):
    """Of a folder and those above it, remove what the block makes and leaves empty."""
    new = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        yield
    finally:
        for one in new:
            with contextlib.suppress(OSError):
                one.rmdir()


def holds_any(folder):
    """Whether anything is in a folder, if it is there at all."""
    return folder.is_dir() and any(folder.iterdir())


def file_name(name):
    """A name as a file or folder may have it everywhere: letters with their marks, digits, `_`,
    `.` and `-`.

    Without the vowel signs and joiners of many scripts two names would be one.
    """
    kept = (
        one
        if one in "_.-" + JOINERS or one.isalnum() or unicodedata.category(one)[0] == "M"
        else "\0"
        for one in name
    )
    return re.sub("\0+", "-", "".join(kept))


def refuse_existing(path, force=False, remedy=OTHER_OUTPUT):
    """Refuse to write where something is, unless forced.

    Raises:
        UsageError: `path` exists and `force` is not set.
    """
    if expanded(path).exists() and not force:
        raise UsageError(f"{path} exists already. {remedy}")


def refuse_folder(path):
    """Refuse to write a file where a folder is.

    Raises:
        UsageError: with what to do.
    """
    if Path(path).is_dir():
        raise UsageError(
            f"{printable(path)} is a folder, which no file replaces. Choose another `output`."
        )


def refuse_others(path, force, mark, what, never=(), name="output", foreign=None):
    """Before any work: nothing of the user's is replaced, with `force` only a folder of ours.

    Args:
        path: the folder that is to be made.
        force: whether one of ours that is there is replaced.
        mark: the file by which ours is known.
        what: ours in words.
        never: files and folders that show it to be something else besides.
        name: of the argument that says where.
        foreign: a function of the folder to the paths of files in it that are the user's: others
            than were written, or changed since; None where nobody keeps anything there.

    Returns:
        The path, a `Path`.

    Raises:
        UsageError: something is there that is not to be replaced.
    """
    path = expanded(path)
    exists = "" if force else "exists already and "
    refusal = f"so `force` does not replace it. Choose another `{name}`."
    if path.exists() and not (path / mark).is_file():
        raise UsageError(f"{path} {exists}is not {what}, {refusal}")
    for one in never:
        if (path / one).exists():
            raise UsageError(f"{path} {exists}holds {one}, which is no part of {what}, {refusal}")
    if foreign is not None and path.exists():
        refuse_files_of_the_user(path, foreign(path), force, name)
    refuse_existing(path, force, OTHER_PLACE.format(name))
    return path


def refuse_files_of_the_user(folder, found, force=True, name="output"):
    """Refuse to replace a folder of ours into which the user put files.

    Args:
        folder: the folder.
        found: their paths in it.
        force, name: as for `refuse_others`.

    Raises:
        UsageError: there are some.
    """
    if found:
        exists = "" if force else "exists already and "
        named = ", ".join(map(printable, found[:MOST_NAMED])) + ", ..." * (len(found) > MOST_NAMED)
        raise UsageError(
            f"{folder} {exists}holds files that ganprofile did not write there, or that were "
            f"changed since ({named}), so `force` does not replace it. Move them elsewhere, or "
            f"choose another `{name}`."
        )


def files_but(*patterns):
    """For `refuse_others`: a function of a folder to the paths of all files in it, from there,
    that no pattern matches, as of the shell; `*` stands for folders, too. A report is no user's."""
    return lambda folder: [
        path
        for path in files_below(folder)
        if not is_litter(path)
        and not any(fnmatch.fnmatchcase(path, one) for one in (*patterns, REPORT))
    ]


def files_below(folder):
    """The relative paths of all files below a folder, links to folders among them."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted([*names, *links]):
            yield Path(place, name).relative_to(folder).as_posix()


def is_litter(path):
    """Whether nobody put a file where it is."""
    return any(fnmatch.fnmatchcase(Path(path).name, one) for one in LITTER)


def remove_partial_files(folder):
    """Remove what a killed process had half written below a folder, files and folders."""
    for partial in Path(folder).rglob(".*.partial*"):
        if partial.is_dir() and not partial.is_symlink():
            shutil.rmtree(partial, ignore_errors=True)
        else:
            partial.unlink(missing_ok=True)


def check_path(path):
    """Refuse what is no path.

    Raises:
        UsageError: with what it is.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise UsageError(f"A path or name should be text or a Path. Received: {path!r:.60}.")


def expanded(path):
    """A path with `~` in the place of the home folder that it means.

    Raises:
        UsageError: it is no path, or empty, which would be the folder in which one stands; or there
            is no such user.
    """
    check_path(path)
    if not os.fspath(path):
        raise UsageError(
            f"A path or name should not be empty. Received: {path!r}. Say one, such as '.' for the "
            "current folder, or leave it out."
        )
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise UsageError(f"{printable(path)} names no home folder ({error}).") from error


def is_there(path):
    """Whether something lies at a path; nothing does where it is too long for a name."""
    try:
        return Path(path).exists()
    except OSError:
        return False


def is_folder(path):
    """Whether a folder lies at a path; none does where it is too long for a name."""
    return is_there(path) and Path(path).is_dir()


def printable(path):
    """A path or name as one line of text; what cannot be printed is shown as `\\xNN` or so."""
    text = os.fspath(path)
    if is_text(text):
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    try:
        return printable(os.fsencode(text).decode("utf-8", "backslashreplace"))
    except UnicodeEncodeError:
        return ascii(text)[1:-1]


def composed(name):
    """A name as text in Unicode's composed form (NFC), in which all names are compared.

    macOS spells `é` in two characters, where most others take one. Paths keep their own form.
    """
    return unicodedata.normalize("NFC", str(name))


def is_text(name):
    """Whether a str can be written as UTF-8; file names of other encodings cannot."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def write_bytes(path, content):
    """Write a file, whole or not at all."""
    with atomic_path(path) as partial:
        partial.write_bytes(content)


def write_csv(path, rows):
    """Write a table as CSV, its headings the first of its rows, whole or not at all."""
    with atomic_path(path) as partial, open(partial, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def as_json(content, **how):
    """JSON text, also of NumPy's numbers and of paths; `how` is for `json.dumps`."""
    return json.dumps(content, default=_plain, **how)


def _plain(value):
    if getattr(value, "shape", None) == ():
        return value.item()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def json_bytes(content):
    """A file of indented JSON."""
    return (as_json(content, indent=2) + "\n").encode()


def write_json(path, content):
    """Write `content` as indented JSON, whole or not at all."""
    write_bytes(path, json_bytes(content))


def read_json(path, remedy=A_WHOLE_COPY):
    """The dict in a JSON file.

    Args:
        path: the file.
        remedy: what to do where it is damaged.

    Raises:
        GanprofileError: the file is missing, unreadable or does not hold a JSON object.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GanprofileError(f"{path} does not exist.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise GanprofileError(
            f"{path} is not readable JSON ({error}): it is cut or was changed. {remedy}"
        ) from error
    if not isinstance(content, dict):
        raise GanprofileError(f"{path} should hold a JSON object. Received: {content!r:.40}.")
    return content


def _partial(path):
    """A hidden name beside `path` with the same suffix, which some writers go by."""
    return path.with_name(f".{path.stem}.{uuid.uuid4().hex[:8]}.partial{path.suffix}")


@contextlib.contextmanager
def _failures_naming(path, partial):
    """A failed write names no file, or a hidden one: let it name the one that was to be."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            error.filename = str(error.filename or path).replace(str(partial), str(path))
        raise


def _flush_to_disk(path):
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _move_into_place(partial, path, remedy):
    """Rename a folder to where nothing is; the system refuses what another process has filled."""
    refuse_existing(path, remedy=remedy)
    try:
        partial.replace(path)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise UsageError(f"{path} exists already. {remedy}") from error
        raise


def _exchange(partial, path):
    """Put the folder `partial` in the place of `path`; `path` is removed only once that worked."""
    old = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.old")
    path.replace(old)
    try:
        partial.replace(path)
    except BaseException:
        old.replace(path)
        raise
    shutil.rmtree(old, ignore_errors=True)
