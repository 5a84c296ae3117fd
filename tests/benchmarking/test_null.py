"""Where there is nothing, nothing is shown."""

import zlib

import pytest

from ganprofile import classifiers
from ganprofile.benchmarking.experiment import run_experiment
from ganprofile.classifiers.mlp import MlpClassifier
from tests.benchmarking.arms import shifted, shifted_otherwise


class SeededByItsData(MlpClassifier):
    """Initial weights that differ from arm to arm, as the images that are drawn do."""

    def fit(self, images, labels, **options):
        self.seed = zlib.crc32(images)
        return super().fit(images, labels, **options)


@pytest.mark.slow
def test_of_100_experiments_with_nothing_to_find_at_least_90_find_nothing(
    small_digits, monkeypatch
):
    """Two arms that differ in the seeds of their augmentation and of their initial weights."""
    monkeypatch.setitem(classifiers.CLASSIFIERS, "seeded", SeededByItsData)
    verdicts = []
    for seed in range(100):
        found = run_experiment(
            *small_digits,
            arms={"one": shifted, "other": shifted_otherwise},
            per_class=(5,),
            repeats=10,
            classifier="seeded",
            steps=20,
            seed=seed,
            progress=False,
        )
        first, second = (cell["accuracy"] for cell in found.cells[:2])
        assert min(first, second) > 0.3, "they learn something"
        verdicts += found.verdicts.values()
    print(f"{verdicts.count('helps')} help, {verdicts.count('hurts')} hurt")
    assert len(verdicts) == 100 and verdicts.count("no benefit shown") >= 90
