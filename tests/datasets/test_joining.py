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


def test_nothing_and_images_of_several_sizes_are_not_made_one():
    with pytest.raises(gp.UsageError, match="Give one part or more"):
        joined()
    sizes = "8x8 with 1 channel.* and .*8x9 with 1 channel"
    with pytest.raises(gp.UsageError, match=f"Received: .*{sizes}"):
        joined(gp.Dataset(IMAGES), gp.Dataset(np.zeros((4, 9, 8, 1), np.uint8)))


def of_writers(names, split="train"):
    """Part of a set by some people, whose numbers are counted in the part alone."""
    columns = {"name": "mine", "writers": np.array(names), "split": split}
    images = np.random.default_rng(len(split)).integers(0, 255, (4, 8, 8, 1), np.uint8)
    return gp.Dataset.from_arrays(images, LABELS, ("even", "odd"), **columns)


def test_people_have_one_number_in_all_parts_where_these_call_them_by_name(tmp_path):
    parts = of_writers(["bo", "dan"] * 2), of_writers(["anna", "dan", "", "bo"], "test")
    parts[0].save(tmp_path / "train")
    parts[1].save(tmp_path / "test")
    for numbers in (
        joined(*parts).writers.tolist(),
        [number for part in gp.load(tmp_path) for number in part.writers.tolist()],
    ):
        assert numbers == [0, 1, 0, 1, 2, 1, -1, 0]
    assert joined(parts[0], parts[0]).writers.tolist() == [0, 1] * 4


def test_two_people_of_one_name_in_a_part_stay_two():
    one = of_writers(["bo", "dan"] * 2)
    one.attributes["writer_name"][:] = "Smith"
    assert joined(one, of_writers(["Smith", "cy"] * 2)).writers.tolist() == [0, 1] * 4
