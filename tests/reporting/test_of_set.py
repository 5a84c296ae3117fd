"""The page of a labelled set."""

import json

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets.formats.checksums import compare
from ganprofile.datasets.formats.set_writer import SetWriter
from ganprofile.errors import GanprofileError, UsageError
from ganprofile.reporting import of_set
from ganprofile.reporting.page import Captioned, Picture, Table


def write(folder, digits, soft=True, **facts):
    """A set of 20 real images and 40 new ones, of which two are doubtful."""
    real = digits[0].of_classes("17").subset(10)
    folder.mkdir()
    with SetWriter(folder, "npz", real.class_names, real.image_shape, soft) as writer:
        writer.add(real.images, real.labels, source="real", labelled_by="dataset")
        labels = np.repeat([0, 1], 20)
        probabilities = np.eye(2, dtype=np.float32)[labels]
        probabilities[[3, 30]] = (0.6, 0.4), (0.45, 0.55)
        scores = [f"{row[label]:.4f}" for row, label in zip(probabilities, labels, strict=True)]
        images = np.arange(40, dtype=np.uint8)[:, None, None, None] * np.ones((28, 28, 1), np.uint8)
        writer.add(
            images,
            labels,
            soft_labels=probabilities if soft else None,
            source="synthetic",
            score=scores,
        )
        return writer.finish("digits augmented", **facts)


DEFORMED = {"made_from": {"recipe": "deformed+distilled", "dataset": "digits", "seed": 4}}
FILTERED = {
    "filter": {
        "level": "standard",
        "drawn": 50,
        "rejected": {"misread": {"7": 8}, "ink": {"1": 2}},
    },
    "made_from": {"run": "digits-cgan", "dataset": "digits", "seed": 1},
    "unfilled": {"7": 3},
}


def blocks(page, kind):
    return {block.title: block for block in page.all_blocks if isinstance(block, kind)}


def test_doubtful_images_are_shown_with_their_soft_labels(digits, tmp_path):
    write(tmp_path / "set", digits, **DEFORMED)
    page = of_set.page(tmp_path / "set")
    assert (
        page.verdicts[0].text == "60 images: 20 real ones, and 40 that are deformed from real ones."
    )
    (doubtful,) = blocks(page, Captioned).values()
    assert [words for _, words in doubtful.pictures] == ["7: 55 %, 1: 45 %", "1: 60 %, 7: 40 %"]
    assert "Real images beside new ones" in blocks(page, Picture)
    table = blocks(page, Table)["By class"]
    assert table.texts[1:] == [["1", "10", "20"], ["7", "10", "20"]]


def test_doubt_is_of_the_label_that_the_set_gives_wherever_the_image_stands(tmp_path):
    few, many = np.zeros((3, 8, 8, 1), np.uint8), np.zeros((50_100, 8, 8, 1), np.uint8)
    (tmp_path / "set").mkdir()
    with SetWriter(tmp_path / "set", "npz", ("1", "7"), (8, 8, 1), True) as writer:
        writer.add(many, np.zeros(len(many), int), source="real", labelled_by="dataset")
        sure_of_another = np.float32([[0.02, 0.98], [0.0, 1.0], [0.95, 0.05]])
        writer.add(few, np.zeros(3, int), soft_labels=sure_of_another, source="synthetic")
        writer.finish("drawn", made_from={"run": "digits-cgan"})
    (doubtful,) = blocks(of_set.page(tmp_path / "set"), Captioned).values()
    assert [words for _, words in doubtful.pictures] == ["1: 0 %, 7: 100 %", "1: 2 %, 7: 98 %"]
    assert "teachers" not in doubtful.note


def test_the_image_is_the_one_that_the_words_are_of(digits, tmp_path):
    from ganprofile.images import encode_png, on_paper

    write(tmp_path / "set", digits, **DEFORMED)
    (doubtful,) = blocks(of_set.page(tmp_path / "set"), Captioned).values()
    first, _ = doubtful.pictures[0]
    assert first == encode_png(on_paper(np.full((28, 28, 1), 30, np.uint8)))


def test_one_image_is_no_images():
    made = {"made_from": {"run": "x"}}
    assert of_set._counted({"images": 1}, 0) == "1 image, real."
    said = of_set._counted({"images": 2, **made}, 1)
    assert said == "2 images: 1 real one, and 1 that was drawn by a GAN."
    labelled = {"images": 2, "labelled_before": 1, "labelled_now": 1, "labels_of": {"name": "a"}}
    said = of_set._labelled({**labelled, "left_out": 1}, 1)
    assert "1 was labelled before, and 1 was labelled by these" in said
    assert "1 of the least certain was left out. Among the images is 1 that is synthetic." in said


def test_no_probability_is_rounded_to_none_or_all():
    row = np.array([0.0002, 0.9998, 0.0])
    assert of_set._probabilities(row, 0, "abc") == "a: 0.02 %, b: 99.98 %"
    assert of_set._probability(1e-20) == "under 0.01" and of_set._probability(0.0) == "0"


def test_a_set_that_was_labelled_says_which_labels_are_guessed(digits, tmp_path):
    from ganprofile.augmentation.labelled_set import write_labelled

    few, many = digits[0].subset(2, seed=0), digits[1].subset(3, seed=1)
    found = np.full((30, 10), 0.05, np.float32)
    found[np.arange(30), many.labels] = 0.13
    (tmp_path / "set").mkdir()
    write_labelled(tmp_path / "set", "npz", few, many, found, 0.0)
    page = of_set.page(tmp_path / "set")
    said = page.verdicts[0].text
    assert "20 were labelled before, and 30 were labelled by these" in said
    assert ("labelled by", few.name) in page.facts and "new" not in page.subtitle
    assert {*blocks(page, Picture)} == {"Doubtful labels", "Some images of every class"}
    table = blocks(page, Table)["By class"].texts
    assert table[:2] == [("class", "labelled before", "labelled now"), ["0", "2", "3"]]


def test_a_set_that_was_saved_is_not_called_new(digits, tmp_path):
    digits[0].subset(2, seed=0).save(tmp_path / "set", "npz")
    page = of_set.page(tmp_path / "set")
    assert page.verdicts[0].text == "20 images, all real."
    assert page.subtitle == "A set of real images with labels"
    assert blocks(page, Table)["By class"].texts[:2] == [("class", "images"), ["0", "2"]]


def test_what_the_filter_refused_is_shown_by_reason(digits, tmp_path):
    write(tmp_path / "set", digits, soft=False, **FILTERED)
    page = of_set.page(tmp_path / "set")
    rows = blocks(page, Table)["What the filter refused"].texts[1:]
    assert [row[0] for row in rows] == ["misread", "ink"]
    assert rows[0][1:] == ["classifiers read another class", "8", "16.0 %", "7"]
    assert page.verdicts[-1].text == "Fewer images than were asked for, of the classes 7 (3)."
    (doubtful,) = blocks(page, Captioned).values()
    assert [words for _, words in doubtful.pictures] == ["7: 55 %", "1: 60 %"]


@pytest.mark.parametrize(
    ("low", "high", "badge"),
    [(0.01, 0.02, "helps"), (-0.1, 0.1, "no benefit shown"), (-0.2, -0.1, "hurts")],
)
def test_what_to_expect_comes_with_a_badge(digits, tmp_path, low, high, badge):
    write(tmp_path / "set", digits, **DEFORMED)
    found = {"cross_validated": {"low": low, "high": high}, "sentences": ["On your images."]}
    (tmp_path / "set" / "expectation.json").write_text(json.dumps(found))
    verdict = of_set.page(tmp_path / "set").verdicts[1]
    assert (verdict.text, verdict.badge) == ("On your images.", badge)


def test_the_help_says_where_the_page_lies(in_process):
    code, out, _ = in_process("report", "--help-all")
    said = " ".join(out.replace("│", " ").split())
    assert code == 0 and "report.html in the folder; of a set or a model's name, NAME.html" in said
    assert "NAME.html of a set lies beside its folder" in said


def test_the_page_lies_beside_the_set_whose_checksums_stay_right(digits, tmp_path):
    write(tmp_path / "set", digits, **DEFORMED)
    path = gp.report(tmp_path / "set", export=tmp_path / "paper")
    assert path == tmp_path / "set.html" and "soft labels" in path.read_text("utf-8")
    found = compare(tmp_path / "set")
    assert not found.extra and not found.changed
    with pytest.raises(UsageError, match="exists already"):
        gp.report(tmp_path / "set")


def test_a_damaged_set_is_refused(tmp_path):
    (tmp_path / "dataset.json").write_text("{}")
    with pytest.raises(GanprofileError, match="not a set that ganprofile wrote"):
        gp.report(tmp_path, output=tmp_path.parent / "it.html")
