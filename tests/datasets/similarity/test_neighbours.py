"""The nearest in feature space, exactly and by an index."""

import pickle
import resource

import numpy as np
import pytest

from ganprofile.datasets.similarity import neighbours
from ganprofile.datasets.similarity.neighbours import Neighbours, nearest


@pytest.mark.parametrize(
    ("count", "k"), [(10, 2), (10, 20), (100, 7), (500, 3), (517, 7), (2000, 600), (20000, 600)]
)
@pytest.mark.parametrize("own", [False, True])
def test_the_nearest_are_the_nearest(count, k, own):
    random = np.random.default_rng(0)
    references = random.normal(size=(count, 4)).astype(np.float32)
    rows = 9 if own or count > 100 else 100
    features = references[:9] if own else random.normal(size=(rows, 4)).astype(np.float32)
    distances = np.linalg.norm(features[:, None] - references, axis=2)
    if own:
        distances[np.arange(9), np.arange(9)] = np.inf
    k_there = min(k, count - own)
    expected = np.sort(np.argsort(distances, axis=1)[:, :k_there], axis=1)
    found = nearest(features, references, k, np.arange(9) if own else None)
    assert np.array_equal(np.sort(found, axis=1), expected)


def test_distances_take_little_memory():
    features = np.random.default_rng(0).normal(size=(20_000, 4)).astype(np.float32)
    nearest(features[:100], features, 5)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    nearest(features, features, 5, np.arange(len(features)))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 300_000, "kilobytes; all at once would take 1.6 GB"


def test_no_rows_have_no_neighbours():
    references = np.ones((3, 4), np.float32)
    assert nearest(references[:0], references, 2).shape == (0, 2)


def clustered(count, seed):
    """Features in 40 heaps."""
    middles = np.random.default_rng(99).normal(0, 2, (40, 8))
    random = np.random.default_rng(seed)
    return (middles[random.integers(40, size=count)] + random.normal(size=(count, 8))).astype("f4")


@pytest.fixture
def features():
    return clustered(5000, 0)


@pytest.fixture
def many(features, monkeypatch):
    """Some references, and the same as what just counts as many."""
    monkeypatch.setattr(neighbours, "INDEXED", len(features) + 1)
    few = Neighbours(features)
    monkeypatch.setattr(neighbours, "INDEXED", len(features))
    return few, Neighbours(features)


def shared(found, expected):
    """How many of the nearest an index finds, of every row the share."""
    return np.array([len({*a} & {*b}) / len(b) for a, b in zip(found, expected, strict=True)])


def test_an_index_finds_nearly_all_that_a_search_through_all_finds(many):
    asked = clustered(1000, 1)
    expected, found = (some.nearest(asked, 100) for some in many)
    assert found.dtype == np.int64 and found.shape == (len(asked), 100)
    assert (np.diff(np.sort(found, axis=1), axis=1) > 0).all(), "none stands twice in a row"
    assert (found == 0).any()
    assert shared(found, expected).mean() > 0.97


def test_few_are_looked_at_all(many):
    asked = clustered(20, 1)
    assert np.array_equal(many[0].nearest(asked, 3), nearest(asked, many[0]._references, 3))
    assert (many[0]._index, len(many[0])) == (None, 5000) and many[1]._index is not None


def test_an_index_leaves_an_image_itself_out(many, features):
    own = np.arange(len(features))
    expected, found = (some.nearest(features, 5, own) for some in many)
    assert not (found == own[:, None]).any() and shared(found, expected).mean() > 0.97
    with_own = many[1].nearest(features, 5)
    assert (with_own == own[:, None]).any(axis=1).mean() > 0.99


def test_where_cells_hold_fewer_the_nearest_fills_the_places(features, monkeypatch):
    monkeypatch.setattr(neighbours, "INDEXED", 1000)
    monkeypatch.setattr(neighbours, "LOOKED_INTO", 1)
    found = Neighbours(features).nearest(features[:50], 500)
    assert found.min() >= 0 and (found[:, -1] == found[:, 0]).all()


def test_an_index_travels_to_another_process(many, features):
    sent = pickle.loads(pickle.dumps(many[1]))
    assert np.array_equal(sent.nearest(features[:20], 10), many[1].nearest(features[:20], 10))
