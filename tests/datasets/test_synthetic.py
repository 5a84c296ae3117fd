"""Synthetic images are no test, and are not taken for people's writing without a word."""

import dataclasses
import json

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets import joined
from ganprofile.datasets.synthetic import JUDGED_BY, are_synthetic


@pytest.fixture(scope="module")
def few():
    return gp.load("digits")[0].subset(4)


@pytest.fixture(scope="module")
def made(few, tmp_path_factory):
    """What `augment` says of a set: 40 images turned over, `beside` them the real ones."""
    place = tmp_path_factory.mktemp("made")
    provenance = {"made_from": {"recipe": "deformed", "dataset_fingerprint": few.fingerprint}}
    for name, real in {"alone": 0, "beside": len(few)}.items():
        sources = np.repeat(["real", "synthetic"], [real, len(few)])
        gp.Dataset(
            np.concatenate([few.images[:real], few.images[:, ::-1]]),
            np.concatenate([few.labels[:real], few.labels]),
            few.class_names,
            attributes={"manifest.source": sources},
            name=name,
            provenance=provenance,
        ).save(place / name)
    return place


STUDY = {"per_class": 2, "arms": "none,classic", "dry_run": True}


@pytest.mark.parametrize(("name", "count"), [("alone", "40 of 40"), ("beside", "40 of 80")])
def test_a_set_that_was_made_is_no_test(few, made, name, count):
    sentence = f"{count} test images are synthetic, made of the training images: .*allow_overlap"
    with pytest.raises(gp.UsageError, match=sentence):
        gp.benchmark(few, test=made / name, **STUDY)
    others = gp.load("digits")[0].part(np.arange(1000, 3000), "train")
    with pytest.raises(gp.UsageError, match=f"{count} test images are synthetic: how well"):
        gp.benchmark(others, test=gp.load(made / name)[0], **STUDY)


def test_where_that_is_allowed_the_result_is_marked_and_it_is_said(few, made, capsys):
    plan = gp.benchmark(few, test=made / "alone", allow_overlap=True, **STUDY)
    assert plan["settings"]["provenance"][JUDGED_BY] == 40
    assert "40 of 40 test images are synthetic, made of" in capsys.readouterr().err


def test_nor_are_images_of_which_the_training_images_were_made(few, made):
    held_out = dataclasses.replace(few, split="test")
    with pytest.raises(gp.UsageError, match="was made of the 40 test images"):
        gp.benchmark(made / "alone", test=held_out, **STUDY)
    plan = gp.benchmark(made / "alone", test=held_out, allow_overlap=True, **STUDY)
    overlap = plan["settings"]["provenance"]["overlap_with_test_allowed"]
    assert overlap["images"] == 40 and "was made of" in overlap["example"]


@pytest.mark.parametrize("way", ["some", "in turn", "beside others"])
def test_nor_are_some_of_these_or_those_of_what_was_made_of_them(few, way, tmp_path):
    whole = gp.load("digits")[1]
    source = whole.subset(4).of_classes("0123456789")
    making = {"dataset_fingerprint": source.fingerprint, "dataset_recipe": source.recipe}
    turned = dataclasses.replace(
        few, images=few.images[:, ::-1].copy(), provenance={"made_from": making}, recipe=None
    )
    if way == "in turn":
        outer = {"dataset_fingerprint": "a", "provenance": turned.provenance}
        turned = dataclasses.replace(turned, provenance={"made_from": outer})
    if way == "beside others":
        turned = joined(few, turned)
    with pytest.raises(gp.UsageError, match="was made of the 1,000 test images, or of the part of"):
        gp.benchmark(turned, test=whole, **STUDY)
    added = turned.save(tmp_path / "added")
    with pytest.raises(gp.UsageError, match="was made of"):
        gp.benchmark(few, test=whole, **{**STUDY, "arms": f"none,none+{added}"})


@pytest.mark.parametrize("order", [1, -1])
def test_they_stay_so_beside_a_part_that_says_nothing(few, made, order, tmp_path):
    synthetic = gp.load(made / "alone")[0]
    attributes = {**synthetic.attributes, "age": np.arange(40)}
    parts = [few, dataclasses.replace(synthetic, attributes=attributes)]
    whole = joined(*parts[::order])
    assert are_synthetic(whole).tolist() == np.repeat([False, True][::order], 40).tolist()
    assert "age" not in whole.attributes
    assert are_synthetic(gp.load(whole.save(tmp_path / "whole"))[0]).sum() == 40


def test_a_reader_is_not_tested_with_them(made, tmp_path):
    data = tmp_path / "data"
    gp.load("digits")[0].part(np.arange(1000, 1100), "train").save(data / "train")
    (made / "alone").rename(data / "test")
    try:
        with pytest.raises(gp.UsageError, match="40 of 40 test images are synthetic"):
            gp.train_reader(data, "k-nn", output=tmp_path / "reader", progress=False)
        settings = {"variants": False, "progress": False, "allow_overlap": True}
        reader = gp.train_reader(data, "k-nn", output=tmp_path / "reader", **settings)
    finally:
        (data / "test").rename(made / "alone")
    info = json.loads((reader.path / "reader.json").read_text())
    assert info["provenance"][JUDGED_BY] == 40


def test_learning_from_them_is_said(few, made, capsys, tmp_path):
    gp.augment(made / "beside", total=20, dry_run=True)
    gp.train_reader(made / "alone", "k-nn", variants=False, output=tmp_path / "r", progress=False)
    said = capsys.readouterr().err
    assert "40 of 80 images are synthetic, not written by people" in said
    assert "40 of 40 images are synthetic, not written by people" in said
    gp.augment(few, total=20, dry_run=True)
    assert "synthetic" not in capsys.readouterr().err
