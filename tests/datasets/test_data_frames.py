"""Tables of pandas in the place of arrays are taken by their headings."""

import numpy as np
import pandas as pd
import pytest

import ganprofile as gp

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 256, (20, 28 * 28), dtype=np.uint8)
NAMES = [f"pixel{k}" for k in range(28 * 28)]
LABELS = np.array([*"JIHGFEDCBA"] * 2)


@pytest.mark.parametrize("order", [sorted(NAMES), RNG.permutation(NAMES)])
def test_columns_of_pixels_are_taken_as_their_headings_count_them(order, capsys):
    made = gp.Dataset.from_arrays(pd.DataFrame(PIXELS, columns=NAMES)[order], LABELS)
    assert np.array_equal(made.images.reshape(20, -1), PIXELS)
    assert "arrays: the columns of pixels do not stand in order" in capsys.readouterr().err


@pytest.mark.parametrize("names", [NAMES, range(28 * 28), [f"c{'x' * k}" for k in range(28 * 28)]])
def test_columns_in_order_stay_and_nothing_is_said_of_that(names, capsys):
    made = gp.Dataset.from_arrays(pd.DataFrame(PIXELS, columns=names), LABELS)
    assert np.array_equal(made.images.reshape(20, -1), PIXELS)
    assert "in order" not in capsys.readouterr().err


def test_one_hot_columns_name_the_classes(capsys):
    made = gp.load((PIXELS, pd.get_dummies(LABELS)))[0]
    assert [made.class_names[label] for label in made.labels] == LABELS.tolist()
    assert "10 columns, A to J, were taken for one-hot labels" in capsys.readouterr().err
    made = gp.Dataset.from_arrays(PIXELS, pd.get_dummies(LABELS), [*"JIHGFEDCBA"])
    assert made.class_names == (*"JIHGFEDCBA",) and made.labels.tolist() == [*range(10)] * 2
    made = gp.Dataset.from_arrays(PIXELS, pd.get_dummies(LABELS), [*"abcdefghij"])
    assert made.class_names == (*"abcdefghij",) and made.labels[:2].tolist() == [9, 8]
    made = gp.Dataset.from_arrays(PIXELS, pd.get_dummies(np.arange(20) % 4 + 3))
    assert made.class_names == (*"3456",) and made.labels.tolist() == [0, 1, 2, 3] * 5
    made = gp.Dataset.from_arrays(PIXELS, pd.DataFrame({"label": LABELS}))
    assert made.class_names == (*"ABCDEFGHIJ",)
