"""What the names of picture files seem to say, and the patterns of paths that read them."""

from pathlib import PurePath

import pytest

import ganprofile as gp
from ganprofile.datasets.loaders.labels_in_names import told_by_paths
from tests.named_pictures import write

NAMES = {
    "{split}/writer{writer}_*_digit{label}": "ADBase_{part}ingSet/writer{w}_pass0{w}_digit{d}.bmp",
    "{split}/*/writer{writer}_*_digit{label}": "A_{part}/Part0{w}/writer{w}_pass0{w}_digit{d}.bmp",
    "*/{split}/id_*_label_{label}": "{part} Images 13440x32x32/{part}/id_{w}_label_{d}.png",
    "{split}/{label}.*": "{part}/00{d}he.{w}.jpg",
    "*/{label}_*": "all/a{d}b_{w}.png",
}


def named(name):
    """Pictures of 3 digits by 2 writers in both parts, or in one folder."""
    return [
        name.format(part=part, w=w, d=d)
        for part in (("Train", "Test") if "{part}" in name else ("",))
        for w in range(2)
        for d in range(3)
    ]


@pytest.mark.parametrize("pattern", NAMES)
def test_the_pattern_of_names_is_found(pattern):
    told = told_by_paths([*map(PurePath, named(NAMES[pattern]))])
    assert told.pattern == pattern
    assert told.is_called == ("digit{" in pattern or "label_" in pattern)


def test_numbers_that_only_count_say_nothing():
    assert told_by_paths([PurePath(f"a/img_{k}.png") for k in range(9)]) is None


@pytest.mark.parametrize("pattern", [one for one in NAMES if "{split}" in one])
def test_parts_are_no_classes_and_the_pattern_is_said(tmp_path, pattern):
    root = write(tmp_path / "d", named(NAMES[pattern]))
    with pytest.raises(gp.UsageError) as caught:
        gp.load(root)
    assert f"if so, say `labels={pattern!r}`" in str(caught.value)
    train, test = gp.load(root, labels=pattern)
    assert train.class_counts().tolist() == test.class_counts().tolist() == [2, 2, 2]


def test_of_a_single_folder_the_pattern_is_said(tmp_path, capsys):
    gp.load(write(tmp_path / "d", named(NAMES["*/{label}_*"])))
    said = capsys.readouterr().err
    assert "they have one label, 'all'" in said and "say `labels='*/{label}_*'`" in said
