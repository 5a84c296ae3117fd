"""What the numbers of an evaluation mean, and that the guide says the same."""

import dataclasses
from pathlib import Path

import pytest

import ganprofile as gp
from ganprofile import metrics
from ganprofile.evaluation import meanings
from ganprofile.evaluation.meanings import BAD, DEFORMED, FAIR, GOOD, MEANINGS, PLAIN, judged
from ganprofile.evaluation.result import MEASURES, Evaluation

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found():
    return gp.Evaluation.open(gp.Run.open("digits-cgan").path)


def tones(result):
    return {one.key: one.tone for one in judged(result)}


@pytest.mark.parametrize(("distance", "tone"), [(0.09, GOOD), (0.5, FAIR), (2.48, BAD)])
def test_a_distance_is_judged_by_what_real_images_show(found, distance, tone):
    result = dataclasses.replace(found, kernel_distance=distance)
    assert tones(result)["kernel_distance"] == tone
    real = dataclasses.replace(found.real, kernel_distance=distance)
    assert tones(dataclasses.replace(result, real=real))["kernel_distance"] == GOOD


def test_what_only_a_generator_should_do_is_no_mark_of_deformed_images(found):
    deformed = dataclasses.replace(found, synthetic={**found.synthetic, "kind": DEFORMED})
    marks = tones(deformed)
    assert {marks[key] for key in ("kernel_distance", "precision", "copy_rate")} == {PLAIN}
    assert marks["gap"] == tones(found)["gap"], "whether they teach is asked of both"


def test_copies_are_bad_where_their_interval_lies_above_that_of_real_images(found):
    copies = dataclasses.replace(found.copies, copy_rate_interval=(0.2, 0.3))
    assert tones(dataclasses.replace(found, copies=copies))["copy_rate"] == BAD


@pytest.mark.parametrize(
    ("interval", "held_out", "tone"),
    [((0.0, 0.004), 0.0, GOOD), ((0.0, 0.037), 0.0, PLAIN), ((0.01, 0.04), 0.035, GOOD)],
)
def test_no_copies_are_said_only_where_the_upper_end_is_low(found, interval, held_out, tone):
    rates = {"held_out_rate": held_out, "held_out_rate_interval": (held_out / 2, held_out + 0.02)}
    for key in ("copy_rate", "test_copy_rate"):
        copies = dataclasses.replace(found.copies, **rates, **{f"{key}_interval": interval})
        result = dataclasses.replace(found, copies=copies)
        assert tones(result)[key] == tone
        (words,) = (one.words for one in judged(result) if one.key == key)
        assert ("a share of 0 to 0.037" in words) == (tone == PLAIN)


def test_exact_copies_are_named_however_few(found):
    """Three of a hundred, and ten, of a GAN; of deformed images, too, but they are no fault."""
    interval = (0.01, 0.085)
    beside = {"copy_rate_interval": interval, "held_out_rate_interval": (0, 0.037)}
    pairs = ((7, 11, 0.0), (8, 12, 5e-8), (9, 13, 2e-7), *((k, k, 0.02) for k in range(7)))
    result = dataclasses.replace(
        found, copies=dataclasses.replace(found.copies, pairs=pairs, **beside)
    )
    (one,) = (one for one in judged(result) if one.key == "copy_rate")
    assert one.tone == BAD and one.words.startswith("3 are exactly training images again")
    assert "(image 7 is training image 11)" in one.words
    deformed = dataclasses.replace(result, synthetic={**found.synthetic, "kind": DEFORMED})
    (same,) = (one for one in judged(deformed) if one.key == "copy_rate")
    assert (same.tone, same.words) == (PLAIN, one.words)
    every = dataclasses.replace(result.copies, pairs=tuple((k, k, 0.0) for k in range(10)))
    (one,) = (
        one for one in judged(dataclasses.replace(found, copies=every)) if one.key == "copy_rate"
    )
    assert one.words.startswith("10 or more are exactly")


@pytest.mark.parametrize(
    ("interval", "tone", "said"),
    [
        ((-0.005, 0.01), GOOD, "about as well"),
        ((0.02, 0.04), FAIR, "a little less"),
        ((-0.01, 0.12), PLAIN, "a gap of -0.01 to 0.12"),
        ((0.03, 0.18), PLAIN, "a gap of 0.03 to 0.18"),
        ((0.06, 0.2), BAD, "much less"),
    ],
)
def test_a_gap_is_marked_where_its_interval_bears_it(found, interval, tone, said):
    used = dataclasses.replace(found.train_on_synthetic, gap_interval=interval)
    result = dataclasses.replace(found, train_on_synthetic=used)
    (one,) = (one for one in judged(result) if one.key == "gap")
    assert one.tone == tone and said in one.words


@pytest.mark.parametrize(
    ("interval", "tone"),
    [
        ((0.49, 0.75), PLAIN),
        ((0.52, 0.65), PLAIN),
        ((0.0, 0.0), BAD),
        ((0.3, 0.35), BAD),
        ((0.41, 0.44), FAIR),
        ((0.4, 0.6), GOOD),
    ],
)
def test_to_be_nearer_to_images_that_were_not_trained_on_is_no_good_sign(found, interval, tone):
    copies = dataclasses.replace(found.copies, membership_auc_interval=interval)
    assert tones(dataclasses.replace(found, copies=copies))["membership_auc"] == tone


@pytest.mark.parametrize(("interval", "tone"), [((0.2, 0.3), PLAIN), ((0.0, 0.001), GOOD)])
def test_means_over_all_images_are_no_all_clear_beside_copies(found, interval, tone):
    copies = {"copy_rate_interval": interval, "held_out_rate": 0.0}
    copies |= {"held_out_rate_interval": (0.0, 0.001), "pairs": []}
    copies |= {"authenticity": 0.6, "membership_auc_interval": (0.49, 0.51)}
    copied = dataclasses.replace(found.copies, **copies)
    marks = {one.key: one for one in judged(dataclasses.replace(found, copies=copied))}
    for key in ("authenticity", "membership_auc"):
        assert marks[key].tone == tone
        assert marks[key].words.endswith("training images again") == (tone == PLAIN)


@pytest.mark.parametrize(("interval", "are_known"), [((0.2, 0.3), False), ((0.0, 0.0004), True)])
def test_test_images_again_leave_no_mark_on_what_they_flatter(found, interval, are_known):
    copies = dataclasses.replace(found.copies, test_copy_rate_interval=interval)
    used = dataclasses.replace(found.train_on_synthetic, gap_interval=(-0.005, 0.01))
    real = {name: getattr(found.real, name) for name in MEASURES if name != "kernel_distance_sd"}
    alike = dataclasses.replace(found, **real, train_on_synthetic=used, copies=copies)
    alike = dataclasses.replace(alike, kernel_distance=0.5 + max(0, real["kernel_distance"]))
    marks = {one.key: one for one in judged(alike)}
    for key in (*real, "gap"):
        assert (marks[key].tone in (GOOD, FAIR)) == are_known, key
        assert (marks[key].words == "not known: test images are among these") != are_known
    assert marks["copy_rate"] == {one.key: one for one in judged(found)}["copy_rate"]
    far = dataclasses.replace(alike, kernel_distance=30.0)
    assert tones(far)["kernel_distance"] == BAD, "what is bad in spite of them stays bad"


def test_what_was_not_measured_is_left_out(found):
    bare = dataclasses.replace(found, copies=None, train_on_synthetic=None, real=None)
    # Of real images, too, precision and recall are far below 1: without theirs, neither is judged.
    assert set(tones(bare)) == {"kernel_distance", "density", "coverage"}


def test_every_mark_has_words():
    for meaning in MEANINGS.values():
        reachable = {GOOD, BAD} | ({FAIR} if meaning.limits[0] < meaning.limits[1] else set())
        assert set(meaning.says) == reachable
        assert bool(meaning.left_open) == (meaning.sure > 0)
    assert set(meanings.KINDS) == {meanings.DRAWN, DEFORMED}


def test_the_guide_shows_the_registry():
    page = (ROOT / "docs" / "how-to" / "metrics.md").read_text("utf-8")
    for one in MEANINGS.values():
        deformed = one.deformed or "the same"
        assert f"| {one.name} | {one.asks} | {one.good} | {deformed} |" in page


def test_names_that_no_metric_of_a_package_may_have_are_those_of_an_evaluation(found):
    """A metric of the same name would stand beside ours, or in its place."""
    fields = {one.name for one in dataclasses.fields(Evaluation) if one.type is float}
    shares = {
        name
        for name, one in vars(Evaluation).items()
        if isinstance(one, property) and one.fget.__annotations__["return"] == float | None
    }
    rows = {name.replace(" ", "_").lower() for name, _, _ in found.measured}
    named = {name for name in rows if not name.startswith(("copies_of", "the_same_of"))}
    figures = (fields - {"seconds"}) | shares | named | MEANINGS.keys() | {*MEASURES}
    assert figures >= {"kernel_distance", "gap", "membership_auc", "train_on_real_accuracy"}
    assert figures <= {*metrics.OURS}
    others = {"coverage_by_class", "diversity"}  # which are no numbers, or measured elsewhere
    assert {*metrics.OURS} == figures | others


def test_a_folder_without_one_is_told_what_is_one(tmp_path):
    with pytest.raises(gp.GanprofileError, match="not exist. Give a folder that `gp.evaluate`"):
        gp.Evaluation.open(tmp_path)
