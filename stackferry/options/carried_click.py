"""What we need of the click that typer carries, which has no public name there: the only module that touches it.

Each name is loaded from the part of click that has it when it is asked for, so that its parser of options can be had
without the rest (`light_typer.py`).
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
