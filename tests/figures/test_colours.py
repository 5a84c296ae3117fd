"""Whether the colours can be told apart, by everybody, and are used by all that draws."""

import itertools
import re

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from ganprofile import figures
from ganprofile.figures import reports, training
from ganprofile.figures.colours import ALL, ROLES, SERIES, keys_of, on_paper
from ganprofile.reporting.page import Page
from ganprofile.reporting.render import render

GROUNDS = {"light": "#ffffff", "dark": "#14181d"}
# How light reaches people who lack one kind of cone (Machado, Oliveira, Fernandes 2009).
EYES = {
    "all cones": np.eye(3),
    "no red": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no green": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "no blue": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def light_of(colour):
    levels = np.array(to_rgb(colour))
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def lab(light):
    x, y, z = np.cbrt(TO_XYZ @ np.clip(light, 0, 1) / TO_XYZ.sum(axis=1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("shade", GROUNDS)
def test_roles_are_told_apart_by_everybody(shade, eyes):
    places = {
        name: lab(np.array(EYES[eyes]) @ light_of(getattr(colour, shade)))
        for name, colour in ROLES.items()
    }
    for one, other in itertools.combinations(places, 2):
        assert np.linalg.norm(places[one] - places[other]) >= 25, (one, other)


@pytest.mark.parametrize("shade", GROUNDS)
def test_all_stand_out_from_what_is_behind_them(shade):
    def luminance(colour):
        return TO_XYZ[1] @ light_of(colour) + 0.05

    for name, colour in ALL.items():
        both = luminance(getattr(colour, shade)), luminance(GROUNDS[shade])
        assert max(both) / min(both) >= 3, name


def test_what_has_a_role_has_its_colour_and_a_single_line_takes_none_of_them():
    assert keys_of({"real": 1, "fake": 2}) == ["real", "fake"]
    assert keys_of(["kernel distance"]) == ["plain"]
    assert keys_of(["none", "classic"]) == ["series-0", "series-1"]
    assert keys_of(map(str, range(9)))[-1] == "series-0"


def test_pictures_exports_and_pages_take_the_same(monkeypatch):
    drawn = []
    monkeypatch.setattr(training, "save", lambda figure, path: drawn.append(figure))
    figures.save_loss_curves("x", np.ones(4), np.zeros(4), steps_per_epoch=2)
    lines = {name: ([1, 2], [3, 4]) for name in ("generator", "discriminator")}
    drawn.append(reports.line_figure(lines, "epoch", "loss"))
    for figure in drawn:
        found = {line.get_label(): line.get_color() for line in figure.axes[0].get_lines()}
        for name in lines:
            assert found[name] == ROLES[name].light
    bars = reports.bar_figure({"real": [1], "fake": [2]}, 0, 1, "x").axes[0].patches
    assert [bar.get_facecolor()[:3] for bar in bars] == [
        to_rgb(colour) for colour in on_paper(["real", "fake"])
    ]
    style = render(Page("t", "s", ()))
    for name, colour in ALL.items():
        assert re.findall(rf"--{name}: (#\w+);", style) == [colour.light, colour.dark]
        assert f".colour-{name} {{ color: var(--{name}); }}" in style


def test_lines_without_a_said_colour_take_the_same_series(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "ganprofile.figures.studies.save", lambda figure, path: drawn.append(figure)
    )
    figures.save_curves("x", {("p", name): [(1, 2, 0)] for name in "ab"}, "x", "y")
    used = [lines.lines[0].get_color() for lines in drawn[0].axes[0].containers]
    assert used == [colour.light for colour in SERIES[:2]]
