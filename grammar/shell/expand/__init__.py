"""Expands words as far as the values of their variables are known. Nothing is run and no file is read.

`resolve` returns the value without splitting, `fields` the words that a command gets.
"""

from stackferry.grammar.shell.expand.fields import fields
from stackferry.grammar.shell.expand.resolve import Values, resolve

__all__ = ["Values", "fields", "resolve"]
