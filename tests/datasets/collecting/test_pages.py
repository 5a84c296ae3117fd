"""Pages in files of scans."""

import pytest
from PIL import Image

from ganprofile.datasets.collecting.pages import pages_in
from ganprofile.datasets.loaders.pictures import MOST_PIXELS
from ganprofile.errors import GanprofileError

pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")


def test_pages_whose_points_are_the_pixels_of_a_scan_are_drawn(tmp_path):
    """As Pillow writes an A4 page at 300 dpi."""
    Image.new("1", (2480, 3508), 1).save(tmp_path / "scan.pdf")
    (pixels,) = pages_in(tmp_path / "scan.pdf")
    assert pixels.size <= MOST_PIXELS * 1.001 and pixels.shape[1] >= 2480
    assert pixels.shape[0] / pixels.shape[1] == pytest.approx(3508 / 2480, abs=0.01)


def test_a_page_of_too_many_points_is_refused_with_its_size(tmp_path):
    Image.new("1", (10_000, 8_000), 1).save(tmp_path / "poster.pdf")
    with pytest.raises(GanprofileError, match="a page of 10,000x8,000 points"):
        list(pages_in(tmp_path / "poster.pdf"))
