"""A tracker that fails loses nothing but what it would have shown."""

import contextlib

from ganprofile.console import say
from ganprofile.errors import first_line
from ganprofile.training.tracking import FAILED


class Guarded:
    """A `Store` that says its first failure in a sentence and is silent from then on.

    A store has `NAME` and these methods:

    - `begin(name, params, known)`: begins a tracked run, or goes on with the one that `known`, the
      text that an earlier `begin` returned, stands for; returns such a text;
    - `log(rows)`: of `(step, name -> float)`;
    - `add(path)`: a file to keep with it;
    - `end(status)`: `FINISHED`, `STOPPED` or `FAILED`.
    """

    def __init__(self, store):
        self.NAME = store.NAME
        self.is_well = True
        self._has_begun = False
        self._store = store

    def begin(self, name, params, known):
        """The text by which to go on, or None where it failed."""
        told = self._try(self._store.begin, name, params, known)
        self._has_begun = self.is_well
        return told

    def log(self, rows):
        """Whether it was done."""
        self._try(self._store.log, rows)
        return self.is_well

    def add(self, path):
        """Keep a file."""
        self._try(self._store.add, path)

    def end(self, status):
        """End it for now; what failed after it had begun is not left as if it ran on."""
        if self.is_well or not self._has_begun:
            self._try(self._store.end, status)
            return
        with contextlib.suppress(Exception):  # which has been said
            self._store.end(FAILED)

    def _try(self, call, *arguments):
        if not self.is_well:
            return None
        try:
            return call(*arguments)
        except Exception as error:  # of any kind: another program's trouble, or the network's
            self.is_well = False
            say(f"{self.NAME} failed ({first_line(error)}). It goes on without {self.NAME}.")
            return None
