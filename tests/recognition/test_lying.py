"""Photographs upside down or on their side, and nothing in them says so: a reader notices."""

import numpy as np
import pytest
from PIL import Image

import ganprofile as gp
from ganprofile.datasets.orientation import turned
from ganprofile.recognition.lying import EACH, FEWEST, MOST, Lying


@pytest.fixture(scope="module")
def reader(digits, tmp_path_factory):
    path = tmp_path_factory.mktemp("readers") / "reader"
    return gp.train_reader(digits[0].subset(100), "k-nn", output=path, progress=False)


def asymmetric(digits):
    """Test images whose half turn is no digit."""
    return digits[1].of_classes("347").images[::5]


@pytest.mark.parametrize(
    ("degrees", "words"),
    [(0, None), (180, "upside down: turned by 180"), (90, "on their side: turned by 270")],
)
def test_many_pictures_of_one_character_tell(reader, digits, tmp_path, capsys, degrees, words):
    for number, image in enumerate(asymmetric(digits)[:60]):
        whole = turned(image[None], rotate=degrees)[0, :, :, 0]
        Image.fromarray(255 - whole).save(tmp_path / f"{number}.png")
    gp.classify(tmp_path, reader, single=True, progress=False)
    lying = [line for line in capsys.readouterr().err.splitlines() if "seem to lie" in line]
    assert len(lying) == (words is not None)
    assert words is None or (words in lying[0] and lying[0].startswith("The pictures: "))


class Sure:
    """A reader that is surer the more ink is in the left upper corner."""

    def __init__(self):
        self.asked = 0

    def read(self, images):
        self.asked += len(images)
        return np.zeros(len(images), int), images[:, 0, 0, 0] / 255


def corner(values):
    images = np.zeros((len(values), 4, 4, 1), np.uint8)
    images[:, -1, -1, 0] = values
    return images


def test_a_page_tells_of_itself_among_others(tmp_path):
    lying = Lying(Sure())
    upside_down, upright = tmp_path / "a.png", tmp_path / "b.png"
    lying.look(upside_down, corner([200] * FEWEST), [0.1] * FEWEST)
    lying.look(upright, corner([0] * FEWEST), [0.9] * FEWEST)
    (sentence,) = lying.sentences()
    assert sentence.startswith(f"{upside_down}: ")
    assert "with a certainty of 78% on average in place of 10%" in sentence


def test_a_certainty_is_not_rounded_to_none_or_all(tmp_path):
    class Surer(Sure):
        def read(self, images):
            found, sure = super().read(images)
            return found, 0.9996 * sure

    lying = Lying(Surer())
    lying.look(tmp_path / "a.png", corner([255] * FEWEST), [0.0004] * FEWEST)
    (sentence,) = lying.sentences()
    assert "with a certainty of 99.96% on average in place of 0.04%." in sentence


@pytest.mark.parametrize(
    ("values", "read"),
    [([255] * (FEWEST - 1), 0.1), ([5] * FEWEST, 0.0), ([255, *[0] * (2 * FEWEST)], 0.0)],
    ids=["few", "a little", "one of many"],
)
def test_too_little_says_nothing(tmp_path, values, read):
    lying = Lying(Sure())
    lying.look(tmp_path / "a.png", corner(values), [read] * len(values))
    assert list(lying.sentences()) == []


def test_of_very_many_characters_some_are_looked_at(tmp_path):
    reader = Sure()
    lying = Lying(reader)
    lying.look(tmp_path / "a.png", corner([0] * MOST * 2), [0.5] * MOST * 2)
    for _ in range(MOST):
        lying.look(tmp_path / "b.png", corner([0] * 2), [0.5] * 2)
    assert list(lying.sentences()) == []
    assert reader.asked == 3 * 2 * MOST


def test_a_picture_after_many_others_is_looked_at(tmp_path):
    reader = Sure()
    lying = Lying(reader)
    for number in range(MOST):
        lying.look(tmp_path / f"{number}.png", corner([0] * MOST), [0.9] * MOST)
    last = tmp_path / "last.png"
    lying.look(last, corner([200] * MOST), [0.1] * MOST)
    (sentence,) = lying.sentences()
    assert sentence.startswith(f"{last}: ")
    assert reader.asked < 3 * EACH * (MOST + 50)
