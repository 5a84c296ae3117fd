"""The pages in files: photographs, scans, TIFFs and PDFs of several pages."""

import math

from ganprofile.datasets.loaders.pictures import MOST_PIXELS, SUFFIXES, read_frames
from ganprofile.errors import GanprofileError, first_line, needed
from ganprofile.storage.files import printable

PDF_DPI = 400  # pages of a PDF are drawn so finely, if they have the size of paper
POINTS = 72  # an inch


def pages_in(path, bits=None):
    """The pages of a file, one after the other.

    Args:
        path: a PDF or a picture of a kind that is read as data, too.
        bits: how many bits the levels of a picture of more than 8 have, see `read_picture`.

    Yields:
        uint8 `(height, width, 1 or 3)`.

    Raises:
        GanprofileError: it is neither, or damaged.
    """
    if path.suffix.lower() == ".pdf":
        yield from _pages_of_pdf(path)
    elif path.suffix.lower() in SUFFIXES:
        yield from read_frames(path, bits)
    else:
        known = ", ".join((".pdf", *SUFFIXES))
        raise GanprofileError(f"{printable(path)} is no scan. Known: {known}.")


def _pages_of_pdf(path):
    missing = "PDFs need pypdfium2, which is not installed: pip install 'ganprofile[capture]'."
    pypdfium2 = needed("pypdfium2", missing)
    try:
        with pypdfium2.PdfDocument(path) as document:
            for page in document:
                width, height = page.get_size()
                # Many programs count a point for each pixel of a scan, whatever its paper was.
                scale = min(PDF_DPI / POINTS, math.sqrt(MOST_PIXELS / (width * height)))
                if scale < 1:
                    raise GanprofileError(
                        f"{printable(path)} has a page of {width:,.0f}x{height:,.0f} points, more "
                        "than are drawn. Save it in a smaller size, or as a picture."
                    )
                pixels = page.render(scale=scale, grayscale=True).to_numpy()
                yield pixels.reshape(*pixels.shape[:2], -1)[..., :1].copy()
    except pypdfium2.PdfiumError as error:
        raise GanprofileError(
            f"{printable(path)} is no readable PDF ({first_line(error)})."
        ) from error
