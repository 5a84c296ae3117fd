"""Folders that one process at a time works in."""

import contextlib
import errno
import glob
import os
import shutil
from pathlib import Path

from ganprofile.errors import GanprofileError
from ganprofile.storage.files import make_folder, printable, remove_partial_files

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

# What file systems of networks say that have no locks.
NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP)


@contextlib.contextmanager
def held(folder, refusal):
    """Hold a folder while the block goes on, so that no other process can.

    The hold ends with the process, however it ends, and leaves nothing behind: it is a lock on the
    folder itself. Where a system has no such locks, nothing is held.

    Args:
        folder: the folder.
        refusal: what to say where another process holds it.

    Raises:
        GanprofileError: another one does.
    """
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            _lock(descriptor)
            is_there = os.path.samestat(os.fstat(descriptor), Path(folder).stat())
        except (BlockingIOError, FileNotFoundError):
            is_there = False
        if not is_there:  # another holds it, or has just removed it
            raise GanprofileError(refusal)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor):
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise


@contextlib.contextmanager
def held_folder(folder, refusal, named=None):
    """Make a folder if it is not there, and hold it as `held` does; an empty one goes again, unless
    it was there and is no hidden one.

    Args:
        folder: a `Path`.
        refusal: as of `held`.
        named: what a failure to make it names instead, or None.

    Raises:
        GanprofileError: another process holds it.
    """
    new_parents = [parent for parent in folder.parents if not parent.exists()]
    is_ours = folder.name.startswith(".") or not folder.exists()
    try:
        make_folder(folder, named or folder)
        with held(folder, refusal):
            try:
                yield
            finally:
                _remove_empty(*[folder] * is_ours)  # while it is held: later it may be another's
    finally:
        _remove_empty(*new_parents)


def added_to_alone(output):
    """Within this no other process adds to a folder, a `Path`; of None nothing is held."""
    if output is None:
        return contextlib.nullcontext()
    where = printable(output)
    refusal = f"Another process adds to {where}. Wait for it, or name another `output`."
    return held_folder(output, refusal)


def _remove_empty(*folders):
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


@contextlib.contextmanager
def working_folder(path, refusal):
    """Give a hidden folder beside `path` for what takes long to make; it goes when all is done.

    Where the block does not succeed it stays, however the process ends, unless it is empty.

    Args:
        path: what is to be made.
        refusal: what to say where another process makes it.

    Raises:
        GanprofileError: another one does.
    """
    path = Path(path).resolve()
    room = path.with_name(f".{path.name}.unfinished")
    with held_folder(room, refusal, path):
        remove_partial_files(room)
        stem, suffix = map(glob.escape, (path.stem, path.suffix))
        for left in path.parent.glob(f".{stem}.????????.partial{suffix}"):
            shutil.rmtree(left, ignore_errors=True)  # of a process that was killed
        for left in path.parent.glob(f".{glob.escape(path.name)}.????????.old"):
            if path.exists():  # else it is the only one
                shutil.rmtree(left, ignore_errors=True)
        yield room
        shutil.rmtree(room, ignore_errors=True)
