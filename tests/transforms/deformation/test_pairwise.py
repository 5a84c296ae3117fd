import hashlib

import numpy as np
import pytest

from ganprofile.errors import GanprofileError
from ganprofile.transforms.deformation import (
    PairwiseDeformations,
    find_deformations,
    pairwise,
    registration,
)
from ganprofile.transforms.deformation.pairwise import MOST_PAIRS, neighbours_of, of_every_class


def test_classmates_are_of_the_class_and_somebody_else():
    labels = np.repeat([0, 1, 2], [4, 1, 30])
    neighbours = neighbours_of(labels, 0)
    assert neighbours.shape == (35, 6)
    for k, row in enumerate(neighbours):
        known = row[row >= 0]
        assert len(set(known)) == len(known) == min(6, (labels == labels[k]).sum() - 1)
        assert k not in known and (labels[known] == labels[k]).all()


def test_the_number_of_pairs_is_bounded():
    assert neighbours_of(np.zeros(9400, int), 0).shape == (9400, 2)
    labels = np.repeat(np.arange(300), [9000, 3300, *[2] * 298])
    neighbours = neighbours_of(labels, 0)
    known = (neighbours >= 0).sum(axis=1)
    assert np.count_nonzero(known) == MOST_PAIRS // 2
    assert known.sum() <= MOST_PAIRS
    assert np.bincount(labels, known > 0)[:2].tolist() == pytest.approx([6881, 2523], abs=1)
    assert (np.bincount(labels, known > 0) > 0).all()
    for image in np.flatnonzero(known)[::500]:
        others = neighbours[image][neighbours[image] >= 0]
        assert image not in others and (labels[others] == labels[image]).all()


def test_of_a_rare_class_one_image_is_registered_too():
    labels = np.repeat([0, 1], [600, 2])
    chosen = of_every_class(labels, 100, np.random.default_rng(0))
    assert np.bincount(labels[chosen]).tolist() == [99, 1]


def test_whoever_is_not_registered_has_the_ways_of_a_classmate(digits, monkeypatch):
    monkeypatch.setattr(pairwise, "MOST_PAIRS", 20)
    monkeypatch.setattr(registration, "AT_ONCE", 20)
    few = digits[0].of_classes("38").subset(8)
    deformations = find_deformations(few.images, few.labels)
    assert (deformations.neighbours >= 0).all()
    assert (few.labels[deformations.neighbours] == few.labels[:, None]).all()
    assert np.abs(deformations.fields).sum(axis=(1, 2, 3, 4)).min() > 0
    assert len({field.tobytes() for field in deformations.fields}) == 10


def test_few_images_are_registered_with_whom_they_always_were():
    neighbours = neighbours_of(np.repeat(range(5), [1, 2, 4, 7, 40]), 0).astype("<i8")
    assert hashlib.sha256(neighbours.tobytes()).hexdigest()[:16] == "41bd5c637eb5e4c1"


def test_ways_survive_their_file(digits, tmp_path):
    few = digits[0].subset(2)
    deformations = find_deformations(few.images, few.labels)
    deformations.save(tmp_path / "deformations.npz")
    again = PairwiseDeformations.load(tmp_path / "deformations.npz")
    for name, values in vars(deformations).items():
        np.testing.assert_array_equal(getattr(again, name), values)
    (tmp_path / "deformations.npz").write_bytes(b"torn")
    with pytest.raises(GanprofileError, match="made again"):
        PairwiseDeformations.load(tmp_path / "deformations.npz")


def test_what_is_borrowed_of_an_image_goes_with_it(digits, monkeypatch, tmp_path):
    """Of very many images some have another's deformations, which nobody may see who does not
    see that one."""
    monkeypatch.setattr(pairwise, "MOST_PAIRS", 40)
    few = digits[0].of_classes("38").subset(20)
    found = find_deformations(few.images, few.labels)
    borrowing = np.flatnonzero(found.lenders != np.arange(len(few)))
    assert len(borrowing) > 10
    kept = np.ones(len(few), bool)
    kept[found.lenders[borrowing[0]]] = False
    assert kept[borrowing[0]]
    left = found.among(kept)
    assert (left.neighbours[borrowing[0]] == -1).all()
    own = np.flatnonzero(kept & kept[found.lenders])
    assert ((left.neighbours[own] >= 0) == kept[found.neighbours[own]]).sum() > 0
    found.save(tmp_path / "kept.npz")
    np.testing.assert_array_equal(
        PairwiseDeformations.load(tmp_path / "kept.npz").lenders, found.lenders
    )


def test_what_has_its_own_is_kept_as_before(digits, tmp_path):
    few = digits[0].subset(3)
    found = find_deformations(few.images, few.labels)
    found.save(tmp_path / "kept.npz")
    with np.load(tmp_path / "kept.npz") as arrays:
        assert sorted(arrays) == ["affine_residuals", "fields", "neighbours"]
    assert (
        found.lenders is None and PairwiseDeformations.load(tmp_path / "kept.npz").lenders is None
    )
