import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from ganprofile.classifiers.mlp import MlpClassifier
from ganprofile.errors import GanprofileError, UsageError


def accuracy(classifier, dataset):
    return (classifier.predict(dataset.images) == dataset.labels).mean()


@pytest.fixture(scope="module")
def some_digits(digits):
    return digits[0].subset(30), digits[1]


def watched(monkeypatch):
    """A list that every network of scikit-learn's joins each time it is trained on."""
    networks, partial_fit = [], MLPClassifier.partial_fit
    monkeypatch.setattr(
        MLPClassifier, "partial_fit", lambda *a, **o: networks.append(partial_fit(*a, **o))
    )
    return networks


@pytest.mark.parametrize("names", [["3", "8"], list("0123456789")])
def test_it_learns_is_repeatable_and_survives_its_file(some_digits, tmp_path, names):
    train, test = (part.of_classes(names) for part in some_digits)
    first, again = (
        MlpClassifier(len(names), steps=150, seed=1).fit(train.images, train.labels)
        for _ in range(2)
    )
    assert accuracy(first, test) > {2: 0.9, 10: 0.8}[len(names)]
    probabilities = first.predict_proba(test.images)
    assert probabilities.dtype == np.float32 and probabilities.shape == (len(test), len(names))
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert np.array_equal(probabilities, again.predict_proba(test.images))
    first.save(tmp_path / "reader.weights")
    loaded = MlpClassifier.load(tmp_path / "reader.weights")
    assert np.array_equal(probabilities, loaded.predict_proba(test.images))


def test_its_probabilities_are_scikit_learns(some_digits, monkeypatch):
    networks = []
    partial_fit = MLPClassifier.partial_fit
    monkeypatch.setattr(
        MLPClassifier,
        "partial_fit",
        lambda self, *a, **o: networks.append(partial_fit(self, *a, **o)),
    )
    for names in (["1", "2"], ["1", "2", "7"]):
        train, test = (part.of_classes(names) for part in some_digits)
        ours = MlpClassifier(len(names), steps=20).fit(train.images, train.labels)
        flat = (test.images / 127.5 - 1).reshape(len(test), -1).astype(np.float32)
        expected = networks[-1].predict_proba(flat)
        assert np.allclose(ours.predict_proba(test.images), expected, atol=1e-5)


def test_every_step_is_one_update_however_many_images_there_are(some_digits, monkeypatch):
    networks = watched(monkeypatch)
    monkeypatch.setattr("ganprofile.classifiers.mlp.ROWS_AT_ONCE", 70)
    for count in (11, 300):
        images, labels = (
            values[:count] for values in (some_digits[0].images, some_digits[0].labels)
        )
        MlpClassifier(10, steps=7, batch_size=32).fit(images, labels)
    assert [network._optimizer.t for network in dict.fromkeys(networks)] == [7, 7]


def test_initial_weights_come_from_the_seed_and_not_from_the_data(some_digits):
    train = some_digits[0]
    odd = train.select(np.arange(len(train)) % 2 == 1)
    kernels = [
        MlpClassifier(10, steps=1, seed=seed).fit(part.images, part.labels).weights[0][0]
        for seed, part in ((4, train), (4, odd), (5, train))
    ]
    step = 2.1e-3  # what Adam moves a weight by in its first step, and rounding
    assert np.abs(kernels[0] - kernels[1]).max() < 2 * step < np.abs(kernels[0] - kernels[2]).max()


def test_what_is_never_shown_is_not_learned(some_digits):
    train, test = some_digits
    wrong = (train.labels + 1) % 10
    images, labels = np.concatenate([train.images] * 2), np.r_[train.labels, wrong]
    truth_only = np.repeat([1.0, 1e-9], len(train))
    fitted = MlpClassifier(10, steps=100).fit(images, labels, frequency=truth_only)
    misled = MlpClassifier(10, steps=100).fit(images, labels, frequency=truth_only[::-1])
    assert accuracy(fitted, test) > 0.8 and accuracy(misled, test) < 0.1


def test_probable_classes_are_shown_as_often_as_they_are_probable(some_digits, monkeypatch):
    shown = []
    monkeypatch.setattr(
        MLPClassifier, "partial_fit", lambda self, x, y, classes: shown.append((x, y)) or self
    )
    monkeypatch.setattr(MLPClassifier, "coefs_", [], raising=False)
    monkeypatch.setattr(MLPClassifier, "intercepts_", [], raising=False)
    images = np.stack([np.full((2, 2, 1), level, np.uint8) for level in (0, 255)])
    soft = np.array([[0.7, 0.3, 0], [0, 0, 1]], np.float32)
    MlpClassifier(3, steps=100).fit(images, soft)
    inputs, classes = map(np.concatenate, zip(*shown, strict=True))
    first = inputs[:, 0] < 0
    assert first.mean() == 0.5
    assert abs((classes[first] == 0).mean() - 0.7) < 0.02
    assert set(classes[first]) == {0, 1} and set(classes[~first]) == {2}


def test_what_it_cannot_do_is_refused(some_digits):
    train, _ = some_digits
    for option in ({"transforms": "classic"}, {"pretrained": "letters.npz"}):
        with pytest.raises(UsageError, match="Choose the classifier convnet") as refusal:
            MlpClassifier(10).fit(train.images, train.labels, **option)
        (name,), (value,) = option.keys(), option.values()
        assert name in str(refusal.value) and f"Received: {value!r}" in str(refusal.value)
    with pytest.raises(UsageError, match="two classes or more"):
        MlpClassifier(1).fit(train.images, train.labels)


def test_ctrl_c_stops_it(some_digits, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(MLPClassifier, "_backprop", interrupted)
    with pytest.raises(KeyboardInterrupt):
        MlpClassifier(10).fit(some_digits[0].images, some_digits[0].labels)


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / "x.npz").write_bytes(b"PK")
    with pytest.raises(GanprofileError, match="x.npz cannot be read"):
        MlpClassifier.load(tmp_path / "x.npz")
