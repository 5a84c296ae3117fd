import numpy as np

import ganprofile as gp
from ganprofile.datasets.formats.card import code
from ganprofile.datasets.named_writers import names_of_writers, number_of_writer


def named(*names):
    images = np.zeros((len(names), 8, 8, 1), np.uint8)
    writers = np.arange(len(names), dtype=np.int32)
    return gp.Dataset(images, writers=writers, attributes={"writer_name": np.array(names)})


def test_a_number_is_the_writer_whose_padded_number_it_is():
    some = named("001", "004", "005", "020")
    assert [number_of_writer(asked, some) for asked in ("005", "5", 20, "4")] == [2, 2, 3, 1]


def test_who_has_no_name_is_not_called_by_an_empty_one():
    assert names_of_writers(named("Ann", "", "Jose")) == {0: "Ann", 2: "Jose"}


def test_a_seed_of_numpy_is_written_as_a_number():
    assert code(np.int64(3)) == "`3`"
