"""Independent integer seeds for the parts of a network, so that no global state is touched."""

import itertools

import numpy as np


def seed_stream(seed):
    """An endless iterator of integers in 0..2**31 - 1 that depends on `seed` alone."""
    for block in itertools.count():
        state = np.random.SeedSequence([seed, block]).generate_state(8)
        yield from (int(word) % 2**31 for word in state)
