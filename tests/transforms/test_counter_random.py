import numpy as np
import pytest
from scipy import stats

from ganprofile.transforms.counter_random import normal, uniform, words

ONE = np.array([1])


def drawn(seed=1, stream=0, count=2000, each=64):
    return words(np.array([seed]), np.array([stream]), np.arange(count), each)


def test_a_position_has_its_words_whatever_else_is_drawn():
    whole = drawn()
    assert whole.dtype == np.uint32
    np.testing.assert_array_equal(words(ONE, ONE * 0, np.array([7, 3]), 10), whole[[7, 3], :10])


def test_words_are_what_they_always_were():
    """Another number would be another warp for every seed of everyone."""
    found = words(np.array([5]), np.array([2]), np.array([0, 2**32 - 1]), 2)
    assert found.tolist() == [[4179757537, 1182202338], [3186880278, 2263201993]]


def test_uniform_numbers_are_uniform_and_alone():
    shares = uniform(drawn())
    assert shares.dtype == np.float32 and shares.min() >= 0 and shares.max() < 1
    assert stats.kstest(shares.ravel()[::7], "uniform").pvalue > 0.001
    lowest = np.bincount((drawn() & 15).ravel(), minlength=16)  # of the bits that go first
    assert stats.chisquare(lowest).pvalue > 0.001
    together = np.corrcoef(shares[:, :16].T)  # of numbers of one image
    assert np.abs(together - np.eye(16)).max() < 5 / np.sqrt(len(shares))
    after = np.corrcoef(shares[:-1].ravel(), shares[1:].ravel())[0, 1]  # of neighbouring images
    assert abs(after) < 5 / np.sqrt(shares.size)


@pytest.mark.parametrize("other", [{"seed": 2}, {"stream": 1}, {"seed": 0, "stream": 1}])
def test_seeds_and_streams_are_other_numbers(other):
    ours, theirs = uniform(drawn()).ravel(), uniform(drawn(**other)).ravel()
    assert abs(np.corrcoef(ours, theirs)[0, 1]) < 5 / np.sqrt(len(ours))
    assert (ours == theirs).mean() < 1e-4


def test_normal_numbers_are_normal():
    numbers = normal(drawn())
    assert numbers.dtype == np.float32 and numbers.shape == (2000, 64)
    assert stats.kstest(numbers.ravel()[::7], "norm").pvalue > 0.001
    pairs = np.corrcoef(numbers[:, :32].ravel(), numbers[:, 32:].ravel())[0, 1]
    assert abs(pairs) < 5 / np.sqrt(numbers.size / 2)
    assert np.isfinite(normal(np.array([[0, 0], [2**32 - 1, 2**32 - 1]], np.uint32))).all()


def test_a_compiled_function_of_keras_draws_the_same():
    from keras import ops

    from ganprofile.backend import backend

    given = [ops.convert_to_tensor(values, "int32") for values in (ONE, ONE * 3, np.arange(9))]
    compiled = backend().compiled(lambda *given: words(*given, 50))
    found = ops.convert_to_numpy(compiled(*given)).astype(np.uint32)
    np.testing.assert_array_equal(found, words(ONE, ONE * 3, np.arange(9), 50))
