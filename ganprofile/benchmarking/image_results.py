"""Which test images a classifier recognised, a bit each, as text in a cell of the result file."""

import base64
import binascii
import zlib

import numpy as np

from ganprofile.errors import GanprofileError


def as_text(recognised):
    """Text of bool `(n,)`; most are alike, so that it is shorter than a byte for eight."""
    packed = zlib.compress(np.packbits(recognised).tobytes(), level=9)
    return base64.b64encode(packed).decode("ascii")


def from_text(text, count):
    """bool `(count,)` of such text.

    Raises:
        GanprofileError: it is damaged, or of another number of images.
    """
    most = -(-count // 8)
    try:
        stream = zlib.decompressobj()
        packed = stream.decompress(base64.b64decode(text, validate=True), most + 1)
    except (binascii.Error, zlib.error, TypeError, ValueError) as error:
        raise GanprofileError(_damaged(count)) from error
    if len(packed) != most or not stream.eof:
        raise GanprofileError(_damaged(count))
    return np.unpackbits(np.frombuffer(packed, np.uint8), count=count).astype(bool)


def _damaged(count):
    return (
        f"What was recognised of {count:,} test images is damaged in the result of this benchmark. "
        "Copy it again, or remove it."
    )
