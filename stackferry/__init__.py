"""Compose stacks: `load` reads one; the command line does the rest. docs/library.md shows how to use this as a library.

The modules of the command line parse options, call one function of a lower package and render its result. No lower
package imports them or this module. The names below are imported on first use, so that the command line starts fast.
"""

__version__ = "0.1.0"

# Type checkers know this name. Importing `typing` would take half of the time in which the standby process answers.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded as Loaded
    from stackferry.grammar.diagnostics import Diagnostic as Diagnostic
    from stackferry.grammar.diagnostics import Severity as Severity
    from stackferry.grammar.diagnostics import SourceError as SourceError
    from stackferry.grammar.diagnostics import StackferryError as StackferryError
    from stackferry.grammar.source import Span as Span
    from stackferry.library import load as load

__all__ = ["Diagnostic", "Loaded", "Severity", "SourceError", "Span", "StackferryError", "__version__", "load"]

_HOMES = {
    "Diagnostic": "stackferry.grammar.diagnostics",
    "Loaded": "stackferry.grammar.compose.load",
    "Severity": "stackferry.grammar.diagnostics",
    "SourceError": "stackferry.grammar.diagnostics",
    "Span": "stackferry.grammar.source",
    "StackferryError": "stackferry.grammar.diagnostics",
    "load": "stackferry.library",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'stackferry' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
