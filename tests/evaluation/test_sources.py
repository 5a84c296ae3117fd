import dataclasses
import shutil

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import NotHere
from ganprofile.evaluation.reference import Reference, read_reference
from ganprofile.evaluation.sources import read_synthetic, sample


@pytest.fixture(scope="module")
def reference(digits):
    return Reference(*digits)


def test_a_run_draws_what_its_seed_draws_and_its_data_are_known(short_run, reference):
    synthetic = read_synthetic(short_run.path, reference, images=620, seed=3)
    drawn = synthetic.dataset
    assert np.array_equal(drawn.images, short_run.sample(620, seed=3))
    assert np.array_equal(drawn.labels, np.arange(620) % 10)
    assert synthetic.what == f"drawn from {short_run.path.name} with seed 3"
    assert len(synthetic.training) == 200 and synthetic.notes == ()


def test_a_run_draws_only_the_classes_asked_for(short_run, digits):
    reference = read_reference(digits, classes=["7", "2"])
    synthetic = read_synthetic(short_run, reference, images=40, classes=["7", "2"])
    drawn = synthetic.dataset
    assert drawn.class_names == ("2", "7")
    assert synthetic.training.class_counts().tolist() == [20, 20], "and so they were learned from"
    assert synthetic.notes == ("Judged are only the classes '7' '2'.",)
    wanted = np.resize([7, 2], 40)
    assert np.array_equal(drawn.images, short_run.sample(40, wanted))
    assert np.array_equal(np.array([2, 7])[drawn.labels], wanted)


def unbalanced(dataset, first=100, others=12):
    """Many of the class 0 and few of each other."""
    wanted = [first] + [others] * 9
    rows = [np.flatnonzero(dataset.labels == k)[:many] for k, many in enumerate(wanted)]
    return dataset.select(np.sort(np.concatenate(rows)))


def test_a_run_draws_classes_as_often_as_they_are_where_these_are_far_from_balanced(
    short_run, digits
):
    few = unbalanced(digits[1])
    synthetic = read_synthetic(short_run, Reference(None, few), images=416, seed=1)
    assert synthetic.dataset.class_counts().tolist() == [200] + [24] * 9
    assert abs(np.bincount(synthetic.dataset.labels[:104])[0] - 50) <= 2, "so are the first"
    labels = synthetic.dataset.labels
    assert np.array_equal(synthetic.dataset.images, short_run.sample(416, labels, seed=1))
    assert "is far from balanced: 100 images of 0, 12 of 1." in synthetic.notes[0]
    nearly = unbalanced(digits[1], 90, 70)
    synthetic = read_synthetic(short_run, Reference(None, nearly), images=40)
    assert np.array_equal(synthetic.dataset.labels, np.arange(40) % 10) and not synthetic.notes


@pytest.mark.parametrize("names", [None, ["1", "4", "7", "8"]])
def test_each_class_is_drawn_by_all_writers(short_run, reference, names, monkeypatch):
    """Where there are as many writers as classes, or a divisor of these, too."""
    monkeypatch.setattr(gp.Run, "conditions", ("label", "writer"))
    values = {"label": short_run.class_names, "writer": [3, 13, 23, 33]}
    monkeypatch.setattr(gp.Run, "condition_values", values)
    asked = []

    def sample(self, count, label=None, seed=0, first=0, writer=None):
        asked.extend(zip(label.tolist(), writer.tolist(), strict=True))
        return np.zeros((count, 28, 28, 1), np.uint8)

    monkeypatch.setattr(gp.Run, "sample", sample)
    read_synthetic(short_run, reference, images=160, classes=names)
    pairs = {(name, writer) for name in names or "0123456789" for writer in values["writer"]}
    assert len(asked) == 160 and set(asked) == pairs


def test_a_models_name_is_found_and_an_unlabelled_one_has_no_labels(
    short_unlabelled_run, reference
):
    assert read_synthetic("digits-cgan", reference, images=5).dataset.num_classes == 10
    synthetic = read_synthetic(short_unlabelled_run, reference, images=5)
    assert synthetic.dataset.labels is None and synthetic.training is not None


def test_an_imported_name_is_what_its_path_is(digits, reference, tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    digits[0].subset(3).save(tmp_path / "own")
    gp.import_dataset(tmp_path / "own", "of-mine")
    by_name, by_path = (
        read_synthetic(source, reference, images=100) for source in ("of-mine", tmp_path / "own")
    )
    assert np.array_equal(by_name.dataset.images, by_path.dataset.images)
    assert by_name.what == "of of-mine" and by_name.notes == ()
    with pytest.raises(gp.UsageError, match="No model .*'of-min'.* mean 'of-mine'"):
        read_synthetic("of-min", reference, images=100)


def test_a_test_part_that_is_not_judged_is_named(reference):
    synthetic = read_synthetic("digits", reference, images=100)
    assert synthetic.notes == ("The test part of digits, 1,000 images, is not judged.",)


def test_labels_can_be_ignored(short_run, reference):
    synthetic = read_synthetic(short_run, reference, images=5, labelled=False)
    assert synthetic.dataset.labels is None


@pytest.fixture(scope="module")
def written(short_run, tmp_path_factory):
    """200 real and 100 synthetic images."""
    output = tmp_path_factory.mktemp("sets") / "more"
    options = {"include_real": True, "score": False, "output": output, "progress": False}
    return gp.generate(short_run, per_class=30, **options)


def test_of_a_set_that_augment_wrote_only_synthetic_images_are_judged(written, reference):
    for source in (written, written.path, str(written.path), written.load()):
        synthetic = read_synthetic(source, reference, images=10_000)
        origins = written.load().attributes["manifest.source"]
        assert np.array_equal(synthetic.dataset.images, written.load().images[origins != "real"])
        assert np.array_equal(synthetic.dataset.rows, np.flatnonzero(origins == "synthetic"))
        assert "200 real images" in synthetic.notes[0]
        assert len(synthetic.training) == 200, "the set names its run"


def test_a_set_whose_run_is_gone_or_another_is_judged_all_the_same(written, reference, tmp_path):
    copy = shutil.copytree(written.path, tmp_path / "copy")
    info = (copy / "dataset.json").read_text()
    sha256 = written.info["made_from"]["generator_sha256"]
    (copy / "dataset.json").write_text(info.replace(sha256, "0" * 64))
    synthetic = read_synthetic(copy, reference, images=50)
    assert synthetic.training is None and len(synthetic.dataset) == 50
    assert "has changed since the set was drawn from it" in synthetic.notes[-1]
    same = read_synthetic(written, reference, images=50)
    assert not [note for note in same.notes if "changed" in note]


def test_training_data_that_came_as_arrays_are_recognised(digits, short_run, tmp_path):
    given = dataclasses.replace(digits[0].subset(20), recipe=None)
    path = shutil.copytree(short_run.path, tmp_path / "run")
    run = gp.Run.open(path)
    run.record(dataset={**run.config["dataset"], "recipe": None})
    assert read_synthetic(run, Reference(given, None), images=5).training is given
    other = read_synthetic(run, Reference(*digits), images=5)
    assert other.training is None
    assert "was trained on is not at hand: The dataset was given as arrays" in other.notes[0]


def test_training_data_that_are_elsewhere_are_not_said_to_be_forbidden(
    short_run, reference, monkeypatch
):
    def elsewhere(self, given=None, offline=False):
        raise NotHere("They are not here", "By hand: fetch them.")

    monkeypatch.setattr(gp.Run, "dataset", elsewhere)
    (note,) = read_synthetic(short_run, reference, images=5).notes
    assert "not at hand: They are not here, and is not downloaded unasked. By hand: " in note


def test_anybodys_images_by_path(digits, reference, tmp_path):
    train = digits[0].subset(3)
    np.savez(tmp_path / "own.npz", images=train.images, labels=train.labels)
    from_file = read_synthetic(tmp_path / "own.npz", reference, images=100)
    assert np.array_equal(from_file.dataset.labels, train.labels)
    assert from_file.what == "of own" and from_file.training is None
    train.save(tmp_path / "classes", "imagefolder")
    for name in ("dataset.json", "manifest.csv", "SHA256SUMS"):
        (tmp_path / "classes" / name).unlink()
    from_folder = read_synthetic(tmp_path / "classes", reference, images=100)
    assert sorted(from_folder.dataset.labels.tolist()) == sorted(train.labels.tolist())


def test_classes_are_matched_by_name(digits, reference):
    few = digits[0].subset(2)
    order = tuple("9876543210")
    turned = dataclasses.replace(few, labels=9 - few.labels, class_names=order)
    found = read_synthetic(turned, reference, images=100).dataset
    assert found.class_names == tuple("0123456789")
    assert np.array_equal(found.labels, few.labels)
    absent = dataclasses.replace(few, class_names=(*few.class_names, "an unused one"))
    assert read_synthetic(absent, reference, images=100).dataset.num_classes == 10


def test_a_class_that_a_set_lacks_is_none_that_it_is_restricted_to(digits):
    reference = read_reference(digits, classes=["1", "2"])
    ones = digits[0].of_classes(["1"])
    found = read_synthetic(ones, reference, images=10_000, classes=["1", "2"]).dataset
    assert found.class_counts().tolist() == [500, 0]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda d: "nowhere",
            r"No model .*'nowhere'. Known: digits, .*digits-cgan",
        ),
        (
            lambda d: gp.load("characters")[0],
            r"has the class 'A' .*and 32 more, which digits lacks",
        ),
        (
            lambda d: dataclasses.replace(d, images=d.images[:, :20, :20]),
            "digits are 20x20 with 1 channel and those of digits 28x28 .*`image_size`",
        ),
        (lambda d: dataclasses.replace(d, images=d.images.repeat(3, -1)), "with 3 channels and"),
        (
            lambda d: dataclasses.replace(
                d, provenance={"overlap_with_test_allowed": {"images": 1, "example": "x"}}
            ),
            "`allow_overlap=True`",
        ),
    ],
)
def test_what_cannot_be_judged_is_refused(digits, reference, change, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        read_synthetic(change(digits[0].subset(2)), reference, images=100)


def test_a_run_of_other_classes_or_sizes_is_refused_before_it_draws(short_run, digits, monkeypatch):
    monkeypatch.setattr(gp.Run, "sample", None)
    letters = dataclasses.replace(digits[1], class_names=tuple("abcdefghij"))
    with pytest.raises(gp.UsageError, match="has the class '0' '1' .*Name the classes alike"):
        read_synthetic(short_run, Reference(None, letters), images=100)
    larger = dataclasses.replace(digits[1], images=digits[1].images.repeat(2, 1).repeat(2, 2))
    with pytest.raises(gp.UsageError, match="are 28x28 with 1 channel and those of digits 56x56"):
        read_synthetic(short_run, Reference(None, larger), images=100)


def test_a_sample_is_in_proportion_and_the_seed_decides(digits):
    uneven = digits[0].select(np.flatnonzero(np.arange(5000) % 3 * (digits[0].labels == 4) == 0))
    some = sample(uneven, 500, seed=1)
    expected = uneven.class_counts() / len(uneven) * 500
    assert np.abs(some.class_counts() - expected).max() <= 1
    assert np.all(np.diff(some.rows) > 0)
    assert np.array_equal(some.rows, sample(uneven, 500, seed=1).rows)
    assert not np.array_equal(some.rows, sample(uneven, 500, seed=2).rows)
    assert sample(uneven, 10_000, seed=1) is uneven
