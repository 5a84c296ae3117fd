import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.benchmarking.arms import Arm
from ganprofile.recipes import sizes
from ganprofile.recipes.deformation import PAIRWISE
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.ensembles import (
    DEEP_TEACHERS,
    PRETRAINED_TEACHERS,
    WARPED,
)
from ganprofile.recipes.recipes import recipe_for
from ganprofile.recipes.sizes import SizeTest
from ganprofile.transforms.deformation import find_deformations
from ganprofile.transforms.deformation.moments import moments
from ganprofile.transforms.strengths import WEAKEST
from tests.transforms.deformation.test_moments import moved

CHANGES = {
    "size": {"width": lambda v: 0.5 * v, "height": lambda v: 0.5 * v},
    "place": {"y": lambda v: v + 3},
    "slant": {"slant": lambda v: v + 0.3},
}
NAMES = ("0", "1", "4")


def changed(images, habit):
    """Images of which one thing is another; all are resampled, which blurs them alike."""
    found = moments(images)
    ways = {"x": lambda v: v + 0.5, **CHANGES.get(habit, {})}
    return moved(images, **{name: way(getattr(found, name)) for name, way in ways.items()})


def doubled(digits, habit, count=24, seed=3):
    """Half of some digits are of a class of their own, which only that tells."""
    some = digits.of_classes(NAMES).subset(count, seed=seed)
    images, labels = changed(some.images, None), some.labels.copy()
    other = np.arange(len(labels)) % 2 == 1
    images[other] = changed(some.images[other], habit)
    labels[other] += len(NAMES)
    return images, labels


def test_it_is_noticed_where_size_alone_tells(digits):
    images, labels = doubled(digits[0], "size")
    assert SizeTest.of(images, 7 * labels).tells  # whatever the numbers of the classes
    larger = np.repeat(images.repeat(2, axis=1).repeat(2, axis=2), 3, axis=3)
    assert SizeTest.of(larger[:, :, 2:-2], labels).tells
    for other in ("place", "slant"):
        assert not SizeTest.of(*doubled(digits[0], other, count=40, seed=4)).tells


@pytest.mark.parametrize("name", ["digits", "characters"])
@pytest.mark.parametrize("count", [5, 15])
def test_it_is_not_where_size_is_the_writers(name, count):
    few = gp.load(name)[0].subset(count, seed=1)
    assert not SizeTest.of(few.images, few.labels).tells


def test_classes_of_too_few_images_are_not_asked(digits):
    images, labels = doubled(digits[0], "size", count=4)
    assert SizeTest.of(images, labels) == SizeTest()
    images, labels = doubled(digits[0], "size")
    assert SizeTest.of(images[labels == 0], labels[labels == 0]) == SizeTest()


def test_a_class_of_too_few_images_changes_nothing(digits):
    images, labels = doubled(digits[0], "size")
    few = np.r_[labels, np.full(4, 9)]
    assert SizeTest.of(np.concatenate([images, images[:4]]), few) == SizeTest.of(images, labels)


def test_of_very_many_images_some_of_each_class_are_asked(digits, monkeypatch):
    images, labels = doubled(digits[0], "size", count=40)
    monkeypatch.setattr(sizes, "MOST", 6 * 15)
    assert SizeTest.of(images, labels).tells
    asked = []
    monkeypatch.setattr(sizes, "embedded", lambda some: asked.append(len(some)) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        SizeTest.of(images, labels)
    assert asked == [6 * 15]
    rare = np.r_[labels, np.full(5, 9)]  # of which fewer are left than can be asked
    with pytest.raises(ZeroDivisionError):
        SizeTest.of(np.concatenate([images, images[:5]]), rare)
    assert asked[1] < 6 * 15


def test_images_are_asked_once(digits, tmp_path, monkeypatch):
    images, labels = doubled(digits[0], "size")
    found = SizeTest.kept(images, labels, tmp_path)
    assert found.tells and found == SizeTest.of(images, labels)
    monkeypatch.setattr(sizes, "embedded", None)
    assert SizeTest.kept(images, labels, tmp_path) == found
    with pytest.raises(TypeError):  # others are asked anew
        SizeTest.kept(images, labels[::-1], tmp_path)


def test_images_and_teachers_keep_the_size_that_tells(digits, tmp_path):
    few = digits[0].subset(6)
    for usual in (WARPED, PRETRAINED_TEACHERS, DEEP_TEACHERS):
        assert usual.suited_to(few.images, few.labels, tmp_path) == usual
    images, labels = doubled(digits[0], "size")
    for usual in (WARPED, PRETRAINED_TEACHERS, DEEP_TEACHERS):
        suited = usual.suited_to(images, labels, tmp_path)
        for seeing, before in zip(suited.members, usual.members, strict=True):
            assert seeing == dataclasses.replace(before, is_upright=False)
        weakest = WEAKEST if usual.deformation.is_pairwise else 1.0
        kept = {"keeps_size": True, "weakest": weakest}
        assert suited.deformation == dataclasses.replace(usual.deformation, **kept)
        assert suited.is_cross_fitted
        assert suited.description() != usual.description()


@pytest.mark.parametrize("size", [None, 35.0])
def test_sizes_that_cannot_be_asked_are_kept_where_that_was_asked_for(digits, tmp_path, size):
    provenance, is_asked = ({}, False) if size is None else ({"keep_size": size}, True)
    few, enough = (dataclasses.replace(digits[0].subset(n), provenance=provenance) for n in (4, 5))
    kept = TeacherTraining(few, 0, tmp_path, WARPED).suited().ensemble
    assert kept.deformation.keeps_size == is_asked
    assert any(member.is_upright for member in kept.members) != is_asked
    arm = Arm(deformation=lambda made, seed, folder: made)
    assert arm(few, 0, tmp_path).keep_size == is_asked, "of a benchmark's arms, too"
    why = recipe_for(few).why
    assert "cannot be found out of its classes, which have fewer than 5 images: all" in why
    assert ("since you asked for it" in why) == is_asked
    assert ('load scans with `keep_size="auto"`' in why) != is_asked
    found = TeacherTraining(enough, 0, tmp_path, WARPED).suited().ensemble
    assert "cannot be found out" not in recipe_for(enough).why and found == WARPED


def test_deformed_images_keep_their_size(digits, tmp_path):
    images, labels = doubled(digits[0], "size")
    chosen = np.arange(len(images)).repeat(4)
    real = np.log(moments(images).height * moments(images).width)[chosen]
    found, spread = find_deformations(images, labels), []
    for way in (PAIRWISE.suited_to(images, labels, tmp_path), PAIRWISE):
        drawn = moments(way.augmenter_with(images, found).deform(chosen, 0))
        spread.append(np.std(np.log(drawn.height * drawn.width) - real))
    assert spread[0] < 0.75 * spread[1]


def test_of_very_many_classes_some_are_asked(digits, monkeypatch):
    monkeypatch.setattr(sizes, "MOST", 20)  # 4 classes of 5 images
    asked = []
    monkeypatch.setattr(sizes, "embedded", lambda images: asked.append(images) or images)
    monkeypatch.setattr(sizes, "_by_other_folds", lambda fitted, known, labels: np.eye(4)[labels])
    some = digits[0].subset(10)
    SizeTest.of(some.images, some.labels)
    assert [len(images) for images in asked] == [40]
