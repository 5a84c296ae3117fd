"""The study of HWD+: on embedded writers, and on a fixture in its form."""

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import GanprofileError
from ganprofile.images import read_png
from ganprofile.studies import drawn_writers, hwdplus, predictors, resampling, unseen_writers
from ganprofile.studies.design import Found, StudyPlan
from tests.datasets.conftest import hwdplus_form  # noqa: F401

pytestmark = pytest.mark.slow


def briefly(patch):
    """Few passes, small networks, one point beside the end of one curve."""
    patch.setattr(predictors, "QUICK_PASSES", 3)
    patch.setattr(predictors, "QUICK_MEMBERS", 2)
    patch.setattr(predictors.DeepDense, "UNITS", (60, 50))
    patch.setattr(hwdplus, "SHARES", (0.5,))
    patch.setattr(hwdplus, "CURVES", ("id",))


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Writers of the embedded digits are read once by everything, and again by some."""
    with pytest.MonkeyPatch.context() as patch:
        briefly(patch)
        options = {"quick": True, "output": tmp_path_factory.mktemp("study") / "out"}
        options |= {"progress": False}
        gp.study("hwdplus", only="digit-k-nn", repeats=1, **options)
        gp.study("hwdplus", only="id-*", repeats=1, **options)
        gp.study("hwdplus", only="id-naive", repeats=2, **options)
        yield gp.study("hwdplus", only="id-lenet-5*", repeats=2, **options)


def test_digit_and_writer_are_read_and_the_rest_needs_hwdplus(result):
    rows = {row["what"]: row for row in result.rows}
    digit, writer = rows["digit: k-NN"], rows["writer: LeNet-5"]
    assert digit["ours"] > 0.5 and writer["repeats"] == 2 and writer["sd"] is not None
    assert rows["writer: majority"]["ours"] == 1 / 20 < writer["ours"]
    # 6 of 20 writers with 100 images each; 3 of 10 images of each digit by each.
    assert (digit["test_images"], writer["test_images"]) == (600, 600)
    assert digit["published"] == 0.7431 and digit["published_sd"] == 0.0222
    absent = [row["absent"] for row in result.rows if row["ours"] is None]
    assert "| gender: k-NN | 56.08 % (sd 1.24 %) | needs HWD+ |" in page(result)
    assert absent.count("needs HWD+") == 5 * 6 + 2 and "not yet measured" in absent


def test_differences_are_tested(result):
    assert "## Differences, by the paired test of Nadeau and Bengio" in page(result)
    assert "| writer: LeNet-5 against majority | +" in page(result)
    assert "writer: LeNet-5, told more against LeNet-5 |" in page(result)
    assert "## Accuracy by time of training" in page(result)
    assert "figures/labels.png" in page(result)
    assert len(np.unique(read_png(result.path / "figures" / "labels.png"))) > 10


def page(result):
    return (result.path / "study.md").read_text()


def test_only_some_steps_and_their_own_repeats(tmp_path, monkeypatch):
    briefly(monkeypatch)
    options = {"quick": True, "output": tmp_path, "progress": False}
    gp.study("hwdplus", only="digit-naive", **options)
    result = gp.study("hwdplus", only="digit-k-nn", repeats=3, **options)
    counts = {row["what"]: row["repeats"] for row in result.rows}
    assert counts["digit: majority"] == 1, "quickly"
    published = {step.name: step.repeats for step in hwdplus.steps(StudyPlan(dataset="digits"))}
    assert (published["digit-naive"], published["id-committee"]) == (50, 15)
    assert counts["digit: k-NN"] == 3 and counts["digit: LeNet-5"] == 0
    with pytest.raises(gp.UsageError, match="No step is called 'gender-.*'"):
        gp.study("hwdplus", only="gender-*", **options)


def test_on_files_of_its_form(hwdplus_form, tmp_path, monkeypatch):  # noqa: F811
    """Characteristics are read by other people's images; those of the fixture are invented."""
    briefly(monkeypatch)
    options = {"dataset": "hwdplus", "data_dir": hwdplus_form, "output": tmp_path}
    options |= {"progress": False, "repeats": 1}
    result = gp.study("hwdplus", only="writers", **options)
    assert "| handedness | " in page(result) and "| 84 | 86.6 % |" in page(result)
    assert (result.path / "figures" / "writers.png").is_file()
    result = gp.study("hwdplus", only="hand-naive", **options)
    (row,) = [row for row in result.rows if row["what"] == "hand: majority"]
    assert row["test_images"] == 29 * 140 and 0.7 < row["ours"] <= 1


def test_a_plan_names_all_data_that_its_steps_read(hwdplus_form, tmp_path, monkeypatch):  # noqa: F811
    for place in ("TFDS_DATA_DIR", "GANPROFILE_HOME"):
        monkeypatch.setenv(place, str(tmp_path / "nothing"))
    monkeypatch.setenv("GANPROFILE_DATA_DIR", str(hwdplus_form))
    for only, missing in (("id-m2*", ["mnist"]), ("id-lenet-5", [])):
        plan = gp.study("hwdplus", dataset="hwdplus", only=only, output=tmp_path, dry_run=True)
        assert plan["to_download"] == missing
    with pytest.raises(GanprofileError, match="holds no official files of mnist"):
        gp.study("hwdplus", dataset="hwdplus", only="id-m2", data_dir=hwdplus_form, dry_run=True)
    plan = StudyPlan(dataset="hwdplus", progress=False)
    read = {step.name: step.datasets for step in hwdplus.steps(plan)}
    assert read["digit-lenet-5-100"] == ("hwdplus/100",) and read["writers"] == ("hwdplus",)


def test_a_larger_image_is_read(hwdplus_form, monkeypatch, tmp_path):  # noqa: F811
    monkeypatch.setattr(predictors, "PASSES", 0.05)
    plan = StudyPlan(dataset="hwdplus", data_dir=str(hwdplus_form), progress=False)
    room = gp.studies.design.Room(plan, tmp_path, None, 0)
    found = hwdplus.read("hwdplus", "digit", "lenet-5-100", 1.0, room)
    assert found.test_images == 29 * 140 and found.values["accuracy"] > 0.1


def test_what_repeats_say_together():
    """Ten repeats in which one predictor is better by about 2 points, of 30 % test images."""
    random = np.random.default_rng(0)
    naive = [Found({"accuracy": 0.5}, 30, aside={"share": 0.3, "seconds": 1.0})] * 10
    better = [
        Found({"accuracy": 0.52 + x}, 30, aside={"share": 0.3, "seconds": 9.0})
        for x in random.normal(0, 0.002, 10)
    ]
    found = {"id-naive": naive, "id-lenet-5": better, "id-committee": better[:1]}
    rows = resampling.differences(found, hwdplus.TASKS, predictors.PREDICTORS, predictors.NAIVE)
    rows = {row[0]: row for row in rows}
    row = rows["writer: LeNet-5 against majority"]
    assert row[4:] == ["differs", "10"] and row[1].startswith("+2.")
    assert rows["writer: committee of LeNet-5 against majority"][4:] == ["too few repeats", "1"]
    (timed,) = resampling.by_time(found, hwdplus.TASKS)[1:]
    assert timed[0] == "writer" and timed[1].endswith(" % in 9 s") and timed[3] == "-"


def test_digits_of_writers_are_drawn_and_judged(tmp_path, monkeypatch):
    monkeypatch.setattr(drawn_writers, "MINUTES", {True: 0.04})
    monkeypatch.setattr(drawn_writers, "READER_STEPS", {True: 400})
    monkeypatch.setattr(drawn_writers, "PASSES", {True: 5})
    monkeypatch.setattr(drawn_writers, "MEMBERS", {True: 2})
    monkeypatch.setattr(unseen_writers, "SEEN", (5,))
    options = {"quick": True, "output": tmp_path, "progress": False}
    gp.study("hwdplus", only="hands-*", **options)
    result = gp.study("hwdplus", only="unseen-*", **options)
    rows = {row["what"]: row["ours"] for row in result.rows}
    real = rows["writer: real images, by those who read what is drawn"]
    assert rows["digit: real images of writers who were met"] > 0.8 and real > 2 / 20
    for drawer in ("the deep generative model", "the GAN"):
        writer = rows[f"writer: drawn by {drawer}"]
        assert rows[f"writer: {drawer}'s images as often as real ones"] == pytest.approx(
            writer / real
        )
        distance = rows[f"kernel distance of {drawer}'s images to real ones"]
        assert distance > rows["the same of real images among themselves"]
        assert rows[f"{drawer}'s images: copies of one that it learned from"] < 0.1
    assert rows["the same of real images that it has not seen"] < 0.1
    after = "drawn after 5 of a writer's images by a GAN that never met the writer"
    assert rows[f"writer: {after}, as often as real ones"] == pytest.approx(
        rows[f"writer: {after}"] / real
    )
    drawn = next(row for row in result.rows if row["what"] == f"digit: {after}")
    assert drawn["test_images"] == 3 * 10 * 20
    for name in ("hands-vae", "hands-gan"):
        picture = read_png(tmp_path / "figures" / f"{name}.png")
        assert picture.shape[1] > 500 and f"figures/{name}.png" in page(result)
