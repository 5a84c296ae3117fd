"""A scanned or photographed sheet: which it is, whose, and its cells."""

import dataclasses

import numpy as np

from ganprofile.datasets.capture.ink import paper_around, reduced
from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.collecting.layout import (
    BASE,
    CORNERS,
    FIRST_CODE,
    MARKER,
    MOST_ROWS,
    Layout,
)
from ganprofile.datasets.collecting.sheet import dictionary
from ganprofile.errors import GanprofileError
from ganprofile.images import luminance

DPI = 600  # of a page once it is upright
TRIMMED = 50  # pixels off each side of a cell: the grid that is printed
WHITE_ABOVE = 200  # of 255: what is lighter is paper
SIDE = DPI - 2 * TRIMMED
SOUGHT_IN = 2600  # markers are looked for in so small a copy
BENT = 0.03  # inches: so far from where it belongs, a marker shows that the page is not flat
FARTHEST = 0.1  # inches: so near its place, a marker of a code is taken for it


@dataclasses.dataclass(frozen=True)
class Sheet:
    """What a page holds.

    Attributes:
        layout: its `Layout`.
        page: which of the writer's pages, from 0.
        writer: the number printed on it.
        cells: uint8 `(rows, columns, 500, 500)`, dark ink on paper of 255.
    """

    layout: Layout
    page: int
    writer: int
    cells: np.ndarray


def read_sheet(picture, layouts):
    """Find a sheet in a picture, whichever way it lies.

    Args:
        picture: uint8 `(height, width, 1 or 3)`.
        layouts: the `Layout`s that it may be of.

    Returns:
        A `Sheet`.

    Raises:
        GanprofileError: it shows none, not all of one, one of another layout, or one that is bent.
    """
    found = _markers(picture)
    page = _page_of(found)
    said = []
    for layout in layouts:
        to_picture = _placed(found, layout, page)
        if to_picture is None:
            continue
        to_sheet = np.linalg.inv(to_picture)
        on_sheet = [(number, _moved(to_sheet, places)) for number, places in found]
        codes = _codes(on_sheet, layout)
        said.append(codes.get("sheet"))
        if codes.get("sheet") == layout.code and page < layout.pages:
            if "writer" not in codes:
                raise GanprofileError("its writer's number cannot be read")
            _refuse_bent(on_sheet, layout.printed(page, codes["writer"]))
            return Sheet(layout, page, codes["writer"], _cells(picture, layout, to_picture))
    known = next((code for code in said if code is not None), None)
    known = _code_of_any(found, page) if known is None else known
    if known is None:
        raise GanprofileError(
            "the number of its kind cannot be read; scan it whole and sharp, and unless it is of "
            "digits, say what it is with `sheets` and the .json beside its PDF"
        )
    raise GanprofileError(
        f"it is of sheets {known}; say what these are with `sheets` and the .json beside their PDF"
    )


def _code_of_any(found, page):
    """The number of its kind on a page of a layout that is not among those that were named."""
    for rows in range(2, MOST_ROWS + 1):
        layout = Layout(rows=rows, rows_per_class=1)
        to_sheet = np.linalg.inv(_placed(found, layout, page))
        on_sheet = [(number, _moved(to_sheet, places)) for number, places in found]
        code = _codes(on_sheet, layout).get("sheet")
        if code is not None:
            return code
    return None


def _markers(picture):
    """All markers, a list of number and corners, float64 `(4, 2)`, x and y in the picture."""
    small = reduced(picture, SOUGHT_IN)
    options = cv2().aruco.DetectorParameters()
    options.cornerRefinementMethod = cv2().aruco.CORNER_REFINE_SUBPIX
    detector = cv2().aruco.ArucoDetector(dictionary(), options)
    corners, numbers, _ = detector.detectMarkers(luminance(small)[..., 0])
    if numbers is None:
        raise GanprofileError("it shows no sheet")
    # The middle of a pixel stays the middle of its square in the larger picture.
    factor = np.divide(picture.shape[1::-1], small.shape[1::-1])
    places = [(one.reshape(4, 2).astype(np.float64) + 0.5) * factor - 0.5 for one in corners]
    return list(zip(numbers.ravel().tolist(), places, strict=True))


def _page_of(found):
    """Which page the markers at the corners are of."""
    numbers = [number for number, _ in found if number < FIRST_CODE]
    pages = {number // CORNERS for number in numbers}
    if len(pages) > 1:
        raise GanprofileError("it shows more than one sheet")
    if len(set(numbers)) < CORNERS or len(numbers) > CORNERS:
        raise GanprofileError(f"{len(set(numbers))} of the 4 markers at its corners can be seen")
    return pages.pop()


def _square(place):
    """The corners of a marker, inches `(4, 2)`, in the order in which they are found."""
    left, top = place
    return np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * MARKER + (left, top)


def _placed(found, layout, page):
    """The perspective from inches on the sheet to the picture, `(3, 3)`, or None."""
    where = dict(found)
    corners = layout.corners(page)
    inches = np.concatenate([_square(place) for place in corners.values()])
    seen = np.concatenate([where[number] for number in corners])
    matrix, _ = cv2().findHomography(inches, seen)
    return matrix


def _moved(matrix, points):
    return cv2().perspectiveTransform(np.asarray(points, np.float64)[None], matrix)[0]


def _codes(on_sheet, layout):
    """What the codes of a sheet say, name -> number, without those that cannot be read."""
    middles = [
        (number, corners.mean(axis=0)) for number, corners in on_sheet if number >= FIRST_CODE
    ]
    codes = {}
    for name, places in layout.code_places().items():
        digits = [_nearest(middles, np.add(place, MARKER / 2)) for place in places]
        if None not in digits:
            codes[name] = BASE * digits[0] + digits[1]
    return codes


def _nearest(middles, wanted):
    """The digit of the marker at a place, or None."""
    near = [(np.linalg.norm(place - wanted), number) for number, place in middles]
    distance, number = min(near, default=(np.inf, 0))
    return number - FIRST_CODE if distance < FARTHEST else None


def _refuse_bent(on_sheet, printed):
    """Refuse a page on which a flat sheet's markers are not where they belong."""
    wanted = np.stack([_square(place) for _, place in printed])
    for _, corners in on_sheet:
        apart = np.abs(wanted - corners).max(axis=(1, 2)).min()
        if BENT < apart < FARTHEST:
            raise GanprofileError("it is not flat; scan it, or photograph it pressed down")


def _cells(picture, layout, to_picture):
    """The cells, upright, paper white, uint8 `(rows, columns, SIDE, SIDE)`."""
    scale = np.diag([1 / DPI, 1 / DPI, 1.0])
    size = (layout.columns * DPI, layout.rows * DPI)
    how = cv2().INTER_LINEAR | cv2().WARP_INVERSE_MAP
    grey = luminance(picture)[..., 0]
    upright = cv2().warpPerspective(grey, to_picture @ scale, size, flags=how)
    levels = upright / np.maximum(paper_around(upright[..., None], is_page=True)[..., 0], 1)
    levels = np.rint(255 * np.clip(levels, 0, 1)).astype(np.uint8)
    levels[levels > WHITE_ABOVE] = 255
    cells = levels.reshape(layout.rows, DPI, layout.columns, DPI).swapaxes(1, 2)
    return np.ascontiguousarray(cells[:, :, TRIMMED:-TRIMMED, TRIMMED:-TRIMMED])
