"""Commands as docker has them: their switches take a value (`switch_parser.py`)."""

from typing import Any

from typer.core import TyperCommand

from stackferry.options.carried_click import Context
from stackferry.options.switch_parser import SwitchParser


class Command(TyperCommand):
    """A command whose switches take docker's values."""

    def make_parser(self, ctx: Context) -> Any:
        """The parser of its options."""
        parser = SwitchParser(ctx)
        for parameter in self.get_params(ctx):
            parameter.add_to_parser(parser, ctx)
        return parser
