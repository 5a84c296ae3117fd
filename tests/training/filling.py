"""Disks that fill up at a chosen moment: while a certain file is written."""

import contextlib
import ctypes
import fnmatch
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.forked import run_forked

BALLAST = "ballast"
_moments = []


class SmallDisk:
    """A file system of a few megabytes, which only processes started by `run` see.

    Attributes:
        path: where those see it.
        seen_from_here: where this process sees it.
    """

    def __init__(self, path, holder):
        self.path = path
        self.seen_from_here = Path(f"/proc/{holder.pid}/root{path}")
        self._holder = holder.pid

    def run(self, *arguments, while_writing=None):
        """`ganprofile ...` in a process of its own.

        Args:
            while_writing: (pattern, number, free): as the number-th file of a name like this is
                opened to be written, all but so many bytes of the disk are taken.
        """
        fill = f"fill_while_writing({str(self.path)!r}, *{while_writing!r});" * bool(while_writing)
        code = (
            "from tests.training.filling import enter, fill_while_writing;"
            f"enter({self._holder}); {fill} from ganprofile.cli import main; main()"
        )
        return run_forked(*arguments, code=code)

    def make_room(self):
        (self.seen_from_here / BALLAST).unlink()


@contextlib.contextmanager
def small_disk(path, megabytes):
    """A `SmallDisk` at a new folder, gone afterwards; skips the test where none can be had."""
    path.mkdir()
    command = f'mount -t tmpfs -o size={megabytes}m tmpfs "$0" && echo mounted && exec cat'
    try:
        holder = subprocess.Popen(
            ["unshare", "--user", "--mount", "--map-root-user", "sh", "-c", command, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        pytest.skip("there is no unshare(1) to make a small disk with")
    with holder:
        if holder.stdout.readline() != b"mounted\n":
            pytest.skip("this system lets its users mount no small disk")
        yield SmallDisk(path, holder)
        holder.stdin.close()


def enter(number):
    """See the disks that a process sees; nobody may have begun a thread before."""
    here, library = Path.cwd(), ctypes.CDLL(None, use_errno=True)
    for kind in ("user", "mnt"):
        with open(f"/proc/{number}/ns/{kind}") as namespace:
            if library.setns(namespace.fileno(), 0):
                raise OSError(ctypes.get_errno(), f"cannot enter {namespace.name}")
    os.chdir(here)


def fill_while_writing(disk, pattern, number, free):
    """Take all but `free` bytes of a disk when a file is opened; see `SmallDisk.run`."""

    def fill(_):
        with open(Path(disk, BALLAST), "wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, shutil.disk_usage(disk).free - free)

    when_written(pattern, number, fill)


@contextlib.contextmanager
def limited_files(pattern, number, room):
    """Let no file grow beyond a size, once a certain file is written: works on every POSIX system.

    Args:
        pattern, number: the number-th file of a name like this sets the limit as it is opened.
        room: the limit lets it grow by so many bytes.
    """
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit(path):
        size = Path(path).stat().st_size if Path(path).exists() else 0
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, before[1]))

    when_written(pattern, number, limit)
    try:
        yield
    finally:
        _moments.clear()
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def when_written(pattern, number, act):
    """Call `act(path)` once: as the number-th file of a name like `pattern` is opened to write."""
    if not hasattr(sys, "watches_openings"):  # an audit hook stays for as long as the process
        sys.addaudithook(_on_event)
        sys.watches_openings = True
    _moments.append({"pattern": pattern, "left": number, "act": act})


def _on_event(event, arguments):
    if event != "open" or not _moments or not isinstance(arguments[0], str):
        return
    path, mode, _ = arguments
    if not set(mode or "r") & set("wax+"):
        return
    for moment in list(_moments):
        if fnmatch.fnmatch(Path(path).name, moment["pattern"]):
            moment["left"] -= 1
            if moment["left"] == 0:
                _moments.remove(moment)
                moment["act"](path)
