import numpy as np
import pytest

from ganprofile.errors import GanprofileError
from ganprofile.variation import Ways, find_ways
from ganprofile.variation.ways import classmates


def test_classmates_are_of_the_class_and_somebody_else():
    labels = np.repeat([0, 1, 2], [4, 1, 30])
    mates = classmates(labels, 0)
    assert mates.shape == (35, 6)
    for k, row in enumerate(mates):
        known = row[row >= 0]
        assert len(set(known)) == len(known) == min(6, (labels == labels[k]).sum() - 1)
        assert k not in known and (labels[known] == labels[k]).all()


def test_the_number_of_pairs_is_bounded():
    assert classmates(np.zeros(9400, int), 0).shape == (9400, 2)


def test_ways_survive_their_file(digits, tmp_path):
    few = digits[0].subset(2)
    ways = find_ways(few.images, few.labels)
    ways.save(tmp_path / "ways.npz")
    again = Ways.load(tmp_path / "ways.npz")
    for name, values in vars(ways).items():
        np.testing.assert_array_equal(getattr(again, name), values)
    (tmp_path / "ways.npz").write_bytes(b"torn")
    with pytest.raises(GanprofileError, match="made again"):
        Ways.load(tmp_path / "ways.npz")
