"""Help that fits on a page of 80 columns, with all it leaves out one option away."""

import re

import pytest
import typer

from ganprofile.cli import help_page
from ganprofile.cli.app import app
from ganprofile.cli.panels import PANELS, RARE

LINES, COLUMNS = 60, 80


def _commands(command, path=()):
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, (*path, name))


COMMANDS = dict(_commands(typer.main.get_command(app)))
LEAVES = {path: command for path, command in COMMANDS.items() if not hasattr(command, "commands")}


@pytest.fixture
def shown(in_process, monkeypatch):
    """The lines that a command prints of itself."""
    monkeypatch.setenv("COLUMNS", str(COLUMNS))

    def show(path, option="--help"):
        code, out, _ = in_process(*path, option)
        assert code == 0
        return out.splitlines()

    return show


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_no_help_is_longer_than_a_page(shown, path):
    lines = shown(path)
    assert len(lines) <= LINES and max(map(len, lines)) <= COLUMNS
    assert not re.search(r"<\w+(\[\w+\])?>", "\n".join(lines)), "a type of Python"


def test_the_names_of_help_stand_in_one_order():
    """Typer takes them from a set, whose order is another in each process."""
    for command in COMMANDS.values():
        context = typer.Context(command, help_option_names=["-h", "--other", "--help"])
        assert command.get_help_option_names(context) == ["-h", "--other", "--help"]


@pytest.mark.parametrize("command", ["augment", "generate", "label", "study"])
def test_help_says_where_a_set_is_written_without_a_folder(shown, command):
    page = " ".join("\n".join(shown([command])).replace("│", "").split())
    assert re.search(r"The folder to write\. \[default: \w+/[A-Z]+\]", page)


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_all_that_is_left_out_is_one_option_away(shown, path):
    command = LEAVES[path]
    context = typer.Context(command)
    found = help_page.panels(command, context)
    rare = [one.opts[0] for one in found.get(RARE, ())]
    short, whole = " ".join(shown(path)), " ".join(shown(path, "--help-all"))
    more = "1 more option," if len(rare) == 1 else f"{len(rare)} more options,"
    assert (more in short) == bool(rare)
    assert f"ganprofile {' '.join(path)} --help-all" in short
    assert not [flag for flag in rare if f"{flag} " in short]
    assert [flag for flag in rare if f"{flag} " in whole] == rare
    words = set(re.findall(r"\w+", whole))
    for parameter in command.get_params(context):
        assert set(re.findall(r"\w+", parameter.help)) <= words, parameter.name


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_option_is_in_a_panel_and_says_itself_in_one_short_line(path):
    command = LEAVES[path]
    for parameter in command.get_params(typer.Context(command)):
        assert getattr(parameter, "rich_help_panel", None) in (*PANELS, None)
        assert 0 < len(help_page.short(parameter.help)) <= 75, parameter.name
        is_typed = parameter.param_type_name == "argument" or parameter.is_flag
        assert is_typed or parameter.metavar, f"{parameter.name} says not what it takes"
