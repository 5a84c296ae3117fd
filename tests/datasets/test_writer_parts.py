"""Parts by who wrote what."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import ganprofile as gp
from ganprofile.datasets import Dataset
from ganprofile.datasets.writer_parts import (
    by_digits,
    by_individuals,
    complete_writers,
    numbered_beside,
    shared_writers,
)
from ganprofile.errors import UsageError


def test_those_who_wrote_images_of_both_parts_are_said(tmp_path, capsys, in_process):
    random = np.random.default_rng(0)
    rows = ["image,label,writer,split"]
    for k in range(60):
        pixels = random.integers(0, 255, (28, 28), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{k}.png")
        rows.append(f"{k}.png,{'ab'[k % 2]},{k % 5},{'test' if k % 4 == 0 else 'train'}")
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    said = "5 of 5 writers of the test images of"
    report = gp.import_dataset(tmp_path, "shared-hands", invert="no")
    assert any(said in warning for warning in report["warnings"])
    capsys.readouterr()
    gp.train_reader("shared-hands", "logistic", output=tmp_path / "reader", progress=False)
    assert said in capsys.readouterr().err
    options = ("--arms", "none", "--per-class", 4, "--repeats", 2, "--dry-run")
    code, _, err = in_process("benchmark", "shared-hands", *options)
    assert code == 0 and said in err
    train, test = gp.load("shared-hands")
    assert shared_writers(train.select(train.writers < 3), test.select(test.writers > 2)) is None
    assert shared_writers(train, None) is None


def written(counts, seed=0):
    """A dataset in which each writer has so many images of each class, shuffled; -1 wrote a few."""
    counts = np.asarray(counts)
    people, classes = np.indices(counts.shape)
    people = np.concatenate([np.repeat(people, counts.ravel()), [-1, -1]])
    labels = np.concatenate([np.repeat(classes, counts.ravel()), [0, 1]])
    order = np.random.default_rng(seed).permutation(len(people))
    images = np.arange(len(people), dtype=np.uint8)[:, None, None, None]
    names = tuple(map(str, range(counts.shape[1])))
    return Dataset(images[order], labels[order], names, people[order], name="test")


def table(dataset, people, classes):
    found = np.zeros((people, classes), int)
    np.add.at(found, (dataset.writers, dataset.labels), 1)
    return found


def test_complete_writers_have_as_much_of_everything():
    counts = [[5, 4], [4, 4], [9, 3], [4, 7], [6, 6]]
    some = complete_writers(written(counts), 3, 4, seed=1)
    found = table(some, 5, 2)
    assert sorted(found.sum(axis=1)) == [0, 0, 8, 8, 8] and set(found.ravel()) == {0, 4}
    assert not found[2].any(), "they wrote too little"
    again = complete_writers(written(counts), 3, 4, seed=1)
    np.testing.assert_array_equal(some.images, again.images)
    others = [complete_writers(written(counts), 3, 4, seed).fingerprint for seed in range(8)]
    assert len(set(others)) > 4, "people and images are drawn"
    with pytest.raises(UsageError, match="4 writers with 4 images or more .* 5 are needed"):
        complete_writers(written(counts), 5, 4, seed=1)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.integers(2, 9), min_size=3, max_size=3), min_size=2, max_size=6),
    st.integers(0, 99),
)
def test_by_digits_everybody_is_in_both(counts, seed):
    dataset = complete_people(written(counts))
    learn, test = by_digits(dataset, 10 / 14, seed)
    assert sorted([*learn.images.ravel(), *test.images.ravel()]) == sorted(dataset.images.ravel())
    wanted = np.rint(10 / 14 * np.asarray(counts)).astype(int)
    np.testing.assert_array_equal(table(learn, len(counts), 3), wanted)


def complete_people(dataset):
    return dataset.select(dataset.writers >= 0)


def test_of_14_ten_are_learned_from_and_of_11_eight():
    for images, learned in ((14, 10), (11, 8)):
        learn, test = by_digits(complete_people(written([[images] * 2] * 3)), 10 / 14, 0)
        assert set(table(learn, 3, 2).ravel()) == {learned}
        assert set(table(test, 3, 2).ravel()) == {images - learned}


def test_by_individuals_nobody_is_in_both():
    dataset = complete_people(written([[2, 3]] * 10))
    learn, test = by_individuals(dataset, 0.7, 0)
    assert len(set(learn.writers)) == 7 and len(set(test.writers)) == 3
    assert not set(learn.writers) & set(test.writers)
    assert (learn.split, test.split) == ("train", "test")
    assert set(by_individuals(dataset, 0.7, 1)[0].writers) != set(learn.writers)


def written_by(names, numbers, dataset):
    attributes = {} if names is None else {"writer_name": np.array(names)}
    writers = None if numbers is None else np.array(numbers)
    blank = np.zeros((2, 8, 8, 1), np.uint8)
    return Dataset(blank, writers=writers, attributes=attributes, name=dataset)


@pytest.mark.parametrize(
    ("known", "others", "numbers", "said"),
    [
        ((["anna", "bo"], [0, 1], "few"), (["cy", "dora"], [0, 1], "many"), [2, 3], ""),
        ((["anna", "bo"], [0, 1], "few"), (["cy", "anna"], [1, 0], "many"), [2, 0], "anna"),
        ((["anna", ""], [0, -1], "few"), (["", "bo"], [-1, 0], "many"), [-1, 1], ""),
        ((["anna", "bo"], [0, 1], "a"), (["bo", "cy"], [1, 2], "a"), [1, 2], "1 writers whom a"),
        ((None, [3, 4], "few"), (None, [4, 9], "many"), [5, 6], "for different people"),
        ((["anna", "bo"], [0, 1], "few"), (None, [1, 7], "many"), [2, 3], "for different people"),
        ((None, [3, 4], "few"), (None, [5, 9], "many"), [5, 9], ""),
        ((None, [3, 4], "one"), (None, [4, 9], "one"), [4, 9], ""),
        ((None, None, "few"), (None, [4, 9], "many"), [4, 9], ""),
    ],
)
def test_people_of_two_sets_have_numbers_of_their_own(known, others, numbers, said, capsys):
    found = numbered_beside(written_by(*known), written_by(*others))
    assert found.writers.tolist() == numbers
    err = capsys.readouterr().err
    assert said in err and bool(said) == bool(err)


def test_people_of_other_names_are_others_though_they_are_numbered_alike(digits):
    def part(names, split):
        some = digits[split == "test"].select(range(4))
        columns = {"writers": names, "split": split}
        return gp.Dataset.from_arrays(some.images, some.labels, range(10), **columns)

    ours = part(["ann", "bob"] * 2, "train")
    assert shared_writers(ours, part(["cy", "dan"] * 2, "test")) is None
    assert "1 of 2 writers" in shared_writers(ours, part(["bob", "dan"] * 2, "test"))


def test_folders_called_alike_are_not_one_set_and_people_are_known_by_name_in_any(digits):
    def part(place, names=None):
        numbered = written_by(names, [1, 2], place.rpartition("/")[2])
        return dataclasses.replace(numbered, recipe=({"load": place, "split": "train"},))

    here, there = part("a/scans"), part("b/scans")
    assert shared_writers(here, there) is None
    assert "2 of 2 writers" in shared_writers(here, part("a/scans"))
    assert numbered_beside(here, there).writers.tolist() == [3, 4]
    assert "1 of 2 writers" in shared_writers(part("trn", ["ann", "bo"]), part("tst", ["cy", "bo"]))
