"""Items that a thread of this process makes, each while the one before is used."""

import concurrent.futures

_NO_MORE = object()


def ahead(items):
    """Items as they come, the next one made in a thread while one is used.

    It gains where both sides leave the interpreter: for networks, compression, checksums, files.

    Args:
        items: an iterable, which may be endless. It runs in the thread alone, and ends there.

    Yields:
        Its items, in their order; what it raises is raised here, where its item would have come.
    """
    items = iter(items)
    with concurrent.futures.ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(next, items, _NO_MORE)
        try:
            while (item := coming.result()) is not _NO_MORE:
                coming = thread.submit(next, items, _NO_MORE)
                yield item
        finally:
            if hasattr(items, "close"):  # in the thread, behind the item that is under way
                thread.submit(items.close).result()
