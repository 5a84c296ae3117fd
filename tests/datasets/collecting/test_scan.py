"""Sheets are printed, filled with real digits, distorted as scanners and phones do, and read."""

import io
import re
import warnings

import numpy as np
import pytest
from PIL import Image

from ganprofile.datasets.collecting import Layout, classes_of, write_sheets
from ganprofile.datasets.collecting.pages import pages_in
from ganprofile.datasets.collecting.scan import SIDE, TRIMMED, read_sheet
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.figures import lettering
from tests.figures.test_lettering import write_font

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
pypdfium2 = pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")

PRINTED = 400  # dots an inch: as pages of a PDF are drawn
PAPER = (8.27, 11.69)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Both pages of writer 7, uint8 `(height, width)`."""
    path = tmp_path_factory.mktemp("sheets") / "sheets.pdf"
    write_sheets(path, Layout(), writers=1, first_writer=7)
    return [page[..., 0] for page in pages_in(path)]


def filled(page, number, digits, seed=0):
    """A page with a digit in each cell, and what each cell should come out as, darkness 0..1."""
    layout, random = Layout(), np.random.default_rng(seed)
    page, wanted = page.copy(), np.zeros((layout.rows, layout.columns, SIDE, SIDE), np.float32)
    left, top = ((a - b) / 2 for a, b in zip(PAPER, (layout.columns, layout.rows), strict=True))
    for row, column in np.ndindex(layout.rows, layout.columns):
        label = layout.class_of(number, row)
        if label is None:
            continue
        some = digits[0].images[digits[0].labels == label]
        side = random.uniform(0.45, 0.6)
        place = random.uniform(0.12, 0.88 - side, 2)
        ink = some[random.integers(len(some)), ..., 0] / np.float32(255)
        pen = cv2.resize(ink, None, fx=side * PRINTED / 28, fy=side * PRINTED / 28)
        x, y = (round((a + b) * PRINTED) for a, b in zip((left, top), (column, row), strict=True))
        x, y = x + round(place[0] * PRINTED), y + round(place[1] * PRINTED)
        area = page[y : y + len(pen), x : x + len(pen)]
        area[:] = np.rint(area * (1 - 0.9 * np.clip(pen, 0, 1)))
        begin = np.rint(place * 600 - TRIMMED).astype(int)
        large = cv2.resize(ink, (round(side * 600),) * 2)
        wanted[
            row,
            column,
            begin[1] : begin[1] + len(large),
            begin[0] : begin[0] + len(large),
        ] = np.clip(large, 0, 1)
    return page, wanted


def turned(picture, degrees, factor=1.0, fill=255):
    """Turned about its middle, on a canvas that holds it."""
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, factor)
    cosine, sine = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = int(height * sine + width * cosine), int(height * cosine + width * sine)
    matrix[:, 2] += np.array(size) / 2 - (width / 2, height / 2)
    return cv2.warpAffine(
        picture,
        matrix,
        size,
        flags=cv2.INTER_AREA,
        borderValue=fill,
        borderMode=cv2.BORDER_CONSTANT,
    )


def from_aside(picture, amount, fill=90):
    """As a phone sees it that is not held above the middle, on a dark table."""
    height, width = picture.shape
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    aside = np.float32([[0.9, 0.3], [-0.5, 0.0], [0.0, -0.6], [0.4, -0.2]])
    seen = corners + amount * aside * np.float32([width, height]) + 60
    matrix = cv2.getPerspectiveTransform(corners, seen)
    size = width + 120, height + 120
    return cv2.warpPerspective(
        picture, matrix, size, borderMode=cv2.BORDER_CONSTANT, borderValue=fill
    )


def lit(picture, darkest=0.55, seed=0):
    """Under a lamp at a side, with the noise of a sensor."""
    height, width = picture.shape
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = darkest + (1 - darkest) * (0.6 * x + 0.4 * (1 - y))
    noise = np.random.default_rng(seed).normal(0, 4, picture.shape)
    return np.clip(picture * light + noise, 0, 255).astype(np.uint8)


def compressed(picture, quality):
    """Through a JPEG file."""
    with io.BytesIO() as file:
        Image.fromarray(picture).save(file, "JPEG", quality=quality)
        return np.asarray(Image.open(file))


DISTORTIONS = {
    "as printed": lambda page: page,
    "200 dpi": lambda page: cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "600 dpi": lambda page: cv2.resize(page, None, fx=1.5, fy=1.5),
    "upside down": lambda page: page[::-1, ::-1],
    "on its side": lambda page: np.rot90(page),
    "askew by 7 degrees": lambda page: turned(page, 7),
    "askew by -33 degrees": lambda page: turned(page, -33, 0.7),
    "from aside": lambda page: from_aside(page, 0.12),
    "under a lamp": lit,
    "JPEG 40": lambda page: compressed(page, 40),
    "a phone's photograph": lambda page: compressed(
        lit(from_aside(turned(page, 94, 0.8, 200), 0.08)), 70
    ),
}


def recovered(cells, wanted):
    """The share of cells whose ink is where it was written."""
    pairs = zip(*(some.reshape(-1, SIDE * SIDE) for some in (1 - cells / 255, wanted)), strict=True)
    return np.mean([np.corrcoef(dark, ink)[0, 1] > 0.85 for dark, ink in pairs])


QUICK = ("600 dpi", "askew by 7 degrees", "a phone's photograph")


@pytest.mark.parametrize(
    ("how", "number"),
    [
        pytest.param(how, number, marks=() if how in QUICK and number == 0 else pytest.mark.slow)
        for how in DISTORTIONS
        for number in (0, 1)
    ],
)
def test_a_distorted_page_is_read(printed, digits, how, number):
    page, wanted = filled(printed[number], number, digits, seed=number)
    seen = np.ascontiguousarray(DISTORTIONS[how](page))
    sheet = read_sheet(seen[..., None], [Layout()])
    assert (sheet.page, sheet.writer, sheet.layout) == (number, 7, Layout())
    share = recovered(sheet.cells, wanted)
    print(f"{how}: {100 * share:.1f} % of the cells")
    assert share >= 0.99
    assert (sheet.cells == 255).mean() > 0.6, "paper is white"


def test_pages_that_cannot_be_read_are_refused(printed, digits):
    page, _ = filled(printed[0], 0, digits)
    height, width = page.shape

    def refused(picture, why, **options):
        with pytest.raises(GanprofileError, match=why):
            read_sheet(np.ascontiguousarray(picture)[..., None], [Layout(**options)])

    refused(np.full((900, 700), 230, np.uint8), "it shows no sheet")
    refused(page[: height // 2], "2 of the 4 markers")
    hidden = page.copy()
    hidden[: height // 8, : width // 8] = 0
    refused(hidden, "3 of the 4 markers")
    refused(np.concatenate([page, printed[1]], axis=1), "more than one sheet")
    refused(page, "it is of sheets .*`sheets`", rows_per_class=1)
    hidden = page.copy()
    hidden[height // 2 : height // 2 + 150, width - 330 :] = 255
    refused(hidden, "writer's number cannot be read")
    y, x = np.mgrid[:height, :width].astype(np.float32)
    bent = cv2.remap(page, x + 25 * np.sin(np.pi * y / height), y, cv2.INTER_LINEAR, None, 0, 255)
    refused(bent, "not flat")


@pytest.mark.slow
def test_other_sheets(tmp_path, digits):
    layout = Layout(classes_of("a-cA-C,x"[:6]), rows=6, columns=5, rows_per_class=3)
    assert layout.classes == tuple("abcABC") and layout.pages == 3 and layout.replicates == 15
    write_sheets(tmp_path / "letters.pdf", layout, writers=2, first_writer=1500, paper="letter")
    kept = Layout.load(tmp_path / "letters.json")
    assert kept == layout
    pages = list(pages_in(tmp_path / "letters.pdf"))
    read = [read_sheet(page, [Layout(), kept]) for page in pages]
    wanted = [(w, p) for w in (1500, 1501) for p in range(3)]
    assert [(sheet.writer, sheet.page) for sheet in read] == wanted
    assert all((sheet.cells == 255).all() for sheet in read), "nothing is written"


@pytest.mark.parametrize("name", ["q.json", "q", "q.txt"])
def test_sheets_are_a_pdf(tmp_path, name):
    with pytest.raises(
        UsageError, match=f"Sheets are a .pdf, .* Received: .*{name}. Name it q.pdf"
    ):
        write_sheets(tmp_path / name, Layout())
    assert not list(tmp_path.iterdir())


def test_rows_of_letters_that_no_font_here_has_are_told_apart(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv(lettering.FONT, raising=False)
    monkeypatch.setattr(lettering, "_installed_noto", lambda: [])
    lettering._SAID.clear()
    layout = Layout(("\u0995", "\u0996", "a"), rows=2, columns=2, rows_per_class=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_sheets(tmp_path / "a.pdf", layout)
    said = " ".join(capsys.readouterr().err.split())
    assert said.count("BENGALI") == 1 and "such as Noto Sans Bengali" in said
    page = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0].get_textpage().get_text_range()
    assert "#0 Bengali letter ka" in page and "#1 Bengali letter kha" in page
    read = [read_sheet(picture, [layout]) for picture in pages_in(tmp_path / "a.pdf")]
    assert [sheet.page for sheet in read] == [0, 1]


def test_rows_are_named_with_the_font_of_the_user(tmp_path, capsys, monkeypatch):
    builder = pytest.importorskip("fontTools.fontBuilder", reason="fontTools is not installed")
    write_font(builder, tmp_path / "bengali.ttf")
    monkeypatch.setenv(lettering.FONT, "")  # so that it is as before afterwards
    lettering.use_font(tmp_path / "bengali.ttf")
    layout = Layout(("\u0995", "a"), rows=2, columns=2, rows_per_class=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_sheets(tmp_path / "a.pdf", layout)
    assert capsys.readouterr().err == ""
    (page,) = pages_in(tmp_path / "a.pdf")
    left, top = (round(PRINTED * inches) for inches in ((PAPER[0] - 2) / 2, (PAPER[1] - 2) / 2))
    row = page[top + PRINTED // 2 - 20 : top + PRINTED // 2 + 20, left - 130 : left - 70, 0]
    assert (row < 128).mean() > 0.4, "the only glyph is a square"


def test_classes_of():
    assert classes_of("0-9") == tuple("0123456789")
    assert classes_of("ka, ga,0-9") == ("ka", "ga", *"0123456789")
    assert classes_of("a-c,d") == ("a", "b", "c", "d") and classes_of("a-cA-B,ka-ga")[5:] == (
        "ka-ga",
    )
    assert classes_of("+-*") == ("+", "-", "*")
    with pytest.raises(UsageError, match="from the earlier .*: a-c. Received: c-a"):
        classes_of("c-a,d")
    assert classes_of("a-c-") == ("a", "b", "c", "-")


@pytest.mark.parametrize(
    ("text", "count", "without", "said"),
    [
        ("ক-হ", 32, "\u09a9", "5 of 37 code points .* such as U\\+09A9 \\(not assigned\\)"),
        ("x,அ-ஹ", 36, "\u0b8b", "18 of 53 code points"),
        ("\u0627-\u064a", 35, "\u0640", "1 of 36 code points .* U\\+0640 \\(ARABIC TATWEEL\\)"),
    ],
)
def test_a_range_has_what_can_be_written(text, count, without, said, capsys):
    classes = classes_of(text)
    assert len(classes) == count and without not in classes
    assert re.search(f"{text[-3:]} has {said}", capsys.readouterr().err)


def test_a_plain_range_says_nothing(capsys):
    assert len(classes_of("ァ-ー0-9!-~")) == 92 + 10 + 94
    assert "U+30FB" not in capsys.readouterr().err
    assert classes_of("0-9a-z") and not capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ת-א", "from the earlier .*: א-ת. Received: ת-א. Where the hyphen .*: ת,-,א"),
        ("9-0", "from the earlier .*: 0-9"),
        ("ab9-0", "from the earlier .*: 0-9"),
        ("ক্ষ-হ", "one code point each"),
    ],
)
def test_what_is_no_range_is_refused(text, why):
    with pytest.raises(UsageError, match=why):
        classes_of(text)


@pytest.mark.parametrize(
    "classes",
    [("অ", "আ", "ক্ষ"), ("क्षि", "a"), ("க்", "ங்", "ச்"), ("క్క", "అ"), ("é̱", "e"), ("ก็", "ก")],
)
def test_a_character_is_what_is_written_as_one(classes):
    """With its marks; what a virama joins in one, but for those that are seen themselves."""
    assert classes_of("".join(classes)) == classes


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"rows": 11}, "room for 2..10 rows"),
        ({"columns": 8}, "1..7 columns"),
        ({"rows_per_class": 3}, "divide the rows"),
        ({"classes": ("a", "a")}, "each once"),
        ({"classes": ("a", " ")}, "character or a word"),
        ({"classes": tuple(map(str, range(126)))}, "126 classes fill 26 pages"),
    ],
)
def test_layouts_that_cannot_be_printed(options, why):
    with pytest.raises(UsageError, match=why):
        Layout(**options)


@pytest.mark.parametrize(
    ("classes", "rows"),
    [
        (("hundred", "thousand", "seventeen", "elephants and mice", "a"), {}),
        (tuple("gjpqy"), {"rows": 3, "rows_per_class": 3}),
        (tuple("gjpqy"), {"rows": 5, "rows_per_class": 1}),
    ],
)
def test_labels_cover_neither_cells_nor_markers(tmp_path, classes, rows):
    """Long ones are set smaller, and that of a middle row stands above the markers there."""
    layout = Layout(classes=classes, **rows)
    write_sheets(tmp_path / "a.pdf", layout)
    read = [read_sheet(page, [layout]) for page in pages_in(tmp_path / "a.pdf")]
    assert [sheet.page for sheet in read] == [*range(layout.pages)]
    assert all((sheet.cells == 255).all() for sheet in read), "nobody has written in it"
