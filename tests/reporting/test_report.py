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
from ganprofile.evaluation.meanings import MEANINGS
from ganprofile.gan.presets import UNLIMITED_EPOCHS
from ganprofile.reporting import (
    charts,
    of_benchmark,
    of_evaluation,
    of_run,
    of_study,
    run_in_words,
)
from ganprofile.reporting.latex import latex_table
from ganprofile.reporting.page import (
    BAD,
    GOOD,
    Badge,
    Chart,
    Drawer,
    Epochs,
    Folded,
    Gallery,
    Intervals,
    Page,
    Prose,
    Table,
    Verbatim,
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
    losses, logits = epochs.histograms
    counted = gp.Run.open(run).load_checkpoint()
    for name, counts in logits.counts.items():
        held = counted[f"record/arrays/{name}_logits"].sum(axis=1)
        assert counts.sum(axis=1).tolist() == held.tolist(), "none is left out"
    assert counts.shape[1] < 64 and -16 < logits.low < logits.high < 16
    assert [*losses.counts] == ["generator", "discriminator"]


def config_and_history(**changes):
    """Of a run of two minutes that kept 200 of 2,000 images aside."""
    config = {
        "dataset": {"name": "digits", "images": 2000},
        "settings": {"epochs": 57, "minutes": None, "seed": 0},
        "criterion": {"kept_epoch": 57, "images": 200, "held_out": True},
        "time_limit": {"minutes": 2.0, "epochs": 57},
    }
    distances = np.full(57, np.nan)
    distances[[26, 53, 56]] = 0.9, 0.32, 0.33
    history = {"epoch": np.arange(1.0, 58.0), "kernel_distance": distances}
    return {**config, **changes}, {**history, "seconds": np.full(57, 2.0)}


def test_the_kernel_distance_is_called_what_evaluate_calls_it():
    config, history = config_and_history()
    said = run_in_words.kept_generator(config, history)
    assert (said.tone, said.badge) == ("fair", "fair")
    assert said.text.startswith(MEANINGS["kernel_distance"].says["fair"].capitalize()[:5])
    assert "of epoch 57; its kernel distance to 200 images that the GAN was not trained on is" in (
        said.text
    )
    assert "0.33 (chance alone may make 0.1)." in said.text
    history["kernel_distance"][56] = 3.0
    assert run_in_words.kept_generator(config, history).tone == "bad"
    history["kernel_distance"][56] = -0.01
    assert run_in_words.kept_generator(config, history).tone == "good"


def test_few_images_do_not_tell_good_from_fair():
    criterion = {"kept_epoch": 57, "images": 60, "held_out": False}
    config, history = config_and_history(criterion=criterion)
    said = run_in_words.kept_generator(config, history)
    assert said.tone == "plain" and "too few to tell: chance alone may make 0.33" in said.text
    assert "to 60 images that the GAN was trained on" in said.text
    history["kernel_distance"][56] = 1.2
    assert run_in_words.kept_generator(config, history).tone == "bad", "so far is no chance"
    history["kernel_distance"][56] = np.nan
    said = run_in_words.kept_generator(config, history)
    assert said.text == "The generator that is kept is of epoch 57."


def test_the_chart_of_the_distance_says_which_images_it_is_to(run, tmp_path):
    shutil.copytree(run, tmp_path / "run")
    config = read_json(tmp_path / "run" / "config.json")
    for held_out, said in ((True, "was not trained on"), (False, "was trained on")):
        config["criterion"]["held_out"] = held_out
        write_json(tmp_path / "run" / "config.json", config)
        opened = gp.Run.open(tmp_path / "run")
        history = {**opened.history, "kernel_distance": np.array([np.nan, 2.0, 1.0])}
        charts = [b for b in of_run._watched(opened, history) if isinstance(b, Chart)]
        (chart,) = (c for c in charts if c.y == "kernel distance")
        assert chart.title == f"Kernel distance to images that the GAN {said}"
        ys = chart.finite_lines["kernel distance"][1]
        assert ys.tolist() == [2.0, 1.0]


def test_what_was_asked_and_what_was_done_are_both_said():
    config, history = config_and_history()
    assert run_in_words.minutes_of(config, history) == "1.9 of 2 asked for"
    assert dict(run_in_words.images_of(config)) == {
        "data": "digits, 2,000 images",
        "trained on": "1,800 images",
        "kept aside": "200, to tell the best epoch",
    }
    rows = dict(run_in_words.settings_of(config))
    assert rows == {"epochs": "57, which fitted into the minutes", "minutes": "2", "seed": "0"}
    longer = {"epochs": 80, "minutes": None}  # resumed with epochs
    config, history = config_and_history(settings=longer)
    assert run_in_words.minutes_of(config, history) == "1.9"
    assert dict(run_in_words.settings_of(config)) == {"epochs": "80", "minutes": "-"}
    going_on = {"epochs": UNLIMITED_EPOCHS, "minutes": 5.0}
    config, history = config_and_history(settings=going_on, criterion={})
    assert run_in_words.minutes_of(config, history) == "1.9 of 5 asked for"
    rows = dict(run_in_words.settings_of(config))
    assert rows == {"epochs": "as many as fit into the minutes", "minutes": "5"}
    assert dict(run_in_words.images_of(config)) == {"data": "digits, 2,000 images"}


def test_settings_that_are_numbers_are_set_as_such(run):
    opened = gp.Run.open(run)
    opened.config["settings"] |= {"learning_rate": 5e-05, "batch_size": 16}
    (table,) = of_run._settings(opened)
    values = {name: number for (name, *_), (_, number, _) in table.cells}
    assert values["learning rate"] == 5e-05 and repr(values["batch size"]) == "16"
    assert values["loss"] is None
    assert r"learning rate & $5 \times 10^{-5}$ \\" in list(latex_table(table, "settings"))


def test_one_epoch_is_no_epochs(run):
    opened = gp.Run.open(run)
    first, *_ = of_run._verdicts(opened, {"epoch": np.array([1.0])})
    assert first.text == "cgan draws digits, after 1 epoch of training."


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


def test_the_nearest_images_are_sought_among_those_that_it_learned_from(run, monkeypatch):
    opened = gp.Run.open(run)
    dataset = opened.dataset(offline=True)
    aside = dataset.images[150:]
    monkeypatch.setattr(of_run, "divide", lambda *_: (np.arange(150), np.arange(150, 200), True))
    for said, is_shown in (({"held_out": True, "images": 50}, False), ({}, True)):
        opened.config["criterion"] = said
        block = of_run._neighbours(opened, aside[:2], ["a", "b"])
        pngs = {*map(of_run._png, aside)} - {*map(of_run._png, dataset.images[:150])}
        assert any(one in pngs for _, row in block.rows for one in row[1:]) == is_shown


def test_how_many_classes_are_shown_is_said(run, monkeypatch):
    assert not any("The first" in block.note for block in blocks(of_run.page(run), Gallery))
    monkeypatch.setattr(of_run, "SHOWN", 7)
    monkeypatch.setattr(of_run, "NEIGHBOUR_ROWS", 3)
    drawn, nearest = blocks(of_run.page(run), Gallery)
    assert len(drawn.rows) == 7 and drawn.note == "The first 7 of 10 classes."
    assert len(nearest.rows) == 3 and nearest.note.endswith(" The first 3 of 10 classes.")


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


def test_test_images_again_are_the_first_that_a_page_says_of_an_evaluation(tmp_path):
    content = read_json(gp.Run.open("digits-cgan").path / "evaluation.json")
    write_json(tmp_path / "evaluation.json", content)
    before = of_evaluation.page(tmp_path).verdicts
    content["copies"] |= {"test_copy_rate": 0.9996, "test_copy_rate_interval": [0.99, 1.0]}
    write_json(tmp_path / "evaluation.json", content)
    first, *others = of_evaluation.page(tmp_path).verdicts
    assert first.text.startswith("Test images are among these: what learns from them reads those")
    assert first.text.endswith("99.96 % (99.0 % to 100.0 %) are copies of test images.")
    assert (first.tone, first.badge) == (BAD, "bad") and len(others) == len(before)
    for said, known in zip(others, before, strict=True):
        is_of_training = "are copies of a training image" in said.text
        assert (said == known) == is_of_training and (said.badge == "no mark") != is_of_training


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
    assert [v.badge for v in page.verdicts] == [c.verdict for c in against], "in the same words"
    forest, *folded = page.blocks
    assert isinstance(forest, Intervals) and len(forest.rows) == len(against)
    assert all(isinstance(one, Folded) for one in folded) and "<details>" in render(page)
    arms, comparisons = blocks(page, Table)
    assert len(arms.rows) == len(result.means) and len(comparisons.rows) == len(result.comparisons)
    assert all(isinstance(row[4], tuple) for row in arms.rows), "accuracies sort as numbers"
    text = render(page)
    assert "{&#39;" not in text and "None" not in text


def test_the_level_of_the_intervals_is_said_as_it_is_and_everywhere():
    """Ten comparisons, of which each has an interval of 99.5 %."""
    page = of_benchmark.page(MEASURED)
    forests = [block for block in blocks(page, Intervals) if block.are_differences]
    assert len(forests) == 3 and all("99.5 % CI" in block.note for block in forests)
    _, comparisons = blocks(page, Table)
    assert "99.5 % CI, points" in comparisons.header and "p, corrected" in comparisons.header
    assert "9,400 test images" in comparisons.note and "multiplied by 10" in comparisons.note
    facts = dict(page.facts)
    assert facts["intervals"] == "99.5 % CI, all 10 together 95 %"
    assert facts["p"] == "multiplied by 10 (Bonferroni)"
    assert "95 % CI" not in render(page) and "95 % interval" not in render(page)
    assert "not shown" not in render(page)
    assert page.method in render(page) and "docs/results.md" in page.method


def test_accuracies_have_bars_and_a_curve_where_there_are_sizes():
    page = of_benchmark.page(MEASURED)
    accuracies = next(block for block in blocks(page, Intervals) if not block.are_differences)
    first = Benchmark.open(MEASURED).means[0]
    name, value, low, high, _ = accuracies.rows[0]
    assert name == "none at 15 per class" and value == pytest.approx(100 * first["accuracy"])
    assert high - value == pytest.approx(value - low) == pytest.approx(100 * first["sd"])
    (curve,) = blocks(page, Chart)
    assert curve.lines.keys() == curve.spreads.keys()
    drawn = charts.lines(curve)
    assert [len(bars) for bars in drawn["spreads"]] == [len(xs) for xs, _ in curve.lines.values()]
    assert all(low > high for bars in drawn["spreads"] for _, low, high in bars)


def test_one_size_is_no_curve(tmp_path):
    content = read_json(MEASURED / "benchmark.json")
    content["cells"] = [cell for cell in content["cells"] if cell["per_class"] == 50]
    write_json(tmp_path / "benchmark.json", content)
    page = of_benchmark.page(tmp_path)
    assert not blocks(page, Chart)
    facts = dict(page.facts)
    assert (facts["intervals"], facts["p"]) == ("95 % CI", "not corrected")
    _, comparisons = blocks(page, Table)
    assert comparisons.header[6:8] == ("95 % CI, points", "p")


def test_an_arm_that_knows_more_is_said_first(tmp_path):
    content = read_json(MEASURED / "benchmark.json")
    content["arms"]["deformed"]["same_pool"] = [{"images": 150, "anew": "augment"}]
    write_json(tmp_path / "benchmark.json", content)
    *others, unfair = of_benchmark.page(tmp_path).verdicts
    assert unfair.badge == "not fair" and unfair.tone == BAD
    assert unfair.text.startswith("deformed holds what was made of 150 images")
    assert "no benefit shown, knowing more images" in [verdict.badge for verdict in others]


def changed(folder, cells):
    """The page of the experiment with these of its cells."""
    content = read_json(MEASURED / "benchmark.json")
    write_json(folder / "benchmark.json", {**content, "cells": cells(content["cells"])})
    return of_benchmark.page(folder)


def test_of_single_subsets_no_interval_is_claimed(tmp_path):
    page = changed(tmp_path, lambda cells: [one for one in cells if one["repeat"] == 0])
    text = render(page)
    assert "% CI" not in text and "Bonferroni)" not in text.partition("How intervals")[0]
    (methods,) = (p for p in blocks(page, Prose) if p.title == "Methods, to be pasted")
    assert "None of the differences has an interval" in methods.paragraphs[0]
    assert "Gelman" not in methods.paragraphs[0]
    _, comparisons = blocks(page, Table)
    assert comparisons.header[6] == "interval, points" and "None of" in comparisons.note
    assert not {"intervals", "p"} & {name for name, _ in page.facts}


def test_of_one_test_image_and_one_step_the_words_are_singular(tmp_path):
    content = read_json(MEASURED / "benchmark.json")
    counts = [1] + [0] * 46
    known = {"synthetic_test_images_allowed": 1}
    content["settings"] |= {"steps": 1, "test_class_counts": counts, "provenance": known}
    for cell in content["cells"]:
        cell |= {"accuracy": 1.0, "correct": counts, "confused": []}
        cell.pop("recognised", None)
    write_json(tmp_path / "benchmark.json", content)
    page = of_benchmark.page(tmp_path)
    text = render(page)
    assert (
        "1 test image (fingerprint" in text
        and "1 test image is synthetic" in text
        and "Accuracies on 1 test image;" in text
    )
    assert "convnet, 1 step" in text and "1 steps" not in text and "1 test images" not in text


def test_of_all_images_no_subsets_are_claimed(tmp_path):
    page = changed(tmp_path, lambda cells: [{**one, "per_class": "all"} for one in cells[:40]])
    (methods,) = (p for p in blocks(page, Prose) if p.title == "Methods, to be pasted")
    (said,) = re.findall(r"Differences in accuracy.*Gelman 2006", methods.paragraphs[0])
    assert "are over trainings and test images" in said and "on the effect of trainings" in said
    assert "subsets" not in said and "Nadeau" not in said


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([], "no arm has been tried"),
        ([("none", 0)], "only one arm has been tried"),
        ([("none", 0), ("deformed", 1)], "no other arm has been tried on a subset that none has"),
    ],
)
def test_why_there_is_nothing_to_compare_yet_is_said_as_it_is(tmp_path, places, said):
    page = changed(tmp_path, lambda cells: [c for c in cells if (c["arm"], c["repeat"]) in places])
    assert page.verdicts[0].text.startswith(f"There is nothing to compare yet: {said}")


def test_a_paper_can_take_its_methods_and_references():
    page = of_benchmark.page(MEASURED)
    (methods,) = (p for p in blocks(page, Prose) if p.title == "Methods, to be pasted")
    (text,) = methods.paragraphs
    for said in (
        "emnist, 47 classes, 98,946 training images (fingerprint ba6baf4029c9)",
        "9,400 test images (fingerprint b9ec14719833)",
        "(seed 0): 10 of 15 images per class, 10 of 50 images per class and 10 of 200",
        "(convnet, 4,000 steps)",
        "99.5 % CI",
        "all 10 comparisons hold together with 95 %, and p is multiplied by 10 (Bonferroni)",
        "ganprofile 0.1.0, keras 3.15.1, tensorflow 2.21.0.",
        "Arm deformed+distilled: as deformed; labels are the mean probabilities of three networks",
    ):
        assert said in text
    (references,) = blocks(page, Verbatim)
    assert references.text.startswith("@software{ganprofile,")
    for author, year in re.findall(r"(Gallas|Nadeau|Gelman)[^()]*?(\d{4})", text):
        assert f"{author.lower()}{year}" in references.text


def test_the_page_of_a_study_is_what_the_study_wrote(tmp_path):
    content = {
        "title": "Read digits",
        "document": "Somebody 2000",
        "summary": ["Published figures: 1 of 2 compared, 1 within 10 %."],
        "notes": ["A note."],
        "table": [["", "published", "ours"], ["k-NN", ["90 %", 0.9], ["92 %", 0.92]]],
        "tables": {"How long it took": [["step", "seconds", "p"], ["-1", "+3,141", "1e-05"]]},
        "figures": {"gone.png": "Gone", "../../secret.png": "Not ours"},
    }
    (tmp_path / "study.json").write_text(json.dumps(content))
    page = of_study.page(tmp_path)
    figures, times = blocks(page, Table)
    assert figures.cells[0] == [("k-NN", None, None), ("90 %", 0.9, None), ("92 %", 0.92, None)]
    assert times.header == ("step", "seconds", "p") and len(page.blocks) == 3
    assert times.cells == [[("-1", None, None), ("+3,141", 3141, None), ("1e-05", 1e-05, None)]]
    assert list(latex_table(times, "it"))[-4] == r"-1 & $+$3,141 & $1 \times 10^{-5}$ \\"
    (tmp_path / "study.json").write_text("{}")
    with pytest.raises(GanprofileError, match="of no study. Run the study again"):
        of_study.page(tmp_path)


@pytest.mark.parametrize("name", ["benchmark.json", "summary.json", "checkpoints/1.npz"])
def test_no_page_replaces_a_file_of_a_result(tmp_path, name):
    target = tmp_path / "result" / name
    target.parent.mkdir(parents=True)
    shutil.copy(MEASURED / "benchmark.json", tmp_path / "result")
    target.touch()
    before = target.read_bytes()
    for source in (tmp_path / "result", "digits-cgan"):
        with pytest.raises(UsageError, match="is a file of the result in .*result, so `force`"):
            gp.report(source, output=target, force=True)
    assert target.read_bytes() == before
    page = tmp_path / "result" / "page.html"
    page.touch()
    assert gp.report(tmp_path / "result", output=page, force=True).read_text(encoding="utf-8")


def test_a_page_within_its_export_is_refused_before_anything_is_written(tmp_path):
    options = {"output": tmp_path / "new" / "page.html", "export": tmp_path / "new"}
    for force in (False, True):
        with pytest.raises(UsageError, match="page.html would lie in the export .*new"):
            gp.report(MEASURED, **options, force=force)
        assert not (tmp_path / "new").exists()


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
        UsageError,
        match="no folder of a run, an evaluation, a benchmark, a study, a labelled set",
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


def test_of_a_run_without_an_epoch_it_is_said_how_to_go_on(tmp_path):
    run = gp.Run.create(tmp_path, gp.train("digits", "cgan", dry_run=True, progress=False))
    with pytest.raises(GanprofileError, match=r"history.csv is missing.*ganprofile train --resume"):
        gp.report(run.path)


def test_damaged_results_are_refused_in_a_sentence(run, tmp_path):
    studied = tmp_path / "study"
    shutil.copytree(STUDIED, studied)
    write_json(studied / "study.json", {**read_json(studied / "study.json"), "table": []})
    with pytest.raises(
        GanprofileError, match=r"study cannot be shown \(ValueError: .* make it anew"
    ):
        gp.report(studied)
    found = read_json(MEASURED / "benchmark.json")
    del found["settings"]["dataset"]
    (tmp_path / "found").mkdir()
    write_json(tmp_path / "found" / "benchmark.json", found)
    with pytest.raises(GanprofileError, match=r"found cannot be shown \(KeyError: 'dataset'\): "):
        gp.report(tmp_path / "found")
    (tmp_path / "reader").mkdir()
    for content in ({}, {"model": "k-nn"}):
        write_json(tmp_path / "reader" / "reader.json", content)
        with pytest.raises(GanprofileError, match="reader.json is damaged. Train the reader again"):
            gp.report(tmp_path / "reader")
    copied = tmp_path / "run"
    shutil.copytree(run, copied)
    config = read_json(copied / "config.json")
    write_json(copied / "config.json", {**config, "dataset": {**config["dataset"], "images": "20"}})
    with pytest.raises(GanprofileError, match="config.json holds values of the wrong kind"):
        gp.report(copied)
    # When and by what it was made decides nothing, and is not asked for by what draws.
    rest = {key: value for key, value in config.items() if key not in ("created", "ganprofile")}
    write_json(copied / "config.json", rest)
    assert gp.report(copied).is_file()


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


def test_the_page_of_a_set_never_lies_in_it(tiny, tmp_path, monkeypatch):
    """`.` and `..` name it, too; its files all have checksums."""
    some = tiny.subset(4).save(tmp_path / "mine")
    monkeypatch.chdir(some)
    assert gp.report(".").resolve() == tmp_path / "mine.html"
    (some.parent / "beside").mkdir()
    monkeypatch.chdir(some.parent / "beside")
    assert gp.report("../mine", force=True).resolve() == tmp_path / "mine.html"
    with pytest.raises(UsageError, match=r"page.html would lie in the set"):
        gp.report(some, output=some / "page.html", force=True)
    assert gp.verify(some).ok


def test_an_exported_model_is_called_one(tmp_path):
    (tmp_path / "mine.onnx").write_bytes(b"")
    with pytest.raises(UsageError, match="mine.onnx is an exported model. Give the run, model or"):
        gp.report(tmp_path / "mine.onnx")


def test_a_page_is_called_one_and_nothing_is_exported_into_a_set(tiny, tmp_path):
    place = tmp_path / "set"
    tiny.save(place)
    with pytest.raises(UsageError, match="would lie in the set.*another `export`"):
        gp.report(place, export=place / "paper")
    (tmp_path / "folder").mkdir()
    for force in (False, True):
        with pytest.raises(UsageError, match="is a folder, which no file replaces"):
            gp.report(place, output=tmp_path / "folder", force=force)
    for source in (place, "digits-cgan"):
        with pytest.raises(UsageError, match="A path or name should not be empty. Received: ''"):
            gp.report(source, output="")
    for name in ("x.pdf", "newdir/"):
        with pytest.raises(UsageError, match="`output` should end in .html or .htm. Received: "):
            gp.report(place, output=f"{tmp_path}/{name}")
    assert {one.name for one in tmp_path.iterdir()} == {"set", "folder"}
