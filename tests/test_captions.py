"""Names in pictures that Pillow draws."""

from importlib import metadata

import numpy as np
import pytest

import ganprofile as gp
from ganprofile.captions import IN_MATPLOTLIB, captioned, drawable
from ganprofile.datasets.formats.preview import Preview
from ganprofile.training.callbacks.sample_grids import SampleGrids
from tests.figures.test_lettering import KA, write_font

OTHER = IN_MATPLOTLIB.replace("DejaVuSans", "STIXGeneral")
BLANK = np.full((10, 200, 1), 255, np.uint8)


@pytest.mark.parametrize("name", ["क्ष", "কি", "Aক্"])
def test_marks_of_letters_that_no_font_has_are_numbers_too(name):
    assert drawable(name) == name.encode("ascii", "backslashreplace").decode()


def test_letters_that_the_usual_font_has_are_drawn():
    assert drawable("é ب Ж") == "é ب Ж"


def test_the_font_of_the_user_draws_what_it_has(monkeypatch):
    usual, lacking = captioned(BLANK, "letters"), captioned(BLANK, "ক")
    monkeypatch.setenv(
        "GANPROFILE_FONT", str(metadata.distribution("matplotlib").locate_file(OTHER))
    )
    assert not np.array_equal(captioned(BLANK, "letters"), usual)
    assert np.array_equal(captioned(BLANK, "ক"), lacking)


def test_the_home_folder_in_it_is_meant(tmp_path, monkeypatch):
    """As figures take it; of another font the letters would be others."""
    font = metadata.distribution("matplotlib").locate_file(OTHER)
    (tmp_path / "other.ttf").write_bytes(font.read_bytes())
    usual = captioned(BLANK, "letters")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GANPROFILE_FONT", "~/other.ttf")
    assert not np.array_equal(captioned(BLANK, "letters"), usual)


@pytest.mark.parametrize("content", [None, "no font", ""])
def test_what_is_no_font_is_refused_before_a_set_is_made(content, tmp_path, monkeypatch, digits):
    font = tmp_path / "a.woff"
    if content is not None:
        font.write_text(content)
    monkeypatch.setenv("GANPROFILE_FONT", str(font))
    refused = pytest.raises(gp.UsageError, match=r"a\.woff is no font .*unset GANPROFILE_FONT")
    with refused:
        captioned(BLANK, "letters")
    with refused:
        digits[0].subset(1).save(tmp_path / "set")
    with refused:
        Preview(["a", "b"])
    with refused:
        SampleGrids(tmp_path, {}, 1)


def test_the_command_line_refuses_it_before_anything_else(tmp_path, monkeypatch, in_process):
    monkeypatch.setenv("GANPROFILE_FONT", str(tmp_path / "a.ttf"))
    code, _, said = in_process("datasets", "import", tmp_path / "nothing", "--name", "a")
    assert code == 2 and "a.ttf is no font that can be read" in said


def test_what_was_not_said_in_the_environment_need_not_be_unset(tmp_path, monkeypatch, in_process):
    monkeypatch.delenv("GANPROFILE_FONT", raising=False)
    code, _, said = in_process("--font", tmp_path / "no.ttf", "datasets", "list")
    assert code == 2 and "no.ttf is no font that can be read (No such file or" in said
    assert "Errno" not in said and "GANPROFILE_FONT" not in said


@pytest.fixture
def one_script(tmp_path, monkeypatch):
    """A font of the user's that has one letter, and no Latin ones, digits or blank."""
    write_font(pytest.importorskip("fontTools.fontBuilder"), tmp_path / "one.ttf")
    monkeypatch.setenv("GANPROFILE_FONT", str(tmp_path / "one.ttf"))


def drawn(text):
    """How much ink every column has, from the first to the last that has some."""
    ink = (captioned(BLANK, text)[:-10, 8:-8, 0] < 128).sum(axis=0)
    return ink[ink.nonzero()[0][0] : ink.nonzero()[0][-1] + 1].tolist()


@pytest.mark.parametrize("name", ["A", "7", "real", "epoch 5", "ב"])
def test_what_a_font_of_one_script_lacks_is_drawn_by_the_usual_one(name, tmp_path, monkeypatch):
    usual = captioned(BLANK, name)
    write_font(pytest.importorskip("fontTools.fontBuilder"), tmp_path / "one.ttf")
    monkeypatch.setenv("GANPROFILE_FONT", str(tmp_path / "one.ttf"))
    assert np.array_equal(captioned(BLANK, name), usual)


def test_letters_of_two_fonts_in_a_name(one_script):
    assert drawable(f"{KA}7 A") == f"{KA}7 A"
    box, seven = drawn(KA), drawn("7")
    both = drawn(f"{KA}7")
    assert both[: len(box)] == box and both[-len(seven) :] == seven
    assert drawn(f"ב{KA}")[: len(box)] == box  # from right to left


def test_a_long_name_of_two_fonts_is_cut(one_script):
    dots = drawn("...")
    assert drawn(f"{KA}7" * 40)[-len(dots) :] == dots
