"""What pieces have in common, on its way to other processes, and the calls of functions there."""

import functools
import pickle
import threading
import uuid

_turn = threading.Lock()  # Keras' state is the process': of a worker's threads one works at a time
_kept = []  # of this process: one, where `keep` began it


def packed(*content):
    """Objects as bytes that `pickle` reads; functions that no module has travel with their code."""
    from joblib.externals.loky.backend.reduction import dumps

    return bytes(dumps(content))


def packed_common(common, begin=None):
    """What pieces have in common as bytes, and what is called with it before the first, or None."""
    return packed(common, begin, uuid.uuid4().hex)  # that of two executors is never taken for one


@functools.lru_cache(maxsize=1)
def _unpacked(content):
    common, begin, _ = pickle.loads(content)
    if begin is not None:
        begin(common)
    return common


def call(content, function, *piece):
    """What a function says of a piece, with what all have in common."""
    with _turn:
        return function(_unpacked(content), *piece)


def keep(content):
    """Hold in this process what the pieces to come have in common."""
    _kept.append(content)


def call_kept(function, *piece):
    """`call` with what `keep` holds."""
    return call(_kept[-1], function, *piece)
