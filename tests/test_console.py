import html
import io
import logging
import sys

import numpy as np
import pytest

from ganprofile.console import (
    ProgressBar,
    clock,
    counted,
    markdown_table,
    markdown_text,
    percent,
    percents,
    say,
    short,
)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_sees_a_bar_that_cleans_up_after_itself(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with ProgressBar(total=200) as bar:
        bar.show_rate(100)
    assert "100/200 images" in terminal.getvalue() and "images/s" in terminal.getvalue()
    assert terminal.getvalue().endswith(("\x1b[2K", "\x1b[?25h", "\r", "\n"))


def test_elsewhere_there_are_plain_lines_not_too_many(capsys):
    with ProgressBar(total=1000) as bar:
        for done in range(1, 1001):
            bar.show_rate(done)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[-1].startswith("1,000/1,000 images") and lines[-1].endswith("0:00 left")


def test_what_takes_seconds_each_is_not_said_to_stand_still(capsys, monkeypatch):
    monkeypatch.setattr("time.monotonic", lambda: now)
    now = 0
    with ProgressBar(total=4) as bar:
        for done in range(1, 5):
            bar.show_rate(done, "steps")
            now += 8
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == "4/4 steps  0.12 steps/s  0:00 left"


@pytest.mark.parametrize("show", ["show_rate", "show_pieces"])
def test_what_was_kept_from_before_took_no_time(capsys, monkeypatch, show):
    monkeypatch.setattr("time.monotonic", lambda: now)
    now = 0
    with ProgressBar(total=100) as bar:
        for done in (30, 60, 70):  # of which 60 were kept
            now += 10
            getattr(bar, show)(done, "steps", min(done, 60))
    *before, last = capsys.readouterr().err.splitlines()
    assert len(before) == 2 and not any("left" in line for line in before)
    assert last.endswith("0:30 left")


def test_nothing_is_said_when_nobody_listens(capsys):
    with ProgressBar(total=10, enabled=False) as bar:
        bar.show_rate(10)
    assert capsys.readouterr().err == ""


def test_no_rounded_number_says_none_or_all_or_less_than_nothing():
    assert [percent(x, 2) for x in (0.99998, 0.0, 1.0, -1e-6, 4e-6)] == [
        *("99.998", "0.00", "100.00", "0.00", "0.0004")
    ]
    assert percents(0.99996, 0.99998) == ("99.996", "99.998")
    assert percents(0.9, 0.9) == ("90.00", "90.00"), "the same shares are said alike"
    assert [short(x) for x in (0.99996, 1.00001, -0.0, -0.00004)] == [
        *("0.99996", "1", "0", "-4e-05")
    ]


def test_clock():
    assert [clock(s) for s in (-3, 0, 59.6, 3601)] == ["0:00", "0:00", "1:00", "60:01"]


def test_what_is_said_goes_through_a_logger_that_the_user_sets_up(capsys):
    logger = logging.getLogger("ganprofile")
    say("as it comes")
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    logger.addHandler(handler)
    try:
        say("100 % kept")
        logger.setLevel(logging.ERROR)
        say("silent")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.INFO)
    assert capsys.readouterr().err == "as it comes\n100 % kept\n"
    assert kept.getvalue() == "INFO ganprofile 100 % kept\n"


@pytest.mark.parametrize("number", [int, np.int64])
def test_things_are_counted_in_words(number):
    assert counted(number(1), "writer") == "1 writer" and counted(number(0), "class") == "0 classes"
    assert counted(3000, "image") == "3,000 images"


ODD = (
    *("<b>Ann</b>", "<img src=x>", "&lt;", "R & D_1", "p < 0.05", "[a](b)", "![a](b)", "a|b"),
    *("*b*", "_x_", "__init__", "a__b__", "`c`", "~~no~~", r"\\*", r"\\|"),
    *("# no", "- no", "+ no", "> no", "#1", "-0.1"),
)


@pytest.mark.parametrize("text", ODD)
def test_markdown_shows_texts_as_they_are(text):
    markdown = pytest.importorskip("markdown_it").MarkdownIt("gfm-like", {"linkify": False})
    shown = html.escape(text, quote=False)
    assert markdown.render(markdown_text(text)) == f"<p>{shown}</p>\n"
    assert f"<li>{shown}</li>" in markdown.render(f"- {markdown_text(text)}")
    table = markdown.render("\n".join(markdown_table([["head", text], [text, "cell"]])))
    assert f"<th>{shown}</th>" in table and f"<td>{shown}</td>" in table


def test_markdown_is_no_fuller_of_backslashes_than_it_must_be():
    for text in ("R & D_1", "p < 0.05, 5 > 3", "-0.1", "1.2 (sd 3)!", "a-b #1", "-"):
        assert markdown_text(text) == text
    assert markdown_text("two\nlines $x$") == r"two lines \$x\$"
