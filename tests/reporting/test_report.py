"""What a report says of each kind of result."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.benchmarking.results import Benchmark
from ganprofile.console import points
from ganprofile.errors import GanprofileError, NotHere, UsageError
from ganprofile.reporting import of_benchmark, of_evaluation, of_run, of_study
from ganprofile.reporting.page import (
    BAD,
    GOOD,
    Badge,
    Drawer,
    Epochs,
    Folded,
    Gallery,
    Intervals,
    Page,
    Prose,
    Table,
    Verdict,
)
from ganprofile.reporting.render import render
from ganprofile.storage.files import read_json, write_json

ROOT = Path(__file__).resolve().parents[2]
MEASURED = ROOT / "benchmarks" / "results" / "does_it_help" / "emnist"
STUDIED = ROOT / "benchmarks" / "results" / "studies" / "hwdplus"


@pytest.fixture(scope="module")
def run(short_run, tmp_path_factory):
    """A finished run, which may be written to."""
    path = tmp_path_factory.mktemp("report") / "run"
    shutil.copytree(short_run.path, path)
    return path


def blocks(page, kind):
    return [block for block in page.all_blocks if isinstance(block, kind)]


def test_a_models_name_is_reported_here_and_not_in_its_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert gp.report("digits-cgan") == Path("digits-cgan.html")
    assert "draws digits" in Path("digits-cgan.html").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="exists already"):
        gp.report("digits-cgan")
    with pytest.raises(UsageError, match="Models at hand: .*digits-cgan"):
        gp.report("no-such-model")


def test_the_page_of_a_run_shows_what_it_draws_and_how_it_came_to_it(run):
    page = of_run.page(run)
    first, *_ = page.verdicts
    assert first.text == "cgan draws digits, after 3 epochs of training."
    assert (first.tone == GOOD) == (not gp.Run.open(run).events)
    drawn, nearest = blocks(page, Gallery)
    assert [name for name, _ in drawn.rows] == [*"0123456789"]
    assert all(len(pictures) == of_run.SEEDS for _, pictures in drawn.rows)
    assert len({picture for _, pictures in drawn.rows for picture in pictures}) == 80
    assert nearest.columns == ("drawn", "1.", "2.", "3.", "4.")
    assert nearest.rows[0][1][0] == drawn.rows[0][1][0]
    (epochs,) = blocks(page, Epochs)
    assert epochs.numbers == (1, 2, 3) and set(epochs.pictures) == {1, 2, 3}
    logits = epochs.histograms[1]
    assert {counts.shape for counts in logits.counts.values()} == {(3, 64)}
    assert logits.counts["real"].sum(axis=1).tolist() == [logits.counts["real"][0].sum()] * 3


def test_a_small_generator_is_a_part_of_the_page(run, monkeypatch):
    (drawer,) = blocks(of_run.page(run), Drawer)
    assert drawer.example == "2026" and drawer.values == {"label": tuple("0123456789")}

    def too_large(generator):
        raise GanprofileError("its generator has 9 numbers, which are too many")

    monkeypatch.setattr(of_run, "in_page", too_large)
    page = of_run.page(run)
    (said,) = (one for one in blocks(page, Prose) if one.title == "Let it draw")
    assert said.paragraphs[0].startswith("This page cannot draw by itself: its generator has 9")
    assert not blocks(page, Drawer)


def test_the_nearest_image_is_the_nearest(run, short_run):
    real = short_run.dataset(offline=True).images
    block = of_run._neighbours(gp.Run.open(run), real[5:7], ["a", "b"])
    for (_, pictures), image in zip(block.rows, real[5:7], strict=True):
        assert pictures[0] == pictures[1] == of_run._png(image)


def test_a_run_whose_data_are_gone_says_so(run, monkeypatch):
    def gone(self, given=None, offline=False):
        raise GanprofileError("They are gone.")

    monkeypatch.setattr(gp.Run, "dataset", gone)
    (said,) = blocks(of_run.page(run), Prose)
    assert said.paragraphs == ("Not shown: They are gone.",)

    def elsewhere(self, given=None, offline=False):
        raise NotHere("They are not here", "By hand: fetch them.")

    monkeypatch.setattr(gp.Run, "dataset", elsewhere)
    (said,) = blocks(of_run.page(run), Prose)
    (sentences,) = said.paragraphs
    assert sentences.endswith("not here, and is not downloaded unasked. By hand: fetch them.")


def test_a_gan_that_is_told_nothing_shows_images_by_seed(short_unlabelled_run):
    drawn, nearest = blocks(of_run.page(short_unlabelled_run.path), Gallery)
    assert [name for name, _ in drawn.rows] == [f"image {k}" for k in range(of_run.UNTOLD)]
    assert len(nearest.rows) == of_run.UNTOLD


def test_an_unfinished_run_says_how_to_go_on(run, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    (tmp_path / "run" / "generator.keras").unlink()
    page = of_run.page(tmp_path / "run")
    assert page.verdicts[0].tone == BAD and "train --resume" in page.verdicts[0].text
    assert not blocks(page, Gallery) and blocks(page, Epochs)


def test_a_model_only_draws(run, tmp_path):
    (tmp_path / "model").mkdir()
    for name in ("config.json", "generator.keras", "grid.png"):
        shutil.copy(run / name, tmp_path / "model" / name)
    page = of_run.page(tmp_path / "model")
    assert page.verdicts == (Verdict("cgan draws digits."),)
    assert len(blocks(page, Gallery)) == 2 and not blocks(page, Epochs)


def test_a_model_that_was_judged_shows_that_too():
    page = of_run.page(gp.Run.open("digits-cgan").path)
    first, useful, copies, distance = page.verdicts
    assert first.text == "cgan draws digits." and "reads 9" in useful.text
    assert "copies" in copies.text and (copies.tone, copies.badge) == (GOOD, "good")
    assert distance.text.startswith("Near real images") and distance.badge == "fair"
    assert {"Distances", "By class"} <= {table.title for table in blocks(page, Table)}
    assert len(blocks(page, Gallery)) == 2, "and what it draws"


def test_only_what_comes_from_inception_is_called_by_its_names(tmp_path):
    content = read_json(gp.Run.open("digits-cgan").path / "evaluation.json")
    (own,) = {content["features"]}
    content["distances"]["inception"] = content["distances"][own]
    called = {"kernel_distance": "KID", "frechet_distance": "FID"}
    content["feature_spaces"]["inception"] = {"called": called}
    write_json(tmp_path / "evaluation.json", content)
    (table,) = (t for t in blocks(of_evaluation.page(tmp_path), Table) if t.title == "Distances")
    shown = {name: " ".join(cell[0] for cell in cells) for name, *cells in table.rows}
    assert "KID " in shown["inception"] and "FID " in shown["inception"]
    assert not any("ID" in cells for name, cells in shown.items() if name != "inception")


def test_the_numbers_of_deformed_images_raise_no_alarm(tmp_path):
    content = read_json(gp.Run.open("digits-cgan").path / "evaluation.json")
    content["kernel_distance"] = 2.48
    rows = {}
    for kind in ("drawn", "deformed"):
        content["synthetic"]["kind"] = kind
        write_json(tmp_path / "evaluation.json", content)
        page = of_evaluation.page(tmp_path)
        (table,) = (t for t in blocks(page, Table) if t.title == "What the numbers mean")
        rows[kind] = {name: (badge, words) for name, _, badge, words, _ in table.rows}
        assert page.verdicts[-1].badge == ("bad" if kind == "drawn" else "no mark")
    assert rows["drawn"]["kernel distance"][0] == Badge("bad", BAD)
    badge, words = rows["deformed"]["kernel distance"]
    assert badge.text == "no mark" and "meant to be wider" in words
    assert rows["drawn"].keys() == rows["deformed"].keys()


def test_the_page_of_an_experiment_says_first_what_beats_the_baseline():
    page = of_benchmark.page(MEASURED)
    result = Benchmark.open(MEASURED)
    against = [c for c in result.comparisons if c.against == "classic"]
    for verdict, comparison in zip(page.verdicts, against, strict=True):
        assert verdict.text.startswith(f"{comparison.arm} against classic at ")
        assert points(comparison.difference.mean) in verdict.text
    (full,) = (p for p in blocks(page, Prose) if p.title == "The verdicts in full")
    assert full.paragraphs == tuple(c.sentence for c in result.comparisons)
    tones = {"helps": GOOD, "hurts": BAD}
    assert [v.tone for v in page.verdicts] == [tones.get(c.verdict, "plain") for c in against]
    words = {"helps": "helps", "hurts": "hurts"}
    assert [v.badge for v in page.verdicts] == [words.get(c.verdict, "not shown") for c in against]
    forest, folded = page.blocks
    assert isinstance(forest, Intervals) and len(forest.rows) == len(against)
    assert isinstance(folded, Folded) and "<details>" in render(page)
    arms, comparisons = blocks(page, Table)
    assert len(arms.rows) == len(result.means) and len(comparisons.rows) == len(result.comparisons)
    assert all(isinstance(row[5], tuple) for row in arms.rows), "accuracies sort as numbers"
    text = render(page)
    assert "{&#39;" not in text and "None" not in text


def test_the_page_of_a_study_is_what_the_study_wrote(tmp_path):
    content = {
        "title": "Read digits",
        "document": "Somebody 2000",
        "summary": ["Published figures: 1 of 2 compared, 1 within 10 %."],
        "notes": ["A note."],
        "table": [["", "published", "ours"], ["k-NN", ["90 %", 0.9], ["92 %", 0.92]]],
        "tables": {"How long it took": [["step", "seconds"], ["k-NN", "3"]]},
        "figures": {"gone.png": "Gone", "../../secret.png": "Not ours"},
    }
    (tmp_path / "study.json").write_text(json.dumps(content))
    page = of_study.page(tmp_path)
    figures, times = blocks(page, Table)
    assert figures.cells[0] == [("k-NN", None, None), ("90 %", 0.9, None), ("92 %", 0.92, None)]
    assert times.header == ("step", "seconds") and len(page.blocks) == 3
    (tmp_path / "study.json").write_text("{}")
    with pytest.raises(GanprofileError, match="of no study. Run the study again"):
        of_study.page(tmp_path)


def test_one_file_that_asks_nobody(run):
    path = gp.report(run)
    text = path.read_text(encoding="utf-8")
    assert path == run / "report.html"
    assert not re.search(r"(src|href)=.(?!data:)", text)
    assert "http" not in text.replace("http-equiv", "")
    assert "default-src 'none'" in text
    images = re.findall(r"<img [^>]*>", text)
    assert images and all(re.search(r'alt="[^"]+"', image) for image in images)
    assert gp.report(run) == path, "ours is written again"


def test_every_rule_of_the_style_is_written_once():
    """Rules for a screen or for paper stand in their own block, and no other rule twice."""
    style = (Path(of_run.__file__).parent / "templates" / "style.css").read_text("utf-8")
    assert style.count("{") == style.count("}")
    plain = style[: style.index("@media (max-width")]
    rules = re.findall(r"^(?!@media|  )(.+?) \{", plain, re.MULTILINE)
    assert len(rules) == len(set(rules)) > 40
    assert ".wide { overflow-x: auto; }" in style, "a table scrolls, and never the page"
    (named,) = re.findall(r"\.wide :is\(th, td\):first-child \{(.+)\}", style)
    assert "position: sticky" in named and "left: 0" in named, "the names of its rows stay in sight"


def test_names_cannot_become_code():
    page = Page("<script>alert(1)</script>", "a & b", (Verdict("</script><b>"),))
    text = render(page)
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text and "a &amp; b" in text
    block = Table("</section>", ("<i>",), (("<u>",),))
    assert not {"<i>", "<u>"} & set(re.findall(r"<\w>", render(Page("t", "s", (), (), (block,)))))


def test_what_cannot_be_reported_is_refused(run, tmp_path):
    with pytest.raises(
        UsageError, match="no folder of a run, an evaluation, a benchmark, a study or a labelled"
    ):
        gp.report(tmp_path)
    (tmp_path / "mine.html").write_text("dear")
    with pytest.raises(UsageError, match="exists already"):
        gp.report(run, output=tmp_path / "mine.html")
    assert (tmp_path / "mine.html").read_text() == "dear"
    gp.report(run, output=tmp_path / "mine.html", force=True)
    assert "<!doctype html>" in (tmp_path / "mine.html").read_text()
    (tmp_path / "evaluation.json").write_text('{"distances": 3}')
    with pytest.raises(GanprofileError, match=r"evaluation\.json is no evaluation"):
        gp.report(tmp_path)
    assert not (tmp_path / "report.html").exists()


def test_the_command_prints_the_file(run, in_process):
    code, out, _ = in_process("report", run)
    assert code == 0 and out.strip() == str(run / "report.html")
    code, _, err = in_process("report", run / "figures")
    assert code == 2 and "no folder of a run" in err


def test_epochs_are_thinned_evenly_and_keep_their_pictures():
    pictures = {epoch: Path(f"epoch_{epoch:03d}.png") for epoch in range(1, 500)}
    kept = of_run._thinned(pictures)
    assert len(kept) == of_run.CHOSEN and {1, 499} <= kept
    assert max(np.diff(sorted(kept))) - min(np.diff(sorted(kept))) <= 1
