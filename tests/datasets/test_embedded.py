import gzip
import hashlib
import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.places import LoadRequest
from ganprofile.datasets.recognition import recognised
from ganprofile.datasets.sources.embedded import EmbeddedSource
from ganprofile.errors import GanprofileError

ROOT = Path(__file__).resolve().parents[2]
COUNTS = {"digits": (10, 500, 100), "characters": (47, 100, 20)}


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_equal_and_as_the_card_says(name):
    classes, train_count, test_count = COUNTS[name]
    train, test = gp.load(name)
    assert train.class_counts().tolist() == [train_count] * classes
    assert test.class_counts().tolist() == [test_count] * classes
    card = EmbeddedSource(name).card()
    assert card["images"] == {"train": len(train), "test": len(test)}
    assert tuple(card["classes"]) == train.class_names == test.class_names
    for key in ("source", "licence", "polarity", "sha256", "citation"):
        assert card[key]


@pytest.mark.parametrize("name", COUNTS)
def test_no_image_stands_in_both_parts_or_twice(name):
    parts = gp.load(name)
    images = [image.tobytes() for part in parts for image in part.images]
    assert len(set(images)) == len(images)


def test_what_is_decoded_once_is_not_changed_by_who_got_it(monkeypatch):
    first, _ = gp.load("digits")
    monkeypatch.setattr("ganprofile.datasets.sources.embedded.open_arrays", None)
    for array in (first.images, first.labels, first.writers):
        array[:] = 0
    again, _ = gp.load("digits")
    assert again.images.any() and again.labels.any() and again.writers.any()
    assert recognised(gp.Dataset(again.images[:3])).provenance == {"origin": ["digits"]}


@pytest.mark.parametrize("name", COUNTS)
def test_ink_is_high(name):
    train, _ = gp.load(name)
    border = np.concatenate([train.images[:, 0].ravel(), train.images[:, :, 0].ravel()])
    assert border.mean() < 5 < train.images[:, 8:20, 8:20].mean()


def test_twenty_training_writers_have_ten_of_every_digit(digits):
    train, test = digits
    table = np.zeros((train.writers.max() + 1, 10), int)
    np.add.at(table, (train.writers, train.labels), 1)
    assert (table.min(axis=1) >= 10).sum() == 20
    assert not set(train.writers) & set(test.writers), "MNIST's test writers are other people"


def test_characters_are_upright():
    """Seen upright an L has its bar at the bottom and a 7 at the top; transposed neither has."""
    train, _ = gp.load("characters")

    def ink(name, rows):
        shown = train.images[train.labels == train.class_names.index(name)]
        return shown[:, rows].mean()

    top, bottom = slice(3, 9), slice(19, 25)
    assert ink("L", bottom) > 1.5 * ink("L", top)
    assert ink("7", top) > 1.5 * ink("7", bottom)


def test_a_damaged_file_is_refused(tmp_path, monkeypatch):
    source = EmbeddedSource("digits")
    card = {**source.card(), "sha256": "0" * 64}
    monkeypatch.setattr(source, "card", lambda: card)
    with pytest.raises(GanprofileError, match=r"digits\.npz is damaged.*Install again"):
        source.load(LoadRequest())


@pytest.mark.slow
def test_the_tool_draws_the_same_arrays_from_the_official_files(test_data, tmp_path):
    """The committed files come from the committed tool, and its images from the right split."""
    for folder in ("tools", "ganprofile/datasets/cards", "ganprofile/datasets/embedded"):
        (tmp_path / folder).mkdir(parents=True)
    tool = tmp_path / "tools" / "make_embedded_data.py"
    tool.write_bytes((ROOT / "tools" / "make_embedded_data.py").read_bytes())
    places = [f"--{name}={test_data / name}" for name in ("mnist", "qmnist", "emnist")]
    subprocess.run([sys.executable, tool, *places], check=True, capture_output=True)
    carried = resources.files("ganprofile.datasets") / "embedded"
    for name in COUNTS:
        made = np.load(tmp_path / "ganprofile/datasets/embedded" / f"{name}.npz")
        ours = np.load(carried / f"{name}.npz")
        assert set(made) == set(ours)
        assert all(np.array_equal(made[key], ours[key]) for key in made)


def test_test_digits_come_from_the_test_split(test_data, digits):
    content = gzip.decompress((test_data / "mnist" / "t10k-images-idx3-ubyte.gz").read_bytes())
    official = np.frombuffer(content, np.uint8, offset=16).reshape(-1, 784)
    known = {hashlib.sha256(image).digest() for image in official}
    mine = {hashlib.sha256(image.tobytes()).digest() for image in digits[1].images}
    theirs = {hashlib.sha256(image.tobytes()).digest() for image in digits[0].images}
    assert mine <= known and not theirs & known
