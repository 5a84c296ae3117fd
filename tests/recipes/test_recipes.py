"""What is said of a recipe before it is followed."""

import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.recipes.recipes import recipe_for

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


def test_ink_at_the_edge_is_said(few, filled):
    assert EDGE in recipe_for(filled).why
    assert "edge" not in recipe_for(few).why and recipe_for(few).why.endswith(".")


def test_an_over_sampler_says_it_too(filled, capsys):
    pytest.importorskip("imblearn")
    rare = np.flatnonzero(filled.labels < 2)[1:]
    X, y = filled.images[rare].reshape(len(rare), -1), filled.labels[rare]
    gp.HandwritingOverSampler(random_state=0).fit_resample(X, y)
    assert f"HandwritingOverSampler: {EDGE}" in capsys.readouterr().err
