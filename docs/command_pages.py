"""A page for each command, and their index, from the same source as `--help-all`."""

import re

import typer

import ganprofile as gp
from ganprofile.cli import help_page
from ganprofile.cli.app import app

EXAMPLE = re.compile(r"([A-Z][a-z ]*):\s+(ganprofile .*)", re.DOTALL)
INDEX = "commands"


def pages():
    """Path below the folder -> text, for the index and for every command."""
    group = typer.main.get_command(app)
    found = {INDEX: _index(group)}
    for words, command in _below(group, ()):
        found[_path(words)] = "\n".join(_page(command, words)) + "\n"
    return found


def _below(group, words):
    for name, command in getattr(group, "commands", {}).items():
        yield (*words, name), command
        yield from _below(command, (*words, name))


def _path(words):
    return f"{INDEX}/{'-'.join(words)}"


def _index(group):
    lines = ["# Commands", "", *_purpose(group), *_usage(group, ())]
    for title, commands in help_page.command_panels(group).items():
        lines += [f"## {title}", ""]
        for command in commands:
            lines.append(_line(command, (command.name,), f"{INDEX}/"))
            lines += [f"  {_line(one, words, f'{INDEX}/')}" for words, one in _inner(command)]
        lines.append("")
    lines += [*_options(group, ()), *_hidden_tree(_path((name,)) for name in group.commands)]
    return "\n".join(lines) + "\n"


def _inner(command):
    return _below(command, (command.name,))


def _line(command, words, folder):
    name = " ".join(["ganprofile", *words])
    target = f"{folder}{'-'.join(words)}.md#{name.replace(' ', '-')}"
    return f"- [`{name}`]({target}): {help_page.short(command.help or '')}"


def _page(command, words):
    yield from (f"# ganprofile {' '.join(words)}", "")
    yield from _purpose(command)
    yield from _usage(command, words)
    inner = list(_below(command, words))
    if inner:
        yield from ("## Commands", "", *(_line(one, below, "") for below, one in inner), "")
    yield from _options(command, words)
    if len(words) == 1 and callable(getattr(gp, words[0], None)):
        yield from (f"In Python: {{py:func}}`ganprofile.{words[0]}`.", "")
    if inner:
        yield from _hidden_tree("-".join(below) for below, _ in inner)


def _purpose(command):
    """What a command is for; its examples as blocks, which have a button that copies them."""
    examples = {}
    for paragraph in (command.help or "").split("\n\n"):
        if found := EXAMPLE.fullmatch(paragraph.strip()):
            examples.setdefault(found[1], []).append(" ".join(found[2].split()))
        else:
            yield from (paragraph, "")
    for title, commands in examples.items():
        yield from (f"{title}:", "", *_block("sh", "\n".join(commands)))


def _usage(command, words):
    usage = help_page.usage(command, " ".join(["ganprofile", *words]))
    return ["Usage:", "", *_block("text", usage)]


def _options(command, words):
    """Every option under its panel, with an anchor and an entry in the search."""
    path = " ".join(["ganprofile", *words])
    yield from (f"```{{program}} {path}", "```", "")
    context = typer.Context(command, info_name=path)
    for title, parameters in help_page.panels(command, context).items():
        yield from (f"## {title}", "")
        for parameter in parameters:
            yield from _parameter(parameter)


def _parameter(parameter):
    text = help_page.whole_text(parameter.help or "")
    default = help_page.default_of(parameter)
    told = f" Default: {default}." if default else " Required." if parameter.required else ""
    name = help_page.spelled(parameter).replace("/--", ", --")
    yield from (f"````{{option}} {name}", f"{text}{told}".replace("*'", "\\*'"), "````", "")


def _block(language, text):
    return [f"```{language}", text, "```", ""]


def _hidden_tree(pages):
    return ["```{toctree}", ":hidden:", "", *pages, "```"]
