"""The page of a reader."""

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.recognition.calibration import Calibration, tempered
from ganprofile.recognition.confusions import confused
from ganprofile.recognition.reader import FOLDS
from ganprofile.reporting.of_reader import page
from ganprofile.storage.arrays import write_arrays
from ganprofile.storage.files import read_json, write_json


@pytest.fixture
def reader(digits, tmp_path):
    """A reader of whose images 30 were asked, two of which were misread."""
    made = gp.train_reader("digits", "k-nn", subset=3, output=tmp_path / "reader", progress=False)
    few = digits[0].subset(3)
    found = few.labels.copy()
    found[few.labels == 4] = (9, 9, 4)
    said = tempered(0.9 * np.eye(10)[found] + 0.01, 1.0)
    folds = np.arange(30) % 2
    calibration = Calibration(said, few.labels.astype(int), folds, np.arange(30))
    write_arrays(made.path / FOLDS, calibration.kept(few.images))
    facts = {"calibration": calibration.facts(), "confused": confused(few, calibration)}
    write_json(made.path / "reader.json", {**read_json(made.path / "reader.json"), **facts})
    return gp.Reader.open(made.path)


def test_it_shows_certainty_confusions_and_doubtful_images(reader):
    shown = page(reader.path)
    reliability, refused, matrix, worst, doubtful = shown.blocks[1:]
    sure, right = reliability.lines["as the networks say it"]
    assert sure == pytest.approx([0.91, 0.91], abs=0.01) and np.mean(right) == pytest.approx(
        28 / 30
    )
    levels, shares = refused.lines["share that is read"]
    assert shares[0] == 1 and levels[-1] == pytest.approx(0.99)
    assert matrix.rows[4][1 + 9] == ("2", 2) and worst.rows == (("4", "9", ("2", 2)),)
    assert len(doubtful.pictures) == 10
    assert "4 and 9 are confused: 2 of 6 images." in " ".join(shown.blocks[0].paragraphs)
    html = gp.report(reader.path).read_text("utf-8")
    assert "A reader" in html and "least certainty" in html


def test_a_reader_that_asked_nobody_has_a_page(digits, tmp_path):
    made = gp.train_reader(digits[0], "k-nn", subset=3, output=tmp_path / "plain", progress=False)
    (verdict,) = page(made.path).verdicts
    assert verdict.text.startswith("What it reads rightly was not measured")
    assert gp.report(made.path).is_file()


CALIBRATION = {"images": 300, "accuracy": 0.97, "error_before": 0.1, "error_after": 0.1, "sure": []}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"model": "student"}, "These figures are of its teachers: how well the network that"),
        ({"unlabelled": {"images": 9, "effort": "quick"}}, "these figures may be too good."),
        (
            {"accuracy": 0.9, "test_images": 90, "provenance": {"guessed_test_labels": 40}},
            "The labels of 40 of these were guessed by ganprofile label.",
        ),
        (
            {
                "accuracy": 0.9,
                "test_images": 90,
                "provenance": {"overlap_with_test_allowed": {"images": 50, "example": "one"}},
            },
            "It has seen 50 test images, which was allowed.",
        ),
        (
            {
                "accuracy": 0.9,
                "test_images": 90,
                "provenance": {"synthetic_test_images_allowed": 1},
            },
            "1 test image is synthetic, which was allowed.",
        ),
        ({}, ""),
    ],
)
def test_no_figure_stands_above_without_what_makes_it_another(reader, facts, said):
    known = read_json(reader.path / "reader.json") | {"accuracy": None, "calibration": CALIBRATION}
    write_json(reader.path / "reader.json", known | facts)
    shown = page(reader.path)
    first = [verdict.text for verdict in shown.verdicts]
    figure = "It reads 90.00 %" if "accuracy" in facts else "Each of 300 images was read"
    assert any(text.startswith(figure) for text in first) and said in " ".join(first)
    assert len(first) == 1 + bool(said)
    assert not {*first} & {*shown.blocks[0].paragraphs}
    assert "Expected calibration error" in " ".join(shown.blocks[0].paragraphs)
