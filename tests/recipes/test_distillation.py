import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.recipes.deformation import CLASSIC
from ganprofile.recipes.distillation import Distillation, TeacherTraining
from ganprofile.recipes.ensembles import DEEP_TEACHERS, PRETRAINED_TEACHERS, WARPED
from ganprofile.recipes.pretrained import CHARACTERS, PretrainedWeights
from tests.planted import plant_one_layer


@pytest.mark.slow
def test_teachers_say_how_far_they_are(tiny, tmp_path, capsys, monkeypatch):
    plant_one_layer(monkeypatch)
    TeacherTraining(tiny, 0, tmp_path, steps=2).trained(progress=True)
    *_, last = capsys.readouterr().err.splitlines()
    assert last.startswith(f"{2 * len(WARPED.members)}/8 steps") and last.endswith("0:00 left")
    TeacherTraining(tiny, 0, tmp_path, steps=2).trained()  # those are kept
    assert capsys.readouterr().err == ""


@pytest.mark.slow
def test_teachers_read_large_images_as_small_ones(digits, tmp_path, monkeypatch):
    """They see the same, learn the same, and know an image in either size."""
    plant_one_layer(monkeypatch)
    small = digits[0].subset(4)
    images = small.images.repeat(2, axis=1).repeat(2, axis=2)
    large = gp.Dataset(images, small.labels, class_names=small.class_names, name="large")
    shown = WARPED.members[:2]  # one of each view, in which two folds are left out
    ensemble = dataclasses.replace(WARPED, members=shown)
    said = []
    for name, data in (("small", small), ("large", large)):
        folder = tmp_path / name
        folder.mkdir()
        training = TeacherTraining(data, 0, folder, ensemble, steps=3)
        teachers = training.trained()
        assert {c.network.input_shape[1:] for c in teachers.classifiers} == {(28, 28, 1)}
        said.append(teachers.predict_proba(data.images))
        deformed = training.augmenter.deform(np.arange(5), 1)
        assert deformed.shape == (5, *data.image_shape)
    np.testing.assert_array_equal(*said)


def test_more_images_of_each_class_are_learned_from_for_longer():
    """With 50 of each of ten digits 200 steps are 13 epochs, after which teachers read less than
    the classifier that they are to teach.
    """
    steps = PRETRAINED_TEACHERS.steps_for
    assert steps(10, 10) == steps(10, 16) == [200, 200, 500, 500]
    assert steps(10, 32) == [400, 400, 1000, 1000]
    assert steps(62, 15) == [1200, 1200, 3000, 3000]
    assert steps(62, 99) == [2400, 2400, 6000, 6000], "twice as long at most"
    assert steps(10, 50, 7) == [7, 7, 7, 7], "as many as were asked for"
    assert WARPED.steps_for(10, 10) == [1000] * 4 and WARPED.steps_for(10, 50) == [2000] * 4
    assert DEEP_TEACHERS.steps_for(10, 100) == DEEP_TEACHERS.steps_for(10, 1000)


def test_very_many_classes_are_learned_for_longer():
    """With 242 of them teachers of 1,200 and 3,000 steps read less than the classifier."""
    for ensemble in (PRETRAINED_TEACHERS, WARPED, DEEP_TEACHERS):
        many = ensemble.steps_for(62, 10)
        assert ensemble.steps_for(61, 10) <= many
        assert ensemble.steps_for(4 * 62, 10) == [2 * steps for steps in many]


def test_a_script_that_the_prior_has_not_met_is_learned_for_longer_and_as_it_is_by_half():
    met, unmet = (PretrainedWeights(CHARACTERS, has_met) for has_met in (True, False))
    assert PRETRAINED_TEACHERS.beginning_with(met) is PRETRAINED_TEACHERS
    assert WARPED.beginning_with(None) is WARPED
    longer = PRETRAINED_TEACHERS.beginning_with(unmet)
    assert [teacher.is_upright for teacher in longer.members] == [True, False, True, False]
    steps = longer.steps_for
    assert steps(10, 10) == steps(10, 32) == [800, 800, 2000, 2000]
    assert steps(10, 48) == [1200, 1200, 3000, 3000] == steps(28, 10)
    assert steps(62, 15) == PRETRAINED_TEACHERS.steps_for(62, 15)


def test_what_labels_cost_grows_with_the_steps():
    labels = Distillation(ensemble=PRETRAINED_TEACHERS, num_classes=10)
    few, more, most = (labels.cost_of(per_class) for per_class in (16, 32, 64))
    assert most - more == pytest.approx(2 * (more - few)) and more > few


def test_a_teacher_of_few_steps_is_shown_images_of_all_classes(digits, tmp_path):
    """Also where they are sorted by class, as those of folders are."""
    some = digits[0].subset(100)
    some = some.select(np.argsort(some.labels, kind="stable"))
    plain = dataclasses.replace(WARPED, deformation=CLASSIC)
    training = TeacherTraining(some, 0, tmp_path, plain, steps=10)
    shown = training.lesson(0)["labels"]  # 320 of 750
    assert len(shown) == 320 and np.bincount(shown).min() > 15
