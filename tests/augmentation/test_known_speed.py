"""A dry run says how long a set takes, as fast as the last one on this machine."""

import os

import numpy as np
import pytest

import ganprofile as gp
from ganprofile import console
from ganprofile.augmentation import timing
from ganprofile.augmentation.pieces import SetPieces
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.ensembles import WARPED
from ganprofile.recipes.recipes import ENSEMBLES
from ganprofile.storage.files import read_json
from ganprofile.storage.remembered import remember

COMMAND = ("augment", "digits", "--subset", "5", "--dry-run")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_time_goes_by_speed_steps_and_images(home, digits, in_process):
    few = digits[0].subset(5)
    assert "about_seconds" not in gp.augment(few, total=1000, dry_run=True)
    remember(timing.SPEEDS, "28x28x1", [100.0, 2])
    one, two = (gp.augment(few, total=n, dry_run=True)["about_seconds"] for n in (32_000, 64_000))
    teachers = ENSEMBLES[gp.augment(few, dry_run=True)["recipe"]].step_costs
    costs = timing.LABELLING * sum(teachers) + timing.WRITING
    assert two - one == pytest.approx(1000 * costs / 100, abs=2)
    remember(timing.SPEEDS, "28x28x1", [50.0, 2])
    assert gp.augment(few, total=32_000, dry_run=True)["about_seconds"] == pytest.approx(
        2 * one, abs=2
    )
    code, out, _ = in_process(*COMMAND)
    assert code == 0 and "Time: about " in out


@pytest.mark.parametrize("content", ["", "[]", '{"28x28x1": "fast"}', '{"28x28x1": [0, 2]}'])
def test_a_damaged_note_is_none(home, in_process, content):
    home.mkdir()
    (home / timing.SPEEDS).write_text(content)
    code, out, _ = in_process(*COMMAND)
    assert code == 0 and "said once work has begun" in out


@pytest.mark.parametrize(("of_set", "what"), [(True, "The set"), (False, "Training the teachers")])
def test_the_speed_is_measured_where_all_processes_work(
    home, digits, tmp_path, monkeypatch, capsys, of_set, what
):
    """Each by the times of its own notes: many steps lie between two of them."""
    said = []
    monkeypatch.setattr(console, "SECONDS_BETWEEN_LINES", 0)
    monkeypatch.setattr(timing, "say", said.append)
    training = TeacherTraining(digits[0].subset(4), 0, tmp_path, WARPED, steps=1000)
    pieces = SetPieces(training, np.zeros(3200, int))
    deep, upright = (training.ensemble.step_costs[k] for k in (0, 1))
    with timing.TeacherProgress(pieces, 2, True, of_set) as progress:

        def noted(number, steps, when):
            path = pieces.steps_file(number)
            path.write_text(str(steps))
            os.utime(path, (when, when))
            progress.tick()

        noted(0, 60, 100.0)
        noted(0, 120, 112.0)
        assert not said  # the other still compiles
        progress.finished(2)  # which was kept
        noted(1, 60, 113.0)
        noted(1, 90, 113.5)
        assert not said  # half a second is too short
        noted(1, 120, 115.0)
    rate = 5 * deep + 30 * upright
    assert read_json(tmp_path / timing.RATE)["convnet_steps_per_second"] == pytest.approx(rate)
    seconds = timing.set_seconds(training, 3200 * of_set, rate, 2, [120, 120, 1000, 0])
    assert said == [f"{what} is estimated to take {console.clock(seconds)} from now."]
    *before, last = capsys.readouterr().err.splitlines()
    assert before and not any("left" in line for line in before)
    left = timing.set_seconds(training, 0, rate, 2, [120, 120, 1000, 0])
    assert last == f"1,240/4,000 steps  {console.clock(left)} left"


def test_the_last_teacher_is_as_fast_as_a_process_is(home, digits, tmp_path, capsys):
    training = TeacherTraining(digits[0].subset(4), 0, tmp_path, WARPED, steps=1000)
    pieces = SetPieces(training, np.arange(0))
    with timing.TeacherProgress(pieces, 4, True) as progress:
        for kept in (0, 1, 2):
            progress.finished(kept)
        for steps, when in ((100, 50.0), (200, 60.0)):
            pieces.steps_file(3).write_text(str(steps))
            os.utime(pieces.steps_file(3), (when, when))
            progress.tick()
    first, *_, estimate = capsys.readouterr().err.splitlines()
    assert first == "1,000/4,000 steps", "nothing tells the time of those that were kept"
    assert estimate == "Training the teachers is estimated to take 1:20 from now."
