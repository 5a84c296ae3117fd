"""What pieces have in common, on its way to other processes, and the calls of functions there."""

import dataclasses
import functools
import pickle
import threading
import uuid

_turn = threading.Lock()  # Keras' state is the process': of a worker's threads one works at a time
_kept = []  # of this process: one, where `keep` began it


@dataclasses.dataclass(frozen=True)
class Packed:
    """What pieces have in common, as bytes, so that what a process makes of it stays there.

    Attributes:
        key: tells it from others.
        content: the pickled object, and what is called with it before the first piece.
    """

    key: str
    content: bytes = dataclasses.field(compare=False, repr=False)

    @classmethod
    def of(cls, common, begin=None):
        """Pack an object; functions that no module has travel with their code."""
        return cls(uuid.uuid4().hex, packed_up((common, begin)))


def packed_up(content):
    """Anything as bytes that `pickle` reads."""
    from joblib.externals.loky.backend.reduction import dumps

    return bytes(dumps(content))


@functools.lru_cache(maxsize=1)
def _unpacked(packed):
    common, begin = pickle.loads(packed.content)
    if begin is not None:
        begin(common)
    return common


def call(packed, function, *piece):
    """What a function says of a piece, with what all have in common."""
    with _turn:
        return function(_unpacked(packed), *piece)


def keep(packed):
    """Hold in this process what the pieces to come have in common."""
    _kept.append(packed)


def call_kept(function, *piece):
    """`call` with what `keep` holds."""
    return call(_kept[-1], function, *piece)
