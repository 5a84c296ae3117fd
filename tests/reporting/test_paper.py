"""A report as files for a paper: what is in them, and what is not replaced."""

import csv

import pytest

import ganprofile as gp
from ganprofile.errors import UsageError
from ganprofile.reporting import paper
from ganprofile.reporting.page import Badge, Chart, Folded, Intervals, Page, Table, Verdict
from tests.reporting.test_report import MEASURED


@pytest.fixture
def page():
    rows = (("R & D_1", ("50.0 %", 0.5), Badge("helps", "good")),)
    return Page(
        title="It",
        subtitle="A test",
        verdicts=(Verdict("It is so.", "good", "good"),),
        blocks=(
            Chart("Accuracy", "images", "%", {"a": ([1, 2], [3.0, 4.0])}),
            Folded(
                "All",
                (
                    Table("All arms", ("what", "share", "mark"), rows, "A note."),
                    Table("All arms", ("a|b",), (("c|d",),)),
                    Intervals("Differences", "points", (("a", 1.0, None, None, "good"),)),
                ),
            ),
        ),
    )


def test_tables_are_written_in_three_ways(page, tmp_path):
    paper.export(page, tmp_path / "paper")
    tables = tmp_path / "paper" / "tables"
    with open(tables / "all-arms.csv", newline="") as file:
        assert list(csv.reader(file)) == [["what", "share", "mark"], ["R & D_1", "0.5", "helps"]]
    assert (tables / "all-arms.md").read_text().splitlines() == [
        "| what | share | mark |",
        "|---|---|---|",
        "| R & D_1 | 50.0 % | helps |",
    ]
    latex = (tables / "all-arms.tex").read_text().splitlines()
    assert latex[1] == r"\begin{tabular}{lrl}" and latex[-1] == r"\end{tabular}"
    assert r"R \& D\_1 & 50.0 \% & helps \\" in latex
    assert (tables / "all-arms-2.md").read_text().splitlines()[0] == r"| a\|b |"


def test_figures_are_vectors_and_the_same_every_time(page, tmp_path):
    for name in ("one", "two"):
        paper.export(page, tmp_path / name)
    one, two = (tmp_path / name / "figures" for name in ("one", "two"))
    written = sorted(path.name for path in one.iterdir())
    assert written == [
        f"{name}.{kind}" for name in ("accuracy", "differences") for kind in ("pdf", "svg")
    ]
    for name in written:
        assert (one / name).read_bytes() == (two / name).read_bytes()
    assert (one / "accuracy.svg").read_text().startswith("<?xml")
    assert (one / "accuracy.pdf").read_bytes().startswith(b"%PDF")
    index = (tmp_path / "one" / "report.md").read_text()
    assert "- **good** It is so." in index and "![Accuracy](figures/accuracy.svg)" in index


def test_nothing_of_the_users_is_replaced(page, tmp_path):
    (tmp_path / "mine").mkdir()
    output = tmp_path / "it.html"
    with pytest.raises(UsageError, match="exists already. Choose another `export`"):
        gp.report(MEASURED, output=output, export=tmp_path / "mine")
    with pytest.raises(UsageError, match="no export of a report, so `force` does not replace it"):
        gp.report(MEASURED, output=output, export=tmp_path / "mine", force=True)
    assert not output.exists()


def test_the_command_makes_both(tmp_path, in_process):
    output, folder = tmp_path / "it.html", tmp_path / "paper"
    code, out, err = in_process("report", MEASURED, "--output", output, "--export", folder)
    assert code == 0, err
    assert out.splitlines() == [str(output), str(folder)]
    names = {path.name for path in (folder / "tables").iterdir()}
    assert {"all-comparisons.tex", "all-arms.csv"} <= names
    code, _, err = in_process("report", MEASURED, "--output", output, "--export", folder)
    assert code == 2 and "exists already" in err
    code, _, err = in_process("report", MEASURED, "--output", output, "--export", folder, "--force")
    assert code == 0, err


def test_a_run_with_pictures_is_exported_too(short_run, tmp_path):
    gp.report(short_run.path, output=tmp_path / "run.html", export=tmp_path / "paper")
    figures = {path.name for path in (tmp_path / "paper" / "figures").glob("*.svg")}
    assert {"losses.svg", "what-it-draws-by-class-and-seed.svg"} <= figures
    assert "settings.csv" in {path.name for path in (tmp_path / "paper" / "tables").iterdir()}
