"""Every option says what it takes, with an example that the command takes."""

import inspect
import shlex
import typing

import pytest

from ganprofile.cli.kinds import EXAMPLES, EXAMPLES_OF, KINDS, what_it_takes
from ganprofile.cli.mistakes import example_of
from tests.cli.test_help import COMMANDS, LEAVES

WHOLE, ANY = ("N",), ("MINUTES", "RATE", "SHARE")
READS_A_FILE = "config"  # as soon as it is typed


def options(command):
    return [one for one in command.params if one.param_type_name == "option" and not one.is_flag]


def read(path, *words):
    """What a command makes of words, behind those of its example that are no options."""
    command = LEAVES[path]
    example = shlex.split(example_of(command))[1 + len(path) :]
    return command.make_context(" ".join(path), [*example, *words])


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_the_first_example_of_a_command_is_taken_by_it(path):
    assert example_of(LEAVES[path]).startswith(" ".join(["ganprofile", *path]))
    assert read(path).command is LEAVES[path]


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_the_example_of_every_option_is_taken(path):
    for one in options(LEAVES[path]):
        words, _, example = what_it_takes(path[-1], one).rpartition(" such as ")
        assert words.endswith(",") and example
        if one.name != READS_A_FILE:
            read(path, one.opts[0], *shlex.split(example))


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_numbers_are_named_as_what_they_are(path):
    signature = inspect.signature(LEAVES[path].callback, eval_str=True)
    for one in options(LEAVES[path]):
        kind, *_ = typing.get_args(signature.parameters[one.name].annotation)
        kinds = {kind, *typing.get_args(kind)}
        named = {int} if one.metavar in WHOLE else {float} if one.metavar in ANY else set()
        assert named == kinds & {int, float}, one.name


def test_no_example_is_left_of_an_option_that_is_gone():
    named = {(path[-1], one.name) for path in LEAVES for one in options(LEAVES[path])}
    assert set(EXAMPLES_OF) <= named
    common = {one.name for one in COMMANDS[()].params}
    assert set(EXAMPLES) <= {name for _, name in named} | common
    used = {one.metavar for path in LEAVES for one in options(LEAVES[path])}
    assert set(KINDS) == used
