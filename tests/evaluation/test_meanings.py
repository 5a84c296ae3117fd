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
    ("interval", "tone"),
    [((0.0, 0.0), BAD), ((0.3, 0.35), BAD), ((0.41, 0.44), FAIR), ((0.4, 0.6), GOOD)],
)
def test_to_be_nearer_to_images_that_were_not_trained_on_is_no_good_sign(found, interval, tone):
    copies = dataclasses.replace(found.copies, membership_auc_interval=interval)
    assert tones(dataclasses.replace(found, copies=copies))["membership_auc"] == tone


def test_what_was_not_measured_is_left_out(found):
    bare = dataclasses.replace(found, copies=None, train_on_synthetic=None, real=None)
    assert set(tones(bare)) == {"kernel_distance", "density", "coverage", "precision", "recall"}


def test_every_mark_has_words():
    for meaning in MEANINGS.values():
        reachable = {GOOD, BAD} | ({FAIR} if meaning.limits[0] < meaning.limits[1] else set())
        assert set(meaning.says) == reachable
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
