"""Names of what is kept, which other settings never find."""

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.recipes import deformation
from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.storage.kept import kept_name


def test_each_framework_has_names_of_its_own(keras_runs_on):
    names = set()
    for name in ("tensorflow", "jax", "torch"):
        keras_runs_on(name)
        names.add(kept_name("teachers", seed=3))
    assert len(names) == 3


def test_what_was_kept_before_frameworks_were_told_apart_is_tensorflows(keras_runs_on):
    keras_runs_on("tensorflow")
    assert kept_name("teachers", seed=3) == "teachers-1391dc1f10fa3343"


@pytest.mark.parametrize("kept", ["teachers", "deformations"])
def test_one_framework_does_not_go_on_with_anothers_teachers(kept, keras_runs_on, tmp_path):
    """Each deforms images otherwise: labels that are kept by one are of other images."""
    images = np.zeros((4, 28, 28, 1), np.uint8)
    few = gp.Dataset(images, np.array([0, 0, 1, 1]), ("a", "b"))

    def place():
        if kept == "teachers":
            return TeacherTraining(few, 0, tmp_path).place
        return deformation.kept_deformations(images, few.labels, 0, tmp_path)

    keras_runs_on("tensorflow")
    here = place()
    keras_runs_on("torch")
    assert place() != here
