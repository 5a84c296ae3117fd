import numpy as np
import pytest

import ganprofile as gp
from ganprofile.augmentation import arms as arms_module
from ganprofile.augmentation.arms import named_arms
from ganprofile.augmentation.pretraining import Pretraining
from ganprofile.classifiers import TRANSFORMS
from ganprofile.errors import UsageError
from ganprofile.files import write_arrays


@pytest.fixture
def arms_of(digits):
    """Names -> arms of the embedded digits."""

    def make(*names, steps=20):
        return named_arms(
            names,
            class_names=digits[0].class_names,
            test_set=digits[1],
            pretraining=Pretraining(digits[0].class_names, "digits", "cnn", steps),
            gan_steps=4,
            shown=600,
            teacher_steps=2,
        )

    return make


def test_what_the_simple_arms_make(arms_of, tiny, tmp_path):
    made = {
        name: arm(tiny, 0, tmp_path)
        for name, arm in arms_of("none", "affine", "classic", "duplicated:2").items()
    }
    for name in ("none", "affine", "classic"):
        np.testing.assert_array_equal(made[name].images, tiny.images)
        np.testing.assert_array_equal(made[name].labels, tiny.labels)
        assert made[name].frequency is None and made[name].pretrained is None
        assert made[name].transforms == (None if name == "none" else name)
    again = made["duplicated:2"]
    assert len(again.images) == 3 * len(tiny)
    assert np.bincount(again.labels).tolist() == [60] * 10
    assert len(np.unique(again.images.reshape(600, -1), axis=0)) == 200


def test_real_and_added_images_are_shown_equally_often(arms_of, tiny, tmp_path):
    (arm,) = arms_of("classic+duplicated:3").values()
    made = arm(tiny, 0, tmp_path)
    assert made.transforms == "classic"
    assert made.frequency[:200].sum() == pytest.approx(made.frequency[200:].sum())


def test_the_transforms_by_name_are_those_of_the_classifiers():
    assert set(arms_module.TRANSFORMS) == set(TRANSFORMS)


def test_a_folder_is_matched_by_the_names_of_its_classes(arms_of, tiny, tmp_path):
    path = tmp_path / "drawn.npz"
    images = tiny.select(np.isin(tiny.labels, [3, 7])).images
    names = np.array(["7", "3"])
    write_arrays(path, {"images": images, "labels": np.repeat([1, 0], 20), "class_names": names})
    (arm,) = arms_of(f"none+{path}").values()
    made = arm(tiny, 0, tmp_path)
    added = made.labels[len(tiny) :]
    assert (np.bincount(added, minlength=10) == 20 * np.isin(np.arange(10), [3, 7])).all()
    assert arm.description()["additions"][0]["kind"] == "folder"


def test_a_folder_with_test_images_is_refused(arms_of, digits, tmp_path):
    path = tmp_path / "leak.npz"
    write_arrays(path, {"images": digits[1].images[:9], "labels": digits[1].labels[:9]})
    with pytest.raises(UsageError, match="of 9 training images are also among the"):
        arms_of(str(path))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("magic", "No arm 'magic'. Known: none, affine, classic, varied, taught, pretrained, dupl"),
        ("classic+gan:x", "No arm 'gan:x'"),
        ("gan:0", "gan:0 adds nothing"),
        ("classic+varied", "bends images twice"),
    ],
)
def test_what_means_nothing_is_refused(arms_of, name, words):
    with pytest.raises(UsageError, match=words):
        arms_of(name)


def test_pretraining_knows_other_characters_only(digits):
    known = Pretraining(digits[0].class_names, "digits", "cnn", 10)._known()
    assert not set(known.class_names) & set("0123456789") and len(known.class_names) == 37
    other = Pretraining(("A", "b"), "emnist/letters", "cnn", 10)
    assert other.description() == {"dataset": "digits", "classes": "all", "steps": 10}
    assert Pretraining(("A", "b"), "scans", "cnn", 10)._source() == ("characters", None)


@pytest.mark.slow
def test_pretrained_weights_are_made_once(arms_of, tiny, tmp_path):
    (arm,) = arms_of("pretrained", steps=2).values()
    first = arm(tiny, 0, tmp_path / "one").pretrained
    changed = first.stat().st_mtime_ns
    assert arm(tiny, 1, tmp_path / "two").pretrained == first
    assert first.parent == tmp_path and first.stat().st_mtime_ns == changed


@pytest.mark.slow
def test_a_gan_is_trained_on_the_subset_and_kept(arms_of, tiny, tmp_path):
    both = arms_of("gan:1", "classic+gan:1")
    (first, second) = (arm(tiny, 3, tmp_path) for arm in both.values())
    (run,) = (tmp_path / "gan").iterdir()
    assert gp.Run.open(run).config["dataset"]["fingerprint"] == tiny.fingerprint
    np.testing.assert_array_equal(first.images, second.images)
    assert (tmp_path / "drawn-1.npz").is_file()


@pytest.mark.slow
def test_names_reach_the_experiment(tiny, digits, tmp_path):
    result = gp.benchmark(
        tiny,
        test=digits[1],
        per_class=5,
        arms=("none", "duplicated"),
        repeats=2,
        classifier="mlp",
        steps=30,
        output=tmp_path / "out",
        progress=False,
    )
    assert {cell["arm"] for cell in result.cells} == {"none", "duplicated"}
    assert result.arms["duplicated"]["additions"] == [{"kind": "duplicated", "ratio": 10.0}]
    with pytest.raises(UsageError, match="benchmark knows no argument 'flavour'"):
        gp.benchmark("digits", flavour="sweet")


@pytest.mark.slow
def test_variations_are_made_as_often_as_images_are_shown(arms_of, tiny, tmp_path):
    (arm,) = arms_of("varied").values()
    made, again = (arm(tiny, 3, tmp_path) for _ in range(2))
    assert made.images.shape == (600, 28, 28, 1) and made.transforms is made.frequency is None
    assert np.bincount(made.labels).tolist() == [60] * 10
    np.testing.assert_array_equal(made.images, again.images)
    known = {image.tobytes() for image in tiny.images}
    assert not any(image.tobytes() in known for image in made.images)
    assert arm.description()["variations"]["count"] == 600


@pytest.mark.slow
def test_teachers_are_trained_once_for_all_arms_of_a_subset(arms_of, tiny, tmp_path):
    both = arms_of("varied+taught", "classic+taught")
    varied, classic = (arm(tiny, 3, tmp_path) for arm in both.values())
    assert varied.labels.shape == (600, 10) and classic.labels.shape == (200, 10)
    np.testing.assert_allclose(varied.labels.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(classic.images, tiny.images)
    assert classic.transforms == "classic"
    files = sorted((tmp_path / "teachers").iterdir())
    assert [path.name for path in files] == [
        *("0-deepconvnet.keras", "1-convnet.keras", "2-convnet.keras")
    ]
    written = [path.stat().st_mtime_ns for path in files]
    np.testing.assert_array_equal(both["classic+taught"](tiny, 3, tmp_path).labels, classic.labels)
    assert [path.stat().st_mtime_ns for path in files] == written
    assert both["varied+taught"].description()["teaching"]["teachers"][1] == ["convnet", "upright"]
