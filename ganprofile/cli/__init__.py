"""The command line: each command resolves its arguments, makes one API call, prints the result."""

import contextlib
import os
import sys
import textwrap
import traceback

from ganprofile.cli.flags import in_flags
from ganprofile.cli.options import options
from ganprofile.cli.signals import stop_on_signals
from ganprofile.console import say, worded
from ganprofile.errors import NOTHING_KEPT, REMEDIES, GanprofileError, Interrupted
from ganprofile.storage.files import printable

PROGRAM = "ganprofile"
USUAL_WIDTH = 80  # of a terminal that does not say it


def main():
    """The entry point: exit 0 done, 1 failed, 2 wrong usage, 130 Ctrl-C, 143 SIGTERM."""
    if sys.stdout is not None:  # a class name may hold what the terminal's encoding lacks
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.argv = [_as_utf8(argument) for argument in sys.argv]
    with worded(in_flags):
        _run()


def _as_utf8(argument):
    """What was typed, where the locale knows ASCII alone and it is UTF-8, as in most terminals."""
    with contextlib.suppress(UnicodeError):
        return os.fsencode(argument).decode()
    return argument


def _run():
    try:
        stop_on_signals()
        from ganprofile.cli.app import app

        app(prog_name=PROGRAM)  # under `python -m`, too, where completion is of this name
    except Interrupted as stop:
        go_on = getattr(stop, "__notes__", [NOTHING_KEPT])
        say(" ".join([str(stop), *go_on]))
        stop.is_said = True
        sys.exit(stop.exit_code)
    except GanprofileError as error:
        _fail(error, str(error), error.exit_code)
    except MemoryError as error:
        _fail(error, "There is not enough memory. Use smaller or fewer images.", 1)
    except OSError as error:
        place = f" ({printable(error.filename)})" if error.filename else ""
        remedy = f" {REMEDIES[error.errno]}." if error.errno in REMEDIES else ""
        _fail(error, f"{error.strerror or error}{place}.{remedy}", 1)


def _fail(error, sentence, exit_code):
    if options.debug:
        traceback.print_exception(error)
    say(_wrapped(in_flags(f"Error: {sentence}")), is_error=True)
    sys.exit(exit_code)


def _wrapped(text):
    """Text in lines no longer than the terminal's, broken between words; as it is elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        return text
    width = os.get_terminal_size(sys.stderr.fileno()).columns or USUAL_WIDTH
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)
