"""What goes wrong, in one sentence each: what, where, what was received, what to do."""

from __future__ import annotations

import contextlib
import errno
import importlib
import math
import numbers
import signal
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike

# Ctrl-C, what a cluster sends, and a terminal that was closed, where the system knows them.
STOPPING_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
LARGER_FILES = "Allow larger files (`ulimit -f unlimited`)"
NOT_ALLOWED = "Change its permissions, or name another place"
REMEDIES = {  # what the system says -> what to do
    errno.EACCES: NOT_ALLOWED,
    errno.EPERM: NOT_ALLOWED,
    errno.EROFS: "Name a place that can be written to",
    errno.ENOSPC: "Make room, or choose another disk",
    errno.EDQUOT: "Make room, or choose another disk",
    errno.EFBIG: f"{LARGER_FILES}, or choose another disk",
    errno.ENAMETOOLONG: "Choose a shorter name",
    errno.EMFILE: "Allow more open files (`ulimit -n 4096`)",
}

WHERE_IT_IS = {  # likewise, where another place is no choice
    None: "Make room",  # what libraries raise that could write less than they wanted to
    errno.ENOSPC: "Make room",
    errno.EDQUOT: "Make room",
    errno.EFBIG: LARGER_FILES,
    errno.EACCES: "Change its permissions",
    errno.EPERM: "Change its permissions",
    errno.ENOENT: "Put back the folder that it is to lie in",
}


def room(error: OSError) -> str:
    """What to do where a file of a run could not be written; little but a full disk needs room."""
    return WHERE_IT_IS.get(error.errno, "Put right what stands in the way")


def cannot_write(path: str, error: OSError) -> GanprofileError:
    """What to raise where the system refuses to make a file or folder."""
    remedy = REMEDIES.get(error.errno or 0, "Choose another place")
    return GanprofileError(f"{path} cannot be written ({error.strerror or error}). {remedy}.")


def cannot_import(argument: str, package: str, error: Exception) -> UsageError:
    """What to raise where an argument needs a package that is missing, or that fails itself."""
    extra = f"'ganprofile[{package}]'"
    if isinstance(error, ImportError):
        return UsageError(
            f"{argument} needs the package {package} ({error}). Install it with: pip install "
            f"{extra}"
        )
    return UsageError(
        f"{argument} needs the package {package}, which is installed and fails "
        f"({first_line(error)}). Install a newer one with: pip install "
        f"-U {extra}"
    )


class GanprofileError(Exception):
    """A failure in words for the user; the command line prints them and exits with `exit_code`.

    Attributes:
        exit_code: what the command line exits with, 1.

    Example:
        >>> try:
        ...     gp.resume("digits-cgan")
        ... except gp.GanprofileError as error:
        ...     print(error.exit_code, error)
        1 ...digits-cgan is a model, which only draws: it has no checkpoint...
    """

    exit_code = 1


class UsageError(GanprofileError, ValueError):
    """Wrong usage: an argument or an array that cannot be meant. It is a `ValueError`, too.

    Attributes:
        exit_code: what the command line exits with, 2.

    Example:
        >>> try:
        ...     gp.train("digits", epochs=0)
        ... except gp.UsageError as error:
        ...     print(error.exit_code, error)
        2 `epochs` should be a whole number, 1 or more. Received: 0.
    """

    exit_code = 2


class NotWritten(GanprofileError):
    """A file could not be written into a folder that is there already."""


@contextlib.contextmanager
def written(path: PathLike[str]) -> Iterator[None]:
    """Let a block write below a folder; where the system refuses, say what and what to do.

    Args:
        path: the folder, which is no choice: another place is no remedy.

    Raises:
        NotWritten: something could not be written.
    """
    try:
        yield
    except OSError as error:
        raise NotWritten(
            f"{error.filename or path} cannot be written ({error.strerror or error}). "
            f"{room(error)}."
        ) from error


class NotHere(GanprofileError):
    """Something is not on this machine, and nothing may be downloaded.

    Attributes:
        what: the beginning of a sentence: what is not where.
        remedy: how to have it all the same, in sentences; empty where nothing else helps.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what, remedy)  # both, so that it comes whole out of another process
        self.what, self.remedy = what, remedy

    def __str__(self) -> str:
        return f"{self.what}, and `offline=True` forbids its download. {self.remedy}".rstrip()

    def unasked(self, how: str = "") -> str:
        """The same where nobody forbade it, but nobody asked for it either.

        Args:
            how: how to ask for it, a sentence or nothing.
        """
        said = f"{self.what}, and is not downloaded unasked."
        return " ".join(filter(None, [said, how, self.remedy]))


LARGEST_SEED = 2**31 - 1
LARGEST_DRAW = 2**48  # the number of an image by a generator


def needed(module: str, sentence: str) -> Any:
    """A library that not everybody has installed.

    Raises:
        GanprofileError: it is missing; the sentence says what it is for, and how it is installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise GanprofileError(sentence) from error


def first_line(error: BaseException) -> str:
    """What a library's exception says, short enough to stand inside a sentence."""
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__


@contextlib.contextmanager
def reworded(sentence: Callable[[Exception], str]) -> Iterator[None]:
    """Say in a sentence whatever a library raises within it; errors of ganprofile's own stay.

    Args:
        sentence: gives it, for the library's exception.
    """
    try:
        yield
    except GanprofileError:
        raise
    except Exception as error:
        raise GanprofileError(sentence(error)) from error


def is_whole(value: Any) -> TypeGuard[int]:
    """Whether a value is a whole number; True and False, which Python counts as 1 and 0, are not.

    Example:
        >>> from ganprofile.errors import is_whole
        >>> is_whole(3), is_whole(3.0), is_whole(True)
        (True, False, False)
    """
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def check_whole(name: str, value: Any, least: int = 1, most: float = math.inf) -> None:
    """Refuse what is no whole number, or one out of range.

    Args:
        name: of the parameter.
        value: what was received.
        least: the smallest number that it may be.
        most: the largest one.

    Raises:
        UsageError: it is none.
    """
    if not is_whole(value) or value < least:
        raise UsageError(
            f"`{name}` should be a whole number, {least} or more. Received: {value!r}."
        )
    if value > most:
        raise UsageError(f"`{name}` should be {most:,} or less. Received: {value!r}.")


def check_seed(seed: Any) -> None:
    """Refuse a seed that some random generator on the way would not take.

    Raises:
        UsageError: the seed is no whole number in 0..2147483647.
    """
    if not is_whole(seed):
        raise UsageError(
            f"`seed` should be a whole number in 0..{LARGEST_SEED}. Received: {seed!r}."
        )
    if not 0 <= seed <= LARGEST_SEED:
        raise UsageError(f"`seed` should be in 0..{LARGEST_SEED}. Received: {seed}.")


def check_several_classes(count: int) -> None:
    """Refuse to train a classifier that has nothing to tell apart.

    Raises:
        UsageError: there are fewer than two classes.
    """
    if count < 2:
        raise UsageError(
            f"A classifier needs two classes or more to tell apart. Received: {count}."
        )


class Interrupted(BaseException):
    """A signal (Ctrl-C or SIGTERM) stopped the command.

    Not an `Exception`: no library on the way may take it for an error that it can handle.

    Attributes:
        exit_code: what the command line exits with.
        is_said: whether the user has been told.
    """

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"{stopped_by(signal_number)}.")
        self.exit_code = 128 + signal_number
        self.is_said = False


def stopped_by(signal_number: int) -> str:
    """Which signal stopped the command, the beginning of a sentence."""
    is_typed = signal_number == signal.SIGINT
    return f"Stopped by {'Ctrl-C' if is_typed else f'signal {signal_number:d}'}"


_kept: list[Callable[[], str]] = []  # the outermost comes first: it is what the user called
NOTHING_KEPT = "Nothing was kept or left half done: the same command begins anew."


@contextlib.contextmanager
def kept_if_stopped(note: Callable[[], str]) -> Iterator[None]:
    """Say what is kept, and how to go on, where a signal or Ctrl-C stops what runs within it.

    The outermost that has something to say is heard: how the training inside a benchmark would
    go on is beside how the benchmark does.

    Args:
        note: gives a sentence at that moment, or nothing where nothing is kept.
    """
    _kept.append(note)
    try:
        yield
    except (KeyboardInterrupt, Interrupted) as stop:
        if said := note():
            stop.__notes__ = [said]
        raise
    finally:
        _kept.remove(note)


def what_is_kept() -> str:
    """What is kept at this moment and how to go on, in a sentence, if the process ends now."""
    return next(filter(None, (note() for note in list(_kept))), NOTHING_KEPT)
