"""Readers that several networks make together, or teach."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation import deformed_set, labelling
from ganprofile.classifiers.convnet import ConvnetClassifier
from ganprofile.datasets import joined
from ganprofile.datasets.similarity.near_copies import compressed
from ganprofile.errors import UsageError
from ganprofile.recognition import teachers, training
from ganprofile.recognition.calibration import tempered


@pytest.fixture(scope="module")
def few(digits):
    """Of two classes, so that little has to be drawn."""
    return tuple(part.of_classes("38") for part in digits)


@pytest.fixture
def short(monkeypatch, tmp_path):
    for module in (deformed_set, labelling):
        monkeypatch.setattr(module, "TEACHER_STEPS", 4)
    monkeypatch.setattr(ConvnetClassifier, "STEPS", 4)
    monkeypatch.setattr(teachers, "SHOWN", 200)
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
def test_figures_are_of_the_images_of_the_user(short, few, monkeypatch):
    """And not of those that were written in other ways for the networks to learn from."""

    def turned(real, *_):
        return dataclasses.replace(real, images=real.images[:, ::-1].copy())

    monkeypatch.setattr(training, "with_variants", turned)
    own = few[0].subset(9)
    gp.train_reader(own, output="mine", progress=False)
    with np.load("mine/folds.npz") as kept:
        shown, rows = kept["images"], kept["rows"][kept["doubtful"]]
    np.testing.assert_array_equal(shown, own.images[rows])


@pytest.mark.slow
def test_teachers_are_kept_and_are_as_sure_as_the_folds_allow(short, few, tmp_path):
    reader = gp.train_reader(few[0].subset(9), output="mine", progress=False)
    assert reader.info["model"] == "teachers"
    calibration = reader.info["calibration"]
    assert calibration["images"] == 18 and len(calibration["sure"]) == 3
    assert "Each of 18 images was read by the one network that had not seen it" in " ".join(
        reader.sentences()
    )
    again, images = gp.Reader.open("mine"), few[1].images[:40]
    for ours, theirs in zip(reader.read(images), again.read(images), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    heat, read = calibration["temperature"], reader.classifier.teachers.predict_proba
    said = tempered(read(images, has_views=True), heat)
    np.testing.assert_allclose(again.classifier.predict_proba(images), said)
    members = json.loads(Path("mine/classifier/members.json").read_text())
    assert members.pop("has_views") is True
    Path("mine/classifier/members.json").write_text(json.dumps(members))  # as it was before
    older = gp.Reader.open("mine").classifier.predict_proba(images)
    np.testing.assert_allclose(older, tempered(read(images), heat))
    assert not np.allclose(older, said)
    with np.load("mine/folds.npz") as kept:
        assert kept["said"].shape == (18, 2) and set(kept["folds"]) == {0, 1, 2, 3}
    assert not list(tmp_path.glob(".mine*"))
    with pytest.raises(UsageError, match="Export their student"):
        gp.export_model("mine", "onnx", output="mine.onnx")
    other = {"variants": False, "output": "mine", "force": True, "progress": False}
    Path("mine/classifier/notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"mine holds files .*\(classifier/notes.txt\)"):
        gp.train_reader(few[0].subset(3), "k-nn", **other)
    Path("mine/classifier/notes.txt").unlink()
    assert gp.train_reader(few[0].subset(3), "k-nn", **other).info["model"] == "k-nn"


@pytest.mark.slow
@pytest.mark.parametrize("is_saved_again", [False, True])
def test_a_copy_in_another_fold_is_no_unseen_image(short, few, is_saved_again):
    some = few[0].subset(9)
    once = np.arange(18).repeat(np.where(np.arange(18) < 4, 4, 1))  # four of them four times
    several = some.select(once)
    if is_saved_again:
        images = several.images.copy()
        for row in np.flatnonzero(np.diff(once, prepend=-1) == 0):
            images[row, ..., 0] = compressed(images[row, ..., 0], 80)
        several = dataclasses.replace(several, images=images)
    reader = gp.train_reader(several, output="mine", progress=False)
    calibration = reader.info["calibration"]
    assert (calibration["images"], calibration["copies"]) == (14, 16)
    assert "16 more were left out" in " ".join(reader.sentences())


def test_a_network_is_tempered_in_its_weights(digits, tmp_path):
    student = ConvnetClassifier(10, steps=20).fit(digits[0].images[:640], digits[0].labels[:640])
    images = digits[1].images[:50]
    before = student.predict_proba(images)
    teachers._temper(student, 0.5)
    after = student.predict_proba(images)
    assert np.allclose(after, tempered(before, 0.5), atol=1e-5) and after.max() > before.max()
    student.save(tmp_path / "student.keras")
    loaded = ConvnetClassifier.load(tmp_path / "student.keras")
    assert np.allclose(loaded.predict_proba(images), after, atol=1e-6)


def test_a_rounded_network_of_62_classes_is_small_and_says_the_same(digits, tmp_path):
    student = ConvnetClassifier(62, steps=20).fit(digits[0].images[:640], digits[0].labels[:640])
    student.save(tmp_path / "before.keras")
    images = digits[1].images[:50]
    before = student.predict_proba(images)
    teachers._round(student)
    assert np.allclose(student.predict_proba(images), before, atol=2e-3)
    student.save(tmp_path / "student.keras")
    assert (tmp_path / "before.keras").stat().st_size > 1.2e6
    assert (tmp_path / "student.keras").stat().st_size < 1e6
    loaded = ConvnetClassifier.load(tmp_path / "student.keras")
    assert np.allclose(loaded.predict_proba(images), before, atol=2e-3)


@pytest.mark.slow
def test_a_student_is_small_and_unlabelled_images_join(short, few, in_process, monkeypatch):
    found = []
    monkeypatch.setattr(teachers, "_temper", lambda student, by: found.append(by))
    few[0].subset(9).save("data")
    np.savez("more.npz", images=few[1].images)
    asked = ("--train", "data", "--unlabelled", "more.npz", "--small", "--name", "little")
    code, out, said = in_process("classify", *asked)
    assert code == 0 and out.strip() == "readers/little"
    assert "Training the student" in said and "had not seen it" in said
    assert len(found) == 1 and found[0] > 0, "it is made as sure as its teachers are"
    reader = gp.Reader.open("readers/little")
    assert reader.info["model"] == "student" and reader.info["images"] == 18 + len(few[1])
    assert reader.info["calibration"]["images"] <= 18
    assert (reader.path / "classifier.keras").stat().st_size < 1e6
    assert reader.read(few[1].images[:5])[0].shape == (5,)


def test_a_reader_is_not_tested_with_its_unlabelled_images(digits):
    many = digits[1].select(np.arange(500))
    with pytest.raises(gp.UsageError, match="500 of 500 unlabelled images are also among"):
        gp.train_reader("digits", "k-nn", subset=3, unlabelled=many, progress=False)
    again = np.stack([compressed(image[..., 0])[..., None] for image in many.images[1:20]])
    copied = joined(dataclasses.replace(many[:1], labels=None), gp.Dataset(again, name="again"))
    with pytest.raises(gp.UsageError, match="1 of 20 unlabelled .*; 19 of .* are unlabelled"):
        gp.train_reader("digits", "k-nn", subset=3, unlabelled=copied, progress=False)


@pytest.mark.slow
def test_where_that_is_allowed_the_reader_says_what_it_has_seen(short, digits, tmp_path):
    digits[1][:20].save(tmp_path / "many")
    asked = {"subset": 3, "allow_overlap": True, "progress": False}
    reader = gp.train_reader("digits", "k-nn", unlabelled=tmp_path / "many", **asked)
    assert reader.info["provenance"]["overlap_with_test_allowed"]["images"] == 20
    assert (
        "It has seen 20 test images, which was allowed." in (reader.path / "README.md").read_text()
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--name", "mine"), "--name is of a reader that is trained"),
        (("a.png", "--rotate", "90"), "--rotate is of a reader that is trained. Say --train DATA"),
        (("a.png", "--no-variants"), "--no-variants is of a reader that is trained"),
        (("--train", "digits", "--sure", "0.9"), "--sure is of pictures that are read. Name some"),
        (("--train", "digits", "--single"), "--single is of pictures that are read"),
        (("--train", "digits", "--small", "--model", "svm"), "--small is --model student"),
        (("--train", "digits", "--name", "a", "--output", "b"), "Say one of them"),
        (("--train", "digits", "--name", "../a"), "--name is a name in readers/, no path: ../a."),
        (("--train", "digits", "--name", ".a"), "with no dot before it. Received: '.a'."),
        (("--train", "digits", "--name", ".."), "with no dot before it. Received: '..'."),
        (("--train", "digits", "--name", ""), "--name is a name in readers/ with no dot"),
        (("page.jpg", "--sure", "2"), "--sure"),
    ],
)
def test_what_cannot_be_meant_is_refused(options, words, in_process, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, said = in_process("classify", *options)
    assert code == 2 and words in said
