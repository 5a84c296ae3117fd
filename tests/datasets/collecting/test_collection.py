"""From files of filled sheets to datasets."""

import csv

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.collecting import Layout, scan_sheets, write_sheets
from ganprofile.datasets.collecting.collection import read_characteristics
from ganprofile.datasets.collecting.pages import pages_in
from ganprofile.errors import GanprofileError, UsageError
from tests.datasets.collecting.test_scan import filled
from tests.forked import run_forked

pytest.importorskip("cv2", reason="OpenCV is not installed")
pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scans(tmp_path_factory, digits):
    """Writer 1 in a TIFF of both pages, 12 bits deep, and once more as a PNG, page 1 of writer 2 as
    a PDF, a picture of something else, and a file that is none."""
    folder = tmp_path_factory.mktemp("scans")
    write_sheets(folder / "sheets.pdf", Layout(), writers=2)
    printed = [page[..., 0] for page in pages_in(folder / "sheets.pdf")]
    pages = [filled(page, k % 2, digits, seed=k)[0] for k, page in enumerate(printed)]
    pages[0][:, :] = _with_an_empty_cell(pages[0], printed[0])
    first, third = (Image.fromarray(pages[k]) for k in (0, 2))
    deep = [Image.fromarray(page.astype(np.uint16) * 16) for page in pages[:2]]
    deep[0].save(folder / "1.tiff", save_all=True, append_images=deep[1:])
    first.save(folder / "2.png")
    third.save(folder / "3.pdf", resolution=400)
    Image.fromarray(np.full((500, 400), 220, np.uint8)).save(folder / "4.jpg")
    (folder / "5.pdf").write_bytes(b"%PDF-1.4 torn")
    with open(folder / "people.csv", "w", newline="") as file:
        csv.writer(file).writerows(
            [["writer", "age", "hand"], [1, 34, "left"], [2, "", "right"], [3, 50, "right"]]
        )
    return folder


def _with_an_empty_cell(page, printed):
    """The first one, as it was printed."""
    height, width = page.shape
    emptied = page.copy()
    area = np.s_[: height * 2 // 12, : width * 18 // 100]
    emptied[area] = printed[area]
    return emptied


@pytest.fixture(scope="module")
def collected(scans, tmp_path_factory):
    output = tmp_path_factory.mktemp("out") / "mine"
    files = sorted(path for path in scans.glob("[1-5].*"))
    return output, scan_sheets(files, output, writers=scans / "people.csv", progress=False)


def test_the_report_says_what_was_found(collected):
    _, report = collected
    assert (report["images"], report["writers"], report["pages"]) == (3 * 70 - 1, 2, 3)
    assert report["empty_cells"] == 1 and report["missing"] == ["writer 2, page 2"]
    reasons = {where.split("/")[-1]: why for where, why in report["refused"].items()}
    assert set(reasons) == {"2.png, page 1", "4.jpg, page 1", "5.pdf"}
    assert "was read before, from" in reasons["2.png, page 1"]
    assert reasons["4.jpg, page 1"] == "it shows no sheet"
    assert "no readable PDF" in reasons["5.pdf"]


@pytest.mark.parametrize("side", [28, 100, 500])
def test_a_dataset_like_any_other(collected, side):
    output, _ = collected
    dataset, test = gp.load(output / str(side))
    assert test is None and dataset.image_shape == (side, side, 1)
    assert dataset.class_names == tuple("0123456789") and dataset.name == "mine"
    assert dataset.class_counts().tolist() == [27, 28, 28, 28, 28, 14, 14, 14, 14, 14]
    assert np.bincount(dataset.writers).tolist() == [0, 139, 70]
    assert set(dataset.attributes["hand"][dataset.writers == 1]) == {"left"}
    assert set(dataset.attributes["age"][dataset.writers == 1]) == {34.0}
    assert np.isnan(dataset.attributes["age"][dataset.writers == 2]).all()
    assert set(dataset.attributes["replicate"]) == set(range(14))
    assert np.median(dataset.images) == 0 and dataset.images.max() > 180


def test_what_a_person_looks_at(collected):
    output, _ = collected
    names = sorted(path.name for path in (output / "contact_sheets").iterdir())
    assert names == ["writer-1-page-1.png", "writer-1-page-2.png", "writer-2-page-1.png"]
    page = (output / "datasheet.md").read_text(encoding="utf-8")
    assert "209 images of single characters by 2 writers" in page and "age, hand" in page


def test_pages_of_one_file_are_said(scans, tmp_path, capsys):
    scan_sheets([scans / "1.tiff"], tmp_path / "out")
    assert "1.tiff, page 1" in capsys.readouterr().err


def test_nothing_half_written(scans, tmp_path):
    with pytest.raises(UsageError, match="Say which files"):
        scan_sheets([], tmp_path / "out")
    with pytest.raises(GanprofileError, match=r"No page .*4.jpg, page 1: it shows no sheet"):
        scan_sheets([scans / "4.jpg"], tmp_path / "out", progress=False)
    (tmp_path / "people.csv").write_text("writer,age\n1,3\n")
    with pytest.raises(GanprofileError, match="no row for writer 2"):
        scan_sheets(
            [scans / "3.pdf"], tmp_path / "out", writers=tmp_path / "people.csv", progress=False
        )
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name,age\n1,2\n", "the column writer"),
        ("writer,age\nanna,2\n", "the column writer"),
        ("writer,age\n1,2\n1,3\n", "a writer twice"),
        ("", "the column writer"),
        ("writer,replicate,age\n1,x,3\n", "the column 'replicate', as a collection calls one of"),
        ("writer,manifest.source\n1,x\n", "the column 'manifest.source', as a collection"),
        ("writer,\n1,x\n", "a column without a name"),
    ],
)
def test_tables_of_writers_that_are_none(tmp_path, text, why):
    (tmp_path / "people.csv").write_text(text)
    with pytest.raises(GanprofileError, match=why):
        read_characteristics(tmp_path / "people.csv")


def test_the_commands(scans, tmp_path):
    done = run_forked("collect", "sheet", tmp_path / "my.pdf", "--writers", "2")
    assert done.returncode == 0 and (tmp_path / "my.json").is_file()
    again = run_forked("collect", "sheet", tmp_path / "my.pdf")
    assert again.returncode == 2 and "exists" in again.stderr
    done = run_forked("collect", "scan", scans / "3.pdf", "--output", tmp_path / "set")
    assert done.returncode == 0, done.stderr
    assert "70 images by 1 writer in " in done.stdout and "missing: writer 2, page 2" in done.stdout


def test_sheets_are_written_into_new_folders_and_not_into_files(in_process, tmp_path):
    place = tmp_path / "new" / "my sheets.pdf"
    code, out, err = in_process("collect", "sheet", place, "--classes", "ka,ga")
    assert code == 0 and place.is_file(), err
    assert f"with --sheet '{place.with_suffix('.json')}')" in out
    code, _, err = in_process("collect", "sheet", place / "s.pdf")
    assert code == 2 and "my sheets.pdf is no folder. Choose another OUTPUT." in err


def test_force_replaces_an_older_collection_and_nothing_else(scans, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(gp.UsageError, match="is not a collection of sheets"):
        scan_sheets([scans / "1.tiff"], tmp_path / "mine", force=True)
    assert (tmp_path / "mine" / "notes.txt").is_file()
    older = tmp_path / "older"
    (older / "contact_sheets").mkdir(parents=True)
    (older / "report.json").write_text("{}")
    (older / "contact_sheets" / "mine.png").write_text("mine")
    with pytest.raises(gp.UsageError, match="did not write there.*contact_sheets/mine.png"):
        scan_sheets([scans / "1.tiff"], older, force=True)


def test_force_does_not_replace_a_datasheet_that_was_filled_in(scans, tmp_path):
    path = tmp_path / "mine"
    scan_sheets([scans / "1.tiff"], path, progress=False)
    scan_sheets([scans / "1.tiff"], path, force=True, progress=False)
    sheet = path / "datasheet.md"
    answered = sheet.read_text().replace("in which order? ...", "in which order? By row, in May.")
    sheet.write_text(answered)
    with pytest.raises(gp.UsageError, match="did not write there.*datasheet.md"):
        scan_sheets([scans / "1.tiff"], path, force=True, progress=False)
    assert sheet.read_text() == answered


@pytest.mark.parametrize(
    "content",
    [
        b"writer,age,hand\n1,30.5,r\n2,,l\xc3\xa9\n",
        "Writer;age;hand;;\r\n1;30,5;r;;\r\n2;;lé;;\r\n".encode("cp1252"),
        "sep=;\nwriter;age;hand\n1;30,5;r\n2;;lé\n".encode("utf-8-sig"),
        "writer\tage\thand\n1\t30.5\tr\n2\t\tlé\n".encode("utf-16"),
    ],
)
def test_tables_of_writers_as_spreadsheets_save_them(tmp_path, content):
    (tmp_path / "people.csv").write_bytes(content)
    known = read_characteristics(tmp_path / "people.csv")
    assert known[1] == {"age": 30.5, "hand": "r"} and known[2]["hand"] == "lé"
    assert np.isnan(known[2]["age"])


def test_names_of_columns_are_refused_before_anything_is_read(scans, tmp_path):
    (tmp_path / "people.csv").write_text("writer,replicate\n1,2\n")
    with pytest.raises(GanprofileError, match="'replicate', as a collection calls one of its own"):
        scan_sheets([scans / "1.tiff"], tmp_path / "out", writers=tmp_path / "people.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


@pytest.fixture(scope="module")
def unfilled(tmp_path_factory):
    """A page that writer 1 filled, in black, and one of writer 2 that nobody did."""
    folder = tmp_path_factory.mktemp("unfilled")
    write_sheets(
        folder / "s.pdf", Layout(rows=2, columns=2, rows_per_class=1, classes=("a", "b")), 2
    )
    for name, page in zip("ab", pages_in(folder / "s.pdf"), strict=True):
        page = page[..., 0].copy()
        height, width = page.shape
        if name == "a":
            page[height // 2 - 300 : height // 2 - 100, width // 2 - 300 : width // 2 - 100] = 0
        Image.fromarray(page).save(folder / f"{name}.png")
    return folder


def test_cells_that_are_empty_are_counted(unfilled, tmp_path, in_process):
    files = [unfilled / "a.png", unfilled / "b.png"]
    options = ["--sheet", unfilled / "s.json", "--output", tmp_path / "out"]
    code, out, err = in_process("collect", "scan", *files, *options)
    assert code == 0, err
    assert "1 image by 1 writer in" in out and "empty: 7 of 8 cells" in out
    assert "empty: all cells of writer 2; faint pencil" in out
    assert "augment" not in err, "nothing is made of one class"


@pytest.mark.parametrize("is_first", [True, False])
def test_what_was_printed_takes_the_place_of_no_scan(scans, tmp_path, is_first):
    """It lies beside the scans, and `*.pdf` names it, too."""
    files = [scans / "1.tiff", scans / "3.pdf"]
    files.insert(0 if is_first else 2, scans / "sheets.pdf")
    report = scan_sheets(files, tmp_path / "out", progress=False)
    assert (report["images"], report["writers"], report["pages"]) == (3 * 70 - 1, 2, 4)
    assert report["cells"] == 4 * 70 and report["empty_cells"] == 70 + 1
    assert not report["missing"] and not report["writers_without_images"]
    refused = report["refused"]
    assert [where.rpartition("/")[2] for where in refused] == [
        f"sheets.pdf, page {k}" for k in (1, 2, 3)
    ]
    assert all(("filled in" if is_first else "which is empty") in why for why in refused.values())


def test_sheets_on_which_nothing_is_written(unfilled, tmp_path):
    with pytest.raises(GanprofileError, match="All 4 cells of 1 page are empty. .* faint pencil"):
        scan_sheets(
            [unfilled / "b.png"], tmp_path / "out", sheets=[unfilled / "s.json"], progress=False
        )
    assert not (tmp_path / "out").exists()


def test_a_kind_of_sheets_that_was_not_named_is_told_by_its_number(unfilled, tmp_path):
    code = Layout.load(unfilled / "s.json").code
    with pytest.raises(GanprofileError, match=f"it is of sheets {code}; say what these are with"):
        scan_sheets([unfilled / "a.png"], tmp_path / "out", progress=False)


def test_the_classes_of_a_sheet_are_said(tmp_path, in_process):
    code, out, _ = in_process("collect", "sheet", tmp_path / "a.pdf", "--classes", "a-c,ka")
    assert code == 0 and "4 classes: a b c ka" in out
