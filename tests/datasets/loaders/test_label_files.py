"""Files that may say the labels, in forms that are not read: each is named with what to do."""

import json

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp


def write(folder, names):
    """A picture of its own for each name in a folder."""
    folder.mkdir(parents=True)
    for k, name in enumerate(names):
        pixels = np.zeros((12, 12), np.uint8)
        pixels[3:9, 3:9] = 250 * np.random.default_rng(k).integers(0, 2, (6, 6))
        Image.fromarray(pixels).save(folder / name)


TEXTS = {
    "labels.json": json.dumps({"classes": ["a", "b"], "labels": {"pic0": 0, "pic1": 1}}),
    "labels.txt": "a\nb\na\n",
    "output.manifest": '{"source-ref": "s3://here/0.png", "class": 0}\n',
}


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("place", [".", "images"])
def test_a_file_of_labels_beside_pictures_or_their_folder_is_named(tmp_path, capsys, name, place):
    write(tmp_path / "d" / place, ["0.png", "1.png", "2.png"])
    (tmp_path / "d" / name).write_text(TEXTS[name])
    gp.load(tmp_path / "d")
    said = capsys.readouterr().err
    assert f"{name} may say what the pictures show and is not read: save it as labels.csv" in said


@pytest.mark.parametrize(("picture", "text"), [("0.png", "0.json"), ("0.input.png", "0.cls")])
def test_a_text_for_each_picture_is_named(tmp_path, capsys, picture, text):
    write(tmp_path / "d", [picture, picture.replace("0", "1")])
    for k in "01":
        (tmp_path / "d" / text.replace("0", k)).write_text(k)
    gp.load(tmp_path / "d")
    assert f"what it shows, such as {text}: put the labels into" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["npy", "npz"])
def test_a_table_of_labels_beside_arrays_is_named(tmp_path, capsys, kind):
    images = np.random.default_rng(0).integers(0, 255, (6, 9, 9), dtype=np.uint8)
    if kind == "npy":
        np.save(tmp_path / "images.npy", images)
    else:
        np.savez(tmp_path / "images.npz", images)
    (tmp_path / "labels.csv").write_text("label\n" + "a\nb\n" * 3)
    assert gp.load(tmp_path)[0].labels is None
    assert "labels.csv may have them and is not read: write both" in capsys.readouterr().err
