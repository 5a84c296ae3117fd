"""How many bits the levels of deep pictures have: one answer for a whole set."""

import concurrent.futures
import contextlib
import dataclasses

from ganprofile.console import say
from ganprofile.datasets.readers.deep_levels import BITS, check_bits
from ganprofile.datasets.readers.pictures import bits_of
from ganprofile.errors import GanprofileError

THREADS = 4  # pages at 600 dpi are large
CLEAR_MAJORITY = 0.9  # of pictures reach the highest level that a set's bits hold, more or less


@dataclasses.dataclass(frozen=True)
class Depth:
    """What the pictures of a set need.

    Attributes:
        bits: of their levels; None where no picture has more than 8.
        fewer: indices of deep pictures that would need fewer, where these are many.
    """

    bits: int | None = None
    fewer: tuple[int, ...] = ()


def common_depth(paths, asked=None, name=str):
    """Find how many bits the levels of picture files have, by the highest level of all, and say it.

    Args:
        paths: of the set; what cannot be read is left to what reads it.
        asked: what was said instead, one of `BITS`, or None.
        name: gives the name of a path for people.

    Returns:
        A `Depth`.

    Raises:
        UsageError: `asked` is none of them.
    """
    check_bits(asked)
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        needed = dict(enumerate(pool.map(_needed, paths)))
    needed = {index: bits for index, bits in needed.items() if bits is not None}
    if not needed or asked is not None:
        return Depth(asked if needed else None)
    bits = max(needed.values())
    fewer = tuple(index for index in needed if needed[index] < bits)
    if len(fewer) <= (1 - CLEAR_MAJORITY) * len(needed):
        fewer = ()
    _say(len(needed), bits, fewer and name(paths[fewer[0]]), len(fewer))
    return Depth(bits, fewer)


def _needed(path):
    with contextlib.suppress(GanprofileError):
        return bits_of(path)


def _say(count, bits, example, fewer):
    if bits < BITS[-1]:
        say(
            f"By the highest, the levels of {count:,} pictures are taken for those of {bits} bits "
            f"(0..{2**bits - 1}); --bits says otherwise."
        )
    if fewer:
        say(
            f"{fewer:,} of {count:,} pictures, such as {example}, have levels of fewer than {bits} "
            "bits and may come out faint: bring all to one range, or say --bits."
        )
