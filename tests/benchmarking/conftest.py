import pytest

from tests.benchmarking.arms import shrunk


@pytest.fixture(scope="session")
def small_digits(digits):
    """The embedded digits at 14x14, and 300 of their test images."""
    return shrunk(digits[0]), shrunk(digits[1].subset(30))
