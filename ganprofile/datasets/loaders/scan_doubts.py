"""What else than a character may be in the ink of a scan, and what is to be said of it."""

import dataclasses

import numpy as np

from ganprofile.datasets.loaders.ink import inked, kept_pieces
from ganprofile.datasets.loaders.paper_lines import Lines
from ganprofile.images import MIDDLE

WHOLE_SIDE = 0.9  # of the pixels of a side of the picture are ink
CLOSE = 0.08  # of the longer side: cropped to its ink, a character comes so near to all edges


@dataclasses.dataclass(frozen=True)
class ScanDoubts:
    """What may be in the ink of one scan.

    Attributes:
        has_side: whether ink lies along a whole side, as the edge of a scanner or a shadow does.
        is_apart: whether some at an edge does not hang together with the character.
        lines: the `Lines` of the paper that are taken for ink, or None.
    """

    has_side: bool
    is_apart: bool
    lines: Lines | None


def doubts_of(grey, invert="auto"):
    """The `ScanDoubts` of a scan on which there is ink.

    Args:
        grey, invert: as for `as_character`.
    """
    ink, lines = inked(grey, invert)
    is_ink = ink > MIDDLE
    sides = is_ink[0], is_ink[-1], is_ink[:, 0], is_ink[:, -1]
    has_side = max(side.mean() for side in sides) >= WHOLE_SIDE
    return ScanDoubts(bool(has_side), not has_side and _is_apart(ink), lines)


def _is_apart(ink):
    """Whether a piece of ink at an edge is none of the character: a corner is folded or torn, or
    there is something where the largest piece comes to no edge.

    The pieces of a character that is cropped to its ink come to all edges.
    """
    boxes, shares = kept_pieces(ink)
    height, width = ink.shape
    # Of each piece, how far it is from the upper, lower, left and right edge.
    gaps = boxes + np.array([0, height, 0, width])
    at_edge, close = gaps == 0, gaps <= CLOSE * max(height, width)
    is_inked = ink[np.ix_((0, -1), (0, -1))] > MIDDLE
    corners = at_edge[:, :2, None] & at_edge[:, None, 2:] & is_inked
    in_corner = corners.any(axis=(1, 2)) & (at_edge.sum(axis=1) == 2)
    others = ~in_corner
    if not at_edge.any() or not others.any():
        return False
    is_cropped = close.any(axis=0).all() and close[others].any()
    largest = np.where(others, shares, 0).argmax()
    return bool(not is_cropped and (in_corner.any() or not at_edge[largest].any()))


def doubts_said(by_name):
    """What is to be said of scans.

    Args:
        by_name: the `ScanDoubts` of each by its name.

    Returns:
        A list of sentences.
    """
    count = len(by_name)
    return [
        *_inked_sides_said([name for name, one in by_name.items() if one.has_side], count),
        *_apart_said([name for name, one in by_name.items() if one.is_apart], count),
        *_lines_said({name: one.lines for name, one in by_name.items() if one.lines}, count),
    ]


def _inked_sides_said(odd, count):
    """What is to be said where a scanner's edge, a shadow or the paper may be taken for ink."""
    if not odd:
        return []
    return [
        f"{len(odd):,} of {count:,} scans have ink along a whole side, such as {odd[0]}: look at "
        "them. If it is the edge of the scanner or a shadow, it is in the image, and the paper may "
        'have been taken for the ink; cut it off, or try `photographs="characters"`, which evens '
        "out the light."
    ]


def _apart_said(odd, count):
    """What is to be said where a corner of the paper or a part of a side may be taken for ink."""
    if not odd:
        return []
    return [
        f"{len(odd):,} of {count:,} scans have ink at an edge apart from the character, such as "
        f"{odd[0]}: look at them. If it is a folded corner, the edge of the scanner or another "
        "character, it is in the image, and the character is smaller for it; cut it off, or try "
        '`photographs="characters"`, which looks for such ink.'
    ]


def _lines_said(lines, count):
    """What is to be said where lines of the paper were taken for ink.

    Args:
        lines: the `Lines` of each scan that has some, by its name.
        count: of all scans.
    """
    faint = [name for name, some in lines.items() if some.darkest is not None]
    dark = [name for name, some in lines.items() if some.darkest is None]
    said = []
    if faint:
        said.append(
            f"Faint lines of squared or ruled paper were taken away on {len(faint):,} of "
            f"{count:,} scans, such as {faint[0]}, and with them the faintest of the ink: look at "
            "them, or take paper without lines."
        )
    if dark:
        said.append(
            f"{len(dark):,} of {count:,} scans have lines across the whole picture that are as "
            f"dark as the ink, such as {dark[0]}, and these are in the images: look at them. If "
            "they are of squared or ruled paper, remove them, or try "
            '`photographs="characters"`, which looks for such lines.'
        )
    return said
