"""What is of another type is refused in a sentence, wherever it is given to the Python API."""

import numpy as np
import pytest

import ganprofile as gp

IMAGE = np.zeros((28, 28), np.uint8)
STUDY = {"per_class": 5, "dry_run": True}
EMPTY = "A path or name should not be empty. Received: ''"


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: gp.benchmark("digits", arms=[3], **STUDY), "Arms are names, .*Received: 3"),
        (lambda: gp.benchmark("digits", **{**STUDY, "per_class": 2.5}), "whole numbers.*: 2.5"),
        (lambda: gp.benchmark("digits", **{**STUDY, "per_class": True}), "whole numbers.*: True"),
        (lambda: gp.benchmark("digits", repeats=True, **STUDY), "`repeats` should be.*: True"),
        (lambda: gp.train("digits", epochs=True), "epochs.*whole number.*True"),
        (lambda: gp.train("digits", epochs=1, seed=True), "seed.*whole number.*True"),
        (lambda: gp.open_set(None), "A path or name should be text or a Path. Received: None"),
        (lambda: gp.Run.open(None), "A path or name should be text or a Path. Received: None"),
        (lambda: gp.Run.open(3), "A path or name should be text or a Path. Received: 3"),
        (lambda: gp.load("mnist", data_dir=5), "A path or name should be text or a Path.*: 5"),
        (
            lambda: gp.load("digits", data_dir=""),
            EMPTY,
        ),
        (
            lambda: gp.train("digits", output="", dry_run=True),
            EMPTY,
        ),
        (lambda: gp.sample("digits-cgan", ""), EMPTY),
        (
            lambda: gp.generate("digits-cgan", per_class=2, output="", dry_run=True),
            EMPTY,
        ),
        (
            lambda: gp.Dataset(IMAGE[None, ..., None], [0]).save(""),
            EMPTY,
        ),
        (
            lambda: gp.Dataset(IMAGE[None, ..., None], provenance=["a folder"]),
            r"`provenance` of unnamed should be a dict. Received: \['a folder'\]",
        ),
        (
            lambda: gp.Dataset(IMAGE[None, ..., None], provenance={"by": {1, 2}}),
            "`provenance` of unnamed should hold what can be written as JSON.*set cannot",
        ),
        (
            lambda: gp.transforms.HandwritingTransform(3)(IMAGE.tolist(), 0),
            "A list of 28 images has as many labels.*np.array.*Received: 0",
        ),
        (
            lambda: gp.transforms.HandwritingTransform(3)([IMAGE, IMAGE], [0]),
            r"A list of 2 images has as many labels.*Received: \[0\]",
        ),
    ],
)
def test_it_is_said_what_was_received(call, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        call()


def test_a_set_for_pytorch_gives_one_image_for_a_number(tmp_path):
    pytest.importorskip("torch")
    gp.load("digits")[1].subset(1).save(tmp_path / "set")
    images = gp.open_set(tmp_path / "set").to_torch()
    for index in (slice(0, 3), [0, 1], np.arange(2)):
        with pytest.raises(gp.UsageError, match=r"gives one image for one number.*Subset"):
            images[index]
    assert images[-1][0].shape == (1, 28, 28)
    with pytest.raises(IndexError):
        images[10]


@pytest.mark.parametrize("sizes", [[2, 4], (2, 4), range(2, 5, 2), np.array([2, 4]), "2,4"])
def test_several_sizes_may_be_given_in_any_way(sizes):
    plan = gp.benchmark("digits", per_class=sizes, repeats=1, arms="none", dry_run=True)
    assert [cell[0] for cell in plan["cells_to_do"]] == [2, 4]
