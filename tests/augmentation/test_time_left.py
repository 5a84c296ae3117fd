"""The time that is left goes by what is made in this sitting, not by what an earlier one kept."""

import types

import numpy as np
import pytest

from ganprofile.augmentation import deformed_set, expected
from ganprofile.augmentation.deformed_set import BlockLabels
from ganprofile.augmentation.pieces import BLOCK, SetPieces
from ganprofile.parallel.executors import SerialExecutor
from ganprofile.parallel.sharing import HERE
from ganprofile.recipes.deformation import register_part
from ganprofile.recipes.distillation import TeacherTraining


@pytest.fixture
def set_pieces(digits, tmp_path, monkeypatch):
    """Of a set of three blocks, whose every line is said."""
    monkeypatch.setattr("ganprofile.console.SECONDS_BETWEEN_LINES", 0)
    training = TeacherTraining(digits[0].subset(4), 0, tmp_path, steps=2)
    return SetPieces(training, np.arange(3 * BLOCK) % 40, 2)


def test_of_blocks(set_pieces, monkeypatch, capsys):
    real = set_pieces.plan.real
    monkeypatch.setattr(
        deformed_set, "drawn", lambda *_: (real.images[:1], np.ones((BLOCK, 10), np.float32))
    )
    kept, job = BlockLabels(set_pieces), types.SimpleNamespace(real=real, progress=True, seed=0)
    kept.keep(0, np.ones((BLOCK, 10), np.float32))
    writer = types.SimpleNamespace(add=lambda *_, **__: None)
    deformed_set._write_blocks(job, set_pieces, writer, SerialExecutor(set_pieces))
    first, *others = capsys.readouterr().err.splitlines()
    assert first == "500/1,500 images"
    assert len(others) == 2 and all("left" in line for line in others)


def test_of_readings(set_pieces, monkeypatch, capsys):
    folds = set_pieces.training.folds

    def read(_, fold, arm):
        yield fold, arm, np.ones(np.sum(folds == fold), bool)

    monkeypatch.setattr(expected, "read_fold", read)
    for arm in ("deformed", expected.AGAINST):
        expected._reading(set_pieces, 0, arm).touch()
    expected.found(set_pieces, "deformed", HERE, progress=True)
    lines = [line for line in capsys.readouterr().err.splitlines() if " on fold " in line]
    assert ["left" in line for line in lines] == [False] * 2 + [True] * (len(lines) - 2)


def test_of_registered_parts(set_pieces):
    registered = set_pieces.plan.registered(False)
    assert [register_part(*registered, 0) for _ in range(2)] == [False, True]
