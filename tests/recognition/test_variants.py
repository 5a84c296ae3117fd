"""Digits that are written as in Europe, too."""

import dataclasses

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.classifiers.estimators import SvmClassifier
from ganprofile.datasets.inspection import filled_shares
from ganprofile.datasets.orientation import turned
from ganprofile.recognition.variants import PLAIN, VARIANTS, as_variant, with_variants
from ganprofile.recognition.western import MOST, share_western

pytest.importorskip("cv2", reason="OpenCV is not installed")

NAMES = ("0123456789", "0123456789g", "139")
BY_NAME = {variant.character: variant for variant in VARIANTS}


@pytest.fixture(scope="module")
def readers(digits):
    """One that has seen digits as they are, and one that has seen variants."""
    train_set = digits[0].subset(100, seed=0)
    shown = {"bare": train_set, "both": with_variants(train_set, seed=0)}
    return {seen: SvmClassifier(10).fit(one.images, one.labels) for seen, one in shown.items()}


def test_so_many_of_each_class_are_changed(digits):
    train_set = digits[0].subset(40, seed=0)
    changed = with_variants(train_set, seed=0)
    differs = (changed.images != train_set.images).any(axis=(1, 2, 3))
    for label, name in enumerate(train_set.class_names):
        share = BY_NAME.get(name, PLAIN).share
        assert differs[train_set.labels == label].mean() == pytest.approx(share, abs=0.01)
    np.testing.assert_array_equal(changed.images, with_variants(train_set, seed=0).images)
    assert (changed.images != with_variants(train_set, seed=1).images).any()


@pytest.mark.parametrize("name", BY_NAME)
def test_a_stroke_is_added_and_nothing_else_changes(digits, name):
    """In the form of photographed characters, as those without a variant are brought to, too."""
    images = digits[1].images[digits[1].labels == int(name)][:20]
    random = np.random.default_rng(0)
    longer = 0
    for image in images:
        plain, written = (as_variant(image, one, random) for one in (PLAIN, BY_NAME[name]))
        assert written.shape == image.shape and written.dtype == np.uint8
        assert np.corrcoef(plain.ravel(), image.ravel())[0, 1] > 0.5
        longer += (written != plain).any()
    assert longer >= 15


@pytest.mark.parametrize("name", BY_NAME)
def test_who_has_seen_variants_reads_them(readers, digits, name):
    test_set = digits[1].subset(100, seed=0)
    images = test_set.images[test_set.labels == int(name)]
    random = np.random.default_rng(5)
    strange = np.stack([as_variant(image, BY_NAME[name], random) for image in images])
    right = {}
    for seen, reader in readers.items():
        right[seen] = (reader.predict(strange) == int(name)).mean()
        assert (reader.predict(images) == int(name)).mean() > 0.85, "bare ones are read as well"
    assert right["both"] > max(0.65, right["bare"] + 0.2)


def test_a_nine_that_has_a_hook_gets_no_other(digits):
    """One that goes up to its bowl would be an eight."""
    random = np.random.default_rng(1)
    images = digits[1].images[digits[1].labels == 9][:20]
    hooked = [as_variant(image, BY_NAME["9"], random) for image in images]
    again = [as_variant(image, BY_NAME["9"], random) for image in hooked]
    plain = [as_variant(image, PLAIN, random) for image in hooked]
    same = [(a == b).all() for a, b in zip(again, plain, strict=True)]
    assert np.mean(same) > 0.5


def test_paper_stays_paper(digits):
    paper = np.zeros((28, 28, 1), np.uint8)
    assert as_variant(paper, BY_NAME["1"], np.random.default_rng(0)) is paper


def test_a_hooked_nine_is_no_g():
    """Where both are classes, their difference is to be learned and not to be drawn away."""
    fitting = {names: [one.character for one in VARIANTS if one.fits(names)] for names in NAMES}
    assert fitting == {"0123456789": ["1", "9", "7"], "0123456789g": ["1", "7"], "139": []}


def test_where_nothing_can_be_taken_for_another_nothing_is_changed(digits):
    threes = digits[0].of_classes("136")
    assert with_variants(threes, 0) is threes


@pytest.mark.parametrize("per_class", [1, 5, 20])
def test_digits_of_another_script_get_no_strokes(digits, per_class, capsys):
    """Turned over, most digits are signs of their own, in classes called `0` to `9`."""
    some = digits[0].subset(per_class, seed=0)
    foreign = dataclasses.replace(some, images=turned(some.images, True, 180))
    assert share_western(foreign) < MOST < share_western(some)
    assert with_variants(foreign, 0, progress=True) is foreign
    assert "without strokes" in capsys.readouterr().err
    assert with_variants(some, 0, progress=True) is not some
    assert "50% of 1, 40% of 9, 30% of 7" in capsys.readouterr().err


@pytest.mark.parametrize("script", ["bangla", "devanagari"])
@pytest.mark.parametrize("per_class", [3, 20])
def test_bangla_and_devanagari_are_no_western_digits(test_data, script, per_class):
    place = test_data / "scripts" / f"cmaterdb-{script}-digits" / "training-images.npz"
    if not place.is_file():
        pytest.skip(f"{place} is missing")
    with np.load(place) as arrays:
        images, labels = 255 - arrays["images"][..., :1], arrays["labels"]
    some = gp.Dataset(images, labels, tuple("0123456789")).subset(per_class, seed=0)
    assert with_variants(some, 0) is some


def test_where_sizes_are_kept_variants_keep_them(digits, tmp_path):
    """A small circle becomes no large one; where they are not kept all are as large as before."""
    some = digits[0].subset(12)
    for k, (image, label) in enumerate(zip(some.images[..., 0], some.labels, strict=True)):
        (tmp_path / str(label)).mkdir(exist_ok=True)
        scan, length = np.full((60, 60), 255, np.uint8), 14 if label < 2 else 28
        small = Image.fromarray(255 - image).resize((length, length))
        scan[16 : 16 + length, 16 : 16 + length] = np.asarray(small)
        Image.fromarray(scan).save(tmp_path / str(label) / f"{k}.png")
    kept, _ = gp.load(tmp_path, photographs="scans", keep_size="auto")
    for seed in (0, 1):
        changed = with_variants(kept.select(np.arange(len(kept))), seed)
        differs = (changed.images != kept.images).any(axis=(1, 2, 3))
        before, after = (28 * filled_shares(one.images) for one in (kept, changed))
        bare = ~np.isin(kept.labels, [1, 7, 9])
        # Strokes are made as broad as all are, so that bare ones grow a little.
        assert differs[bare].any() and abs(after - before)[bare].max() <= 2
        assert (after - before).min() >= -2 and after[kept.labels == 1].max() < 20
        assert after.max() <= 26
