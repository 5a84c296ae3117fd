"""Ink on photographed paper: what is darker than the paper around it, whatever the light."""

import numpy as np

from ganprofile.datasets.capture.opencv import cv2
from ganprofile.datasets.capture.ruling import without_faint_lines
from ganprofile.images import edge_pixels, luminance

PAPER_REACH = 0.2  # of the shorter side: how far around a place its paper is looked for
LONGEST_SIDE = 1600  # larger photographs are reduced
PAPER_SIDE = 300  # paper is looked for in so small a copy: light changes slowly
EDGE, SOFT = 3, 2  # pixels of that copy: how wide the edge of a shadow or of a sheet is
FAINTEST = 0.12  # darkening below which nothing is ink: the grain of paper, a soft shadow
LEAST_CONTRAST = 60  # levels: light ink on dark paper stands out by more
WEAK = 0.5  # of the threshold: what is so dark and joined to ink is ink, too
WIDE, BESIDE = 0.1, 7  # of the shorter side: nothing written is so wide; pixels around what is
LEAST_SHEET, SQUARE = 0.15, 0.85  # of a picture is a page in it, and of the box around it
MARGIN = 0.9  # of a page's margin is paper


def reduced(picture, longest=LONGEST_SIDE):
    """A picture whose longer side is so long at most, uint8 `(height, width, 1 or 3)`."""
    factor = longest / max(picture.shape[:2])
    if factor >= 1:
        return picture
    height, width = (max(1, round(side * factor)) for side in picture.shape[:2])
    smaller = cv2().resize(picture, (width, height), interpolation=cv2().INTER_AREA)
    return smaller.reshape(height, width, -1)


def darkening(picture, paper=None):
    """How much darker each place is than the paper around it.

    The paper is the brightest that lies near, smoothed, in each colour by itself: so light may be
    uneven and paper coloured. Of the colours the one counts that sees the ink best; those in which
    the ink is lighter than its paper, as blue ink on yellow is in blue, do not.

    Args:
        picture: uint8 `(height, width, 1 or 3)`.
        paper: what `paper_around` gave; None for that of a picture of one character.

    Returns:
        float32 `(height, width)` in 0..1, 0 being paper.
    """
    levels = cv2().GaussianBlur(picture, (0, 0), 0.8).reshape(picture.shape).astype(np.float32)
    paper = paper_around(picture) if paper is None else paper
    seen = (paper - levels) / np.maximum(paper, 1)
    if picture.shape[-1] > 1:
        counts = _apart(reduced(picture, PAPER_SIDE)).sum(axis=(0, 1)) < 0
        seen = seen[..., counts] if counts.any() else seen
    return np.clip(seen.max(axis=-1), 0, 1)


def _apart(small):
    """How much lighter each place is than most around it, below 0 where darker, by colour."""
    reach = max(3, int(PAPER_REACH * min(small.shape[:2]))) | 1
    usual = [cv2().medianBlur(one.copy(), reach) for one in np.moveaxis(small, -1, 0)]
    return small.astype(int) - np.stack(usual, axis=-1)


def paper_around(picture, is_page=False):
    """How bright the paper is around each place, in each colour: the brightest near, smoothed.

    Args:
        picture: uint8 `(height, width, 1 or 3)`.
        is_page: whether there is so much paper that it shows where a shadow or a sheet ends: there
            the darker side counts, else all that is dark along such an edge would be ink.

    Returns:
        float32 `(height, width, 1 or 3)`, 0..255.
    """
    height, width = picture.shape[:2]
    small = reduced(picture, PAPER_SIDE)
    reach = max(3, int(PAPER_REACH * min(small.shape[:2])))
    found = []
    for channel in np.moveaxis(small, -1, 0):
        # Closing takes away what is darker than its surroundings and small: the pen.
        near = _closed(channel.copy(), reach | 1, goes_on=is_page)
        if is_page:
            near = cv2().erode(near, _square(EDGE))
        near = cv2().GaussianBlur(near.astype(np.float32), (0, 0), SOFT if is_page else reach / 2)
        found.append(cv2().resize(near, (width, height), interpolation=cv2().INTER_LINEAR))
    return np.stack(found, axis=-1)


def _closed(channel, side, goes_on):
    """Levels without what is dark and narrower than a side.

    `goes_on`: the page is larger than its picture, and so is a shadow that leaves it askew.
    """
    margin = side if goes_on else 0
    height, width = channel.shape
    wide = cv2().copyMakeBorder(channel, *[margin] * 4, cv2().BORDER_REPLICATE)
    closed = cv2().morphologyEx(wide, cv2().MORPH_CLOSE, _square(side))
    return closed[margin : margin + height, margin : margin + width]


def _square(side):
    return np.ones((side, side), np.uint8)


def has_light_ink(picture):
    """Whether ink is lighter than its paper, as on a blackboard.

    Where it is, most of the picture and of its edge is dark, and what is small stands out by being
    light: light that falls off or a dark table around a page alone do not make it so. Where a sheet
    of paper lies on what is dark, ink on it counts against what is light beside it.

    Args:
        picture: uint8 `(height, width, 1 or 3)`.
    """
    small = luminance(reduced(picture, PAPER_SIDE))
    grey = small[..., 0]
    low, high = int(grey.min()), int(grey.max())
    lightest_paper = max(np.median(grey), np.median(edge_pixels(grey)))
    if high - low < LEAST_CONTRAST or lightest_paper >= (low + high) / 2:
        return False
    bright = (grey > (low + high) / 2).astype(np.uint8)
    sheet = _sheet(bright)
    if sheet is not None:
        beside = cv2().dilate(sheet, _square(BESIDE)) == 0
        return np.count_nonzero(bright[beside]) > np.count_nonzero(sheet > bright)
    return bool(_apart(small).sum() > 0)  # ink is less than half of what is around


def _sheet(bright):
    """Where a bright four-sided sheet with dark strokes on it lies, as a page on a dark table does,
    uint8 `(height, width)`; None where there is none, as on a blackboard.

    Args:
        bright: uint8 `(height, width)` of 0 and 1.
    """
    side = max(3, int(WIDE * min(bright.shape))) | 1  # odd: otherwise what it leaves is moved
    closed = cv2().morphologyEx(bright, cv2().MORPH_CLOSE, _square(side))
    wide = cv2().morphologyEx(closed, cv2().MORPH_OPEN, _square(side))
    _, labels, boxes, _ = cv2().connectedComponentsWithStats(wide, connectivity=8)
    largest = 1 + boxes[1:, 4].argmax() if len(boxes) > 1 else 0
    area = boxes[largest, 4]
    if not largest or area < LEAST_SHEET * bright.size:
        return None
    sheet = (labels == largest).astype(np.uint8)
    _, sides, _ = cv2().minAreaRect(np.argwhere(sheet).astype(np.float32))
    is_square = area >= SQUARE * (sides[0] + 1) * (sides[1] + 1)
    # Writing that fills a block has gaps at its sides, and a page has a margin.
    margin = sheet > cv2().erode(sheet, _square(BESIDE))
    return sheet if is_square and bright[margin].mean() > MARGIN else None


def ink_mask(dark):
    """Where there is ink, bool `(height, width)`.

    Otsu's threshold divides ink from paper; what is half as dark and hangs together with ink is a
    faint part of a stroke.

    Args:
        dark: what `darkening` gave.
    """
    levels = np.rint(255 * dark).astype(np.uint8)
    threshold, _ = cv2().threshold(levels, 0, 255, cv2().THRESH_BINARY + cv2().THRESH_OTSU)
    threshold = max(threshold / 255, FAINTEST)
    strong, weak = dark > threshold, dark > max(WEAK * threshold, FAINTEST)
    weak = strong | without_faint_lines(weak, dark, weak & ~_grown(strong))
    _, labels = cv2().connectedComponents(weak.astype(np.uint8), connectivity=8)
    touched = np.unique(labels[strong])
    return np.isin(labels, touched[touched > 0])


def _grown(mask):
    """The places of a mask and those beside them."""
    return cv2().dilate(mask.astype(np.uint8), _square(3)) > 0
