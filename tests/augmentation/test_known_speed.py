"""A dry run says how long a set takes, as fast as the last one on this machine."""

import pytest

import ganprofile as gp
from ganprofile.augmentation import timing
from ganprofile.recipes.recipes import ENSEMBLES

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
