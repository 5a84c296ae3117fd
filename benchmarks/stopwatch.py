"""A clock that stands still while something is done that does not count."""

import contextlib
import time


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self):
        self._began = time.perf_counter()

    @property
    def seconds(self):
        """So far, without the pauses that have ended."""
        return time.perf_counter() - self._began

    @contextlib.contextmanager
    def paused(self):
        """What a `with` block takes does not count."""
        stopped = time.perf_counter()
        try:
            yield
        finally:
            self._began += time.perf_counter() - stopped
