import pytest

from ganprofile.recipes.distillation import TeacherTraining
from ganprofile.recipes.ensembles import WARPED


@pytest.mark.slow
def test_teachers_say_how_far_they_are(tiny, tmp_path, capsys):
    TeacherTraining(tiny, 0, tmp_path, steps=2).trained(progress=True)
    *_, last = capsys.readouterr().err.splitlines()
    assert last.startswith(f"{2 * len(WARPED.members)}/8 steps") and last.endswith("0:00 left")
    TeacherTraining(tiny, 0, tmp_path, steps=2).trained()  # those are kept
    assert capsys.readouterr().err == ""
