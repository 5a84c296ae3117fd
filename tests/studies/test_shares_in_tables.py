"""No share of the tables of studies is rounded to none or to all."""

from types import SimpleNamespace

import numpy as np

import ganprofile as gp
from ganprofile.studies import hwdplus
from ganprofile.studies.sharpies import _report


def test_one_error_of_many_shows_class_by_class_and_no_image_has_no_share():
    labels = np.repeat([0, 1], (400, 3))
    said = labels.copy()
    said[0] = 1
    dataset = gp.Dataset(np.zeros((403, 8, 8, 1), np.uint8), labels, ("a", "b", "c", "d"))
    rows = {name: texts for name, *texts in _report(dataset, said)}
    assert rows["a"] == ["1", "0.998", "0.999", "400"]
    assert rows["b"] == ["0.75", "1", "0.86", "3"]
    assert rows["c"] == ["-", "-", "-", "0"]
    said[0] = 3
    rows = {name: texts for name, *texts in _report(dataset, said)}
    assert rows["d"] == ["0", "-", "0", "0"], "what was taken for one is no such image"


def test_one_writer_of_many_is_no_share_of_none(monkeypatch):
    people = 3000
    values = np.arange(people) == 0
    dataset = gp.Dataset(
        np.zeros((people, 8, 8, 1), np.uint8),
        np.zeros(people, int),
        ("0",),
        writers=np.arange(people),
        attributes={"gender": values.astype(float)},
    )
    monkeypatch.setattr(hwdplus, "images_of", lambda plan, name: dataset)
    found = hwdplus.describe("any", SimpleNamespace(plan=None, figures=None))
    (table,) = found.tables.values()
    assert [row[1:] for row in table[1:]] == [["0", "2999", "99.97 %"], ["1", "1", "0.03 %"]]
