"""Groups of commands, which know the command that runs."""

from typer.core import TyperGroup

from ganprofile.cli import flags


class Group(TyperGroup):
    """A group whose messages are in the flags of the command that it runs."""

    def resolve_command(self, ctx, args):
        """As Typer does, and `flags` learns which one it is."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            flags.remember(command)
        return name, command, rest
