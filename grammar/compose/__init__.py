"""Compose files to the intermediate model, phase by phase; `load.py` conducts them.

The names below are the library: docs/library.md shows how to use them.
"""

from grammar.compose.load import Loaded, Request, load
from grammar.compose.text import describe
from grammar.diagnostics import Diagnostic, Severity, SourceError, StackferryError
from grammar.files import Disk, Files, Memory
from grammar.source import Span

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
