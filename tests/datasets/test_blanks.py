"""Images that show nothing are said, and nothing is learned from them."""

import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.blanks import are_blank, without_blanks
from ganprofile.datasets.recipe import from_recipe


@pytest.fixture
def dirty(digits):
    """Three of each class, of which the first of the first class is paper."""
    some = digits[0].subset(3, seed=0)
    images = some.images.copy()
    images[np.flatnonzero(some.labels == 0)[0]] = 3
    return dataclasses.replace(some, images=images, recipe=None, name="dirty")


def test_blank_images_are_counted_and_one_is_named(dirty, capsys):
    assert are_blank(dirty.images).sum() == 1
    clean = without_blanks(dirty)
    assert len(clean) == 29 and not are_blank(clean.images).any()
    row = int(np.flatnonzero(are_blank(dirty.images))[0])
    said = capsys.readouterr().err
    assert f"dirty: 1 image without ink, such as train image {row} (class '0'), left out" in said
    assert without_blanks(clean) is clean and capsys.readouterr().err == ""


def test_a_class_that_is_to_show_nothing_stays(digits, capsys):
    some = digits[0].subset(3, seed=0).of_classes("01")
    images = some.images.copy()
    images[some.labels == 1] = 0
    spaces = dataclasses.replace(some, images=images, class_names=("0", " "), recipe=None)
    assert without_blanks(spaces) is spaces and capsys.readouterr().err == ""


def test_unlabelled_ones_are_left_out_and_none_that_shows_something_is_refused():
    images = np.zeros((4, 28, 28, 1), np.uint8)
    images[2:, 5:20, 9:12] = 255
    assert len(without_blanks(gp.Dataset(images))) == 2
    with pytest.raises(gp.UsageError, match="None of the 2 images of .* shows anything"):
        without_blanks(gp.Dataset(images[:2]))


def test_nothing_is_learned_of_blank_images_alone(tmp_path, capsys):
    """Labels do not make spaces of all."""
    blank = np.zeros((20, 28, 28), np.uint8), np.arange(20) % 2
    for make in (lambda: gp.train(blank, "cgan", epochs=1), lambda: gp.augment(blank)):
        with pytest.raises(gp.UsageError, match="None of the 20 images of .* of nearly one shade"):
            make()
    gp.load(blank)
    assert "20 of 20 images show nothing" in capsys.readouterr().err


def test_nothing_is_learned_or_made_of_them(dirty, digits, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    dirty.save("dirty")
    plan = gp.augment("dirty", dry_run=True)
    assert "1 image without ink" in capsys.readouterr().err and plan
    assert gp.label(digits[1], by="dirty", dry_run=True)["labelled"] == 29
    assert gp.label(dirty, by=digits[1], dry_run=True)["unlabelled"] == 29
    reader = gp.train_reader("dirty", "k-nn", progress=False)
    assert reader.info["images"] == 29
    loaded = without_blanks(gp.load("dirty")[0])
    assert from_recipe(loaded.recipe).fingerprint == loaded.fingerprint


def test_tinted_paper_alone_shows_nothing(digits):
    few = digits[0].subset(4)
    paper = np.array([5, 15, 35], np.uint8)  # cream, inverted
    images = np.maximum(np.repeat(few.images, 3, axis=-1), paper)
    images[:3] = paper
    assert np.flatnonzero(are_blank(images)).tolist() == [0, 1, 2]
