"""How many bits the levels of deep pictures have: one answer for a whole set."""

import concurrent.futures
import contextlib
import dataclasses

from ganprofile.console import say
from ganprofile.datasets.loaders.deep_levels import BITS, FULL, check_bits
from ganprofile.datasets.loaders.pictures import bits_of
from ganprofile.errors import GanprofileError

THREADS = 4  # pages at 600 dpi are large
TRIED = 8  # pictures that tell whether a set is an ordinary one
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
    if asked is not None:
        return Depth(asked if asked < FULL or _needed(paths) else None)
    needed = needed_bits(paths)
    if not needed:
        return Depth()
    bits = max(needed.values())
    fewer = tuple(index for index in needed if needed[index] < bits)
    if len(fewer) <= (1 - CLEAR_MAJORITY) * len(needed):
        fewer = ()
    _say(len(needed), bits, fewer and name(paths[fewer[0]]), len(fewer))
    return Depth(bits, fewer)


def needed_bits(paths):
    """How many bits the pictures of a set need, index -> bits; {} where all are ordinary ones.

    Args:
        paths: as for `common_depth`, or `HeldPicture`s.
    """
    return _needed(paths) or _of_few_levels(paths)


def _needed(paths, ordinary=False):
    """Index -> bits of the pictures that `bits_of` knows an answer for."""

    def bits(path):
        with contextlib.suppress(GanprofileError):
            return bits_of(path, ordinary)

    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        found = enumerate(pool.map(bits, paths))
        return {index: bits for index, bits in found if bits is not None}


def _of_few_levels(paths):
    """As `_needed`, of ordinary pictures of which all use so few levels that they show nothing."""
    needed = {}
    step = -(-len(paths) // TRIED) or 1
    for some in (paths[::step], paths):  # mostly a few say that it is not so
        needed = _needed(some, ordinary=True)
        if max(needed.values(), default=FULL) >= FULL:
            return {}
    return needed


def _say(count, bits, example, fewer):
    if bits < BITS[-1]:
        say(
            f"By the highest, the levels of {count:,} pictures are taken for those of "
            f"{bits} bit{'s' * (bits > 1)} (0..{2**bits - 1}); `bits` says otherwise."
        )
    if fewer:
        say(
            f"{fewer:,} of {count:,} pictures, such as {example}, have levels of fewer than {bits} "
            "bits and may come out faint: bring all to one range, or say `bits`."
        )
