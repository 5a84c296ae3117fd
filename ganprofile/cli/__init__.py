"""The command line: each command resolves its arguments, makes one API call, prints the result."""

import signal
import sys

from ganprofile.errors import GanprofileError, Interrupted


def main():
    """The entry point: exit 0 done, 1 failed, 2 wrong usage, 130 Ctrl-C, 143 SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    from ganprofile.cli.app import app, options

    try:
        app()
    except Interrupted as stop:
        _say(" ".join([f"Stopped ({stop})", *getattr(stop, "__notes__", [])]))
        sys.exit(stop.exit_code)
    except GanprofileError as error:
        if options.debug:
            raise
        _say(f"Error: {error}")
        sys.exit(error.exit_code)
    except OSError as error:
        if options.debug:
            raise
        place = f" ({error.filename})" if error.filename else ""
        _say(f"Error: {error.strerror or error}{place}.")
        sys.exit(1)


def _interrupt(number, frame):
    raise Interrupted(number)


def _say(sentence):
    print(sentence, file=sys.stderr)
