import numpy as np
import pytest

import ganprofile as gp
from ganprofile.images import read_png
from ganprofile.recognition.models import MODELS
from ganprofile.studies import sharpies
from ganprofile.studies.design import StudyPlan

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result(digits, tmp_path_factory):
    """The study on some of the embedded digits, few epochs."""
    parts = digits[0].subset(60), digits[1].subset(30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StudyPlan, "parts", lambda self, name: parts)
        patch.setattr(sharpies, "EPOCHS", {True: 4})
        folder = tmp_path_factory.mktemp("study")
        yield gp.study("sharpies", quick=True, output=folder / "out", progress=False)


def test_parameters_are_the_published_ones(result):
    rows = [row for row in result.rows if row["what"].endswith(": parameters")]
    assert [row["ours"] for row in rows] == [51_450, 52_650, 54_410, 27_994, 25_594]
    assert all(row["difference"] == 0 for row in rows)


def test_the_figures_are_of_their_kind(result):
    ours = {row["what"]: row["ours"] for row in result.rows}
    held_out = [row for row in result.rows if "held out" in row["what"]]
    assert [row["test_images"] for row in held_out] == [180, 180]
    assert all(0.7 < row["ours"] < 0.99 for row in held_out)
    for name in ("MLP 64-16", "CNN 32f", "CNN 32-16fx3"):
        assert 0.15 < ours[f"{name}: accuracy"] < 0.99 and ours[f"{name}: loss"] > 0.05
    maps = [figure for what, figure in ours.items() if what.startswith("UMAP")]
    assert maps and min(maps) > 0.6


def test_pictures_and_reports(result):
    names = {path.name for path in (result.path / "figures").iterdir()}
    assert names >= {"means.png", "umap-2.png", "umap-3.png", "mlp-64-16-errors.png"}
    for name in names:
        assert len(np.unique(read_png(result.path / "figures" / name))) > 10, name
    page = (result.path / "study.md").read_text()
    assert (
        "## SVM, class by class" in page and "| class | precision | recall | F1 | images |" in page
    )


@pytest.mark.parametrize("name", [*sharpies.ESTIMATORS, *sharpies.NETWORKS])
def test_readers_are_kept(result, digits, name):
    model = MODELS[name]
    kept = model.kind.load(result.path / "steps" / f"{name}-0" / f"reader{model.suffix}")
    assert (kept.predict(digits[1].images[:200]) == digits[1].labels[:200]).mean() > 0.15


def test_a_network_learns_is_repeatable_and_survives_its_file(digits, tmp_path):
    some, others = digits[0].subset(40), digits[1]
    kind = MODELS["mlp-64-16"].kind
    first, again = (kind(10, 3, epochs=40).fit(some.images, some.labels) for _ in range(2))
    said = first.predict_proba(others.images)
    np.testing.assert_array_equal(said, again.predict_proba(others.images))
    np.testing.assert_allclose(said.sum(axis=1), 1, rtol=1e-5)
    assert (said.argmax(axis=1) == others.labels).mean() > 0.6
    first.save(tmp_path / "network.keras")
    read = kind.load(tmp_path / "network.keras")
    np.testing.assert_allclose(read.predict_proba(others.images), said, atol=1e-6)
    loss = first.loss(others.images, others.labels)
    assert read.loss(others.images, others.labels) == pytest.approx(loss, rel=1e-4)


def test_one_class_is_refused(digits):
    zeros = digits[0].of_classes("0")
    with pytest.raises(gp.UsageError, match="two classes or more"):
        MODELS["cnn-32"].kind(1).fit(zeros.images, zeros.labels)
