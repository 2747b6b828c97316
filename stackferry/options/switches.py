"""Commands in docker's style: switches take a value (`switch_parser.py`), and the usage line looks like docker's."""

from typing import Any

from typer.core import TyperCommand

from stackferry.options.carried_click import Context
from stackferry.options.switch_parser import SwitchParser


class Command(TyperCommand):
    """A command whose switches take docker's values."""

    def make_parser(self, ctx: Context) -> Any:
        """The parser of the command's options."""
        parser = SwitchParser(ctx)
        for parameter in self.get_params(ctx):
            parameter.add_to_parser(parser, ctx)
        return parser

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """The parts of the usage line. Newer versions of typer put required parts in braces, unlike docker."""
        pieces = super().collect_usage_pieces(ctx)
        return [part[1:-1] if part.startswith("{") and part.endswith("}") else part for part in pieces]
