"""Labels that were guessed are known to be guesses, where they judge and on the card."""

import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation.labelled_set import write_labelled
from ganprofile.datasets.formats.card import HOW_TO_USE
from ganprofile.datasets.guessed import JUDGED_BY, have_guessed_labels
from ganprofile.recognition.sentences import sentences
from ganprofile.reporting.benchmark_method import methods

STUDY = {"arms": "none,duplicated", "classifier": "mlp", "per_class": 2, "repeats": 2}


@pytest.fixture(scope="module")
def labelled(digits, tmp_path_factory):
    """Thirty images with labels, and 150 of 200 whose labels are guessed, not well."""
    folder = tmp_path_factory.mktemp("labelled")
    said = np.random.default_rng(0).dirichlet(np.ones(10), 200).astype(np.float32)
    few, many = digits[0].subset(3), digits[1].select(np.arange(200))
    write_labelled(folder, "npz", few, many, said, 0.25)
    return folder


@pytest.fixture(scope="module")
def others(digits):
    """A training part that has no image of those."""
    return digits[0].select(~np.isin(digits[0].image_hashes, digits[0].subset(3).image_hashes))


def test_which_labels_are_guesses_outlives_files(labelled, tmp_path):
    read = gp.load(labelled)[0]
    again = gp.load(read.select(np.arange(20, 40)).save(tmp_path / "again"))[0]
    for data, given in ((read, 30), (again, 10)):
        assert have_guessed_labels(data).tolist() == [False] * given + [True] * (len(data) - given)
    assert not (read.attributes["manifest.source"] != "real").any()


def test_a_benchmark_that_they_judge_says_so_and_is_marked(labelled, others, capsys):
    result = gp.benchmark(others, test=labelled, steps=2, progress=False, **STUDY)
    assert result.settings["provenance"][JUDGED_BY] == 150
    said = "the labels of 150 of 180 test images were guessed by ganprofile label"
    assert said in capsys.readouterr().err
    assert "150 test labels were guessed by ganprofile label" in " ".join(methods(result))
    given = gp.load(labelled)[0].select(np.arange(30))
    plan = gp.benchmark(others, test=given, dry_run=True, **STUDY)
    assert JUDGED_BY not in plan["settings"]["provenance"]
    assert "guessed" not in capsys.readouterr().err


def test_so_is_a_reader(labelled, others, tmp_path):
    data = tmp_path / "data"
    others.subset(4).save(data / "train")
    gp.load(labelled)[0].save(data / "test")
    reader = gp.train_reader(data, "k-nn", variants=False, output=tmp_path / "r", progress=False)
    assert reader.info["provenance"][JUDGED_BY] == 150
    assert "The labels of 150 of these were guessed by ganprofile label." in " ".join(
        sentences(reader.info)
    )


def test_an_evaluation_notes_them(labelled, others):
    test = dataclasses.replace(gp.load(labelled)[0], split="test")
    found = gp.evaluate(others.subset(20), against=test, classifier=None, progress=False)
    assert any("the labels of 150 of 180 images compared with" in one for one in found.notes)


def test_the_card_says_how_many_there_are(labelled, others, tmp_path):
    text = (labelled / "README.md").read_text("utf-8")
    assert "People gave 30 of the labels; 150 were guessed by `ganprofile label`" in text
    assert "50 further images, the least certain, were left out." in text
    assert HOW_TO_USE["guessed"] in text and HOW_TO_USE["hard"] not in text
    read = gp.load(labelled)[0]
    again = (read.save(tmp_path / "again") / "README.md").read_text("utf-8")
    assert "150 were guessed" in again
    plain = (others.subset(1).save(tmp_path / "plain") / "README.md").read_text("utf-8")
    assert "guessed" not in plain
