"""Names in pictures that Pillow draws."""

from importlib import metadata

import numpy as np
import pytest

from ganprofile.captions import IN_MATPLOTLIB, captioned, drawable

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
