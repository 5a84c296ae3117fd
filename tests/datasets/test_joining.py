"""Parts of a dataset made one again."""

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets import joined

IMAGES = np.zeros((4, 8, 8, 1), np.uint8)
LABELS = np.array([0, 1, 1, 0], np.int32)


def test_labels_go_by_names_where_parts_have_their_classes_in_another_order():
    soft = np.eye(2, dtype=np.float32)[LABELS]
    one = gp.Dataset(IMAGES, LABELS, ("even", "odd"), soft_labels=soft)
    other = gp.Dataset(IMAGES, LABELS, ("odd", "even"), soft_labels=soft)
    whole = joined(one, other)
    assert whole.class_names == ("even", "odd")
    assert whole.labels.tolist() == [*LABELS, *(1 - LABELS)]
    assert whole.soft_labels.argmax(axis=1).tolist() == whole.labels.tolist()


def test_parts_of_other_classes_are_not_made_one():
    one = gp.Dataset(IMAGES, LABELS, ("even", "odd"))
    other = gp.Dataset(IMAGES, LABELS, ("even", "odd", "none"))
    for parts in ((one, other), (other, one)):
        with pytest.raises(gp.UsageError, match="Received: 'none', which not all of them have"):
            joined(*parts)
    assert joined(one, gp.Dataset(IMAGES)).labels is None
