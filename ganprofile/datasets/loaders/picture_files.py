"""Many picture files, read in threads: what can be read, and what was found."""

import collections
import concurrent.futures
import dataclasses
import math
import os

import numpy as np

from ganprofile.console import ProgressBar
from ganprofile.datasets.loaders.pictures import read_header, read_picture
from ganprofile.errors import GanprofileError
from ganprofile.storage.files import printable

CHUNK = 512  # pictures in flight at once, so that memory holds the small results only
MOST_PIXELS_AT_ONCE = 50_000_000  # in all threads together
LISTED = 10


@dataclasses.dataclass(frozen=True)
class Gathered:
    """Pictures of one shape.

    Attributes:
        images: uint8 `(n, height, width, channels)`, 0 = paper, 255 = ink.
        kept: int64 `(n,)`, which of the paths they came from.
        findings: sizes, pixel formats, polarity, unreadable files.
    """

    images: np.ndarray
    kept: np.ndarray
    findings: dict

    def findings_with(self, more):
        """Its findings and others; what had to be assumed is put together."""
        assumed = [*self.findings.get("assumed", ()), *more.get("assumed", ())]
        return {**self.findings, **more, "assumed": assumed}


class PictureFiles:
    """Picture files and what they say of themselves.

    Args:
        paths: the files.
        root: the folder that they are named relative to.
        tolerant: leave unreadable ones out instead of failing.

    Attributes:
        headers: a `Header` each, or None.
        only_deep: whether what is known of bits says nothing of pictures of 8.

    Raises:
        GanprofileError: a file cannot be read, or none can.
    """

    def __init__(self, paths, root, tolerant):
        self.headers, self.only_deep = [], False
        self._paths, self._root, self._tolerant = paths, root, tolerant
        self._unreadable = {}  # index -> why
        for index, path in enumerate(paths):
            try:
                self.headers.append(read_header(path))
            except GanprofileError as error:
                self._refuse_or_note(index, error)
                self.headers.append(None)
        if not any(self.headers):
            raise GanprofileError(
                f"{printable(root)} holds no readable picture among {len(paths)} files. The "
                f"first: {self._unreadable[0]}"
            )

    @property
    def known(self):
        """The headers that there are."""
        return [header for header in self.headers if header is not None]

    @property
    def kept(self):
        """Which files could be read so far, int64 `(n,)`.

        Raises:
            GanprofileError: none.
        """
        kept = [k for k in range(len(self._paths)) if k not in self._unreadable]
        if not kept:
            raise GanprofileError(f"{printable(self._root)} holds no readable picture.")
        return np.array(kept, np.int64)

    def path(self, index):
        """A file, a `Path`."""
        return self._paths[index]

    def picture(self, index, bits):
        """What `read_picture` makes of a file, by the bits of the set."""
        is_of_set = not self.only_deep or self.headers[index].deep
        return read_picture(self._paths[index], bits if is_of_set else None)

    def name(self, index):
        """A file for people."""
        return self.name_of(self._paths[index])

    def name_of(self, path):
        """The same of a path."""
        root = self._root
        return printable(path.relative_to(root) if path.is_relative_to(root) else path)

    def each(self, read, progress_from):
        """Call `read(index, path)` for all that are readable, in threads.

        Args:
            read: raises `GanprofileError` where a file cannot be read after all.
            progress_from: of so many files there is a progress bar.
        """
        indices = self.kept.tolist()
        largest = max(math.prod(self.headers[index].size) for index in indices)
        threads = max(1, min(os.cpu_count(), MOST_PIXELS_AT_ONCE // largest))

        def attempt(index):
            try:
                read(index, self._paths[index])
            except GanprofileError as error:
                return index, error
            return None

        with (
            concurrent.futures.ThreadPoolExecutor(threads) as pool,
            ProgressBar(len(indices), enabled=len(indices) >= progress_from) as bar,
        ):
            for first in range(0, len(indices), CHUNK):
                chunk = indices[first : first + CHUNK]
                for done, failed in enumerate(pool.map(attempt, chunk), first + 1):
                    if failed is not None:
                        self._refuse_or_note(*failed)
                    bar.show_rate(done)

    def findings(self, light, inverted):
        """What a report says of the files that were kept.

        Args:
            light: bool, whether each of them has light paper.
            inverted: whether they were inverted.
        """
        kept = self.kept
        headers = [self.headers[index] for index in kept]
        sizes = collections.Counter(size_in_words(header.size) for header in headers)
        listed = dict(sizes.most_common(LISTED))
        if len(sizes) > LISTED:
            listed["others"] = sizes.total() - sum(listed.values())
        return {
            "sizes": listed,
            "different_sizes": len(sizes),
            "pixel_formats": dict(collections.Counter(header.mode for header in headers)),
            "light_paper_share": round(float(np.mean(light)), 4),
            "inverted": inverted,
            "first_of_several": [
                self.name(index)
                for index, header in zip(kept, headers, strict=True)
                if header.frames > 1
            ],
            "unreadable": {
                self.name(index): str(error) for index, error in sorted(self._unreadable.items())
            },
        }

    def _refuse_or_note(self, index, error):
        if not self._tolerant:
            raise error
        self._unreadable[index] = error


def size_in_words(size):
    """`(height, width)` as people say it."""
    return f"{size[1]}x{size[0]}"
