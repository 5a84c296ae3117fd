import numpy as np
import pytest

from ganprofile.classifiers import CLASSIFIERS


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_it_learns_is_repeatable_and_survives_its_file(digits, tmp_path, name):
    train, test = digits[0].of_classes(["0", "1"]), digits[1].of_classes(["0", "1"])
    first, again = (
        CLASSIFIERS[name](2, steps=40).fit(train.images, train.labels) for _ in range(2)
    )
    assert (first.predict(test.images) == test.labels).mean() > 0.95
    probabilities = first.predict_proba(test.images)
    assert probabilities.shape == (200, 2)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(probabilities, again.predict_proba(test.images))
    first.save(tmp_path / "judge.keras")
    loaded = CLASSIFIERS[name].load(tmp_path / "judge.keras")
    assert np.array_equal(probabilities, loaded.predict_proba(test.images))
