import json

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.errors import UsageError
from ganprofile.evaluation import copying
from ganprofile.evaluation.copying import closest_pairs_picture, find_copies
from ganprofile.images import on_paper
from ganprofile.metrics.copies import planted_copies


def means(images):
    """Means of 4x4 pixels, `(n, 49)`."""
    count, height, width, _ = images.shape
    cells = images[..., 0].reshape(count, height // 4, 4, width // 4, 4).astype(np.float32)
    return cells.mean(axis=(2, 4)).reshape(count, -1) / 255


@pytest.fixture(scope="module")
def real(digits):
    """500 images trained on, 300 held out, and 300 new ones."""
    order = np.random.default_rng(0).permutation(1000)[:600]
    train = digits[0].subset(50).images
    return train, digits[1].images[order[:300]], digits[1].images[order[300:]]


@pytest.fixture(scope="module")
def half_copied(real):
    """150 planted copies and 150 new images; what was found, and the progress on the way."""
    train, test, new = real
    copied = np.random.default_rng(1).choice(len(train), 150, replace=False)
    planted = planted_copies(train[copied], np.random.default_rng(2))
    synthetic = np.concatenate([planted, new[:150]])
    steps = []
    report = find_copies(
        synthetic, train, test, features=means, progress=lambda *step: steps.append(step)
    )
    return synthetic, copied, report, steps


def test_planted_copies_are_counted_and_real_images_are_not(half_copied):
    _, _, report, _ = half_copied
    assert report.copy_rate == pytest.approx(0.5, abs=0.01)
    assert report.copy_rate_interval[0] < report.copy_rate < report.copy_rate_interval[1]
    assert report.held_out == "test" and report.held_out_rate < 0.01
    assert report.held_out_rate_interval[1] < 0.02
    assert report.test_copy_rate < 0.01 and report.test_copy_rate_interval[1] < 0.02


def test_the_closest_pairs_are_copies_and_what_they_were_made_from(half_copied):
    _, copied, report, _ = half_copied
    assert len(report.pairs) == 10
    assert all(copied[synthetic] == original for synthetic, original, _ in report.pairs)
    distances = [distance for _, _, distance in report.pairs]
    assert distances == sorted(distances) and distances[-1] <= report.threshold


def test_a_report_is_plain_json_and_says_how(half_copied):
    _, _, report, _ = half_copied
    values = report.as_dict()
    assert json.loads(json.dumps(values)) == values
    assert f"{report.threshold:.4f}" in values["method"] and "100 nearest" in values["method"]


def test_progress_ends_with_all_images(half_copied):
    _, _, _, steps = half_copied
    done = [step[0] for step in steps]
    assert done == sorted(done) and len({total for _, total in steps}) == 1
    assert steps[-1] == (300 + 300 + 300 + 500 + 300,) * 2


@pytest.mark.slow
def test_new_images_are_authentic_and_betray_no_member(real):
    train, test, new = real
    report = find_copies(new, train, test, features=means)
    assert report.copy_rate == 0 and report.authenticity > 0.5
    assert report.membership_auc_interval[0] < 0.5 < report.membership_auc_interval[1]
    assert report == find_copies(new, train, test, features=means)


def test_copies_of_all_betray_who_was_trained_on(real):
    train, test, _ = real
    planted = planted_copies(train, np.random.default_rng(0), shift=0)
    report = find_copies(planted, train, test, features=means)
    assert report.membership_auc > 0.98 and report.membership_auc_interval[0] > 0.9
    assert report.authenticity < 0.05 and report.copy_rate > 0.99


def test_copies_of_test_images_are_seen(real):
    train, test, _ = real
    report = find_copies(test, train, test, features=means)
    assert report.test_copy_rate == 1 and report.copy_rate < 0.01
    assert report.membership_auc < 0.1


@pytest.mark.slow
def test_without_test_images_training_images_are_held_against_the_others(real, monkeypatch):
    train, _, new = real
    monkeypatch.setattr(copying, "HELD_OUT", 400)
    report = find_copies(new, train, features=means)
    assert report.held_out == "training" and report.held_out_rate < 0.01
    absent = (
        report.test_copy_rate,
        report.test_copy_rate_interval,
        report.membership_auc,
        report.membership_auc_interval,
    )
    assert absent == (None,) * 4
    twice = np.concatenate([train[:300], train[:300]])
    assert find_copies(new, twice, features=means).held_out_rate == 1


def test_one_training_image_again_and_again(real):
    train, _, _ = real
    report = find_copies(train[:1].repeat(30, axis=0), train[:200], features=means)
    assert report.copy_rate == 1 and {pair[1] for pair in report.pairs} == {0}


def test_the_picture_shows_both_of_each_pair(half_copied, real):
    synthetic, _, report, _ = half_copied
    train = real[0]
    picture = on_paper(closest_pairs_picture(synthetic, train, report))
    side, step = 28 * 3, 30 * 3
    assert picture.shape == (2 * step - 6, 10 * step - 6, 1)
    for place, (drawn, original, _) in enumerate(report.pairs):
        left = place * step
        assert np.array_equal(picture[:side:3, left : left + side : 3], synthetic[drawn])
        assert np.array_equal(picture[step::3, left : left + side : 3], train[original])
    assert not picture[side : side + 6].any()
    colour = closest_pairs_picture(synthetic.repeat(3, axis=-1), train, report)
    assert np.array_equal(on_paper(colour), picture.repeat(3, axis=-1))


@pytest.mark.parametrize("name", ["synthetic_images", "train_images", "test_images"])
def test_too_few_images_are_refused(real, name):
    sets = dict(zip(("synthetic_images", "train_images", "test_images"), real, strict=True))
    with pytest.raises(UsageError, match=f"{name} should be two or more. Received: 1"):
        find_copies(**{**sets, name: sets[name][:1]}, features=means)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["digits", "characters"])
def test_planted_copies_in_the_features_that_evaluate_uses(name):
    from ganprofile.metrics.features import FeatureNetwork, feature_network_for

    train, test = gp.load(name)
    network = FeatureNetwork.load(feature_network_for(train.class_names))
    random = np.random.default_rng(0)
    for shift, noise in ((0, 0), (2, 16)):
        planted = planted_copies(train.images[::10], random, shift, noise)
        report = find_copies(planted, train.images, test.images, features=network)
        assert report.copy_rate >= 0.99 and report.held_out_rate < 0.01
