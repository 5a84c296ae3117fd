"""A report as files for a paper: what is in them, and what is not replaced."""

import csv

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.benchmarking.results import Benchmark
from ganprofile.errors import UsageError
from ganprofile.images import encode_png
from ganprofile.reporting import paper
from ganprofile.reporting.latex import latex_text
from ganprofile.reporting.page import (
    Badge,
    Captioned,
    Chart,
    Epochs,
    Folded,
    Gallery,
    Histogram,
    Intervals,
    Page,
    Prose,
    Table,
    Verbatim,
    Verdict,
)
from tests.reporting.test_report import MEASURED


@pytest.fixture
def page():
    rows = (("R & D_1", ("50.0 %", 0.5), Badge("helps", "good")),)
    return Page(
        title="It",
        subtitle="A test",
        verdicts=(Verdict("It is so.", "good", "good"),),
        facts=(("seed", "0"),),
        method="As the documentation says.",
        blocks=(
            Chart("Accuracy", "images", "%", {"a": ([1, 2], [3.0, 4.0])}, spreads={"a": [1, 2]}),
            Folded(
                "All",
                (
                    Table("All arms", ("what", "share", "mark"), rows, "A note."),
                    Table("All arms", ("a|b",), (("c|d",),)),
                    Intervals("Differences", "points", (("a", 1.0, None, None, "good"),), "So."),
                    Verbatim("References", "@misc{a}", "references.bib"),
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
        "",
        "A note.",
    ]
    latex = (tables / "all-arms.tex").read_text().splitlines()
    assert latex[1:5] == [
        r"\begin{table}",
        r"\centering",
        r"\caption{All arms. A note.}",
        r"\label{tab:all-arms}",
    ]
    assert latex[5] == r"\begin{tabular}{lrl}"
    assert latex[-2:] == [r"\end{tabular}", r"\end{table}"]
    assert r"R \& D\_1 & 50.0 \% & helps \\" in latex
    assert (tables / "all-arms-2.md").read_text().splitlines()[0] == r"| a\|b |"


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("-0.05", "$-$0.05"),
        ("+1.20 to -0.30", "$+$1.20 to $-$0.30"),
        ("62.59 -> 80.66 %", r"62.59 $\rightarrow$ 80.66 \%"),
        ("p = 9.8e-10.", r"p = $9.8 \times 10^{-10}$."),
        ("emnist-47 and classic+gan:5", "emnist-47 and classic+gan:5"),
        (r"a_b\c <d>", r"a\_b\textbackslash{}c \textless{}d\textgreater{}"),
        ("-", "-"),
    ],
)
def test_numbers_have_the_signs_of_mathematics(text, latex):
    assert latex_text(text) == latex


def test_names_that_could_be_numbers_are_set_as_they_are(tmp_path):
    names = ("4e00", "-1", "5e73", "+5->6", "65e5")
    rows = [(name, ("-0.5", -0.5), ("9e-10", 9e-10), names[0], "-1 to +2e-05") for name in names]
    table = Table("By class", ("is", *names[:4]), tuple(rows), "At p = 1e-5.")
    paper.export(Page("It", "A test", (), blocks=(table,)), tmp_path / "paper")
    latex = (tmp_path / "paper" / "tables" / "by-class.tex").read_text().splitlines()
    assert latex[3] == r"\caption{By class. At p = $1 \times 10^{-5}$.}"
    assert latex[7] == r"is & 4e00 & -1 & 5e73 & +5-\textgreater{}6 \\"
    ends = r"$-$0.5 & $9 \times 10^{-10}$ & 4e00 & $-$1 to $+2 \times 10^{-5}$ \\"
    set_names = [line.partition(" & ")[0] for line in latex[9:-3]]
    assert set_names == ["4e00", "-1", "5e73", r"+5-\textgreater{}6", "65e5"]
    assert all(line.endswith(f" & {ends}") for line in latex[9:-3])


def test_signs_are_set_as_they_are_and_belong_to_their_own_row(tmp_path):
    """A `*` or `[` behind the end of a row is a part of that, and `|` a dash, in LaTeX."""
    names = ("*", "[x]", "|", "`", "'", '"', "a--b", "\x1b[31mred")
    table = Table(
        "By class", ("[is", "n"), tuple((name, (f"{k}", k)) for k, name in enumerate(names))
    )
    paper.export(Page("It", "The user's", (), blocks=(table,)), tmp_path / "paper")
    latex = (tmp_path / "paper" / "tables" / "by-class.tex").read_text().splitlines()
    assert latex[7].startswith("{}[is & n")
    assert [line.partition(" & ")[0] for line in latex[9:-3]] == [
        *("{}*", "{}[x]", r"\textbar{}", r"\textasciigrave{}", r"\textquotesingle{}"),
        *(r"{\ttfamily\char34}", "a-{}-b", r"\textbackslash{}x1b[31mred"),
    ]
    assert latex_text("the user's") == "the user's"


def test_the_columns_of_a_comparison_are_numbers_of_one_unit(tmp_path):
    gp.report(MEASURED, output=tmp_path / "it.html", export=tmp_path / "paper")
    with open(tmp_path / "paper" / "tables" / "all-comparisons.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    comparisons = Benchmark.open(MEASURED).comparisons
    assert len(rows) == len(comparisons)
    for row, one in zip(rows, comparisons, strict=True):
        found = one.difference
        points = {
            "difference_points": found.mean,
            "low_points": found.low,
            "high_points": found.high,
            "accuracy_percent": one.accuracy,
            "level_percent": 1 - found.level,
        }
        for name, share in points.items():
            assert float(row[name]) == pytest.approx(100 * share, abs=1e-5)
        assert (int(row["subsets"]), int(row["test_images"])) == (10, 9400)
        assert float(row["p_bonferroni"]) == pytest.approx(min(1, 10 * float(row["p"])))
        assert row["verdict"] == one.verdict
    text = (tmp_path / "paper" / "tables" / "all-comparisons.tex").read_text()
    assert "9,400 test images" in text and r"99.5 \% CI" in text and "Bonferroni" in text
    report = (tmp_path / "paper" / "report.md").read_text()
    for fact in ("- classifier: convnet, 4,000 steps", "- test images: 9,400", "- seed: 0"):
        assert fact in report


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
    assert "- seed: 0" in index and index.endswith("As the documentation says.\n")
    assert "```\n@misc{a}\n```" in index
    assert (tmp_path / "one" / "references.bib").read_text() == "@misc{a}\n"


def test_a_line_with_gaps_is_joined_and_has_dots(monkeypatch, tmp_path):
    """Between the epochs that were judged there are many that were not."""
    drawn = []
    monkeypatch.setattr(paper.reports, "save_vectors", lambda figure, stem: drawn.append(figure))
    values = np.full(60, np.nan)
    values[[26, 53, 56]] = 2.0, 0.4, 0.3
    lines = {"kernel distance": (np.arange(1.0, 61.0), values), "never": ([1, 2], [np.nan] * 2)}
    page = Page("It", "A test", (), blocks=(Chart("Distance", "epoch", "kernel distance", lines),))
    paper.export(page, tmp_path / "paper")
    (line,) = drawn[0].axes[0].get_lines()
    assert line.get_xydata().tolist() == [[27, 2.0], [54, 0.4], [57, 0.3]]
    assert line.get_marker() == "o" and drawn[0].axes[0].get_legend() is None, "the axis says it"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Losses of the epoch's steps", "losses-of-the-epochs-steps"),
        ("The discriminator\u2019s logits", "the-discriminators-logits"),
        ("word " * 30, "-".join(["word"] * 12)),
        ("x" * 99, "x" * 60),
        ("字", "part"),
    ],
)
def test_titles_become_names_of_files(title, name):
    names = paper._Names()
    assert [names.of(title), names.of(title)] == [name, f"{name}-2"]


def test_the_logits_of_the_last_epoch_have_an_axis_of_their_own(monkeypatch, tmp_path):
    drawn = []
    monkeypatch.setattr(paper.reports, "save_vectors", lambda figure, stem: drawn.append(figure))
    counts = {name: np.zeros((2, 64), int) for name in ("real", "fake")}
    counts["real"][0, 10:60], counts["real"][1, 30:36], counts["fake"][1, 29:33] = 5, 50, 40
    histogram = Histogram("logits", -16.0, 16.0, counts)
    block = Epochs("Epoch by epoch", (1, 2), {}, (histogram,), "")
    paper.export(Page("It", "A test", (), blocks=(block,)), tmp_path / "paper")
    (panel,) = drawn[0].axes
    assert [patch.get_data().edges[[0, -1]].tolist() for patch in panel.patches] == [
        [-1.5, 2.0]
    ] * 2
    text = [text.get_text() for text in panel.get_legend().get_texts()]
    assert text == ["real", "fake"]


def test_a_pdf_shows_the_figure_with_fonts_of_its_own(page, tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    paper.export(page, tmp_path / "paper")
    path = tmp_path / "paper" / "figures" / "accuracy.pdf"
    document = pdfium.PdfDocument(path)
    assert len(document) == 1
    shown = document[0].render().to_numpy()
    assert (shown < 200).any() and (shown[0] == 255).all(), "ink on paper, and none is cut"
    assert "images" in document[0].get_textpage().get_text_bounded()
    assert b"/FontFile2" in path.read_bytes(), "TrueType, as publishers ask"


def test_nothing_of_the_users_is_replaced(page, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "file").touch()
    output = tmp_path / "it.html"
    with pytest.raises(UsageError, match="exists already. Choose another `export`"):
        gp.report(MEASURED, output=output, export=tmp_path / "mine")
    with pytest.raises(UsageError, match="no export of a report, so `force` does not replace it"):
        gp.report(MEASURED, output=output, export=tmp_path / "mine", force=True)
    with pytest.raises(UsageError, match="is no folder. Choose another `export`"):
        gp.report(MEASURED, output=output, export=tmp_path / "file" / "paper")
    assert not output.exists()


def test_a_users_folder_below_home_is_no_export(tmp_path, monkeypatch):
    """A shell leaves `~` as it is behind `--export=`."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("chapter")
    with pytest.raises(UsageError, match="no export of a report"):
        gp.report(MEASURED, output=tmp_path / "it.html", export="~/thesis", force=True)
    assert (tmp_path / "thesis" / "chapter.tex").read_text() == "chapter"


def test_a_users_files_in_an_export_are_kept(page, tmp_path):
    def refused(*names):
        with pytest.raises(UsageError, match="so `force` does not replace it") as refused:
            paper.check_export(tmp_path / "paper", force=True)
        assert all(name in str(refused.value) for name in names)

    (tmp_path / "paper" / "figures").mkdir(parents=True)
    for name in ("report.md", "refs.bib", "figures/mine.png"):
        (tmp_path / "paper" / name).write_text("mine")
    refused("without its SHA256SUMS")
    (tmp_path / "paper").rename(tmp_path / "mine")
    paper.export(page, tmp_path / "paper")
    paper.check_export(tmp_path / "paper", force=True)
    (tmp_path / "mine" / "refs.bib").rename(tmp_path / "paper" / "refs.bib")
    (tmp_path / "paper" / "tables" / "all-arms.tex").write_text("corrected by hand")
    refused("(refs.bib, tables/all-arms.tex)")


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


def test_names_like_markup_are_shown_as_they_are(tmp_path):
    names = ("<i>odd</i> & more", "*b*", "R & D_1", "_x_", "&lt;", "[a](b)")
    table = Table("Of <b>x", ("class",), tuple((name,) for name in names), "<p>")
    page = Page(names[0], "by _me_", (Verdict(names[1]),), (("made from", names[5]),), (table,))
    paper.export(page, tmp_path / "paper")
    lines = (tmp_path / "paper" / "report.md").read_text().splitlines()
    assert lines[0] == r"# \<i>odd\</i> & more" and lines[2] == r"by \_me\_"
    for line in (r"- \*b\*", r"- made from: \[a\](b)", r"## Of \<b>x", r"| \_x\_ |", r"| \&lt; |"):
        assert line in lines
    assert "| R & D_1 |" in lines and r"\<p>" in lines


def test_paragraphs_and_notes_like_markup_are_shown_as_they_are(tmp_path):
    picture = encode_png(np.zeros((28, 28, 1), np.uint8))
    blocks = (
        Prose("In full", ("<b>& against none", "# one against none")),
        Intervals("Differences", "points", (("a", 1.0, None, None, "good"),), "<i>1"),
        Gallery("Images", ("a",), (("b", (picture,)),), "", "<i>2"),
        Captioned("Doubtful", ((picture, "a"),), "<i>3"),
    )
    page = Page("It", "", (), (("<u>", "0"),), blocks, method="<i>4")
    paper.export(page, tmp_path / "paper")
    lines = (tmp_path / "paper" / "report.md").read_text().splitlines()
    notes = [rf"\<i>{k}" for k in range(1, 5)]
    assert {r"- \<u>: 0", r"\<b>& against none", r"\# one against none", *notes} <= set(lines)


def test_what_has_no_note_ends_with_its_figure(tmp_path):
    picture = encode_png(np.zeros((28, 28, 1), np.uint8))
    paper.export(Page("It", "", (), (), (Captioned("A", ((picture, "a"),), ""),)), tmp_path / "p")
    assert (tmp_path / "p" / "report.md").read_text().endswith("![A](figures/a.svg)\n")


@pytest.mark.parametrize("words", ["A&B: 55 %, <b>x: 5 %, and further 5 %", "W" * 60, "a"])
def test_words_beside_small_pictures_have_room(tmp_path, words, recwarn):
    picture = encode_png(np.zeros((28, 28, 1), np.uint8))
    block = Captioned("Doubtful", ((picture, words),) * 5, "")
    paper.export(Page("It", "", (), (), (block,)), tmp_path / "paper")
    assert not [one for one in recwarn if "layout" in str(one.message)]
