"""What Ctrl-C and the signals of a cluster do to a command: end it, in order or all the same."""

import atexit
import contextlib
import functools
import os
import signal
import socket
import sys
import threading
import time
import traceback

from ganprofile.console import say
from ganprofile.errors import STOPPING_SIGNALS, Interrupted, stopped_by, what_is_kept

# A cluster kills some ten seconds or more after it has asked.
SECONDS_TO_END = 8.0
SWALLOWED = 0  # no signal has this number
SECONDS_TO_AGAIN = 0.1


def stop_on_signals():
    """Let a signal raise `Interrupted`, and end the process if that has not ended it in time.

    Python handles signals in the main thread, between two steps of its own: not while a library
    computes, and in vain where it swallows errors, as in destructors. There it is raised again;
    for all else a thread listens, too. What is written appears by atomic rename, and ending in
    the midst of it leaves nothing half done behind.
    """
    stops = []  # the `Interrupted` that were raised
    atexit.register(_leave, stops)
    listening, speaking = socket.socketpair()
    speaking.setblocking(False)
    interrupt = functools.partial(_interrupt, stops, speaking)
    for number in STOPPING_SIGNALS:
        if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, interrupt)
    signal.set_wakeup_fd(speaking.fileno(), warn_on_full_buffer=False)
    sys.unraisablehook = functools.partial(_again, interrupt, speaking, sys.unraisablehook)
    if hasattr(os, "register_at_fork"):  # a signal to a child is none to this process
        os.register_at_fork(after_in_child=lambda: signal.set_wakeup_fd(-1))
    told = listening, speaking, stops
    threading.Thread(target=_end_in_time, args=told, daemon=True).start()


def _leave(stops):
    """After all else that is done at the exit: frameworks take seconds to take themselves apart."""
    if stops:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(stops[0].exit_code)


def _interrupt(stops, speaking, number, frame):
    if any(caller.f_code is _again.__code__ for caller, _ in traceback.walk_stack(frame)):
        _send_again(speaking, number)  # raised there it would be swallowed, too
        return
    for other in STOPPING_SIGNALS:  # what is half done is being cleared away
        signal.signal(other, _go_on)
    stop = Interrupted(number)
    stops.append(stop)
    raise stop


def _again(interrupt, speaking, others, unraisable):
    """Send the signal anew, a moment later, if Python swallowed what it raised.

    It does in a destructor and in a callback of the garbage collector, and frameworks have many.
    """
    stop = unraisable.exc_value
    if not isinstance(stop, Interrupted):
        others(unraisable)
        return
    number = stop.exit_code - 128
    signal.signal(number, interrupt)
    _send_again(speaking, number)


def _send_again(speaking, number):
    speaking.send(bytes([SWALLOWED]))  # so that the second of one Ctrl-C counts as the first
    threading.Timer(SECONDS_TO_AGAIN, os.kill, (os.getpid(), number)).start()


def _go_on(number, frame):
    """Unlike `SIG_IGN`, this lets the listening thread know of a second Ctrl-C."""


def _end_in_time(listening, _speaking, stops):
    heard = []
    while heard in ([], [signal.SIGINT]):  # the first Ctrl-C is a request, without a time limit
        number = listening.recv(1)[0]
        if number == SWALLOWED:
            heard.clear()
        elif number in STOPPING_SIGNALS:
            heard.append(number)
    time.sleep(SECONDS_TO_END)
    speaker = threading.Thread(target=_say_last, args=(number, stops), daemon=True)
    speaker.start()
    speaker.join(1.0)  # a reader or a disk that stands still does not hold this up
    os._exit(128 + number)


def _say_last(number, stops=()):
    """Say what is kept, unless it has been said; what was under way may have ended meanwhile, and
    what it keeps is noted of the stop."""
    if any(stop.is_said for stop in stops):
        return
    noted = [note for stop in stops for note in getattr(stop, "__notes__", ())]
    kept = noted[0] if noted else what_is_kept()
    say(f"{stopped_by(number)} in the midst of a computation. {kept}")
