"""The names that we use from typer's vendored, private copy of click. No other module touches that copy.

Each name is imported from its module of click on first use, so that the option parser can be used without the rest
(`light_typer.py`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typer._click.core import Command, Context
    from typer._click.exceptions import BadOptionUsage, ClickException, UsageError
    from typer._click.formatting import HelpFormatter
    from typer._click.parser import _OptionParser as OptionParser
    from typer._click.parser import _ParsingState as ParsingState
    from typer._click.shell_completion import CompletionItem

_WHERE = {
    "BadOptionUsage": "exceptions",
    "ClickException": "exceptions",
    "Command": "core",
    "CompletionItem": "shell_completion",
    "Context": "core",
    "HelpFormatter": "formatting",
    "OptionParser": "parser:_OptionParser",
    "ParsingState": "parser:_ParsingState",
    "UsageError": "exceptions",
}

__all__ = [
    "BadOptionUsage",
    "ClickException",
    "Command",
    "CompletionItem",
    "Context",
    "HelpFormatter",
    "OptionParser",
    "ParsingState",
    "UsageError",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    part, _, known_as = _WHERE[name].partition(":")
    return getattr(import_module(f"typer._click.{part}"), known_as or name)
