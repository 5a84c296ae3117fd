"""What holds for both formats that are files of TensorFlow records."""

import contextlib

from ganprofile.errors import GanprofileError, first_line

SHARD = 10_000  # images at most
READ_AT_ONCE = 500


@contextlib.contextmanager
def written_to(folder):
    """Say what TensorFlow cannot write (the disk is full) as other files would.

    Raises:
        GanprofileError: TensorFlow failed inside the block.
    """
    import tensorflow as tf

    try:
        yield
    except tf.errors.OpError as error:
        raise GanprofileError(
            f"{folder} cannot be written ({first_line(error)}). Is there room on the disk?"
        ) from error


def check_places(indices, first, place):
    """Refuse images that are not where they were written: a shard was lost or renamed.

    Args:
        indices: the images' places as written, integers `(n,)`.
        first: the place of the first.
        place: what was read, for the sentence.

    Raises:
        GanprofileError: the indices are not `first`, `first + 1`, ...
    """
    for expected, index in enumerate(indices.tolist(), start=first):
        if index != expected:
            raise GanprofileError(f"{place} has image {index} where image {expected} belongs.")
