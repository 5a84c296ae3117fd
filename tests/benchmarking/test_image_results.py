import base64
import zlib

import numpy as np
import pytest

from ganprofile.benchmarking.image_results import as_text, from_text
from ganprofile.errors import GanprofileError


@pytest.mark.parametrize("count", [1, 7, 8, 930, 10_000])
def test_what_was_recognised_comes_back(count):
    recognised = np.random.default_rng(count).random(count) < 0.97
    text = as_text(recognised)
    assert text.isascii() and len(text) < 40 + count / 4
    np.testing.assert_array_equal(from_text(text, count), recognised)


@pytest.mark.parametrize("text", ["", "not base64!", "aGVsbG8=", None, 7])
def test_damaged_text_is_refused(text):
    with pytest.raises(GanprofileError, match="damaged"):
        from_text(text, 100)


def test_another_number_of_images_is_refused_and_nothing_grows_without_bound():
    text = as_text(np.ones(100, bool))
    for count in (50, 105, 200):
        with pytest.raises(GanprofileError, match=f"{count} test images"):
            from_text(text, count)
    bomb = base64.b64encode(zlib.compress(bytes(10**8))).decode()
    with pytest.raises(GanprofileError, match="damaged"):
        from_text(bomb, 100)
