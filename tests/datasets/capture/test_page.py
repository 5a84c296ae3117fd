"""Pages of several characters: real digits, written in rows on squared paper in uneven light."""

import numpy as np
import pytest
from PIL import Image

from ganprofile.datasets.capture.ink import has_light_ink
from ganprofile.datasets.capture.page import BEYOND, SPECK, STRAY, characters, read_page
from ganprofile.datasets.loaders.pictures import read_picture

pytest.importorskip("cv2", reason="OpenCV is not installed")


PAPER, TABLE = (235, 230, 215), (95, 75, 60)
FAINT, DARK = (200, 205, 225), (90, 90, 130)


def page(images, rows, seed=0, slope=0, askew=0, table=PAPER, ruled=FAINT, broad=1):
    """A photographed page, uint8 of 900 x 1200 or, askew by some degrees, more, with a table around
    it, and its digits row by row."""
    random = np.random.default_rng(seed)
    sheet = np.ones((900, 1200, 3), np.float32) * np.float32(PAPER)
    for line in range(broad):
        sheet[line :: 30 * broad] = sheet[:, line :: 30 * broad] = ruled
    written, chosen = [], iter(random.permutation(len(images)))
    for number, length in enumerate(rows):
        x, row = 50, [next(chosen) for _ in range(length)]
        for place, k in enumerate(row):
            size = int(random.integers(3, 6))
            ink = np.kron(images[k][..., 0], np.ones((size, size)))[..., None] / 255
            y = 60 + number * 200 + int(random.integers(-15, 15)) + slope * place
            part = sheet[y : y + 28 * size, x : x + 28 * size]
            part *= 1 - ink * (1 - np.float32([40, 50, 120]) / 255)
            x += 28 * size - 15
        written.append(row)
    picture = np.asarray(
        Image.fromarray(np.rint(sheet).astype(np.uint8)).rotate(
            -askew, Image.Resampling.BICUBIC, expand=True, fillcolor=table
        )
    )
    light = np.linspace(1, 0.5, picture.shape[1])[None, :, None]
    noisy = light * picture + random.normal(0, 3, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8), written


@pytest.mark.parametrize(
    "paper",
    [{}, {"slope": 6}, {"ruled": DARK, "broad": 3}, {"ruled": DARK, "broad": 4, "askew": 2}],
    ids=["level", "sloping", "dark squares", "dark squares askew"],
)
def test_characters_come_in_reading_order(digits, paper):
    images = digits[1].images
    picture, written = page(images, (8, 5, 7, 6), **paper)
    found = characters(picture)
    assert [len(row) for row in found] == [8, 5, 7, 6]
    for row, numbers in zip(found, written, strict=True):
        for character, k in zip(row, numbers, strict=True):
            alike = np.corrcoef(character.image.ravel(), images[k].ravel())[0, 1]
            assert alike > 0.3
            top, left, bottom, right = character.box
            assert 0 <= top < bottom <= 1 and 0 <= left < right <= 1
        lefts = [character.box[1] for character in row]
        assert lefts == sorted(lefts)


@pytest.mark.parametrize("table", [PAPER, TABLE], ids=["paper all over", "on a table"])
@pytest.mark.parametrize(
    "degrees", [-25, *(pytest.param(other, marks=pytest.mark.slow) for other in (-8, 12, 25))]
)
def test_a_page_may_lie_askew(digits, degrees, table):
    images = digits[1].images
    askew, _ = page(images, (8, 5, 7), seed=2, askew=degrees, table=table)
    found = characters(askew)
    assert [len(row) for row in found] == [8, 5, 7]
    level = characters(page(images, (8, 5, 7), seed=2)[0])
    for row, others in zip(found, level, strict=True):
        for character, other in zip(row, others, strict=True):
            assert np.corrcoef(character.image.ravel(), other.image.ravel())[0, 1] > 0.7
            # The box shows where it stands on the page as it was.
            top, left, bottom, right = np.array(character.box) * np.tile(askew.shape[:2], 2)
            part = askew[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
            assert part.min() < 0.7 * np.median(part)


def test_specks_and_empty_paper(digits):
    picture, _ = page(digits[1].images, (5,), seed=1)
    for y, x in ((500, 300), (620, 900), (700, 100)):
        picture[y : y + 3, x : x + 3] = 20
    assert [len(row) for row in characters(picture)] == [5]
    assert characters(np.full((300, 200, 3), 240, np.uint8)) == []


@pytest.mark.parametrize("margin", [0, 4, 20])
@pytest.mark.parametrize("ruled", [True, False], ids=["squared", "white"])
def test_a_picture_may_end_close_to_its_characters(digits, margin, ruled):
    """Also at a 1 that lies along the edge, on a wide picture as on a narrow one."""
    one, *others = (digits[1].images[digits[1].labels == digit][0] for digit in (1, 0, 7, 4, 1))
    sheet = np.full((400, 3000, 3), PAPER, np.uint8)
    if ruled:
        sheet[::40] = sheet[:, ::40] = [205, 210, 225]
    for place, image in enumerate((one, *others)):
        ink = np.kron(image[..., 0], np.ones((4, 4), np.uint8)) > 127
        sheet[150:262, 400 + 300 * place : 512 + 300 * place][ink] = (40, 50, 120)
    rows, columns = np.nonzero(sheet[..., 0] < 100)
    top, bottom = max(0, rows.min() - margin), rows.max() + 1 + margin
    left, right = columns.min() - margin, columns.max() + 1 + margin
    for part in (sheet[:, left:right], sheet[top:bottom, left:right], sheet[top:, left:]):
        assert [len(row) for row in characters(part)] == [5]


def test_the_rim_of_a_picture_is_no_character(digits):
    picture, _ = page(digits[1].images, (6, 5), seed=3)
    picture[:, :7] = picture[:, -4:] = picture[-6:] = 30  # the edge of the scanner's glass
    picture[:5, 200:900] = 40
    picture[300:340, :6] = 245  # a gap
    assert [len(row) for row in characters(picture)] == [6, 5]


def test_real_pages_are_found_whole(test_data):
    folder = test_data / "photographed_digits" / "pages"
    found = {path.stem: characters(read_picture(path)) for path in folder.glob("*.jpg")}
    assert [len(row) for row in found["os_0"]] == [10]
    assert [len(row) for row in found["bk_1"]] == [8]
    assert [len(row) for row in found["br_224819_half"]] == [10] * 4
    assert [len(row) for row in found["br_02letters"]] == [7, 7, 7, 5, 10]


def test_small_characters_of_a_row_are_characters(digits):
    random = np.random.default_rng(0)
    sheet = np.full((300, 1200), 220, np.float32)
    zero = digits[1].images[np.flatnonzero(digits[1].labels == 0)[0]][..., 0] / 255
    for place, size in enumerate((3, 1, 1, 3, 3, 1)):
        ink = np.kron(zero, np.ones((size, size)))
        top, left = 150 - 14 * size, 60 + 130 * place
        sheet[top : top + 28 * size, left : left + 28 * size] *= 1 - 0.85 * ink
    sheet[20:32, 20:32] *= 0.2  # dirt, in no row
    noisy = sheet + random.normal(0, 3, sheet.shape)
    (row,) = characters(np.clip(noisy, 0, 255).astype(np.uint8)[..., None])
    heights = [character.box[2] - character.box[0] for character in row]
    assert (np.array(heights) < 0.15).tolist() == [False, True, True, False, False, True]


def drawn(strokes, dots=(), pen=9, shape=(400, 900)):
    """A page of strokes by a pen, each a list of places `(x, y)`, and of dots `(x, y, breadth)`."""
    cv2 = pytest.importorskip("cv2")
    sheet = np.full(shape, 245, np.uint8)
    for stroke in strokes:
        cv2.polylines(sheet, [np.array(stroke)], False, 20, pen, cv2.LINE_AA)
    for x, y, breadth in dots:
        cv2.circle(sheet, (16 * x, 16 * y), 8 * breadth, 20, -1, cv2.LINE_AA, 4)
    return sheet[..., None]


def parts(character):
    """Of how many pieces a character consists."""
    ink = (character.image > 100).astype(np.uint8)
    return pytest.importorskip("cv2").connectedComponents(ink)[0] - 1


BOWL = [(0, 0), (8, 30), (72, 30), (80, 0)]


def bowls(top=100, places=(60, 260, 460, 660)):
    return [[(left + x, top + y) for x, y in BOWL] for left in places]


@pytest.mark.parametrize("breadth", [7, 9, 12])
@pytest.mark.parametrize(
    "dots",
    [[(40, 50)], [(40, -20)], [(30, -20), (50, -20)], [(40, 8)], [(84, -20)]],
    ids=["below", "above", "two", "inside", "above the corner"],
)
def test_a_mark_as_thick_as_the_stroke_stays_with_its_character(dots, breadth):
    """A tenth of the character, which is what the dots of Arabic letters are."""
    placed = [(left + x, 100 + y, breadth) for left in (60, 260, 460) for x, y in dots]
    found = read_page(drawn(bowls(), placed), side=64)
    assert [[parts(one) for one in row] for row in found.rows] == [[1 + len(dots)] * 3 + [1]]
    assert not found.left_out


def test_dirt_is_thinner_than_the_stroke_or_far_from_characters():
    dirt = [(100, 80, 2), (300, 155, 2), (700, 108, 3), (50, 85, 2)]
    far = [(200, 350, 9), (600, 350, 9), (205, 115, 9)]
    found = read_page(drawn(bowls(), dirt + far), side=64)
    assert [[parts(one) for one in row] for row in found.rows] == [[1] * 4]
    assert found.left_out == {SPECK: 4, STRAY: 3}


def test_a_small_letter_that_stands_high_in_its_row_is_a_character():
    small, low = [(60, 75), (70, 80), (60, 84)], [(160, 86), (165, 96), (200, 96), (200, 86)]
    tall = [[(left, 68), (left, 98), (left + 25, 98)] for left in (280, 400)]
    (row,) = characters(drawn([small, low, *tall], pen=5))
    lefts = [round(900 * one.box[1]) for one in row]
    assert lefts == sorted(lefts) and len(row) == 4


@pytest.mark.parametrize("degrees", [0, 2, 8, -8])
def test_the_characters_of_a_row_may_stand_far_apart(digits, degrees):
    """As in a table: however far, they are read from left to right, row by row."""
    images, random = digits[1].images[..., 0], np.random.default_rng(5)
    sheet, places = np.full((460, 1500), 235, np.uint8), []
    for line, column in np.ndindex(3, 4):
        y, x = 60 + 120 * line, 100 + 360 * column
        y += int(random.integers(-12, 13))
        ink = np.kron(images[len(places)], np.ones((2, 2), np.uint8))
        part = sheet[y : y + 56, x : x + 56]
        part[:] = np.minimum(part, 255 - ink)
        places.append((line, x))
    askew = Image.fromarray(sheet).rotate(-degrees, expand=True, fillcolor=235)
    found = characters(np.asarray(askew)[..., None])
    assert [len(row) for row in found] == [4, 4, 4]
    level = characters(sheet[..., None])
    for row, others in zip(found, level, strict=True):
        for character, other in zip(row, others, strict=True):
            assert np.corrcoef(character.image.ravel(), other.image.ravel())[0, 1] > 0.7
    lefts = [[round(1500 * one.box[1]) // 360 for one in row] for row in level]
    assert lefts == [[0, 1, 2, 3]] * 3


def test_parts_of_rows_above_each_other_stay_apart():
    """Also where one row ends beside the middle of a longer one."""
    rows = bowls(100, (60, 180)) + bowls(180, (60, 180, 300, 700)) + bowls(260, (700,))
    found = characters(drawn(rows))
    assert [len(row) for row in found] == [2, 4, 1]


PARTED = {  # strokes around a middle
    "い": [[(-50, -60), (-45, 60)], [(45, -45), (50, 25)]],
    "二": [[(-40, -35), (40, -38)], [(-65, 40), (65, 40)]],
    "川": [[(-45, -50), (-60, 60)], [(0, -40), (0, 45)], [(45, -60), (48, 70)]],
}


def parted(strokes, columns=4, rows=3):
    """A page of one character that consists of parts, each a little different."""
    random = np.random.default_rng(0)
    places = np.ndindex(rows, columns)
    shaken = [
        (
            np.array(stroke) + random.integers(-5, 6, (2, 2)) + (150 + 300 * x, 150 + 300 * y)
        ).tolist()
        for y, x in places
        for stroke in strokes
    ]
    return drawn(shaken, pen=12, shape=(300 * rows, 300 * columns))


@pytest.mark.parametrize("character", PARTED)
def test_parts_of_the_one_character_of_a_page_are_joined(character):
    strokes = PARTED[character]
    page = read_page(parted(strokes), side=64, one_class=True)
    assert [[parts(one) for one in row] for row in page.rows] == [[len(strokes)] * 4] * 3
    assert page.parts.count == len(strokes) and page.parts.certain
    assert sum(map(len, characters(parted(strokes)))) == 12 * len(strokes), "of many characters"


@pytest.mark.parametrize(("columns", "rows"), [(4, 3), (2, 1)], ids=["many", "few"])
def test_pieces_that_are_alike_or_few_stay_apart(columns, rows):
    """Two rows of bars close together, as `=`, and fewer than tell."""
    bars = [[(-50, -30), (50, -30)], [(-50, 30), (50, 30)]]
    page = read_page(parted(bars, columns, rows), one_class=True)
    assert sum(map(len, page.rows)) == 2 * columns * rows
    assert page.parts is None if rows == 1 else not page.parts.certain


def test_a_page_of_characters_of_one_piece_is_read_as_any(digits):
    images = digits[1].images[digits[1].labels == 3]
    picture, _ = page(images, (8, 5, 7, 6))
    one = read_page(picture, one_class=True)
    assert one.parts is None
    for row, others in zip(one.rows, characters(picture), strict=True):
        for character, other in zip(row, others, strict=True):
            np.testing.assert_array_equal(character.image, other.image)


@pytest.mark.parametrize(
    ("paper", "pen"),
    [
        ((190, 150, 100), (30, 60, 160)),
        ((240, 225, 120), (70, 90, 200)),
        ((235, 235, 235), (40,) * 3),
    ],
)
def test_coloured_paper_is_paper_in_every_colour(digits, paper, pen):
    """In blue light blue ink is lighter than yellow paper."""
    ink = on_a_page(digits)[..., None]
    found = read_page((np.array(paper) * (1 - ink) + np.array(pen) * ink).astype(np.uint8))
    assert [len(row) for row in found.rows] == [6, 6, 6, 6]


@pytest.mark.parametrize("around", [20, 110, 200])
@pytest.mark.parametrize("table", [50, 90])
def test_a_sheet_on_a_dark_table_is_no_blackboard(digits, around, table):
    paper = np.rint(235 - 195 * on_a_page(digits)).astype(np.uint8)
    picture = np.pad(paper, around, constant_values=table)[..., None]
    assert not has_light_ink(picture)
    if around < 200:
        assert [len(row) for row in read_page(picture).rows] == [6, 6, 6, 6]
    assert has_light_ink(255 - paper[..., None]), "chalk on a board is light ink"


def on_a_page(digits):
    """Four rows of six digits, float `(420, 560)` in 0..1, 1 being ink."""
    page = np.zeros((420, 560))
    for k, image in enumerate(digits[0].images[:24, ..., 0]):
        row, column = 20 + k // 6 * 100, 20 + k % 6 * 90
        page[row : row + 56, column : column + 56] = np.kron(image, np.ones((2, 2))) / 255
    return page


def darkened(picture, where, light):
    """A picture that is darker in some places."""
    return np.rint(picture * np.where(where, light, 1.0)[..., None]).astype(np.uint8)


@pytest.mark.parametrize("light", [0.4, 0.6])
def test_the_edge_of_a_shadow_takes_no_character_along(digits, light):
    """It falls across the page, over all rows."""
    picture, _ = page(digits[1].images, (6, 6, 6, 6), ruled=PAPER)
    down, right = np.indices(picture.shape[:2])
    found = read_page(darkened(picture, right > 300 + down / 2, light))
    assert [len(row) for row in found.rows] == [6, 6, 6, 6]
    assert not found.left_out and not found.cut


def test_a_table_is_no_ink_whatever_its_grain(digits):
    sheet, _ = page(digits[1].images, (6, 6, 6, 6), ruled=PAPER)
    random = np.random.default_rng(0)
    grain = np.repeat(random.normal(0, 6, (1100, 70)), 20, axis=1)[..., None]
    picture = np.clip(grain + np.float32(TABLE), 0, 255).astype(np.uint8)
    picture[100:1000, 100:1300] = sheet
    assert [len(row) for row in read_page(picture).rows] == [6, 6, 6, 6]


def test_what_goes_beyond_the_picture_is_counted(digits):
    """Characters may hang together with it, such as with the pen that lies there."""
    picture, _ = page(digits[1].images, (6, 6, 6, 6), ruled=PAPER)
    picture[:, -40:-20] = 30
    found = read_page(picture)
    assert [len(row) for row in found.rows] == [6, 6, 6, 6]
    assert found.left_out == {BEYOND: 1}


def test_a_stroke_that_fades_is_one_stroke(digits):
    """A gap is closed that is far narrower than the pen; a 1 beside a wide 0 is not its stroke."""
    picture = np.full((300, 700, 3), 230, np.uint8)
    for left in (60, 260, 460):
        picture[80:220, left : left + 12] = picture[80:92, left + 12 : left + 90] = 40
        picture[140:152, left + 17 : left + 80] = 40  # 5 pixels from the stem
    assert [len(row) for row in read_page(picture).rows] == [3]


def test_characters_that_touch_the_edge_are_counted(digits):
    picture, _ = page(digits[1].images, (6, 6), ruled=PAPER)
    whole = read_page(picture[:600])
    assert whole.cut == 0
    top, _, bottom, _ = whole.rows[-1][0].box
    cut = read_page(picture[: round(600 * (top + bottom) / 2)])
    assert cut.cut >= 3


@pytest.mark.parametrize("pens", [[(20, 20, 20), (250, 220, 40)], [(20, 30, 90), (250, 170, 60)]])
def test_pens_of_two_colours_write_on_one_page(digits, pens):
    """Yellow is nearly as light as its paper, and far paler than black."""
    picture, written = np.full((500, 1100, 3), (225, 225, 235), np.uint8), digits[1].images
    for row, pen in enumerate(pens):
        for place in range(6):
            ink = np.kron(written[6 * row + place, ..., 0], np.ones((4, 4)))[..., None] / 255
            part = picture[60 + 200 * row :, 60 + 170 * place :][:112, :112]
            part[:] = np.rint(part * (1 - ink) + np.array(pen) * ink)
    assert [len(row) for row in read_page(picture).rows] == [6, 6]


def test_two_characters_that_nearly_touch_are_two():
    picture = np.full((300, 700, 3), 230, np.uint8)
    for left in (60, 260, 460):
        picture[80:220, left : left + 12] = picture[80:220, left + 19 : left + 31] = 40
    assert [len(row) for row in read_page(picture).rows] == [6]


def test_strokes_along_the_edge_of_a_picture_stay(digits):
    """A row that is cropped to its ink, such as of letters with straight stems."""
    picture = np.full((220, 900, 3), 235, np.uint8)
    for left in (50, 250, 450, 650):
        picture[50:170, left : left + 14] = picture[50:64, left : left + 80] = 40
        picture[156:170, left : left + 80] = 40
    (whole,) = read_page(picture).rows
    (cropped,) = read_page(picture[50:170, 50:730]).rows
    for one, other in zip(whole, cropped, strict=True):
        assert np.corrcoef(one.image.ravel(), other.image.ravel())[0, 1] > 0.9
