"""A clock that jumps back, as one does that is set right, while something goes on."""

import datetime
import time

import pytest

import ganprofile as gp

JUMP = 2 * 86_400.0  # seconds
FIRST_READINGS = 3


class Clock:
    """Goes two days back after some readings of it."""

    def __init__(self):
        self.readings, self.true = 0, time.time

    def time(self):
        self.readings += 1
        return self.true() - JUMP * (self.readings > FIRST_READINGS)

    def time_ns(self):
        return int(self.time() * 1e9)


class Date(datetime.date):
    """The calendar of such a clock."""

    clock = None

    @classmethod
    def today(cls):
        return cls.fromtimestamp(cls.clock.time())


@pytest.fixture
def jumping(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)
    monkeypatch.setattr(time, "time_ns", clock.time_ns)
    monkeypatch.setattr(Date, "clock", clock)
    monkeypatch.setattr(datetime, "date", Date)
    return clock


@pytest.mark.slow
def test_training_going_on_and_drawing_survive_it(tiny, tmp_path, jumping):
    options = {"output": tmp_path / "runs", "progress": False, "tensorboard": True}
    run = gp.train(tiny, "cgan", epochs=2, **options)
    longer = gp.resume(run.path, epochs=3, progress=False, tensorboard=True)
    assert jumping.readings > FIRST_READINGS, "it jumped"
    assert longer.history["epoch"].tolist() == [1, 2, 3]
    assert (longer.history["seconds"] > 0).all()
    another = gp.train(tiny, "cgan", epochs=1, **options)
    assert another.path != run.path
    assert {one.path for one in gp.list_runs(tmp_path / "runs")} == {run.path, another.path}
    made = gp.generate(
        another, total=20, filter="none", score=False, output=tmp_path / "more", progress=False
    )
    assert len(made.load()) == 20
    assert not gp.verify(made.path).problems


def test_an_import_survives_it(tiny, tmp_path, jumping):
    tiny.save(tmp_path / "mine", "imagefolder")
    jumping.readings = FIRST_READINGS
    gp.import_dataset(tmp_path / "mine", "before-the-clock-was-set")
    assert len(gp.load("before-the-clock-was-set")[0]) == len(tiny)
