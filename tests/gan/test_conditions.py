import numpy as np
import pytest

import ganprofile as gp
from ganprofile.gan import conditions

VALUES = {"label": ["a", "b", "c"], "writer": [7, 40]}


@pytest.fixture
def signed():
    """Six images with labels and two writers whose ids are no indices."""
    images = np.zeros((6, 28, 28, 1), np.uint8)
    writers = np.array([40, 7, 7, 40, 7, 40])
    return gp.Dataset(images, np.arange(6) % 3, ("a", "b", "c"), writers=writers, name="signed")


def test_values_and_indices_of_a_dataset(signed):
    assert conditions.values_of(signed, "label") == ["a", "b", "c"]
    assert conditions.values_of(signed, "writer") == [7, 40]
    assert conditions.indices_of(signed, "writer", [7, 40]).tolist() == [1, 0, 0, 1, 0, 1]
    assert conditions.indices_of(signed, "label", ["a", "b", "c"]).tolist() == [0, 1, 2, 0, 1, 2]


def test_a_dataset_without_the_condition_is_refused(signed):
    bare = gp.Dataset(signed.images, name="bare")
    with pytest.raises(gp.UsageError, match="bare has no writers .* out of `conditions`"):
        conditions.values_of(bare, "writer")
    partly = gp.Dataset(signed.images, writers=np.array([3, -1, 3, -1, 3, 3]), name="partly")
    with pytest.raises(gp.UsageError, match="The writer of 2 images of partly is not known"):
        conditions.values_of(partly, "writer")


def test_what_is_not_asked_for_takes_turns_by_the_index_of_the_image():
    condition_indices = conditions.condition_indices(VALUES, {}, 0, 8, "m")
    assert condition_indices["label"].tolist() == [0, 1, 2, 0, 1, 2, 0, 1]
    assert condition_indices["writer"].tolist() == [0, 0, 0, 1, 1, 1, 0, 0], (
        "every label by every writer"
    )
    alone = conditions.condition_indices(VALUES, {"label": None}, 5, 1, "m")
    assert {name: indices.tolist() for name, indices in alone.items()} == {
        "label": [2],
        "writer": [1],
    }


def test_a_name_or_indices_say_what_is_wanted():
    condition_indices = conditions.condition_indices(
        VALUES, {"label": [2, 0], "writer": 40}, 0, 2, "m"
    )
    assert condition_indices["label"].tolist() == [2, 0]
    assert condition_indices["writer"].tolist() == [1, 1]
    condition_indices = conditions.condition_indices(VALUES, {"label": "b"}, 3, 4, "m")
    assert condition_indices["label"].tolist() == [1] * 4
    assert condition_indices["writer"].tolist() == [1, 0, 1, 0], (
        "in turn also where the label is given"
    )


@pytest.mark.parametrize(
    ("values", "requested", "sentence"),
    [
        (VALUES, {"label": "x"}, "m does not know class 'x'. Classes: a b c"),
        ({"label": ["a", "a b", "nan"]}, {"label": "x"}, "Classes: 'a' 'a b' 'nan'."),
        (VALUES, {"writer": 8}, "m does not know writer 8. Writers: 7 40"),
        (VALUES, {"writer": [0, 2]}, r"writer should be 2 writer indices in 0\.\.1"),
        ({}, {"label": "a"}, "m is unlabelled and cannot draw class 'a'. Train the preset cdcgan"),
        ({"label": ["a"]}, {"writer": 7}, "m is not told who writes .*conditions label and writer"),
        ({}, {"label": np.zeros(9)}, "m is unlabelled and cannot draw classes. Train"),
    ],
)
def test_wrong_requests_get_their_sentence(values, requested, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        conditions.condition_indices(values, requested, 0, 2, "m")


def test_images_are_counted_from_0_on():
    with pytest.raises(gp.UsageError, match="`first` should be .* 0 or more. Received: -1"):
        gp.Run.open("digits-cgan").condition_indices(2, first=-1)


def test_names_of_several_types_are_looked_for_one_by_one():
    told = conditions.by_name(VALUES, {"label": np.array(["c", "a"], object)}, 2, "m")
    assert told["label"].tolist() == [2, 0]
    with pytest.raises(gp.UsageError, match="m does not know class None"):
        conditions.by_name(VALUES, {"label": [None, "a"]}, 2, "m")
