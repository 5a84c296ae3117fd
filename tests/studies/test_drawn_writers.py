"""How drawn images are judged by readers of real ones."""

from types import SimpleNamespace

import numpy as np
import pytest

from ganprofile.studies import drawn_writers


@pytest.mark.parametrize(("real", "ratio"), [(0.0, None), (0.5, 0.5)])
def test_where_no_real_writer_is_recognised_there_is_no_ratio(digits, monkeypatch, real, ratio):
    some = digits[0].select(np.isin(digits[0].writers, np.unique(digits[0].writers)[:10]))
    learn, test = (some.select(np.arange(start, len(some), 2)) for start in (0, 1))
    shares = iter([(0.5, 0.25), (0.9, real)])
    readers = SimpleNamespace(right=lambda images, labels, writers: next(shares))
    monkeypatch.setattr(drawn_writers, "kept_readers", lambda room, people: readers)
    found = drawn_writers.judged(
        lambda label, writer: np.resize(learn.images, (len(label), 28, 28, 1)),
        *(learn, test, SimpleNamespace(seed=0, figures=None), drawn_writers.GAN),
    )
    assert found.values["ratio"] == ratio and found.values["writer"] == 0.25
    assert drawn_writers.as_often(0.25, real) == ratio
