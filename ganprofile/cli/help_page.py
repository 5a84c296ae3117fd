"""What `--help` shows of a command: its parameters in panels, without those rarely needed."""

from ganprofile.cli.panels import ADVANCED, PANELS, RARE

WIDEST = 100
ANY = "VALUE"
WHOLE = "help_all"  # the parameter that shows everything


def print_page(command, context, whole=False):
    """Print the help of a command or group, all of it or what fits on a page."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
    console.print(f"\nUsage: {usage(command, context.command_path)}\n", style="bold")
    console.print(f"{_purpose(command)}\n")
    for title, commands in command_panels(command).items():
        _print_panel(console, title, [(one.name, short(one.help or "")) for one in commands])
    found = panels(command, context)
    for title, parameters in found.items():
        if whole or title != RARE:
            _print_panel(console, title, [_row(one, whole) for one in parameters])
    if not whole and any(one.name == WHOLE for one in command.params):
        rare = len(found.get(RARE, ()))
        more = f"{rare} more option{'s' * (rare != 1)}"
        left_out = f"{more}, and all" if rare else "All options"
        console.print(f"{left_out} in full: {context.command_path} --help-all")


def usage(command, path):
    """How a command is called, one line."""
    words = [_argument(one) for one in command.params if one.param_type_name == "argument"]
    group = ["COMMAND"] if hasattr(command, "commands") else []
    return " ".join([path, *words, "[OPTIONS]", *group])


def panels(command, context):
    """Title -> parameters of a command that are not hidden, in the order of the help."""
    if hasattr(command, "commands"):
        return {"Options": command.get_params(context)}
    found = {}
    for one in command.get_params(context):
        if not getattr(one, "hidden", False):
            found.setdefault(getattr(one, "rich_help_panel", None) or ADVANCED, []).append(one)
    return {title: found[title] for title in sorted(found, key=PANELS.index)}


def command_panels(group):
    """Title -> commands of a group, in the order in which they were added."""
    found = {}
    for command in getattr(group, "commands", {}).values():
        found.setdefault(getattr(command, "rich_help_panel", None) or "Commands", []).append(
            command
        )
    return found


def spelled(parameter):
    """A parameter as it is typed: `IMAGES`, `--subset, --per-class N` or `--expect/--no-expect`."""
    if parameter.param_type_name == "argument":
        return _argument(parameter)
    flags = ", ".join(parameter.opts)
    if parameter.secondary_opts:
        return f"{flags}/{parameter.secondary_opts[0]}"
    return flags if parameter.is_flag else f"{flags} {parameter.metavar or ANY}"


def short(text):
    """The first paragraph of a text, as one line."""
    return " ".join(text.partition("\n\n")[0].split())


def whole_text(text):
    """All of a text, as one line."""
    return " ".join(text.split())


def default_of(parameter):
    """What counts where a parameter is not typed, as text; empty where nothing does."""
    shown = getattr(parameter, "show_default", None)
    if isinstance(shown, str):
        return shown
    value = parameter.default
    is_value = isinstance(value, (str, int, float)) or hasattr(value, "__fspath__")
    if not is_value or isinstance(value, bool) or value == "":
        return ""
    return str(value)


def _argument(parameter):
    name = parameter.metavar or parameter.name.upper()
    name += "..." if parameter.nargs == -1 else ""
    return name if parameter.required else f"[{name}]"


def _purpose(command):
    return "\n\n".join(whole_text(part) for part in (command.help or "").split("\n\n"))


def _row(parameter, whole):
    text = parameter.help or ""
    text = whole_text(text) if whole else short(text)
    default = default_of(parameter)
    required = "  [required]" if parameter.required else ""
    return spelled(parameter), text + (f"  [default: {default}]" if default else required)


def _print_panel(console, title, rows):
    from rich.panel import Panel
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(ratio=1)
    for row in rows:
        table.add_row(*row)
    console.print(Panel(table, title=title, title_align="left", border_style="dim"))
