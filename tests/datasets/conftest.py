"""Fixtures with data that several test files read."""

import importlib.util
import shutil
import tarfile
from pathlib import Path

import pytest
from PIL import Image

from ganprofile.datasets.loaders import chars74k_files

TOOL = Path(__file__).parents[2] / "tools" / "make_hwdplus_fixture.py"


@pytest.fixture(scope="session")
def chars74k_archive(test_data):
    """The official archive."""
    path = test_data / "chars74k" / "EnglishHnd" / "EnglishHnd.tgz"
    if not path.is_file():
        pytest.skip(f"{path} is missing")
    return path


@pytest.fixture(scope="session")
def chars74k_folder(chars74k_archive, tmp_path_factory):
    """The folder that the archive unpacks to."""
    folder = tmp_path_factory.mktemp("chars74k")
    with tarfile.open(chars74k_archive) as tar:
        # Python 3.11.3 and older know no filters.
        safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        tar.extractall(folder, **safely)
    return folder


@pytest.fixture(scope="session")
def hwdplus_form(test_data, tmp_path_factory):
    """A folder in the form of HWD+ at 28 and 100 pixels. The content is not HWD+'s."""
    specification = importlib.util.spec_from_file_location("make_hwdplus_fixture", TOOL)
    tool = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(tool)
    folder = tmp_path_factory.mktemp("hwdplus")
    tool.make_fixture(test_data / "mnist", test_data / "qmnist", folder)
    assert "NOT HWD+" in (folder / "NOT_HWDPLUS.txt").read_text()
    return folder


def of_two_writers(folder):
    """The pictures by two writers below a folder, each with its path there."""
    return [(path, path.relative_to(folder)) for path in folder.rglob("img*-00[12].png")]


@pytest.fixture(scope="session")
def shrunk_pictures(chars74k_folder, tmp_path_factory):
    """All classes by two writers, a quarter as wide and high: most of the time is for decoding."""
    folder = tmp_path_factory.mktemp("shrunk")
    for path, place in of_two_writers(chars74k_folder):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        with Image.open(path) as picture:
            picture.reduce(4).save(folder / place)
    return folder


@pytest.fixture
def two_writers(shrunk_pictures, tmp_path, monkeypatch):
    """The same, which is all that there are for once."""
    monkeypatch.setattr(chars74k_files, "WRITERS", (1, 2))
    return shutil.copytree(shrunk_pictures, tmp_path / "manual")


@pytest.fixture
def two_writers_pictures(chars74k_folder, tmp_path, monkeypatch):
    """The same as large as they are."""
    monkeypatch.setattr(chars74k_files, "WRITERS", (1, 2))
    for path, place in of_two_writers(chars74k_folder):
        (tmp_path / "manual" / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / "manual" / place)
    return tmp_path / "manual"


@pytest.fixture(scope="session")
def tfds():
    """TensorFlow Datasets, with our builders registered."""
    import tensorflow_datasets

    import ganprofile.datasets.tfds_builders  # noqa: F401 (registers them)

    return tensorflow_datasets
