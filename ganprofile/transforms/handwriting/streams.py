"""Which random numbers an image gets: a seed, a stream of its process, and its place there."""

import sys

import numpy as np

from ganprofile.transforms import counter_random


class Places:
    """Places in a stream, one after the other; another stream in every worker of a `DataLoader`.

    A worker is told by PyTorch's own number, `get_worker_info().seed`, which differs between
    workers and epochs, and depends on nothing but PyTorch's seed. It is asked for in every call,
    since a copy of the object comes into a worker by fork as well as by pickle.

    Args:
        seed: 0..2147483647.
        stream: an integer from 0.
    """

    def __init__(self, seed: int, stream: int = 0) -> None:
        self.seed, self._own = seed, stream
        self._stream, self._next = stream, 0

    def take(self, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Seed, stream and positions of the next images, as `counter_random.words` takes them."""
        stream = _worker_stream()
        stream = self._own if stream is None else stream
        if stream != self._stream:
            self._stream, self._next = stream, 0
        first, self._next = self._next, self._next + count
        positions = np.arange(first, first + count) & counter_random.WORD
        return np.array([self.seed]), np.array([stream]), positions


def _worker_stream() -> int | None:
    """The stream of the `DataLoader`'s worker that this process is, 0..2**32 - 1, or None."""
    loading = sys.modules.get("torch.utils.data")
    info = None if loading is None else loading.get_worker_info()
    if info is None:
        return None
    # Seeds of the workers of an epoch follow each other, so that their lower halves differ.
    low, high = info.seed & counter_random.WORD, (info.seed >> 32) & counter_random.WORD
    mixed = counter_random.words(np.array([high]), np.array([low]), np.array([0]), 1)
    return int(mixed[0, 0])
