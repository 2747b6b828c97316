"""Switches with a value, as docker takes them: `--detach=false`, `-d=false`; the words are those of Go's ParseBool."""

from typing import Any

from typer._click.core import Context  # typer carries click and has no public name for them
from typer._click.exceptions import BadOptionUsage
from typer._click.parser import _OptionParser, _ParsingState
from typer.core import TyperCommand

TRUE, FALSE = ("1", "t", "T", "true", "TRUE", "True"), ("0", "f", "F", "false", "FALSE", "False")


class _Parser(_OptionParser):
    """One that takes a value after a switch, if it is a truth value."""

    def _process_opts(self, arg: str, state: _ParsingState) -> None:
        name, found, text = arg.partition("=")
        option = self._long_opt.get(name) or self._short_opt.get(name)
        if not found or option is None or option.takes_value or not isinstance(option.const, bool):
            super()._process_opts(arg, state)
        elif text in TRUE:
            super()._process_opts(name, state)
        elif text in FALSE and option.dest:
            state.opts[option.dest] = not option.const
            state.order.append(option.obj)
        else:
            raise BadOptionUsage(name, f"Invalid value for '{name}': '{text}' is neither true nor false.")


class Command(TyperCommand):
    """A command whose switches take docker's values."""

    def make_parser(self, ctx: Context) -> Any:
        """The parser of its options."""
        parser = _Parser(ctx)
        for parameter in self.get_params(ctx):
            parameter.add_to_parser(parser, ctx)
        return parser
