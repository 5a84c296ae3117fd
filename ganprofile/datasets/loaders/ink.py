"""From the scan of one character to what MNIST looks like: pure functions of arrays.

The steps are those of MNIST (LeCun, Bottou, Bengio and Haffner 1998, section III.A): crop to the
ink, shrink with antialiasing and without distortion until the longer side fills 20/28 of the
image, move the centre of mass to the middle. The shape survives, the place and the size of the
writing on the paper do not: `c` and `C` become alike, unless all are shrunk by one factor.

Strokes are not touched. Those of Chars74K, the set this was made for, come out as thick as MNIST's
(a median of 3.8 pixels of 28 against 2.9): nothing is to be made up for by blurring or dilation.
"""

import numpy as np

from ganprofile.datasets.capture.glyphs import BOX, kept_length
from ganprofile.datasets.loaders.paper_lines import lines_across
from ganprofile.errors import UsageError
from ganprofile.images import LEAST_CONTRAST, MIDDLE, edge_pixels

PAPER_NOISE = 0.15  # of the way from paper to ink is still paper: noise, the shade of a fold
# Pieces of so much of all ink widen the crop where they lie no further from the rest than so many
# lengths of it: the dot of an i is a twentieth or more, what is smaller and lies far away is dust.
PIECES = ((1 / 20, np.inf), (1 / 100, 0.5), (1 / 400, 0.15))
CORNERS = (0, 0, -1, -1), (0, -1, 0, -1)


def ink_length(grey, invert="auto"):
    """The longer side of the ink, in pixels; the arguments are those of `as_character`."""
    ink, _ = inked(grey, invert)
    top, bottom, left, right = ink_box(ink)
    return int(max(bottom - top, right - left))


def as_character(grey, size, invert="auto", middling=None):
    """One scanned character as an image like MNIST's.

    Args:
        grey: uint8 `(height, width)`, ink and paper of any two levels, evenly lit.
        size: height and width of the result; 28 in MNIST.
        invert: whether the ink is dark and the paper light: `"yes"`, `"no"`, or `"auto"`, which
            takes what prevails along the edges for paper.
        middling: how many pixels of `grey` a character of middling size is long, where characters
            are to keep their sizes, above 0; None brings all to one size.

    Returns:
        uint8 `(size, size)`, 0 = paper, 255 = ink. All ink lies inside.

    Raises:
        UsageError: there is no ink, or `grey` is not an image.
    """
    ink, _ = inked(grey, invert)
    top, bottom, left, right = ink_box(ink)
    cropped = ink[top:bottom, left:right]
    longer = size * BOX
    if middling is not None:
        longer = kept_length(max(cropped.shape), middling, size)
    return centred(shrunk(cropped, max(1, round(longer))), size)


def is_dark_on_light(grey):
    """Whether most pixels along the edges are nearer to the lightest than to the darkest.

    A full round character that is cropped to its ink shows its paper in the corners alone.
    """
    middle = (int(grey.min()) + int(grey.max())) / 2
    is_light = bool(np.median(edge_pixels(grey)) > middle)
    others = (grey > middle) != is_light
    if others[CORNERS].sum() < 3:
        return is_light
    from scipy import ndimage

    pieces, _ = ndimage.label(others)
    in_corners = np.isin(pieces, pieces[CORNERS]) & others
    return is_light != (in_corners.sum() > others.sum() / 2)


def darkness(grey, invert="auto"):
    """`grey` with light ink on dark paper, whichever it was: uint8 `(height, width)`."""
    if grey.dtype != np.uint8 or grey.ndim != 2 or 0 in grey.shape:
        raise UsageError(
            "An image of a character should be uint8 (height, width). "
            f"Received: {grey.dtype} {grey.shape}."
        )
    dark_ink = is_dark_on_light(grey) if invert == "auto" else invert == "yes"
    return 255 - grey if dark_ink else grey


def inked(grey, invert):
    """`darkness`, stretched, without faint lines of the paper, and the `Lines` found, or None.

    Args:
        grey, invert: as for `as_character`.

    Raises:
        UsageError: as there.
    """
    dark = darkness(grey, invert)
    ink = stretched(dark)
    lines = lines_across(dark, ink > MIDDLE)
    if lines is None or lines.darkest is None:
        return ink, lines
    return stretched(np.where(dark > lines.darkest, dark, np.uint8(lines.paper))), lines


def stretched(ink):
    """The same with paper at 0 and full ink at 255.

    Paper and ink are the medians on the two sides of the threshold that parts the levels best
    (Otsu 1979), so that neither a speck nor a shiny spot moves them.

    Raises:
        UsageError: ink and paper hardly differ: a blank image.
    """
    from PIL import Image

    picture = Image.fromarray(ink)
    counts = np.array(picture.histogram(), float)
    parting = _otsu(counts) + 1
    paper, full = _median(counts[:parting]), parting + _median(counts[parting:])
    if counts.max() == counts.sum() or full - paper < LEAST_CONTRAST:
        raise UsageError("the image shows no ink")
    low = paper + PAPER_NOISE * (full - paper)
    table = np.clip((np.arange(256) - low) * (255 / (full - low)), 0, 255)
    return np.asarray(picture.point(np.rint(table).astype(int).tolist()))


def ink_box(ink):
    """`(top, bottom, left, right)` of the ink, specks left aside; bottom and right are past it."""
    top, bottom, left, right = kept_pieces(ink)[0].min(axis=0).tolist()
    return top, -bottom, left, -right


def kept_pieces(ink):
    """What hangs together in the ink, specks left aside.

    Args:
        ink: uint8 `(height, width)`, some of it above `MIDDLE`.

    Returns:
        The boxes, int64 `(n, 4)`, each `(top, -bottom, left, -right)`; bottom and right are past
        it. And the share of all ink that each piece is, float64 `(n,)`.
    """
    from scipy import ndimage

    is_ink = ink > MIDDLE
    # Most of a large scan is paper, among which no pieces need be sought.
    (top, end), (left, last) = (np.flatnonzero(is_ink.any(axis=k))[[0, -1]] for k in (1, 0))
    pieces, count = ndimage.label(is_ink[top : end + 1, left : last + 1], np.ones((3, 3)))
    shares = np.bincount(pieces.ravel(), minlength=count + 1)[1:] / np.count_nonzero(pieces)
    reach = np.full(count, -1.0)
    for least, lengths in reversed(PIECES):
        reach[shares >= least] = lengths
    if (reach < 0).all():
        reach[:] = np.inf  # dots alone, so that none is left aside
    # Ends with the other sign, so that the smallest of several is that of all together.
    boxes = np.array(
        [(r.start, -r.stop, c.start, -c.stop) for r, c in ndimage.find_objects(pieces)]
    )
    box, before = boxes[shares.argmax()], None
    while not np.array_equal(box, before):
        before = box
        near = _gaps(boxes, box) <= reach * max(-box[0] - box[1], -box[2] - box[3])
        box = np.minimum(box, boxes[near].min(axis=0))
    return boxes[near] + (top, -top, left, -left), shares[near]


def _gaps(boxes, box):
    """How far boxes `(n, 4)` lie from one, 0 where they touch it."""
    sides = ((0, 1), (1, 0), (2, 3), (3, 2))
    return np.max([np.zeros(len(boxes)), *(boxes[:, k] + box[j] for k, j in sides)], axis=0)


def shrunk(ink, side):
    """Scaled so that the longer side is `side` pixels; each pixel averages the area it covers."""
    from PIL import Image

    scale = side / max(ink.shape)
    height, width = (max(1, round(length * scale)) for length in ink.shape)
    resampling = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(ink).resize((width, height), resampling))


def centred(ink, size):
    """On empty paper, the centre of mass in pixel `size // 2`, but never any ink outside."""
    image = np.zeros((size, size), np.uint8)
    corner = []
    for axis in (0, 1):
        weights = ink.sum(axis=1 - axis, dtype=float)
        centre = weights @ (np.arange(len(weights)) + 0.5) / weights.sum()
        corner.append(int(np.clip(size // 2 - int(centre), 0, size - len(weights))))
    top, left = corner
    image[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return image


def _otsu(counts):
    """The level that parts a histogram with the greatest variance between its two sides."""
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * np.arange(len(counts)))
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return int(np.nan_to_num(between).argmax())


def _median(counts):
    """The level in the middle of a histogram."""
    return int(np.searchsorted(np.cumsum(counts), counts.sum() / 2))
