"""The pretrained weights: what may be used for what, and what the package carries."""

import dataclasses
import hashlib
import json
import shutil
import string
from importlib import resources

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.classifiers import CLASSIFIERS
from ganprofile.datasets.formats import FORMATS
from ganprofile.recipes.ensembles import PRETRAINED_TEACHERS
from ganprofile.recipes.pretrained import (
    CHARACTERS,
    LETTERS,
    PretrainedWeights,
    network_name,
    packed,
    packed_body,
    pretrained_for,
    unpacked,
)

WEIGHTS = resources.files("ganprofile.weights")


def card(name):
    return json.loads((WEIGHTS / "pretrained.json").read_text(encoding="utf-8"))[name]


NOT_KNOWN = "come from is not known"


@pytest.mark.parametrize(
    ("origins", "classes", "expected", "said"),
    [
        (["digits"], "0123456789", "letters", "as digits"),
        (["mnist"], "0123456789", "letters", "as mnist"),
        (["qmnist"], "08", "letters", "as qmnist"),
        (["emnist/balanced"], "0123456789", "letters", "as emnist/balanced"),
        (["emnist-digits"], "0123456789", "letters", "as emnist-digits"),
        (["emnist/balanced"], "AB0", None, "as emnist/balanced"),
        (["characters", "unknown"], "AB", None, "as characters"),
        (["chars74k/lowercase"], "ab", "characters", "letters and digits"),
        (["hwdplus"], "0123456789", "characters", "letters and digits"),
        (["sheets"], "0123456789", "characters", "letters and digits"),
        (["hwdplus", "unknown"], "0123456789", "letters", f"these digits {NOT_KNOWN}"),
        (["hwdplus", "mnist"], "0123456789", "letters", "as mnist"),
        (["kmnist"], "おき", "characters", "letters and digits"),
        (["mnist_corrupted"], "0123456789", "letters", "as mnist_corrupted"),
        (["mnist_corrupted/fog"], "0123456789", "letters", "as mnist_corrupted/fog"),
        (None, "0123456789", "letters", f"these digits {NOT_KNOWN}"),
        (None, "AB0", "characters", f"these characters {NOT_KNOWN}"),
    ],
)
def test_what_may_be_begun_with_is_decided_by_where_images_come_from(
    origins, classes, expected, said
):
    images = np.zeros((len(classes), 28, 28, 1), np.uint8)
    marks = {} if origins is None else {"origin": origins}
    for name in ("mnist", "scans") if origins else ("digits", "scans"):
        real = gp.Dataset(images, np.arange(len(images)), classes, name=name, provenance=marks)
        pretrained, why = pretrained_for(real)
        assert (pretrained and pretrained.name) == expected
        assert said in why and ("No pretrained weights" in why) == (expected is None)


@pytest.mark.parametrize(("classes", "expected"), [("01", LETTERS), ("AB", None)])
def test_a_name_counts_where_nothing_else_is_known(classes, expected):
    images = np.zeros((2, 28, 28, 1), np.uint8)
    for name in ("emnist", "my-EMNIST-letters"):
        pretrained, why = pretrained_for(gp.Dataset(images, np.arange(2), classes, name=name))
        assert (
            pretrained and pretrained.name
        ) == expected and f"as {name} (so its name says)" in why


WORDS = ("eight", "five", "four", "nine", "one", "seven", "six", "three", "two", "zero")


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (WORDS, LETTERS),
        (("Three", "Eight"), LETTERS),
        (tuple(f"digit_{k}" for k in range(10)), LETTERS),
        (("class 3", "class 8"), LETTERS),
        (("eight_8", "five_5"), LETTERS),
        (tuple(sorted(map(str, range(1, 11)))), LETTERS),
        (tuple(map(str, range(11))), CHARACTERS),
        (("alif_1", "ba_2"), CHARACTERS),
        (("one", "A"), CHARACTERS),
        (tuple("০১২৩৪৫৬৭৮৯"), CHARACTERS),
    ],
)
def test_digits_are_met_by_letters_whatever_they_are_called(classes, expected):
    count = len(classes)
    images = np.zeros((count, 28, 28, 1), np.uint8)
    real = gp.Dataset(images, np.arange(count), classes, name="scans")
    assert pretrained_for(real)[0].name == expected


OTHERS = (
    "Kannada-MNIST",
    "Kuzushiji_MNIST",
    "afro-mnist/vai",
    "Dig-MNIST",
    "k-mnist",
    "عربي mnist",
    "BanglaMNIST",
)


@pytest.mark.parametrize(
    ("name", "classes"),
    [("KMNIST", "おき"), *((name, "01") for name in OTHERS), ("c-mnist", "零一")],
)
def test_no_other_mnist_is_of_nist(name, classes):
    images = np.zeros((2, 28, 28, 1), np.uint8)
    pretrained, why = pretrained_for(gp.Dataset(images, np.arange(2), classes, name=name))
    assert pretrained.name == (LETTERS if classes == "01" else CHARACTERS)
    assert NOT_KNOWN in why and not pretrained.has_met


@pytest.mark.parametrize("name", ["mnist_train", "MNIST-28x28", "mnist.scale", "my qmnist digits"])
def test_words_that_any_set_may_have_leave_mnist_what_it_is(name):
    images = np.zeros((2, 28, 28, 1), np.uint8)
    pretrained, why = pretrained_for(gp.Dataset(images, np.arange(2), "01", name=name))
    assert f"as {name} (so its name says)" in why and pretrained.has_met


@pytest.mark.parametrize(
    ("origins", "has_met"),
    [
        (["mnist"], True),
        (["emnist-digits", "hwdplus/100"], True),
        (["chars74k", "unknown"], False),
        (["kmnist"], False),
        (["sheets"], False),
        (None, False),
    ],
)
def test_what_a_prior_has_met_is_known_of_latin_datasets_alone(origins, has_met):
    images = np.zeros((2, 28, 28, 1), np.uint8)
    marks = {} if origins is None else {"origin": origins}
    real = gp.Dataset(images, np.arange(2), "01", name="mine", provenance=marks)
    pretrained, why = pretrained_for(real)
    assert pretrained.has_met is has_met and ("trained for longer" in why) is not has_met


@pytest.mark.parametrize("format", FORMATS)
def test_another_name_hides_no_origin(monkeypatch, tmp_path, format):
    """Digits of MNIST's writers, by whatever way they come, are not met by who knows EMNIST's; nor
    are letters of EMNIST by anybody."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    for name, classes, expected in (("digits", "0123456789", LETTERS), ("characters", "AB", None)):
        few = gp.load(name)[0].of_classes(classes).subset(3)
        few.save(tmp_path / name, format)
        gp.import_dataset(tmp_path / name, f"mine-{name}")
        renamed, _ = gp.load(f"mine-{name}")
        packed = shutil.make_archive(tmp_path / f"packed-{name}", "zip", tmp_path / name)
        for mine in (renamed, renamed.select(renamed.labels < 2), gp.load(packed)[0]):
            pretrained, why = pretrained_for(mine)
            assert (pretrained and pretrained.name) == expected and f"forms as {name}" in why


def test_images_of_the_package_are_recognised_where_no_file_says_what_they_are(tmp_path):
    few = gp.load("characters")[0].of_classes("AB").subset(3)
    few.save(tmp_path / "set", "imagefolder")
    folders = sorted(place for place in (tmp_path / "set").iterdir() if place.is_dir())
    for folder, name in zip(folders, "AB", strict=True):
        shutil.copytree(folder, tmp_path / "plain" / name)
    np.savez(tmp_path / "arrays.npz", images=few.images, labels=few.labels, class_names=["A", "B"])
    arrays = gp.Dataset(few.images, few.labels, few.class_names, name="arrays")
    mixed = np.concatenate([few.images, 255 - few.images])
    half = gp.Dataset(mixed, np.r_[few.labels, few.labels], few.class_names, name="half")
    loaded = [gp.load(tmp_path / place)[0] for place in ("plain", "arrays.npz")]
    for real in (*loaded, arrays, half):
        assert pretrained_for(real)[0] is None
    assert (
        pretrained_for(dataclasses.replace(arrays, images=255 - few.images))[0].name == CHARACTERS
    )


def test_what_a_model_draws_comes_from_where_the_model_has_learned(tmp_path):
    drawn = gp.generate("digits-cgan", per_class=2, score=False, output=tmp_path / "drawn")
    for found in (drawn.load(), gp.load(tmp_path / "drawn")[0]):
        assert (
            pretrained_for(found)[0].name == LETTERS
            and "forms as digits" in pretrained_for(found)[1]
        )


def test_a_prior_knows_one_form_of_images(tiny):
    large = tiny.images.repeat(2, axis=1).repeat(2, axis=2)
    scans = gp.Dataset(large, tiny.labels, tiny.class_names, name="scans")
    pretrained, why = pretrained_for(scans)
    assert pretrained is None and "scans has 56x56x1 (`image_size=28` and `channels=1`" in why


@pytest.mark.parametrize("name", [LETTERS, CHARACTERS])
def test_it_is_small_and_its_card_says_what_it_is(name):
    path, arguments = WEIGHTS / f"pretrained-{name}.npz", card(name)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == arguments["sha256"]
    assert arguments["bytes"] == len(path.read_bytes()) < 3e6
    assert PretrainedWeights(name).description() == {"name": name, "sha256": arguments["sha256"]}
    for network in arguments["networks"].values():
        assert 0.8 < network["held_out_accuracy"] < 1
    assert "EMNIST" in arguments["source"] and arguments["licence"]


def test_the_letters_have_met_no_digit():
    digits = set(string.digits)
    assert not set(card(LETTERS)["classes"]) & digits
    assert set(card(LETTERS)["left_out"]) == digits
    assert set(card(CHARACTERS)["classes"]) >= digits and card(CHARACTERS)["left_out"] == []


@pytest.mark.parametrize("name", [LETTERS, CHARACTERS])
def test_it_has_what_its_teachers_begin_with(name):
    for teacher in PRETRAINED_TEACHERS.members:
        body = PretrainedWeights(name).body(teacher.classifier, teacher.is_upright)
        if teacher.is_pretrained:
            assert all(array.dtype == np.float32 and np.isfinite(array).all() for array in body)
    upright, plain = (
        PretrainedWeights(name).body("embedding", is_upright) for is_upright in (True, False)
    )
    assert [array.shape for array in upright] == [array.shape for array in plain]
    assert not np.array_equal(upright[0], plain[0])
    assert PretrainedWeights(name).body("mlp") is None


def test_packing_keeps_half_precision():
    numbers = np.random.default_rng(0).normal(0, [1e-6, 1, 1e4], (5, 4, 3)).astype(np.float16)
    for array in (numbers, numbers[0, 0]):
        assert packed(array).dtype == np.uint8 and packed(array).shape == (2, *array.shape)
        np.testing.assert_array_equal(unpacked(packed(array)), array.astype(np.float32))


def test_a_packed_body_is_read_again(tmp_path, monkeypatch):
    bodies = [[np.full(12, 2.0), np.ones((3, 2))] + 9 * [np.zeros(1)], [np.arange(3.0)]]
    arrays = {}
    for body, is_upright in zip(bodies, (True, False), strict=True):
        arrays |= packed_body(network_name("convnet", is_upright), body)
    np.savez(tmp_path / "weights.npz", **arrays)
    monkeypatch.setattr(PretrainedWeights, "_path", lambda _: tmp_path / "weights.npz")
    for body, is_upright in zip(bodies, (True, False), strict=True):
        read = PretrainedWeights("mine").body("convnet", is_upright)
        assert len(read) == len(body) and all(map(np.array_equal, read, body))


@pytest.mark.slow
@pytest.mark.parametrize("classifier", ["convnet", "embedding"])
def test_what_it_knows_carries_over(digits, classifier):
    """After forty steps on five digits per class, one that begins with letters reads more."""
    few, judged = digits[0].subset(5), digits[1]
    alone, pretrained_names = (
        CLASSIFIERS[classifier](10, steps=40).fit(few.images, few.labels, pretrained=body)
        for body in (None, PretrainedWeights(LETTERS).body(classifier))
    )
    right = [(r.predict(judged.images) == judged.labels).mean() for r in (alone, pretrained_names)]
    print(right)
    assert right[1] > right[0] + 0.02
