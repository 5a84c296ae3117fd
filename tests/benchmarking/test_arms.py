import dataclasses
import json
import re

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.benchmarking import arms as arms_module
from ganprofile.benchmarking import benchmark as benchmark_module
from ganprofile.benchmarking.additions import Duplicates, GanDraws
from ganprofile.benchmarking.arms import named_arms
from ganprofile.classifiers import CLASSIFIERS, TRANSFORMS
from ganprofile.errors import UsageError
from ganprofile.recipes.pretrained import PretrainedWeights
from ganprofile.storage.arrays import write_arrays
from tests.planted import plant_one_layer


@pytest.fixture
def arms_of(digits):
    """Names -> arms of the embedded digits."""

    def make(*names, real=digits[0], classifier="convnet"):
        return named_arms(
            names,
            real=real,
            test_set=digits[1],
            classifier=classifier,
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


def test_the_test_part_of_a_folder_is_left_out_and_that_is_said(
    arms_of, digits, tiny, tmp_path, capsys
):
    for part, count in ((tiny, 2), (digits[1], 3)):
        part.subset(count).save(tmp_path / "drawn" / part.split, "imagefolder")
    (arm,) = arms_of(f"none+{tmp_path / 'drawn'}", real=digits[0].subset(5, seed=9)).values()
    said = " ".join(capsys.readouterr().err.split())
    assert "the 30 images of its test part are left out, and its 20 others are added" in said
    assert len(arm(tiny, 0, tmp_path).labels) == len(tiny) + 20


def test_a_folder_whose_name_would_join_arms_is_refused(arms_of, tiny, tmp_path):
    tiny.save(tmp_path / "a+b")
    with pytest.raises(UsageError, match=r"a\+b cannot be an arm: a \+ in a name joins arms"):
        arms_of(f"{tmp_path / 'a+b'}")


def test_an_imported_name_is_an_arm_as_its_folder_is(arms_of, tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    tiny.save(tmp_path / "own")
    gp.import_dataset(tmp_path / "own", "of-mine")
    (named,), (placed,) = (
        arms_of(f"none+{source}").values() for source in ("of-mine", tmp_path / "own")
    )
    np.testing.assert_array_equal(named(tiny, 0, tmp_path).images, placed(tiny, 0, tmp_path).images)
    assert len(named(tiny, 0, tmp_path).images) == 400


def transposed(dataset, folder):
    """Its images as pictures with their axes exchanged, a folder for each class."""
    for number, (image, label) in enumerate(zip(dataset.images, dataset.labels, strict=True)):
        place = folder / str(label)
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(255 - image[..., 0].T).resize((40, 40)).save(place / f"{number}.png")


def test_a_folder_is_read_as_the_real_images_are(digits, tiny, tmp_path, monkeypatch, capsys):
    train, test = digits
    transposed(train.subset(3, seed=1), tmp_path / "real")
    transposed(train.subset(2, seed=7), tmp_path / "more")
    transposed(test.subset(1), tmp_path / "test")
    train.subset(2, seed=9).save(tmp_path / "made", "imagefolder")
    read, arms = [], ("none", tmp_path / "more", tmp_path / "made")
    monkeypatch.setattr(
        benchmark_module, "run_experiment", lambda *parts, arms, **_: read.append((parts, arms))
    )
    reading = {"transpose": True, "image_size": 28, "invert": "yes"}
    names = {"test": str(tmp_path / "test"), "arms": list(map(str, arms))}
    gp.benchmark(str(tmp_path / "real"), **names, **reading)
    assert "made is a set as it was saved, to which `transpose` does not apply." in (
        capsys.readouterr().err
    )
    # What is loaded already says by itself how it was read.
    gp.benchmark(gp.load(tmp_path / "real", **reading)[0], **names)
    upright, _ = gp.load(tmp_path / "more", **reading)
    for (real, _), made in read:
        _, more, saved = (arm(real, 0, tmp_path).images[len(real) :] for arm in made.values())
        np.testing.assert_array_equal(more, upright.images)
        np.testing.assert_array_equal(saved, gp.load(tmp_path / "made")[0].images)


def test_a_folder_with_test_images_is_refused(arms_of, digits, tmp_path):
    path = tmp_path / "leak.npz"
    write_arrays(path, {"images": digits[1].images[:9], "labels": digits[1].labels[:9]})
    with pytest.raises(UsageError, match="of 9 training images are also among the") as refused:
        arms_of(str(path))
    assert "Take them out" in str(refused.value)
    assert "allow_overlap" not in str(refused.value)  # which helps other parts, not an arm


@pytest.mark.parametrize(
    ("name", "sizes", "where"),
    [
        ("duplicated:0.01", 2, "at 2 per class"),
        ("classic+gan:0.1", [50, 4], "at 4 per class"),
        ("gan:0.001", "all", "with all images"),
    ],
)
def test_what_adds_no_image_is_refused(name, sizes, where):
    with pytest.raises(UsageError, match=rf"The arm {re.escape(name)} adds no image {where}"):
        gp.benchmark("digits", per_class=sizes, arms=["none", name], dry_run=True)
    gp.benchmark("digits", per_class=50, arms=["none", "classic+gan:0.1"], dry_run=True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "magic",
            "No arm 'magic'. Known: none, affine, classic, deformed, distilled, pretrained",
        ),
        ("classic+gan:x", "No arm 'gan:x'"),
        ("gan:0", "gan:0 adds nothing"),
        ("classic+deformed", "deforms images twice"),
        ("affine+deformed+distilled", "deforms images twice"),
        ("varied+taught", "No arm 'varied'"),
    ],
)
def test_what_means_nothing_is_refused(arms_of, name, words):
    with pytest.raises(UsageError, match=words):
        arms_of(name)


def test_what_are_no_names_is_refused():
    with pytest.raises(UsageError, match="a text or a list of texts. Received: 3"):
        gp.benchmark("digits", arms=3, dry_run=True)


@pytest.mark.slow
def test_a_pretrained_classifier_begins_with_the_prior(arms_of, tiny, tmp_path):
    (arm,) = arms_of("pretrained+classic").values()
    made = arm(tiny, 0, tmp_path)
    assert made.transforms == "classic"
    for array, known in zip(
        made.pretrained, PretrainedWeights("letters").body("convnet"), strict=True
    ):
        np.testing.assert_array_equal(array, known)
    reader = CLASSIFIERS["convnet"](10, steps=1).fit(
        made.images, made.labels, pretrained=made.pretrained
    )
    assert np.abs(reader.body()[0] - made.pretrained[0]).max() < 0.01


def test_without_a_prior_that_may_be_used_there_is_no_such_arm(arms_of, digits):
    letters = gp.load("characters", offline=True)[0]
    with pytest.raises(
        UsageError,
        match="needs pretrained weights. No pretrained weights: they were",
    ):
        arms_of("deformed+distilled+pretrained", real=letters)
    with pytest.raises(UsageError, match="are those of a convnet. Received: `classifier='mlp'`"):
        arms_of("pretrained", classifier="mlp")
    assert arms_of("classic", real=letters)


@pytest.mark.slow
def test_a_gan_is_trained_on_the_subset_and_kept(
    arms_of, tiny, tmp_path, fast_classifier, monkeypatch
):
    monkeypatch.setattr("ganprofile.benchmarking.additions.MODEL", "cgan")  # the quickest to trace
    others = {"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": 1}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(others))  # who know nothing of this
    both = arms_of("gan:1", "classic+gan:1")
    (first, second) = (arm(tiny, 3, tmp_path) for arm in both.values())
    (run,) = tmp_path.glob("gan-*/*")
    assert gp.Run.open(run).config["dataset"]["fingerprint"] == tiny.fingerprint
    np.testing.assert_array_equal(first.images, second.images)
    assert len(list(tmp_path.glob("drawn-*.npz"))) == 1
    # Neither other steps nor another subset or seed find what was kept.
    longer = dataclasses.replace(both["gan:1"].additions[0], gan_steps=8)
    for make in (
        lambda: longer(tiny, 3, tmp_path),
        lambda: both["gan:1"].additions[0](tiny.subset(5, seed=1), 3, tmp_path),
        lambda: both["gan:1"].additions[0](tiny, 4, tmp_path),
    ):
        before = set(tmp_path.glob("*/*"))
        make()
        assert len(set(tmp_path.glob("gan-*/*")) - before) == 1


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
    (arm,) = arms_of("deformed").values()
    made, again = (arm(tiny, 3, tmp_path) for _ in range(2))
    assert made.images.shape == (600, 28, 28, 1) and made.transforms is made.frequency is None
    assert np.bincount(made.labels).tolist() == [60] * 10
    np.testing.assert_array_equal(made.images, again.images)
    known = {image.tobytes() for image in tiny.images}
    assert not any(image.tobytes() in known for image in made.images)
    assert arm.description()["deformation"]["count"] == 600


@pytest.mark.slow
def test_deep_teachers_learn_and_label_images_that_are_not_bent(
    arms_of, tiny, tmp_path, monkeypatch
):
    plant_one_layer(monkeypatch)
    (arm,) = arms_of("classic+distilled").values()
    made = arm(tiny, 3, tmp_path)
    assert made.images.shape == (600, 28, 28, 1) and made.labels.shape == (600, 10)
    kept = {path.name for path in tmp_path.rglob("*.*") if not path.name.startswith("sizes-")}
    assert kept == {f"{k}-deepconvnet.keras" for k in range(4)}, "no pairwise deformations"
    described = arm.description()
    assert described["distillation"]["deformation"]["is_pairwise"] is False
    assert described["deformation"]["transforms"]["rotate"] == [1.0, 1.0]


@pytest.mark.slow
def test_teachers_are_trained_once_for_all_arms_of_a_subset(arms_of, tiny, tmp_path, monkeypatch):
    plant_one_layer(monkeypatch)
    few = tiny.subset(6)
    both = arms_of("deformed+distilled", "none+distilled", "none+distilled+pretrained")
    pretrained = both.pop("none+distilled+pretrained")(few, 3, tmp_path)
    deformed, real = (arm(few, 3, tmp_path) for arm in both.values())
    assert deformed.labels.shape == (600, 10) and real.labels.shape == (60, 10)
    assert not np.allclose(pretrained.labels, real.labels, atol=0.05)
    np.testing.assert_allclose(deformed.labels.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(real.images, few.images)
    assert real.transforms is None
    files = sorted(tmp_path.glob("teachers-*/*"))
    assert [path.name for path in files] == [
        *("0-deepconvnet.keras", "1-convnet.keras", "2-deepconvnet.keras", "3-convnet.keras")
    ]
    written = [path.stat().st_mtime_ns for path in files]
    np.testing.assert_array_equal(both["none+distilled"](few, 3, tmp_path).labels, real.labels)
    assert [path.stat().st_mtime_ns for path in files] == written
    assert both["deformed+distilled"].description()["distillation"]["teachers"][1] == [
        "convnet",
        "upright",
        2000,
        {"enough": 25},
    ]
    longer = dataclasses.replace(both["deformed+distilled"].distillation, steps=3)
    longer.labels(few.images, few, 3, tmp_path)
    assert len(list(tmp_path.glob("teachers-*/*"))) == 8, "other steps are other teachers"


@pytest.mark.parametrize("ratio", [0.5, 1, 1.5, 0.1])
@pytest.mark.parametrize("counts", [[1] * 10, [3] * 10, [5, 6, 7], [1, 200]])
def test_the_control_has_as_many_images_as_the_gan(ratio, counts):
    drawn = GanDraws(ratio).counts(counts)
    assert drawn.sum() == Duplicates(ratio).counts(counts)
    assert (np.abs(drawn - ratio * np.array(counts)) < 1).all()
