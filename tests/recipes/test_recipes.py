"""What is said of a recipe before it is followed."""

import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.sources import DATASETS
from ganprofile.recipes.recipes import known_gains, recipe_for

EDGE = "Ink touches the edge of 100% of the images"


@pytest.fixture(scope="module")
def few(digits):
    return digits[0].subset(3)


@pytest.fixture(scope="module")
def filled(few):
    """The same images with ink all along one side."""
    images = few.images.copy()
    images[:, -1] = 255
    return dataclasses.replace(few, images=images)


def test_data_of_which_a_gain_is_said_are_called_as_the_user_can_ask_for_them():
    said = {(gain.data, gain.per_class): gain.sentence() for gain in known_gains()}
    for size in (15, 40):
        beginning = f"chars74k, sizes kept, with {size} images per class: "
        assert said["chars74k-sizes", size].startswith(beginning)
    assert {text.split(" ")[0].rstrip(",") for text in said.values()} <= {*DATASETS}


def test_ink_at_the_edge_is_said(few, filled):
    assert EDGE in recipe_for(filled).why
    assert "edge" not in recipe_for(few).why and recipe_for(few).why.endswith(".")


def test_an_over_sampler_says_it_too(filled, capsys):
    pytest.importorskip("imblearn")
    rare = np.flatnonzero(filled.labels < 2)[1:]
    X, y = filled.images[rare].reshape(len(rare), -1), filled.labels[rare]
    gp.HandwritingOverSampler(random_state=0).fit_resample(X, y)
    assert f"HandwritingOverSampler: {EDGE}" in capsys.readouterr().err


def test_classes_of_one_image_are_spoken_of(digits):
    """One says nothing of how others differ: pairwise deformations need two."""
    train_set = digits[0]
    one, two = train_set.subset(1), train_set.subset(2)
    assert "Every class has one image" in recipe_for(one).why
    assert "one image" not in recipe_for(two).why
    first = np.flatnonzero(two.labels == 0)[0]
    mixed = two.select((two.labels != 0) | (np.arange(len(two)) == first))
    assert "1 of its classes has one image" in recipe_for(mixed).why


def test_of_very_unequal_classes_it_is_said_from_how_few_to_how_many(digits):
    some = digits[0].subset(12)
    rare = np.flatnonzero(some.labels == 0)[2:]
    why = recipe_for(some.select(np.setdiff1d(np.arange(len(some)), rare))).why
    assert "about 12 images per class (2 to 12). What helped" in why
    assert "about 12 images per class. What helped" in recipe_for(some).why


def test_copies_of_images_show_nothing_new(digits):
    one = digits[0].subset(1)
    why = recipe_for(one.select(np.repeat(np.arange(len(one)), 20))).why
    assert "about 1 image per class" in why and "Every class has one image" in why
    assert f"Not counted: {19 * len(one)} images that stood before in the same class." in why


def test_what_holds_of_large_classes_is_not_said_of_small_ones(digits):
    some = digits[0].subset(120)
    rare = np.flatnonzero(some.labels == 0)[3:]
    why = recipe_for(some.select(np.setdiff1d(np.arange(len(some)), rare))).why
    assert "does not hold of '0', with fewer than 100 images (from 3)" in why
    assert "does not hold" not in recipe_for(some).why


def test_images_that_nobody_tried_are_said_to_be_so():
    pixels = np.random.default_rng(0).integers(0, 255, (6, 30, 300, 1)).astype(np.uint8)
    why = recipe_for(gp.Dataset.from_arrays(pixels, [0, 1] * 3)).why
    assert "Its images of 300x30 are larger than 128 pixels" in why
    assert "`image_size=28`" not in why  # which would crush words
