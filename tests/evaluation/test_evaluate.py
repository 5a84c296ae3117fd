import dataclasses
import json
import shutil

import keras
import numpy as np
import pytest

import ganprofile as gp
from ganprofile.evaluation.findings import Findings
from ganprofile.evaluation.meanings import BAD, judged
from ganprofile.evaluation.real_parts import RealParts
from ganprofile.evaluation.reference import Reference
from ganprofile.evaluation.sources import Synthetic
from ganprofile.evaluation.stages import Stages
from ganprofile.images import read_png
from ganprofile.metrics.features import FeatureNetwork, Pixels


def small(dataset):
    """Every second pixel, so that there are few."""
    return dataclasses.replace(dataset, images=dataset.images[:, ::2, ::2].copy())


def without_labels(dataset):
    return dataclasses.replace(dataset, labels=None, class_names=())


@pytest.fixture(scope="module")
def others(digits, planted):
    """Training digits without the planted ones."""
    return digits[0].select(np.setdiff1d(np.arange(5000), planted["none"].rows))


@pytest.fixture(scope="module")
def real(digits, others):
    """150 images of both parts."""
    return small(others.subset(15)), small(digits[1].subset(15))


@pytest.fixture
def judge(real):
    """`gp.evaluate` in a hurry."""

    def run(source, against=real, **options):
        options = {"classifier": False, "progress": False, **options}
        return gp.evaluate(source, against, **options)

    return run


@pytest.fixture(scope="module")
def whole(planted, real, tmp_path_factory):
    """An evaluation with all there is."""
    folder = tmp_path_factory.mktemp("evaluations") / "one"
    options = {"classifier": "mlp", "output": folder, "seed": 3, "progress": False}
    return gp.evaluate(small(planted["none"]), real, **options)


def test_the_result_says_what_was_compared_with_what(whole, planted, real):
    assert whole.synthetic["what"] == "of digits"
    assert whole.synthetic["images"] == 300 and whole.synthetic["class_counts"]["3"] == 30
    assert whole.synthetic["fingerprint"] == small(planted["none"]).fingerprint
    assert whole.reference["part"] == "test" and whole.reference["images"] == 150
    assert whole.reference["fingerprint"] == real[1].fingerprint
    assert (whole.images, whole.seed) == (150, 3), "as many of either side"
    assert len(whole.notes) == 1 and "distances are of 150 images" in whole.notes[0]


def test_pairs_are_rows_of_what_was_given_where_some_classes_are_judged(judge, real):
    train, _ = real
    copies = train.of_classes("2345678")
    found = judge(copies, classes="2345678").copies
    assert len(found.pairs) > 5
    for one, original, apart in found.pairs:
        assert apart == 0
        np.testing.assert_array_equal(copies.images[one], train.images[original])


def test_real_images_pass_in_every_respect(whole):
    assert whole.features == "letters"
    assert set(whole.distances) == {"letters", "characters", "pixels"}
    assert set(whole.feature_spaces) == set(whole.distances)
    counting = dataclasses.asdict(whole.distances["letters"])
    for name in ("kernel_distance", "kernel_distance_sd", "frechet_distance", "recall", "density"):
        assert getattr(whole, name) == counting[name]
    assert abs(whole.kernel_distance) < 0.5 and whole.frechet_distance > 0
    assert min(whole.precision, whole.recall, whole.coverage) > 0.85
    assert min(whole.coverage_by_class.values()) > 0.5
    assert abs(whole.real.kernel_distance) < 0.5 and whole.real.images == 150
    assert whole.distances["pixels"].precision is None
    assert whole.gap == whole.train_on_synthetic.gap and abs(whole.gap) < 0.15
    assert whole.train_on_synthetic_accuracy > 0.5 and whole.label_fidelity > 0.5
    assert whole.copy_rate == whole.copies.copy_rate < 0.05
    assert whole.training == {"dataset": "digits", "images": 150, "learned_from": False}


def test_the_folder_holds_the_result_and_pictures(whole):
    assert sorted(path.name for path in whole.path.iterdir()) == [
        "closest_pairs.png",
        "evaluation.json",
        "synthetic_and_real.png",
    ]
    assert sorted(whole.pictures) == ["closest_pairs.png", "synthetic_and_real.png"]
    content = json.loads((whole.path / "evaluation.json").read_text(encoding="utf-8"))
    assert content == {**json.loads(json.dumps(whole.as_dict())), "path": None}
    assert content["train_on_synthetic"]["gap_interval"] == list(
        whole.train_on_synthetic.gap_interval
    )
    assert len(content["copies"]["pairs"]) == 10
    assert all(read_png(whole.path / name).std() > 10 for name in whole.pictures)


@pytest.mark.slow
def test_the_closest_pairs_are_rows_of_the_whole_set(judge, planted, real):
    """Of 300 images only 120 are looked at; the copy among them is named as in the set."""
    synthetic, training = small(planted["none"]), real[0]
    every_copy = dataclasses.replace(
        synthetic, images=np.concatenate([training.images, training.images])
    )
    found = judge(every_copy, images=120)
    assert found.synthetic["images"] == 120 and found.copy_rate > 0.99
    assert len(found.copies.pairs) == 10
    for row, twin, distance in found.copies.pairs:
        assert np.array_equal(every_copy.images[row], training.images[twin])
        assert distance == pytest.approx(0, abs=1e-6)


def test_the_test_images_themselves_are_no_good_set(judge, real):
    found = judge(real[1])
    assert found.copies.test_copy_rate == 1
    assert any("150 of the 150 images judged are also among the test" in one for one in found.notes)
    marks = {one.key: one.tone for one in judged(found)}
    assert marks["test_copy_rate"] == marks["membership_auc"] == BAD


@pytest.mark.slow
def test_that_colours_are_not_compared_is_said(judge, real):
    def coloured(dataset):
        return dataclasses.replace(dataset, images=dataset.images.repeat(3, axis=-1))

    found = judge(coloured(real[0]), tuple(map(coloured, real)))
    assert any("other colours change hardly any figure" in note for note in found.notes)


def test_what_needs_labels_is_left_out_in_words(judge, planted, real):
    synthetic = small(planted["none"])
    for source, against, options in (
        (synthetic, real, {"labelled": False}),
        (synthetic, tuple(map(without_labels, real)), {}),
    ):
        found = judge(source, against, classifier="mlp", images=100, **options)
        assert found.train_on_synthetic is found.gap is found.label_fidelity is None
        assert found.coverage_by_class is None and found.coverage > 0.5
        (sentence,) = [note for note in found.notes if "need labels" in note]
        side = "real" if against is not real else "synthetic"
        assert sentence.endswith(f"the {side} images have none.")


def test_one_image_is_among_others_and_two_are(real, planted):
    train, test = real
    for count, said in (
        (1, "1 of the 150 images judged is also"),
        (2, "2 of the 150 images judged are"),
    ):
        images = np.concatenate([test.images[:count], train.images[count:]])
        judged = Synthetic(dataclasses.replace(train, images=images), "of digits")
        findings = Findings(judged, Reference(None, test), 150, 0, None)
        assert any(note.startswith(said) for note in findings.notes)
    learned = dataclasses.replace(train, images=np.r_[test.images[:1], train.images[1:]])
    findings = Findings(
        Synthetic(planted["none"], "of digits"), Reference(learned, test), 9, 0, None
    )
    assert any(note.startswith("1 training image is also among") for note in findings.notes)


def test_without_a_test_part_the_training_part_is_the_reference(judge, planted, real):
    found = judge(small(planted["none"]), real[0], classifier="mlp", images=120)
    assert found.reference["part"] == "train" and found.real is None
    assert any("has no test part" in note for note in found.notes)
    assert any(note.endswith("the synthetic images did is not known.") for note in found.notes)
    assert found.train_on_synthetic.judging_images == 50
    assert found.train_on_synthetic.training_images == 100
    assert found.copies.held_out == "training" and found.copies.test_copy_rate is None


@pytest.mark.parametrize(
    ("learned", "words"),
    [
        (slice(0, 100), "; but what drew the synthetic images learned from {} of these 50, "),
        (slice(150, 300), "from which neither learns, nor did what drew the synthetic images."),
        (None, "; whether what drew the synthetic images did is not known."),
    ],
)
def test_who_has_learned_from_the_third_that_judges(others, planted, learned, words):
    some = others.subset(30)
    train = small(some.select(np.arange(150)))
    training = None if learned is None else small(some.select(np.arange(300)[learned]))
    parts = RealParts(train, 120, 0, small(planted["none"]), training)
    _, test, said = parts.for_classifiers()
    known = 0 if training is None else np.isin(test.image_hashes, training.image_hashes).sum()
    assert len(test) == 50 and (10 < known < 50) == ("{}" in words)
    assert words.format(known) in said


@pytest.mark.parametrize(("copied", "judging"), [(0, 50), (60, 50), (98, 52), (150, None)])
def test_no_image_that_is_judged_is_among_those_that_classifiers_are_judged_by(
    others, copied, judging
):
    some = small(others.subset(30))
    train = some.select(np.arange(150))
    judged = some.select(np.arange(150 - copied, 300 - copied))
    findings = Findings(Synthetic(judged, "of digits"), Reference(train, None), 150, 0, None)
    _, test, _ = RealParts(train, 150, 0, judged, None).for_classifiers()
    if judging is None:
        assert test is None and findings._train_on_synthetic("mlp") is None
        assert "150 of the 150 images of digits are also among those judged" in findings.notes[-1]
    else:
        assert len(test) == min(judging, 50)
        assert not np.isin(test.image_hashes, judged.image_hashes).any()


@pytest.mark.parametrize(("lacking", "is_known"), [(None, True), (3, False)])
def test_real_images_of_fewer_classes_do_not_say_what_distances_are_usual(
    real, planted, lacking, is_known
):
    train, test = real
    train = train.select(np.flatnonzero(train.labels != lacking))
    test = test.select(np.arange(len(train)))
    with Stages(1, False) as stages:
        findings = Findings(
            Synthetic(small(planted["none"]), "of digits"), Reference(train, test), 150, 0, stages
        )
        found = findings._real_distances(Pixels(), test)
    assert (found is not None) == is_known
    assert any("lacks classes of those compared" in one for one in findings.notes) != is_known


@pytest.mark.parametrize(
    ("learned", "is_said"), [(slice(149, 300), True), (slice(150, 300), False), (None, True)]
)
def test_images_that_were_not_learned_from_are_as_good_as_a_test_part(
    others, planted, learned, is_said
):
    some = others.subset(30)
    training = None if learned is None else small(some.select(np.arange(300)[learned]))
    synthetic = Synthetic(small(planted["none"]), "of digits", training)
    compared = Reference(small(some.select(np.arange(150))), None)
    findings = Findings(synthetic, compared, 120, 0, None)
    assert any("has no test part" in note for note in findings._cautions()) == is_said


@pytest.mark.parametrize(
    ("name", "train", "is_said"),
    [("others", None, True), ("others", slice(150, 300), False), ("digits", None, False)],
)
def test_membership_that_may_tell_sources_apart_is_said(others, planted, name, train, is_said):
    some = others.subset(30)
    test, training = (small(some.select(np.arange(300)[s])) for s in (slice(150), slice(150, 300)))
    training = dataclasses.replace(training, name="digits")
    test = dataclasses.replace(test, name=name)
    train = None if train is None else small(some.select(np.arange(300)[train]))
    synthetic = Synthetic(small(planted["none"]), "of digits", training)
    with Stages(1, False) as stages:
        findings = Findings(synthetic, Reference(train, test), 150, 0, stages)
        findings.copies(Pixels())
    said = any("tells the sources apart" in note for note in findings.notes)
    assert said == is_said


@pytest.mark.parametrize(("zeros", "words"), [(15, None), (100, "10 % are 0, and of the real")])
def test_other_proportions_than_those_of_the_real_images_are_said(digits, zeros, words):
    test = digits[1]
    rows = [np.flatnonzero(test.labels == k)[: zeros if k == 0 else 15] for k in range(10)]
    uneven = test.select(np.sort(np.concatenate(rows)))
    findings = Findings(
        Synthetic(digits[0].subset(30), "of digits"), Reference(None, uneven), 300, 0, None
    )
    said = [note for note in findings.notes if "other proportions" in note]
    assert [words in note and note.endswith("ones 43 %.") for note in said] == [True] * bool(words)


@pytest.mark.parametrize(
    ("learned", "held_out", "row"),
    [
        (slice(150, 300), "unseen", "unseen real images"),
        (slice(90, 240), "unseen", "unseen real images"),  # of those that it learned from, none
        (slice(10, 160), "training", "training images among themselves"),  # too few are left
        (None, "training", "training images among themselves"),
    ],
)
def test_real_images_are_asked_as_the_drawn_ones_are(others, planted, learned, held_out, row):
    some = others.subset(30)
    training = None if learned is None else small(some.select(np.arange(300)[learned]))
    synthetic = Synthetic(small(planted["none"]), "of digits", training)
    compared = Reference(small(some.select(np.arange(150))), None)
    with Stages(1, False) as stages:
        findings = Findings(synthetic, compared, 150, 0, stages)
        report = findings.copies(Pixels())["copies"]
    assert report.held_out == held_out and report.held_out_images == row
    assert report.held_out_rate < 0.05 and (report.test_copy_rate is None) == (held_out != "unseen")


def test_a_test_part_is_asked_only_for_what_was_not_learned_from(judge, planted, real):
    train, test = real
    leaking = dataclasses.replace(
        train, images=np.concatenate([test.images[:80], train.images[80:]])
    )
    found = judge(small(planted["none"]), (leaking, test))
    assert found.copies.held_out == "test" and found.copies.held_out_rate < 0.05
    names = [name for name, *_ in found.measured]
    assert {"the same of test images", "copies of test images"} <= set(names)


@pytest.mark.slow
def test_without_a_training_part_nothing_is_said_of_copies(judge, planted, real):
    found = judge(small(planted["none"]), real[1], classifier="mlp")
    assert found.copies is found.training is found.copy_rate is None
    assert found.train_on_real_accuracy is None and found.train_on_synthetic_accuracy > 0.4
    assert sum("training" in note for note in found.notes) == 2


@pytest.mark.slow
def test_test_images_among_the_training_images_are_counted(judge, planted, real):
    train, test = real
    leaking = dataclasses.replace(train, images=np.concatenate([test.images[:4], train.images[4:]]))
    found = judge(small(planted["none"]), (leaking, test), images=100)
    assert any(note.startswith("4 training images are also among") for note in found.notes)


@pytest.mark.slow
def test_a_class_that_is_not_drawn_is_named(judge, planted):
    synthetic = small(planted["none"]).subset(14)
    found = judge(synthetic.select(np.flatnonzero(synthetic.labels != 3)))
    assert found.images == 126, "as many of either side, where the real ones are more"
    assert found.coverage_by_class["3"] == 0
    assert "There is no synthetic image of class 3." in found.notes


@pytest.mark.slow
def test_a_model_is_drawn_from_and_judged_by_its_own_training_data(judge, digits):
    found = judge("digits-cgan", digits, images=100)
    assert found.synthetic["what"] == "drawn from digits-cgan with seed 0"
    assert found.training["learned_from"] and found.training["images"] == 5000


def test_inception_features_alone_are_called_kid_and_fid(judge, planted, tmp_path):
    path = tmp_path / "own.keras"
    pooling = keras.layers.GlobalAveragePooling2D()
    stages = [keras.layers.Conv2D(8, 3, activation="relu"), pooling]
    keras.Sequential([keras.Input((12, 12, 3)), *stages]).save(path)
    found = judge(small(planted["none"]), images=100, inception=path)
    assert found.distances["inception"].precision is not None
    described = found.feature_spaces["inception"]
    assert described["file"] == "own.keras" and len(described["sha256"]) == 64
    assert described["called"] == {"kernel_distance": "KID", "frechet_distance": "FID"}
    assert not any("called" in found.feature_spaces[name] for name in ("letters", "pixels"))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"images": 99}, "`images` should be a whole number, 100 or more. Received: 99"),
        ({"images": 200.5}, "`images` should be a whole number, 100 or more. Received: 200.5"),
        ({"images": "a"}, "`images` should be a whole number, 100 or more. Received: 'a'"),
        ({"seed": -1}, "`seed` should be"),
        ({"classifier": "svm"}, "No classifier 'svm'. Known: "),
        ({"source": "nowhere"}, "No model and no set of images 'nowhere'"),
        ({"against": "nowhere"}, "No dataset 'nowhere'"),
        ({"inception": "nowhere.h5"}, "no file of Inception weights"),
        ({"classes": ["x"]}, "has no class 'x'"),
    ],
)
def test_wrong_usage_leaves_nothing(judge, planted, tmp_path, options, sentence):
    options = {"source": small(planted["none"]), **options}
    with pytest.raises(gp.UsageError, match=sentence):
        judge(**options, output=tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_too_few_images_of_either_side_are_refused(judge, planted, real):
    few = small(planted["none"]).subset(9)
    with pytest.raises(gp.UsageError, match="too few images to judge by: 90. Give 100 or more"):
        judge(few)
    with pytest.raises(gp.UsageError, match="too few images to judge by: 90"):
        judge(small(planted["none"]), few)


def test_an_evaluation_made_where_one_stands_is_found_from_anywhere(
    judge, planted, real, tmp_path, monkeypatch
):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "evaluation.json").write_text("{}")
    monkeypatch.chdir(tmp_path / "old")
    found = judge(small(planted["none"]), real[1], images=100, output=".", force=True)
    assert found.path == tmp_path / "old" and (found.path / "evaluation.json").is_file()


def test_only_an_evaluation_is_replaced_and_only_when_forced(judge, planted, real, tmp_path):
    mine, old = tmp_path / "mine", tmp_path / "old"
    for folder, name in ((mine, "thesis.tex"), (old, "evaluation.json")):
        folder.mkdir()
        (folder / name).write_text("mine")
    with pytest.raises(gp.UsageError, match="exists already"):
        judge(small(planted["none"]), output=old)
    with pytest.raises(gp.UsageError, match="mine is not an evaluation, so `force` does not"):
        judge(small(planted["none"]), output=mine, force=True)
    assert (mine / "thesis.tex").read_text() == "mine"
    shutil.copytree(gp.Run.open("digits-cgan").path, tmp_path / "model")
    kept = sorted((tmp_path / "model").iterdir())
    with pytest.raises(gp.UsageError, match="holds config.json, which is no part of an evaluation"):
        judge(small(planted["none"]), output=tmp_path / "model", force=True)
    assert sorted((tmp_path / "model").iterdir()) == kept
    found = judge(small(planted["none"]), real[1], images=100, output=old, force=True)
    assert found.pictures == ["synthetic_and_real.png"]
    assert json.loads((old / "evaluation.json").read_text())["copies"] is None


def test_progress_says_what_happens(planted, real, capsys, monkeypatch):
    monkeypatch.setattr("ganprofile.console.SECONDS_BETWEEN_LINES", 0)
    gp.evaluate(small(planted["none"]), real, images=100, classifier="mlp")
    lines = capsys.readouterr().err.splitlines()
    for stage in ("reading the images", "features pixels", "learns from 100 real", "copies of 150"):
        assert any(stage in line for line in lines), stage
    assert lines[0].startswith("1/8 ") and lines[-1].startswith("8/8 ")


@pytest.mark.slow
def test_every_fault_moves_what_should_move(planted, others, digits):
    """The whole way, as a user goes it."""
    train, test = others.subset(50), digits[1].subset(30)
    found = {
        name: gp.evaluate(dataset, (train, test), classifier="mlp", progress=False)
        for name, dataset in planted.items()
    }
    alike = found["none"]
    assert alike.copy_rate < 0.05 and alike.label_fidelity > 0.7
    collapsed, swapped = found["collapsed"], found["swapped"]
    assert collapsed.recall < 0.1 and collapsed.coverage < 0.6 < collapsed.precision
    assert collapsed.gap > alike.gap + 0.1
    assert swapped.label_fidelity < 0.1 and swapped.gap > 0.5
    assert max(swapped.coverage_by_class.values()) < 0.3
    assert swapped.distances == alike.distances
    for name in ("inverted", "blurred", "blank"):
        assert found[name].kernel_distance > 10 * found[name].kernel_distance_sd
        assert found[name].frechet_distance > 10 * alike.frechet_distance
        assert found[name].precision < 0.3
        pixels, usual = (one.distances["pixels"] for one in (found[name], alike))
        assert pixels.frechet_distance > 1.5 * usual.frechet_distance
    for name in ("inverted", "blank"):
        assert found[name].label_fidelity < 0.3 and found[name].gap > 0.4


@pytest.mark.slow
def test_features_are_computed_once_for_each_array(judge, planted, monkeypatch):
    seen = []
    compute = FeatureNetwork.__call__

    def counted(network, images):
        seen.append((network.name, len(images)))
        return compute(network, images)

    monkeypatch.setattr(FeatureNetwork, "__call__", counted)
    judge(small(planted["none"]).subset(15))
    assert seen.count(("characters", 150)) == 2, "synthetic and real"
    assert seen.count(("letters", 150)) <= 4, "those, the training images, a sample of them"
