"""Augmented sets to check and to change."""

import shutil

import pytest

from ganprofile import classifiers
from ganprofile.augmentation.augment import augment
from ganprofile.metrics import copies
from tests.augmentation.planted import NearestNeighbour, Planted


@pytest.fixture
def fast_classifier(monkeypatch):
    """Nearest neighbours in the place of networks."""
    monkeypatch.setattr(classifiers, "CnnClassifier", NearestNeighbour)


@pytest.fixture
def planted(digits, short_run, monkeypatch, fast_classifier):
    """Every run draws known images, trained on those of `short_run`; a classifier that is fast."""
    monkeypatch.setattr(copies, "PLANTED", 100)
    return Planted(digits[0], short_run.dataset()).plant(monkeypatch)


@pytest.fixture(scope="session")
def written(short_run, tmp_path_factory):
    """200 real and 100 synthetic images, as npz."""
    output = tmp_path_factory.mktemp("sets") / "more"
    augment(short_run, per_class=30, include_real=True, score=False, output=output, progress=False)
    return output


@pytest.fixture
def more(written, tmp_path):
    """A copy of it to change."""
    return shutil.copytree(written, tmp_path / "more")
