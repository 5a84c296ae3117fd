"""The prior: what may be used for what, and what the package carries."""

import hashlib
import json
import string
from importlib import resources

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation.prior import CHARACTERS, LETTERS, Prior, packed, prior_for, unpacked
from ganprofile.augmentation.teaching import PRIMED
from ganprofile.classifiers import CLASSIFIERS

WEIGHTS = resources.files("ganprofile.weights")


def card(name):
    return json.loads((WEIGHTS / "priors.json").read_text(encoding="utf-8"))[name]


@pytest.mark.parametrize(
    ("name", "classes", "expected"),
    [
        ("digits", "0123456789", "letters"),
        ("mnist", "0123456789", "letters"),
        ("qmnist", "08", "letters"),
        ("emnist/balanced", "0123456789", "letters"),
        ("emnist", "AB0", None),
        ("emnist/letters", "AB", None),
        ("characters", "AB", None),
        ("chars74k/lowercase", "ab", "characters"),
        ("scans", "0123456789", "characters"),
    ],
)
def test_no_prior_has_seen_the_characters_in_the_hands_that_wrote_them(name, classes, expected):
    images = np.zeros((len(classes), 28, 28, 1), np.uint8)
    labels = np.arange(len(classes))
    prior, why = prior_for(gp.Dataset(images, labels, tuple(classes), name=name))
    assert (prior and prior.name) == expected
    assert why.startswith("Teachers begin" if prior else "No prior")


def test_a_prior_knows_one_form_of_images(tiny):
    large = tiny.images.repeat(2, axis=1).repeat(2, axis=2)
    scans = gp.Dataset(large, tiny.labels, tiny.class_names, name="scans")
    prior, why = prior_for(scans)
    assert prior is None and "scans has 56x56x1 (--image-size 28 --channels 1" in why


@pytest.mark.parametrize("name", [LETTERS, CHARACTERS])
def test_it_is_small_and_its_card_says_what_it_is(name):
    path, told = WEIGHTS / f"prior-{name}.npz", card(name)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == told["sha256"]
    assert told["bytes"] == len(path.read_bytes()) < 3e6
    assert Prior(name).description() == {"name": name, "sha256": told["sha256"]}
    for network in told["networks"].values():
        assert 0.8 < network["held_out_accuracy"] < 1
    assert "EMNIST" in told["source"] and told["licence"]


def test_the_letters_have_met_no_digit():
    digits = set(string.digits)
    assert not set(card(LETTERS)["classes"]) & digits
    assert set(card(LETTERS)["left_out"]) == digits
    assert set(card(CHARACTERS)["classes"]) >= digits and card(CHARACTERS)["left_out"] == []


@pytest.mark.parametrize("name", [LETTERS, CHARACTERS])
def test_it_has_what_its_teachers_begin_with(name):
    for teacher in PRIMED.members:
        body = Prior(name).body(teacher.classifier, teacher.is_upright)
        if teacher.is_primed:
            assert all(array.dtype == np.float32 and np.isfinite(array).all() for array in body)
    upright, plain = (Prior(name).body("embedding", is_upright) for is_upright in (True, False))
    assert [array.shape for array in upright] == [array.shape for array in plain]
    assert not np.array_equal(upright[0], plain[0])
    assert Prior(name).body("mlp") is None


def test_packing_keeps_half_precision():
    numbers = np.random.default_rng(0).normal(0, [1e-6, 1, 1e4], (5, 4, 3)).astype(np.float16)
    for array in (numbers, numbers[0, 0]):
        assert packed(array).dtype == np.uint8 and packed(array).shape == (2, *array.shape)
        np.testing.assert_array_equal(unpacked(packed(array)), array.astype(np.float32))


@pytest.mark.slow
@pytest.mark.parametrize("classifier", ["convnet", "embedding"])
def test_what_it_knows_carries_over(digits, classifier):
    """After a hundred steps on five digits a class, one that begins with letters reads more."""
    few, judged = digits[0].subset(5), digits[1]
    alone, primed = (
        CLASSIFIERS[classifier](10, steps=100).fit(few.images, few.labels, pretrained=body)
        for body in (None, Prior(LETTERS).body(classifier))
    )
    right = [(r.predict(judged.images) == judged.labels).mean() for r in (alone, primed)]
    print(right)
    assert right[1] > right[0] + 0.02
