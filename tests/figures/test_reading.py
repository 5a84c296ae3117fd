"""A picture beside what was read in it."""

import struct
import warnings
import zlib

import numpy as np
import pytest

from ganprofile.figures import save_read_page
from ganprofile.figures.reading import OVERVIEW, is_overview
from ganprofile.images import read_png

BLOCK = np.full((28, 28, 1), 255, np.uint8)  # a character that is ink all over


def blocks(path, picture, rows):
    """Where such characters are drawn: of how many lines of pixels each line of them has, and how
    many pixels are theirs, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save_read_page(path, picture, rows)
    drawn = read_png(path)[..., :3].max(axis=-1) < 20
    inked = np.flatnonzero(np.diff(np.pad(drawn.mean(axis=1) > 0.02, 1).astype(int)))
    return np.diff(inked)[::2], drawn.sum()


@pytest.mark.parametrize("shape", [(100, 3000), (300, 300), (900, 300)])
def test_labels_stand_between_rows_however_many(shape, tmp_path):
    picture = np.full((*shape, 1), 255, np.uint8)
    rows = [[(BLOCK, (0.1, 0.1, 0.2, 0.2), "7 100 %")] * 4] * 40
    lengths, _ = blocks(tmp_path / "page.png", picture, rows)
    assert len(lengths) == 40 and np.ptp(lengths) <= 2


def test_all_characters_of_a_long_row_are_drawn(tmp_path):
    picture = np.full((100, 3000, 1), 255, np.uint8)
    sizes = [
        blocks(tmp_path / "page.png", picture, [[(BLOCK, (0, 0, 0.1, 0.1), "")] * count])[1]
        for count in (25, 50)
    ]
    assert 1.9 < sizes[1] / sizes[0] < 2.1


def test_nothing_read_is_drawn_too(tmp_path):
    assert not len(blocks(tmp_path / "page.png", np.full((30, 40, 3), 255, np.uint8), [])[0])


def test_a_picture_too_large_to_be_opened_is_no_overview(tmp_path):
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    (tmp_path / OVERVIEW).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk)
    assert not is_overview(tmp_path / OVERVIEW)
