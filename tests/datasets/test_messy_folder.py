"""A folder as people have it: all sizes, kinds of files and polarities, some images saved twice."""

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.similarity.near_copies import near_copies_within

SIZES = (8, 14, 28, 60, 120, 200)
PER_CLASS = 6
CLASSES = "4589"  # letters and digits with loops and corners, so that none is a bare stroke
SAVED_AGAIN = 5


def saved(image, path, size, is_dark_ink):
    """An image as a picture file of some size and polarity."""
    picture = Image.fromarray(255 - image if is_dark_ink else image).convert("L")
    options = {"quality": 70} if path.suffix == ".jpg" else {}
    picture.resize((size, size), Image.Resampling.BICUBIC).save(path, **options)


@pytest.fixture
def messy(tmp_path, digits, monkeypatch):
    """`(folder, the pictures that others are, their originals)`."""
    monkeypatch.setenv("GANPROFILE_HOME", str(tmp_path / "home"))
    few = digits[0].of_classes(CLASSES).subset(PER_CLASS, seed=0)
    folder, twins = tmp_path / "scans", {}
    for index, image in enumerate(few.images[..., 0]):
        place = folder / CLASSES[few.labels[index]]
        place.mkdir(parents=True, exist_ok=True)
        original = place / f"{index:02}.{('png', 'jpg')[index % 2]}"
        saved(image, original, SIZES[index % len(SIZES)], index % 3 == 0)
        if index % len(SIZES) == 4 and len(twins) < SAVED_AGAIN:
            again = place / f"{index:02}-again.jpg"
            saved(image, again, SIZES[4], False)
            twins[again.name] = original.name
    (folder / "4" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    (folder / "notes.txt").write_text("bought in May\n")
    return folder, twins


def test_the_report_says_what_to_do(messy):
    folder, twins = messy
    report = gp.import_dataset(folder, "mine", photographs="scans")
    assert report["images"]["train"] == len(CLASSES) * PER_CLASS + len(twins)
    assert report["images_per_class"] == {
        name: {"train": report["images_per_class"][name]["train"]} for name in CLASSES
    }
    assert [name for name in report["unreadable"] if "broken" in name]
    assert report["near_duplicates"]["train"] == len(twins)
    said = " ".join(report["near_duplicate_examples"])
    assert all(name in said for pair in twins.items() for name in pair), said
    assert any(f"{len(twins)} images look like others" in line for line in report["warnings"])
    images = gp.load("mine")[0].images
    assert np.median(images[:, :2].max(axis=(1, 2, 3))) == 0  # paper along the edge: ink is 255


def test_without_cropping_sizes_and_polarities_are_refused_in_a_sentence(messy):
    folder, _ = messy
    with pytest.raises(gp.UsageError, match="image_size=28"):
        gp.import_dataset(folder, "mine")
    with pytest.raises(gp.UsageError, match='say `invert="yes"`'):
        gp.import_dataset(folder, "mine", image_size=28)


def test_an_image_is_no_copy_of_itself_and_a_copy_counts_once(digits):
    few = digits[0].of_classes(CLASSES).subset(20, seed=1).images
    assert len(near_copies_within(few)[0]) == 0
    again = np.clip(few[[3, 40]].astype(int) + 6, 0, 255).astype(np.uint8)
    rows, originals = near_copies_within(np.concatenate([few, again, again[:1] // 2 * 2]))
    assert rows.tolist() == [80, 81, 82] and originals.tolist() == [3, 40, 80]
