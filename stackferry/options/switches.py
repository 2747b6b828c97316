"""Commands as docker has them: their switches take a value (`switch_parser.py`), and usage is written in its way."""

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

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """The parts of the usage line. Newer versions of typer put what is required in braces, as no docker does."""
        pieces = super().collect_usage_pieces(ctx)
        return [part[1:-1] if part.startswith("{") and part.endswith("}") else part for part in pieces]
