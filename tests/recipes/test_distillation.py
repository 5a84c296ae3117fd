import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.ensembles import WARPED
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
