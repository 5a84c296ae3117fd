"""Random numbers that depend on a seed, a stream and a position, and on nothing that was drawn.

The same to the bit for NumPy and for every backend of Keras, inside compiled functions, too, so
that a warp has one seed wherever it is made: position k of a stream belongs to its k-th image,
whatever the size of batches. A word is the hash of its number under two hashes of what it belongs
to. Keras' and NumPy's own generators differ from each other, and NumPy's runs in no graph.

The hash is Chris Wellons' `lowbias32` (2018): multiplications and shifts of 32 bits, which all
frameworks have. Where one has no such type (PyTorch), integers are longer and cut to 32 bits.
"""

import math
from typing import Any

import numpy as np

from ganprofile.transforms.arrays import Tensor, namespace

WORD = 0xFFFFFFFF
FACTORS = (0x7FEB352D, 0x846CA68B)  # lowbias32's
SHIFTS = (16, 15, 16)
GOLDEN = 0x9E3779B9  # 2**32 over the golden ratio: multiples lie far apart
PARTS = (0x243F6A88, 0x85A308D3, 0x13198A2E)  # digits of pi, so that parts of a key are told apart
UNIT = 2.0**-24  # a float32 has 24 bits, so that a uniform number is exact


def words(seed: Tensor, stream: Tensor, positions: Tensor, count: int) -> Tensor:
    """Random integers in 0..2**32 - 1.

    Args:
        seed: an integer, 0..2**32 - 1, of shape `(1,)`; as the next.
        stream: another.
        positions: integers `(n,)`.
        count: how many of each, at most 2**16 or so.

    Returns:
        `(n, count)`, of the type that is used for uint32.
    """
    ops = namespace(seed, stream, positions)
    seed, stream, positions = (ops.cast(given, "uint32") for given in (seed, stream, positions))
    one, other, third = (_constant(ops, part) for part in PARTS)
    key = _hashed(ops, ops.bitwise_xor(_hashed(ops, ops.bitwise_xor(seed, one)), stream))
    first = _hashed(ops, ops.bitwise_xor(key, positions))
    second = _hashed(ops, _added(ops, _hashed(ops, ops.bitwise_xor(key, other)), positions))
    second = ops.bitwise_xor(second, third)
    steps = np.arange(1, count + 1, dtype=np.uint64) * GOLDEN & WORD
    numbered = _added(ops, first[:, None], _constant(ops, steps.astype(np.uint32))[None])
    return _hashed(ops, ops.bitwise_xor(_hashed(ops, numbered), second[:, None]))


def uniform(drawn: Tensor) -> Tensor:
    """Words as float32 in [0, 1), multiples of 2**-24."""
    ops = namespace(drawn)
    return ops.cast(ops.right_shift(drawn, 8), "float32") * np.float32(UNIT)


def normal(drawn: Tensor) -> Tensor:
    """An even number of words of each row as standard normal float32, by Box and Muller (1958).

    The words are the same everywhere; logarithm and cosine differ in the last digit.
    """
    ops = namespace(drawn)
    half = drawn.shape[1] // 2
    shares = uniform(drawn)
    radius = ops.sqrt(-2.0 * ops.log(shares[:, :half] + np.float32(UNIT)))  # of (0, 1]
    angle = np.float32(2 * math.pi) * shares[:, half:]
    return ops.concatenate([radius * ops.cos(angle), radius * ops.sin(angle)], axis=1)


def _hashed(ops: Any, values: Tensor) -> Tensor:
    """`lowbias32` of integers of 32 bits, a permutation of them."""
    for shift, factor in zip(SHIFTS, (*FACTORS, None), strict=True):
        values = ops.bitwise_xor(values, ops.right_shift(values, shift))
        if factor is not None:
            values = _cut(ops, values * _constant(ops, factor))
    return values


def _added(ops: Any, values: Tensor, others: Tensor) -> Tensor:
    return _cut(ops, values + others)


def _cut(ops: Any, values: Tensor) -> Tensor:
    """The lower 32 bits, for types that are longer."""
    return ops.bitwise_and(values, _constant(ops, WORD))


def _constant(ops: Any, value: Any) -> Tensor:
    return ops.convert_to_tensor(value, "uint32")
