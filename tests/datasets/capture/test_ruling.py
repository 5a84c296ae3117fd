"""Lines of paper, and strokes that are none of them."""

import numpy as np
import pytest

from ganprofile.datasets.capture.ruling import without_dark_lines, without_lines_across

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")

TOP, MIDDLE, BOTTOM = ((0, 2), (199, 2)), ((0, 100), (199, 100)), ((0, 197), (199, 197))
STEM, LEFT, RIGHT = ((100, 0), (100, 199)), ((2, 0), (2, 199)), ((197, 0), (197, 199))
CROPPED = {
    "T": (TOP, STEM),
    "+": (MIDDLE, STEM),
    "\u738b": (TOP, MIDDLE, BOTTOM, STEM),
    "\u5de5": (TOP, BOTTOM, STEM),
    "H": (LEFT, RIGHT, MIDDLE),
    "=": (TOP, BOTTOM),
    "7": (TOP, ((199, 0), (60, 199))),
}


def drawn(strokes, pen):
    mask = np.zeros((200, 200), np.uint8)
    for begin, end in strokes:
        cv2.line(mask, begin, end, 1, pen)
    return mask > 0


@pytest.mark.parametrize("pen", [3, 5, 9])
@pytest.mark.parametrize("character", CROPPED)
def test_strokes_of_a_picture_cropped_to_its_ink_stay(character, pen):
    mask = drawn(CROPPED[character], pen)
    margins = np.pad(mask, 40)
    assert np.array_equal(without_lines_across(mask, mask), mask)
    assert np.array_equal(without_dark_lines(margins, margins), margins)


def test_a_line_is_taken_away_where_it_is_bare():
    circle = np.zeros((200, 200), np.uint8)
    cv2.circle(circle, (100, 80), 40, 1, 8)
    ruled = (circle > 0) | drawn([((0, 100), (199, 100)), ((0, 50), (199, 50))], 3)
    left = without_lines_across(ruled, ruled)
    assert not left[:, :50].any() and not left[:, 150:].any()
    assert (left & ~(circle > 0)).sum() < 160  # what lies right beside the ink
    assert (left & (circle > 0)).sum() > 0.98 * (circle > 0).sum()


def test_a_row_of_headlines_is_no_line():
    mask = np.zeros((600, 900), bool)
    for left in range(40, 800, 62):
        mask[100:105, left : left + 60] = mask[100:150, left + 40 : left + 45] = True
    assert np.array_equal(without_dark_lines(mask, mask), mask)


def test_a_stroke_along_a_line_is_known_by_being_darker():
    stroke = np.zeros((200, 200), bool)
    stroke[98:104, 60:140] = stroke[40:104, 134:140] = True
    dark = np.where(stroke, 0.8, 0.4 * drawn([((0, 100), (199, 100))], 5))
    left = without_lines_across(dark > 0, dark)
    assert left[stroke].all() and not left[:, :58].any() and not left[:, 142:].any()
