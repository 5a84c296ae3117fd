"""Independent integer seeds for the parts of a network, so that no global state is touched."""

import itertools

import numpy as np


def seed_stream(seed, network):
    """An endless iterator of integers in 0..2**31 - 1.

    Args:
        seed: a non-negative integer.
        network: the name of the network that takes them; another name, other seeds.
    """
    name = list(network.encode())
    for block in itertools.count():
        state = np.random.SeedSequence([seed, block, *name]).generate_state(8)
        yield from (int(word) % 2**31 for word in state)
