"""Go's text/template, as far as Docker's users need it: `render` expands a template, `parse` checks one.

Used for templates in container specs and payloads by the emulator, and for `--format` by the command line.
"""

from stackferry.grammar.gotemplate.error import TemplateError
from stackferry.grammar.gotemplate.evaluate import render
from stackferry.grammar.gotemplate.parse import parse

__all__ = ["TemplateError", "parse", "render"]
