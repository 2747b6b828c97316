"""Compose files to the intermediate model, phase by phase; `load.py` runs the phases.

The names below are the library: docs/library.md shows how to use them.
"""

from stackferry.grammar.compose.load import Loaded, Request, load
from stackferry.grammar.compose.model.text import describe
from stackferry.grammar.diagnostics import Diagnostic, Severity, SourceError, StackferryError
from stackferry.grammar.files import Disk, Files, Memory
from stackferry.grammar.source import Span

__all__ = [
    "Diagnostic",
    "Disk",
    "Files",
    "Loaded",
    "Memory",
    "Request",
    "Severity",
    "SourceError",
    "Span",
    "StackferryError",
    "describe",
    "load",
]
