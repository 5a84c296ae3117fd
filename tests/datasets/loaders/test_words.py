"""Pages and words, which are no pictures of single characters."""

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.loaders.words import said_of_words

SYLLABLES = [a + b + c for a in "bdfk" for b in "aeiou" for c in "lmn"]


def write(root, names, rows, heading):
    """A picture of its own for each name, and a table of rows."""
    for k, name in enumerate(names):
        pixels = np.zeros((12, 12), np.uint8)
        pixels[3:9, 3:9] = 250 * np.random.default_rng(k).integers(0, 2, (6, 6))
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(root / name)
    text = "".join(f"{file},{label}\n" for file, label in [heading, *rows])
    (root / "train.csv").write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("page", ["U+306F 1231 3465 133 53 U+304C 12 8 1 2", "あ 1 2 3 4"])
def test_pages_whose_characters_have_places_are_refused(tmp_path, page):
    names = [f"train_images/{k}.png" for k in range(4)]
    rows = [("0", page), ("1", page), ("2", page), ("3", "")]
    root = write(tmp_path / "d", names, rows, ("image_id", "labels"))
    with pytest.raises(gp.UsageError, match="the column 'labels' marks what pictures show by box"):
        gp.load(root)


def test_words_that_no_other_picture_has_are_said(tmp_path, capsys):
    rows = [(f"{k}.png", word) for k, word in enumerate(SYLLABLES)]
    gp.load(write(tmp_path / "d", [name for name, _ in rows], rows, ("FILENAME", "IDENTITY")))
    said = capsys.readouterr().err
    assert "60 of 60 pictures have a label that no other has, such as 'bal'" in said


@pytest.mark.parametrize(
    "labels", [["alif", "ba", "ta"], SYLLABLES * 2, [*map(str, range(99))], [*map(chr, range(99))]]
)
def test_names_of_characters_are_no_words(labels):
    assert said_of_words(labels, "d") == []
