"""A dry run says how long a set takes, as fast as the last one on this machine."""

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

COMMAND = ("augment", "digits", "--subset", "5", "--dry-run")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_time_goes_by_speed_steps_and_images(home, digits, in_process):
    few = digits[0].subset(5)
    assert "about_seconds" not in gp.augment(few, total=1000, dry_run=True)
    timing._remember(few.image_shape, 100.0, 2)
    one, two = (gp.augment(few, total=n, dry_run=True)["about_seconds"] for n in (32_000, 64_000))
    teachers = ENSEMBLES[gp.augment(few, dry_run=True)["recipe"]].step_costs
    costs = timing.LABELLING * sum(teachers) + timing.WRITING
    assert two - one == pytest.approx(1000 * costs / 100, abs=2)
    timing._remember(few.image_shape, 50.0, 2)
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


def test_the_speed_is_measured_where_all_processes_work(home, digits, tmp_path, monkeypatch):
    """A second in which one of two still compiles, or one finds its teacher kept, says nothing."""
    clock, said = [0.0], []
    monkeypatch.setattr(timing.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(timing, "say", said.append)
    training = TeacherTraining(digits[0].subset(5), 0, tmp_path, WARPED, steps=1000)
    pieces = SetPieces(training, np.zeros(3200, int))
    deep, upright = (training.ensemble.step_costs[k] for k in (0, 1))
    with timing.TeacherProgress(pieces, 2, True) as progress:

        def after_a_second(**steps):
            for name, count in steps.items():
                pieces.steps_file(int(name[1:])).write_text(str(count))
            clock[0] += 1
            progress.tick()

        after_a_second(_0=10)
        after_a_second(_0=20)
        after_a_second(_0=30, _1=10)
        assert not said
        progress.finished(2)
        assert not said
        after_a_second(_0=40, _1=30)
    rate = 10 * deep + 20 * upright
    assert read_json(tmp_path / timing.RATE)["convnet_steps_per_second"] == pytest.approx(rate)
    seconds = timing.set_seconds(pieces, rate, 2, [40, 30, 1000, 0])
    assert said == [f"The set is estimated to take {console.clock(seconds)} from now."]
