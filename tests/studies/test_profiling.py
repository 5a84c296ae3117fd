import string

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.studies import profiling
from ganprofile.studies.design import StudyPlan

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """The study on small embedded characters, shortened."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profiling, "EPOCHS", 10)
        patch.setattr(profiling, "DRAWN", 500)
        patch.setattr(profiling, "READER_STEPS", {True: 100})
        patch.setattr(profiling, "QUICK_MINUTES", 0.02)
        patch.setattr("ganprofile.training.callbacks.cadence.STEPS_BETWEEN_FILES", 60)
        folder = tmp_path_factory.mktemp("study")
        yield gp.study(
            "profiling", quick=True, dataset="characters", output=folder / "out", progress=False
        )


def test_every_row_has_a_figure_of_ours(result):
    by_name = {row["what"].removeprefix("characters: "): row for row in result.rows}
    assert len(by_name) == 9
    for what, row in by_name.items():
        if what != "epoch at which both losses settle":
            assert 0 <= row["ours"] <= 1, what
    assert by_name["digits among the training images"]["ours"] == pytest.approx(10 / 47)
    assert by_name["MLP on the real images"]["test_images"] == 940


def test_pictures_are_beside_the_page(result):
    pictures = sorted(path.name for path in (result.path / "figures").iterdir())
    assert pictures == [
        *("characters-cdcgan-grid.png", "characters-gan-grid.png"),
        *("characters-gan-loss_histograms.png", "characters-gan-losses.png"),
    ]
    page = (result.path / "study.md").read_text()
    assert all(f"(figures/{name})" in page for name in pictures)


def test_what_is_drawn_is_of_the_last_epoch(result):
    (run,) = (result.path / "steps" / "characters-gan-0").glob("*-gan-*")
    assert len(gp.Run.open(run).history["epoch"]) == 10
    assert (run.parent / "last-epoch.keras").is_file()


def test_all_there_are_of_chars74k_and_those_that_are_original(monkeypatch, some_letters):
    monkeypatch.setattr(StudyPlan, "parts", lambda self, name: some_letters)
    whole, some = profiling.PUBLISHED[2:]
    everything = whole.drawn_from(StudyPlan())
    assert np.bincount(everything.labels).tolist() == [5] * 26
    assert some.drawn_from(StudyPlan()).class_names == tuple("ijklmnopqrstuvwxyz")
    assert whole.slug != some.slug
    assert profiling.PUBLISHED[0].drawn_from(StudyPlan()) is some_letters[0]


@pytest.fixture
def some_letters():
    """26 classes, three images each to learn from and two to test."""
    return tuple(
        gp.Dataset(np.zeros((26 * count, 28, 28, 1), np.uint8), np.arange(26 * count) % 26, letters)
        for count, letters in ((3, string.ascii_lowercase), (2, string.ascii_lowercase))
    )
