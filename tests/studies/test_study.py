"""The folder of a study: steps that are kept, a table, a page, and what is refused."""

import csv
import dataclasses
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError, Interrupted, UsageError
from ganprofile.images import save_png
from ganprofile.storage.files import read_json, write_json
from ganprofile.studies import STUDIES, pages
from ganprofile.studies.design import (
    EPOCHS,
    KINDS,
    Found,
    Room,
    Row,
    Step,
    Study,
    StudyPlan,
    _loaded,
)
from ganprofile.studies.registry import Listed
from tests.forked import run_forked

ROOT = Path(__file__).resolve().parents[2]


class Counted:
    """A study whose steps count how often they are measured."""

    def __init__(self):
        self.calls = []
        self.stopped = False

    def steps(self, plan):
        rows = (Row("accuracy", "reads it", 0.9), Row("size", "parameters", 51450, "count"))
        return [
            Step("first", "measures the first", self.first, rows),
            Step("second", "measures the second", self.second, (Row("lost", "is lost"),)),
        ]

    def first(self, room):
        self.calls.append(("first", room.seed))
        if room.figures is not None:
            (room.figures / "it.png").write_bytes(b"")
        values = {"accuracy": 0.92 + 0.02 * room.seed, "size": 51450}
        return Found(values, 10_000, {"it.png": "It"} if room.figures else {})

    def second(self, room):
        self.calls.append(("second", room.seed))
        if self.stopped:
            raise Interrupted(15)
        return Found({"lost": None})


@pytest.fixture
def counted(monkeypatch):
    made = Counted()
    monkeypatch.setattr(Listed, "load", lambda self, name: Study(made.steps, ("A note.",)))
    return made


def run(output, **options):
    return gp.study("profiling", output=output, progress=False, **options)


def test_the_table_holds_published_and_ours(counted, tmp_path):
    result = run(tmp_path / "out")
    accuracy, size, lost = result.rows
    assert accuracy["difference"] == pytest.approx(0.02) and accuracy["test_images"] == 10_000
    assert size["ours"] == size["published"] == 51450 and size["difference"] == 0
    assert lost["ours"] is None and lost["difference"] is None
    page = (result.path / "study.md").read_text()
    assert "| reads it | 90.00 % | 92.00 % | +2.00 points | 10,000 |" in page
    assert "| parameters | 51,450 | 51,450 | +0 | 10,000 |" in page
    assert "![It](figures/it.png)" in page and "A note." in page
    assert "| measures the first | 0 |" in page
    report = (result.path / "report.html").read_text()
    assert "Published figures: 2 compared, 2 within 10 %." in report
    assert "Published figures: 2 compared, 2 within 10 %. Shares: " in page
    assert "Shares: ours differ by +2.00 points." in report and "A note." in report
    with open(result.path / "table.csv", newline="") as file:
        assert [row["what"] for row in csv.DictReader(file)] == [row["what"] for row in result.rows]


def test_pages_of_another_dataset_say_so(counted, tmp_path):
    result = run(tmp_path / "out", dataset="qmnist")
    said = "Run on qmnist alone: published figures may be of other images."
    assert f"\n{said} Published figures: 2 compared, " in (result.path / "study.md").read_text()
    report = (result.path / "report.html").read_text()
    assert said in report and "Published figures: 2 compared, 2 within 10 %." in report


def test_a_quick_page_says_of_what_its_figures_are(counted, tmp_path):
    counted.steps = lambda plan: [
        dataclasses.replace(step, datasets=("digits",)) for step in Counted.steps(counted, plan)
    ]
    result = run(tmp_path / "out", quick=True)
    said = "A quick run, on digits of this package: published figures are of other images."
    assert result.summary[0] == said == read_json(result.path / "study.json")["summary"][0]
    assert f"\n{said} Published" in (result.path / "study.md").read_text()
    assert said in (result.path / "report.html").read_text()
    other = run(tmp_path / "other", quick=True, dataset="qmnist")
    assert "Run on qmnist alone" in other.summary[0] and "quick" not in " ".join(other.summary)


def test_epochs_that_minutes_had_room_for_are_shown(counted, tmp_path):
    assert "epochs" not in (run(tmp_path / "out").path / "study.md").read_text()
    counted.first = lambda room: Found({"accuracy": 0.9}, aside={EPOCHS: 3 + room.seed})
    page = (run(tmp_path / "other", repeats=2).path / "study.md").read_text()
    assert "| step | seconds | epochs in its minutes |" in page
    assert "| measures the first | 0 | 3, 4 |" in page and "| measures the second | 0 |  |" in page


def test_several_steps_are_asked_for(counted, tmp_path):
    for only in (["first", "sec*"], ("sec*", "first")):
        plan = run(tmp_path / "out", only=only, dry_run=True)
        assert list(plan["steps"]) == ["first", "second"]
    with pytest.raises(UsageError, match=r"No step is called 'third'. The steps: first, second."):
        run(tmp_path / "out", only=["first", "third"])
    for wrong in (["first", 2], [], 3):
        with pytest.raises(UsageError, match="`only` should be the name of a step"):
            run(tmp_path / "out", only=wrong)


def test_a_plan_says_what_is_kept(counted, tmp_path):
    run(tmp_path / "out", only="first")
    plan = run(tmp_path / "out", repeats=3, dry_run=True)
    assert plan["kept"] == {"first": 1, "second": 0}
    assert plan["repeats"] == {"first": 3, "second": 3}


def figure(published, ours):
    return {"published": published, "difference": None if ours is None else ours - published}


def test_a_figure_far_off_is_compared_and_not_called_close():
    rows = [{**figure(80, 34), "kind": "count"}, {**figure(70, 42), "kind": "count"}]
    assert (
        pages.summary_of(rows, StudyPlan(), [])[0]
        == "Published figures: 2 compared, 0 within 10 %."
    )
    rows += [{**figure(0.5, 0.54), "kind": "share"}, {**figure(0.9, None), "kind": "share"}]
    assert (
        pages.summary_of(rows, StudyPlan(), [])[0]
        == "Published figures: 3 of 4 compared, 1 within 10 %."
    )


def test_no_figure_is_rounded_to_all_or_has_the_sign_of_nothing():
    share = KINDS["share"]
    assert [share.text(one) for one in (0.99997, 1.0, 0.5, 1e-18, -1e-9)] == [
        *("99.997 %", "100.00 %", "50.00 %", "0.00 %", "0.00 %")
    ]
    assert [share.apart(one) for one in (-0.00001, -1e-9, 0.02)] == [
        *("-0.001 points", "+0.00 points", "+2.00 points")
    ]
    nothing = [one.apart(-1e-9) for one in KINDS.values()]
    assert nothing == ["+0.00 points", "+0", "+0.00", "+0.0000"]


def test_the_document_counts_as_the_committed_tables_do():
    said = (ROOT / "docs" / "studies.md").read_text("utf-8")
    for name in STUDIES:
        page = (ROOT / f"benchmarks/results/studies/{name}/study.md").read_text("utf-8")
        (counted,) = re.findall(r"Published figures: (.*? within 10 %)", page)
        assert counted in " ".join(said.partition(f"studies/{name}/study.md")[2].split())[:1500]


def test_a_dataset_may_be_a_path(counted, tmp_path):
    (tmp_path / "mine").mkdir()
    run(tmp_path / "out", dataset=tmp_path / "mine")
    assert read_json(tmp_path / "out" / "config.json")["dataset"] == str(tmp_path / "mine")


@pytest.mark.parametrize("step", ["k-nn", "svm"])
def test_other_data_of_the_same_name_are_refused(digits, tmp_path, step):
    """Those of a step that is measured, and of a table that only would be written again."""

    def made(seed):
        _loaded.cache_clear()  # as in a new process
        for part, count in zip(digits, (9, 3), strict=True):
            chosen = part.subset(count, seed=seed)
            chosen.save(tmp_path / "mine" / part.split, "imagefolder", force=True)

    options = {"quick": True, "dataset": tmp_path / "mine", "output": tmp_path / "out"}
    made(1)
    gp.study("sharpies", only="k-nn", progress=False, **options)
    steps = (tmp_path / "out" / "steps").glob("*.json")
    assert {"numpy", "keras"} <= set(read_json(next(steps))["versions"])
    made(2)
    page = (tmp_path / "out" / "study.md").read_bytes()
    with pytest.raises(UsageError, match="mine is not what it was when the finished steps"):
        gp.study("sharpies", only=step, progress=False, **options)
    assert (tmp_path / "out" / "study.md").read_bytes() == page
    made(1)
    gp.study("sharpies", only=step, progress=False, **options)


def test_a_study_of_its_own_datasets_goes_on_with_the_same(counted, tmp_path, digits):
    def first(room):
        room.plan.parts("digits")
        return Found({"accuracy": 0.9})

    counted.first = first
    run(tmp_path / "out")
    path = tmp_path / "out" / "steps" / "first-0.json"
    found = read_json(path)
    assert found["data"] == {"digits": [part.fingerprint for part in digits]}
    write_json(path, {**found, "data": {"digits": ["a" * 64, "b" * 64]}})
    with pytest.raises(UsageError, match="digits is not what it was"):
        run(tmp_path / "out", repeats=2)


def test_a_stopped_study_goes_on(counted, tmp_path):
    counted.stopped = True
    with pytest.raises(Interrupted) as stop:
        run(tmp_path / "out")
    assert "Go on with the same command" in stop.value.__notes__[0]
    counted.stopped = False
    run(tmp_path / "out")
    assert [name for name, _ in counted.calls] == ["first", "second", "second"]


def test_more_repeats_join(counted, tmp_path):
    run(tmp_path / "out", seed=3)
    result = run(tmp_path / "out", seed=3, repeats=3)
    assert [seed for name, seed in counted.calls if name == "first"] == [3, 4, 5]
    accuracy = result.rows[0]
    assert accuracy["repeats"] == 3 and accuracy["sd"] == pytest.approx(0.02)
    assert accuracy["ours"] == pytest.approx(0.92 + 0.02 * 4)
    assert "(sd 2.00 %, 3 repeats)" in (result.path / "study.md").read_text()


def test_a_step_that_needs_another_says_which(tmp_path):
    room = Room(None, tmp_path / "steps" / "digits-mlp-0", None, 0)
    with pytest.raises(gp.UsageError, match="digits-gan leaves. .* `only='digits-gan'`"):
        room.beside("digits-gan").kept("last-epoch.keras")
    (tmp_path / "steps" / "digits-gan-0").mkdir(parents=True)
    (tmp_path / "steps" / "digits-gan-0" / "last-epoch.keras").touch()
    assert room.beside("digits-gan").kept("last-epoch.keras").is_file()


def noted(room):
    """Says in which process it was measured, and what the step before it left."""
    before = room.beside("first").folder / "process"
    found = {"process": os.getpid(), "before": before.is_file()}
    (room.folder / "process").write_text(str(os.getpid()))
    return Found({"accuracy": room.seed / 10}, aside=found)


def in_steps(plan):
    row = Row("accuracy", "reads it", 0.9)
    return [Step("first", "a", noted, (row,)), Step("second", "b", noted, (row,))]


@pytest.mark.slow
def test_repeats_are_measured_side_by_side_and_steps_of_one_in_turn(tmp_path, monkeypatch):
    monkeypatch.setattr(Listed, "load", lambda self, name: Study(in_steps))
    for place, jobs in (("one", 1), ("two", 2)):
        result = run(tmp_path / place, repeats=4, jobs=jobs)
        assert result.rows[0]["repeats"] == 4 and result.rows[0]["ours"] == pytest.approx(0.15)
    asides = [read_json(path)["aside"] for path in (tmp_path / "two" / "steps").glob("*.json")]
    assert os.getpid() not in {aside["process"] for aside in asides}
    second = [read_json(tmp_path / "two" / "steps" / f"second-{k}.json") for k in range(4)]
    assert all(found["aside"]["before"] for found in second)


def test_two_studies_at_once_do_not_mix_in_one_folder(counted, tmp_path, monkeypatch):
    """Also while the first has kept nothing yet."""
    refused = []
    first = counted.first

    def meanwhile(room):
        with pytest.raises(GanprofileError) as error:
            run(tmp_path / "out", seed=1)
        refused.append(str(error.value))
        assert run(tmp_path / "out", seed=1, dry_run=True)["seed"] == 1
        return first(room)

    counted.first = meanwhile
    run(tmp_path / "out")
    assert "Another process adds to" in refused[0] and "or name another `output`" in refused[0]
    assert read_json(tmp_path / "out" / "config.json")["seed"] == 0


def test_a_study_is_not_kept_among_the_pictures_that_it_reads(counted, digits, tmp_path):
    for label in "37":
        (tmp_path / "mine" / label).mkdir(parents=True)
        save_png(tmp_path / "mine" / label / "0.png", 255 - digits[0].of_classes(label).images[0])
    with pytest.raises(UsageError, match="whose pictures are read"):
        gp.study("profiling", dataset=tmp_path / "mine", output=tmp_path / "mine" / "study")
    assert not (tmp_path / "mine" / "study").exists() and not counted.calls


def test_what_cannot_be_meant_is_refused(counted, tmp_path):
    with pytest.raises(UsageError, match="should be text or a Path. Received: None"):
        gp.study(None)
    with pytest.raises(UsageError, match="No study 'nothing'. Known: profiling.*studies.STUDIES"):
        gp.study("nothing")
    with pytest.raises(UsageError, match="`repeats` should be a whole number, 1 or more"):
        run(tmp_path / "out", repeats=0)
    run(tmp_path / "out")
    with pytest.raises(UsageError, match="of another study: seed was 0 and is 1"):
        run(tmp_path / "out", seed=1)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(UsageError, match="no study and not empty"):
        run(tmp_path / "mine")
    assert not (tmp_path / "mine" / "study.md").exists()


def test_a_damaged_step_is_named(counted, tmp_path):
    run(tmp_path / "out")
    (tmp_path / "out" / "steps" / "first-0.json").write_text('{"strange": 1}')
    with pytest.raises(GanprofileError, match="damaged file of first"):
        run(tmp_path / "out")
    (tmp_path / "out" / "steps" / "first-0.json").write_text('{"val')
    with pytest.raises(GanprofileError, match="first-0.json .* and it is measured again"):
        run(tmp_path / "out")
    (tmp_path / "out" / "steps" / "first-0.json").write_text('{"values": []}')
    with pytest.raises(GanprofileError, match="damaged file of first: first-0.json"):
        run(tmp_path / "out")


def test_what_came_to_nothing_is_no_other_study(counted, tmp_path):
    """Empty folders and a description are left where the first step fails."""
    counted.first = counted.second = lambda room: pytest.fail("stopped")
    with pytest.raises(pytest.fail.Exception):
        run(tmp_path / "out", seed=1)
    assert (tmp_path / "out" / "config.json").is_file()
    del counted.first, counted.second
    assert run(tmp_path / "out", seed=2).rows[0]["repeats"] == 1
    with pytest.raises(UsageError, match="of another study: seed was 2 and is 1"):
        run(tmp_path / "out", seed=1)


def test_data_are_loaded_as_is_asked(counted, digits, tmp_path):
    for part, count in zip(digits, (9, 3), strict=True):
        some = part.subset(count)
        coloured = gp.Dataset(np.repeat(some.images, 3, axis=3), some.labels)
        coloured.save(tmp_path / "mine" / part.split, "imagefolder")
    shapes = []

    def first(room):
        shapes.append(room.plan.parts(room.plan.dataset)[0].image_shape)
        return Found({"accuracy": 0.9})

    counted.first = first
    told = {"dataset": tmp_path / "mine", "channels": 1, "image_size": 20}
    run(tmp_path / "out", **told)
    assert shapes == [(20, 20, 1)]
    run(tmp_path / "out", **told, repeats=2)
    columns = {"dataset": tmp_path / "mine", "writer_columns": ("a", "b")}
    run(tmp_path / "columns", **columns)
    run(tmp_path / "columns", **columns, repeats=2)
    with pytest.raises(UsageError, match="loading was {'channels': 1, 'image_size': 20} and is {}"):
        run(tmp_path / "out", dataset=tmp_path / "mine")
    with pytest.raises(UsageError, match="`channels` is for data of your own"):
        run(tmp_path / "other", channels=1)
    with pytest.raises(UsageError, match="study knows no argument 'chanels'"):
        run(tmp_path / "other", dataset=tmp_path / "mine", chanels=1)


def test_one_folder_spelled_otherwise_is_the_same_data(counted, tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    run("out", dataset="mine", only="first")
    for other in ("mine/", "./mine", tmp_path / "mine"):
        run("out", dataset=other)
    assert read_json("out/config.json")["dataset"] == "mine"
    (tmp_path / "other").mkdir()
    with pytest.raises(UsageError, match="dataset was 'mine' and is 'other'"):
        run("out", dataset="other")


def test_a_dry_run_refuses_what_would_fail(tmp_path):
    with pytest.raises(UsageError, match="denoise needs what the step mlp-100 leaves"):
        gp.study("beyond", quick=True, only="denoise", output=tmp_path / "out", dry_run=True)
    plan = gp.study("beyond", quick=True, only="[md]*", output=tmp_path / "out", dry_run=True)
    assert {"denoise", "mlp-100"} <= plan["steps"].keys()
    for part, seed in (("train", 0), ("test", 1)):
        images = np.random.default_rng(seed).integers(0, 256, (8, 12, 12), np.uint8)
        some = gp.Dataset.from_arrays(images, np.arange(8) % 2)
        some.save(tmp_path / "mine" / part, "imagefolder")
    with pytest.raises(UsageError, match="Nobody knows who wrote"):
        gp.study("hwdplus", dataset=tmp_path / "mine", output=tmp_path / "out", dry_run=True)
    assert not (tmp_path / "out").exists()


def test_a_dry_run_writes_nothing(tmp_path):
    plan = gp.study("profiling", quick=True, output=tmp_path / "out", dry_run=True)
    assert list(plan["steps"]) == [
        f"{data}-{step}"
        for data in ("digits", "characters")
        for step in ("reader", "gan", "cdcgan", "mlp")
    ]
    assert not (tmp_path / "out").exists()


@pytest.fixture
def nothing_here(tmp_path, monkeypatch):
    """A machine without data, which may download none."""
    monkeypatch.chdir(tmp_path)
    for place in ("TFDS_DATA_DIR", "GANPROFILE_HOME", "GANPROFILE_DATA_DIR"):
        monkeypatch.setenv(place, str(tmp_path / "nothing"))
    for source in ("published.check_reachable", "published.prepare"):
        monkeypatch.setattr(
            f"ganprofile.datasets.sources.{source}", lambda *_: pytest.fail("asked")
        )
    _loaded.cache_clear()


def test_a_plan_downloads_nothing_and_says_what_would_be(nothing_here, tmp_path):
    plan = gp.study("profiling", only="*mnist-*", dry_run=True)
    assert plan["to_download"] == ["mnist", "emnist"] and len(plan["steps"]) == 8
    assert gp.study("hwdplus", dataset="qmnist", dry_run=True)["to_download"] == ["qmnist"]
    with pytest.raises(GanprofileError, match="`?offline=True`? forbids its download"):
        gp.study("beyond", dry_run=True, offline=True)
    with pytest.raises(GanprofileError, match="EnglishHnd.tgz is not in"):
        gp.study("profiling", dry_run=True)
    with pytest.raises(UsageError, match="No step is called 'foo"):
        gp.study("profiling", only="foo*")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("dry_run", [True, False])
def test_data_that_no_study_can_be_made_of_are_refused_first(
    dry_run, digits, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    digits[0].subset(2).save("mine")
    with pytest.raises(UsageError, match="No dataset 'nowhere'"):
        gp.study("sharpies", dataset="nowhere", dry_run=dry_run)
    with pytest.raises(UsageError, match="mine has no test part"):
        gp.study("sharpies", dataset="mine", dry_run=dry_run)
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]


def test_the_list_is_json_and_runs_nothing(in_process):
    for asked in (("study", "--json"), ("study", "list", "--json")):
        code, out, _ = in_process(*asked)
        assert code == 0 and [one["name"] for one in json.loads(out)] == list(STUDIES)
    for option in (["--quick"], ["--repeats", "3"], ["--only", "a"], ["--offline"], ["--dry-run"]):
        code, out, said = in_process("study", "list", *option)
        assert code == 2 and f"{option[0]} is of a study that is run. Name one" in said and not out


def test_the_command_lists_and_refuses():
    listed = run_forked("study", "list")
    assert listed.returncode == 0
    assert all(name in listed.stdout for name in STUDIES)
    refused = run_forked("study", "nothing")
    assert refused.returncode == 2 and "Known: profiling" in refused.stderr
    meant = run_forked("study", "lst").stderr
    assert "hwdplus, list. Did you mean 'list'?" in meant and "ganprofile.studies" not in meant
