import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.evaluation.reference import read_reference


def dataset(class_names, labels, side=6, **more):
    images = np.arange(len(labels) * side * side, dtype=np.uint8).reshape(-1, side, side, 1)
    return gp.Dataset(images, labels=np.array(labels), class_names=class_names, **more)


def test_a_name_gives_both_parts_and_the_test_part_counts(digits):
    reference = read_reference("digits")
    assert (len(reference.train), len(reference.test)) == (5000, 1000)
    assert reference.part == "test" and reference.compared is reference.test
    assert reference.class_names == digits[0].class_names


def test_a_dataset_says_itself_which_part_it_is(digits):
    train, test = digits
    assert read_reference(test).train is None and read_reference(test).part == "test"
    assert read_reference(train).test is None and read_reference(train).part == "train"
    assert len(read_reference((train, None)).compared) == 5000
    assert len(read_reference((None, test)).compared) == 1000


def test_a_path_is_read_with_the_options_for_peoples_own_data(digits, tmp_path):
    np.savez(tmp_path / "own.npz", images=255 - digits[1].images[:20], labels=np.arange(20) % 2)
    options = {"invert": "yes", "image_size": 14, "data_dir": None}
    reference = read_reference(tmp_path / "own.npz", **options)
    assert reference.part == "train" and reference.compared.image_shape == (14, 14, 1)
    assert reference.compared.images[:, 0].max() < 128, "paper is dark again"


def test_only_some_classes():
    pair = dataset(["a", "b", "c"], [0, 1, 2, 1]), dataset(["a", "b", "c"], [2, 0], split="test")
    reference = read_reference(pair, classes=["c", "a"])
    assert reference.class_names == ("a", "c")
    assert reference.train.labels.tolist() == [0, 1] and reference.test.labels.tolist() == [1, 0]
    with pytest.raises(gp.UsageError, match="has no class 'x'"):
        read_reference(pair, classes=["x"])


def test_parts_whose_classes_stand_in_another_order_are_matched_by_name():
    train, test = dataset(["b", "a"], [0, 0, 1]), dataset(["a", "b"], [0, 1], split="test")
    reference = read_reference((train, test))
    assert reference.train.class_names == reference.class_names == ("a", "b")
    assert reference.train.labels.tolist() == [1, 1, 0]


def test_labels_that_only_one_part_has_are_of_no_use():
    plain = gp.Dataset(np.zeros((3, 6, 6, 1), np.uint8), split="test")
    reference = read_reference((dataset(["a", "b"], [0, 1]), plain))
    assert reference.train.labels is None and reference.class_names == ()


@pytest.mark.parametrize(
    ("against", "sentence"),
    [
        ("mnst", "No dataset 'mnst'"),
        ((None, None), r"a pair \(train, test\) of Datasets"),
        ((1, 2, 3), "Received: 3 values"),
        (
            (dataset(["a"], [0]), dataset(["a"], [0], side=8)),
            r"training part of unnamed are 6x6 with 1 channel and those of unnamed 8x8",
        ),
        (
            (dataset(["a", "z"], [0, 1]), dataset(["a", "b"], [0, 1])),
            r"the training part of unnamed has the class 'z', which unnamed lacks .*'a' 'b'",
        ),
    ],
)
def test_what_cannot_be_compared_with_is_refused(against, sentence):
    with pytest.raises(gp.UsageError, match=sentence):
        read_reference(against)


def test_data_that_share_images_are_used_only_on_request():
    marked = dataset(["a"], [0, 0])
    overlap = {"overlap_with_test_allowed": {"images": 2, "example": "x"}}
    marked = dataclasses.replace(marked, provenance=overlap)
    with pytest.raises(gp.UsageError, match="`allow_overlap=True`"):
        read_reference(marked)
    assert read_reference(marked, allow_overlap=True).train is not None
