"""Pictures and plots of a dataset: names stand beside what they are names of."""

import dataclasses

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.datasets import named_grids
from ganprofile.figures import comparisons, datasets
from ganprofile.figures.lettering import described

MRO = "\U00016a40"  # a letter that no font of a usual machine has


def of_classes(names, bits=8):
    count = 4 * len(names)
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (count, 8, 8, 1), np.uint8)
    images = images if bits == 8 else np.where(images > 99, 255, 0).astype(np.uint8)
    return gp.Dataset(images, np.arange(count) % len(names), tuple(names), name="mine")


@pytest.fixture
def drawn(monkeypatch):
    """Figures instead of files."""
    kept = []
    for module in (datasets, comparisons):
        monkeypatch.setattr(module, "save", lambda figure, path: kept.append(figure))
    return kept


def texts(figure):
    return [text.get_text() for text in figure.texts]


def test_few_classes_have_a_row_with_their_name_each(drawn):
    names = ("a", "a long name of a class", MRO)
    datasets.save_dataset_histograms("x", of_classes(names))
    panel = drawn[0].axes[0]
    labels = panel.get_yticklabels()
    assert [label.get_text() for label in labels] == [*names[:2], "Mro letter ta"]
    assert all(label.get_rotation() == 0 and label.get_size() > 8 for label in labels)
    assert [bar.get_width() for bar in panel.patches] == [4, 4, 4]


def test_many_classes_say_what_a_number_stands_for(drawn):
    datasets.save_dataset_histograms("x", of_classes([f"{k}" for k in range(30)]))
    assert drawn[0].axes[0].get_xlabel() == ""
    datasets.save_dataset_histograms("x", of_classes([*(f"{k}" for k in range(30)), MRO]))
    assert "places in class_names" in drawn[1].axes[0].get_xlabel()
    assert drawn[1].axes[0].get_xticklabels()[-1].get_text() == "30"


def test_two_levels_are_two_bars_from_the_bottom(drawn):
    datasets.save_dataset_histograms("x", of_classes("ab", bits=1))
    panel = drawn[0].axes[1]
    assert panel.get_ylim()[0] < 1 and panel.get_yscale() == "log"
    seen = [bar for bar in panel.patches if bar.get_height()]
    assert len(seen) == 2 and all(bar.get_width() > 4 for bar in seen)


def test_a_letter_is_described_as_unicode_calls_it():
    assert described(MRO) == "Mro letter ta" and described("ab") == "U+0061 U+0062"


def test_the_rows_of_a_grid_have_names(drawn, tmp_path):
    named_grids.save_grid("x", of_classes("abc"))
    assert texts(drawn[0]) == ["mine, train", "a", "b", "c"]
    many = of_classes([f"c{k}" for k in range(20)])
    named_grids.save_grid("x", many)
    assert texts(drawn[1])[1:17] == [f"c{k}" for k in range(16)], "a block"
    assert texts(drawn[1])[-4:] == [f"c{k}" for k in range(16, 20)], "and another one beside it"
    unlabelled = dataclasses.replace(many, labels=None, class_names=())
    named_grids.save_grid("x", unlabelled)
    assert texts(drawn[2]) == ["mine, train"]


def test_both_ways_to_read_an_image_are_called_by_name(drawn):
    named_grids.save_both_ways("x", of_classes("abc"), "transposed")
    assert texts(drawn[0]) == ["Which row stands upright?", "as read", "turned"]
