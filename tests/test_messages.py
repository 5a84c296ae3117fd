"""What the library says names Python parameters that exist; the command line says flags."""

import ast
import dataclasses
import functools
import inspect
import re
from pathlib import Path

import pytest

import ganprofile as gp
from ganprofile.cli.flags import PARAMETER
from ganprofile.datasets.collecting import Layout, scan_sheets, write_sheets
from ganprofile.gan.settings import Settings

PACKAGE = Path(gp.__file__).parent
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] != "cli"
)
FLAG = re.compile(r"(?<![\w-])--[a-z]")
WHOLE_COMMAND = re.compile(r"\bganprofile [a-z]+ .*?(?:[;)]|\. |$)", re.DOTALL)
# Of a command that a sentence has not ended yet.
BEGUN = re.compile(r"\bganprofile (\{\}|[a-z]+)( (?!.*(\. |; )).*)? (--[a-z-]+ )?$")
# Only people who collect handwriting from the command line or by these calls meet their messages.
NOT_AT_THE_TOP = (Layout, scan_sheets, write_sheets)


@functools.cache
def tree_of(path):
    """The parsed module at a path."""
    return ast.parse(path.read_text("utf-8"))


def texts(tree):
    """`(line, text)` of every string but docstrings; what an f-string fills in stands as `{}`."""
    known = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            known.update(map(id, node.values))
            parts = (getattr(part, "value", None) for part in node.values)
            yield node.lineno, "".join(part if isinstance(part, str) else "{}" for part in parts)
        elif isinstance(getattr(node, "value", None), str) and id(node) not in known:
            yield node.lineno, node.value


def flags_in(text):
    return FLAG.findall(WHOLE_COMMAND.sub("", text))


def unquoted(tree):
    """`(line, expression)` of what f-strings fill into a command as it is, which a blank cuts."""
    quoted = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and "as_word(" in ast.unparse(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for string in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
        said = ""
        for part in string.values:
            if isinstance(part, ast.Constant):
                said += str(part.value)
                continue
            filled = ast.unparse(part.value)
            if BEGUN.search(said) and "as_word(" not in filled and filled not in quoted:
                yield part.lineno, filled
            said += "{}"


def parameters():
    """The names of all parameters of what the package offers."""
    names = {field.name for field in dataclasses.fields(Settings)}
    for offered in [*(getattr(gp, name) for name in gp._PUBLIC), *NOT_AT_THE_TOP]:
        calls = [offered]
        if inspect.isclass(offered):
            methods = inspect.getmembers(offered, inspect.isroutine)
            calls = [call for name, call in methods if name[0] != "_" or name == "__init__"]
        for call in calls:
            own = not (getattr(call, "__module__", None) or "").startswith("keras")
            if own and (inspect.isfunction(call) or inspect.ismethod(call)):
                names.update(inspect.signature(call).parameters)
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_message_of_the_library_says_a_flag(path):
    found = [(line, text) for line, text in texts(tree_of(path)) if flags_in(text)]
    assert not found, "say `parameter=value`; the command line makes a flag of it"


def test_paths_in_commands_are_quoted():
    found = [(path, *one) for path in MODULES for one in unquoted(tree_of(path))]
    assert not found, "fill in `as_word(path)`: folders have blanks in their names"


def test_the_parameters_that_messages_name_exist():
    known, named = parameters(), set()
    for path in MODULES:
        for line, text in texts(tree_of(path)):
            for name, _ in PARAMETER.findall(text):
                assert name in known, f"{path}:{line} names `{name}`"
                named.add(name)
    assert len(named) > 40 and {"per_class", "allow_overlap", "image_size", "conditions"} <= named


def test_the_rule_finds_what_it_should():
    def found(code):
        return [flags_in(text) for _, text in texts(ast.parse(code))]

    assert found('raise UsageError("Remove --class.")') == [["--c"]]
    assert found('say(f"{name} needs --only {value}.")') == [["--o"]]
    assert found('say(f"Go on with: ganprofile train --resume {path}")') == [[]]
    assert found('say("Use ganprofile train --jit. Or --jobs.")') == [["--j"]]
    assert found('"""A docstring about --class."""') == []

    def left(code):
        return [filled for _, filled in unquoted(ast.parse(code))]

    assert left('say(f"Go on with: ganprofile train --resume {path}")') == ["path"]
    assert left('say(f"Go on with: ganprofile train --resume {as_word(path)} {x}")') == ["x"]
    assert left('say(f"A set that ganprofile wrote. Look at {path}.")') == []
    assert left('word = as_word(path)\nsay(f"Use: ganprofile verify {word}")') == []
    assert {"per_class", "label", "rows_per_class", "learning_rate"} <= parameters()
    assert "per_clas" not in parameters()
