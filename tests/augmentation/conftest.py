"""Augmented sets to check and to change."""

import shutil

import pytest

from ganprofile.augmentation.generate import generate


@pytest.fixture(scope="session")
def written(short_run, tmp_path_factory):
    """200 real and 100 synthetic images, as npz."""
    output = tmp_path_factory.mktemp("sets") / "more"
    generate(short_run, per_class=30, include_real=True, score=False, output=output, progress=False)
    return output


@pytest.fixture
def more(written, tmp_path):
    """A copy of it to change."""
    return shutil.copytree(written, tmp_path / "more")
