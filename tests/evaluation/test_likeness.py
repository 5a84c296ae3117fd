"""Held-out scans are read as the scans were that a judged set was made from."""

import json

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.evaluation.likeness import read_like
from ganprofile.evaluation.reference import applicable, read_reference


@pytest.fixture
def held_out(digits, tmp_path):
    """A folder of scans of 240 x 320, two of each of two classes."""
    for name in ("3", "8"):
        (tmp_path / "held-out" / name).mkdir(parents=True)
        images = digits[1].images[digits[1].labels == int(name)]
        for number in range(2):
            page = np.zeros((240, 320), np.uint8)
            page[90:150, 90:150] = Image.fromarray(images[number][..., 0]).resize((60, 60))
            Image.fromarray(255 - page).save(tmp_path / "held-out" / name / f"{number}.png")
    return tmp_path / "held-out"


def made_from(folder, **step):
    """A set that says of which images it was made."""
    gp.Dataset(np.zeros((2, 28, 28, 1), np.uint8), [0, 1], ("3", "8")).save(folder)
    info = json.loads((folder / "dataset.json").read_text())
    claim = {"dataset_recipe": [{"load": "/mine", "split": "train"} | step]}
    (folder / "dataset.json").write_text(json.dumps({**info, "made_from": claim}))
    return folder


def test_they_are_cropped_where_those_were(held_out, tmp_path):
    source = made_from(tmp_path / "more", photographs="scans")
    reference = read_reference(str(held_out), **read_like(source, str(held_out), {}))
    assert reference.compared.image_shape == (28, 28, 1) and len(reference.compared) == 4
    assert reference.compared.images.max() > 200


def test_they_lie_as_those_did(held_out, tmp_path):
    source = made_from(tmp_path / "more", photographs="scans", transpose=True, rotate=90)
    seen = read_like(source, held_out, {})
    assert seen == {"photographs": "scans", "transpose": True, "rotate": 90}


def test_sizes_that_were_kept_are_kept(held_out, tmp_path):
    """Those of Chars74K, of which nobody had to say that it is scans, and those of one's own."""
    source = made_from(tmp_path / "more", load="chars74k", keep_size="auto", image_size=32)
    seen = {"photographs": "scans", "image_size": 32, "keep_size": "auto"}
    assert read_like(source, held_out, {}) == seen
    assert len(read_reference(str(held_out), **seen).compared) == 4
    assert read_like(source, "Chars74K", {"image_size": 32}) == {
        "keep_size": "auto",
        "image_size": 32,
    }
    assert applicable("chars74k", {"keep_size": 60.0, "bits": 8}) == {"keep_size": "auto"}
    assert read_like(source, "digits", {}) == {}
    assert applicable("digits", {"keep_size": 60.0}) == {}


def test_what_the_user_says_and_data_with_a_name_stay_as_they_are(held_out, tmp_path):
    source = made_from(tmp_path / "more", photographs="scans", bits=8)
    said = {"image_size": 28}
    assert read_like(source, held_out, said) == said
    assert read_like(source, "Digits", {}) == {}
    assert read_like(source, held_out, {"invert": "yes"}) == {
        "photographs": "scans",
        "bits": 8,
        "invert": "yes",
    }
    assert read_like(source, "chars74k", {}) == {}
    assert read_like("digits-cgan", held_out, {}) == {}
    assert read_like(np.zeros((3, 28, 28)), held_out, {}) == {}
