"""The picture of a set: which classes it shows."""

import numpy as np

import ganprofile as gp
from ganprofile.datasets.formats.preview import Preview, shown_classes

NAMES = [f"class {number}" for number in range(150)]
IMAGES = np.full((150, 8, 8, 1), 200, np.uint8)


def shown(preview):
    return {
        group: sorted({c for g, c in preview._images if g == group}) for group in ("real", "new")
    }


def test_of_very_many_classes_those_are_shown_that_have_new_images():
    preview = Preview(NAMES, drawn=[140, 149])
    preview.add(IMAGES, np.arange(150), "real")
    preview.add(IMAGES[:2], np.array([140, 149]), "synthetic")
    assert shown(preview) == {"real": [*range(98), 140, 149], "new": [140, 149]}


def test_a_set_of_late_classes_alone_has_a_picture(tmp_path):
    gp.Dataset(IMAGES[:20], np.arange(120, 140), NAMES).save(tmp_path / "late")
    assert (tmp_path / "late" / "preview.png").is_file()
    assert "Some images of 100 of 150 classes" in (tmp_path / "late" / "README.md").read_text()


def test_how_many_classes_are_shown_is_said():
    assert shown_classes(NAMES[:100]) == "every class"
    assert shown_classes(NAMES) == "100 of 150 classes"
