"""Giving out pieces of work and taking back what comes of them."""

import collections
import concurrent.futures
import contextlib
import dataclasses
import itertools
import threading
from collections.abc import Callable

SECONDS_BETWEEN_TICKS = 1.0
AHEAD = 2  # pieces given out for each worker, so that none waits while a result is taken in


@dataclasses.dataclass(frozen=True)
class Executor:
    """Processes or threads that take pieces of work; each has what the pieces have in common.

    Attributes:
        submit: `(function, *piece)` -> a `Future` of `function(common, *piece)`.
        size: how many pieces are worked on at a time.
    """

    submit: Callable
    size: int

    def imap(self, function, pieces):
        """What comes of each piece, in the order of the pieces.

        Only some pieces are given out at a time, so memory stays flat however many there are.

        Args:
            function: `(common, *piece)` -> a result; it is pickled.
            pieces: an iterable of tuples, which may be endless.

        Yields:
            Results.
        """
        pieces, running = iter(pieces), collections.deque()

        def give_out(count):
            some = itertools.islice(pieces, count)
            running.extend(self.submit(function, *piece) for piece in some)

        try:
            give_out(AHEAD * self.size)
            while running:
                result = running.popleft().result()
                give_out(1)
                yield result
        finally:
            for future in running:
                future.cancel()

    def imap_chains(self, function, chains, tick=None):
        """What comes of chains of pieces, as it comes: one piece of a chain after the other.

        Args:
            function: `(common, *piece)` -> an iterable of results; it is pickled.
            chains: iterables of tuples; a tuple is asked for when its turn has come.
            tick: called about every second while nothing comes, or None.

        Yields:
            Results.
        """
        waiting, running = map(iter, chains), {}

        def give_out(chain):
            for begun in itertools.chain([chain], waiting):
                for piece in begun:
                    running[self.submit(_listed, function, *piece)] = begun
                    return

        for _ in range(self.size):
            give_out(iter(()))
        first = concurrent.futures.FIRST_COMPLETED
        while running:
            wait = None if tick is None else SECONDS_BETWEEN_TICKS
            done = concurrent.futures.wait(running, wait, return_when=first).done
            if tick is not None:
                tick()
            for future in done:
                chain = running.pop(future)
                yield from future.result()
                give_out(chain)


class SerialExecutor:
    """This thread as an executor: a piece is worked on when its result is asked for.

    Args:
        common: what the pieces have in common.
    """

    size = 1

    def __init__(self, common):
        self._common = common

    def imap(self, function, pieces):
        """As `Executor.imap`."""
        return (function(self._common, *piece) for piece in pieces)

    def imap_chains(self, function, chains, tick=None):
        """As `Executor.imap_chains`; a result comes before the next of its piece is worked on.

        It is another thread that calls `tick`.
        """
        for piece in itertools.chain.from_iterable(chains):
            with _ticking(tick):
                yield from function(self._common, *piece)


@contextlib.contextmanager
def _ticking(tick):
    """Call a function about every second while the block goes on."""
    ended = threading.Event()

    def run():
        while not ended.wait(SECONDS_BETWEEN_TICKS):
            tick()

    thread = threading.Thread(target=run, daemon=True)
    if tick is not None:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if tick is not None:
            thread.join()


def _listed(common, function, *piece):
    return list(function(common, *piece))
