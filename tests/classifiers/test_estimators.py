import numpy as np
import pytest

from ganprofile.classifiers.estimators import (
    LogisticClassifier,
    NeighboursClassifier,
    PerceptronClassifier,
    SvmClassifier,
)
from ganprofile.errors import GanprofileError, UsageError

KINDS = (LogisticClassifier, NeighboursClassifier, SvmClassifier, PerceptronClassifier)


@pytest.fixture(scope="module")
def some(digits):
    return digits[0].subset(20), digits[1].subset(20)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("names", [("3", "8"), tuple("0123456789")], ids=len)
def test_it_reads_and_survives_its_file(some, tmp_path, kind, names):
    train, test = (part.of_classes(names) for part in some)
    reader = kind(len(names), seed=1).fit(train.images, train.labels)
    assert (reader.predict(test.images) == test.labels).mean() > {2: 0.85, 10: 0.7}[len(names)]
    probabilities = reader.predict_proba(test.images)
    assert probabilities.dtype == np.float32 and probabilities.shape == (len(test), len(names))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), reader.predict(test.images))
    reader.save(tmp_path / "reader.skops")
    loaded = kind.load(tmp_path / "reader.skops")
    assert loaded.num_classes == len(names)
    np.testing.assert_array_equal(loaded.predict_proba(test.images), probabilities)


def test_a_class_that_was_never_seen_has_no_probability(some):
    train, test = some
    kept = train.labels != 4
    reader = NeighboursClassifier(10).fit(train.images[kept], train.labels[kept])
    probabilities = reader.predict_proba(test.images)
    assert probabilities.shape == (len(test), 10) and not probabilities[:, 4].any()


@pytest.mark.parametrize(("rare", "others"), [(1, 1), (1, 30), (2, 30)])
def test_few_images_of_a_class_are_not_outvoted_by_its_neighbours(some, rare, others):
    three, eight = (some[0].images[some[0].labels == label] for label in (3, 8))
    eight = np.concatenate([eight, 255 - eight])[:others]  # beyond the two threes are eights only
    labels = np.repeat([0, 1], [rare, others])
    reader = NeighboursClassifier(2).fit(np.concatenate([three[:rare], eight]), labels)
    assert (reader.predict(three[:rare]) == 0).all() and (reader.predict(eight) == 1).all()


def test_a_foreign_file_is_not_loaded(tmp_path):
    from skops import io

    path = tmp_path / "reader.skops"
    with pytest.raises(GanprofileError, match="does not exist"):
        LogisticClassifier.load(path)
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(GanprofileError, match="is damaged"):
        LogisticClassifier.load(path)
    io.dump({"num_classes": 2, "estimator": print}, path)
    with pytest.raises(GanprofileError, match="not scikit-learn's"):
        LogisticClassifier.load(path)


def test_one_class_is_refused(some):
    with pytest.raises(UsageError, match="two classes or more"):
        LogisticClassifier(10).fit(some[0].images[:3], np.zeros(3, int))
