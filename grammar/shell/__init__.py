"""Shell scripts: parses text to commands with exact ranges (`parse`), and derives what is known without running them.

The linter's facts build on it. It knows nothing of Dockerfiles: offsets are in the text it is given.
"""

from stackferry.grammar.shell.parse import parse
from stackferry.grammar.shell.script import Assignment, Command, Construct, Heredoc, Pipeline, Redirect, Script
from stackferry.grammar.shell.word import Arithmetic, Elements, Literal, Part, ShellWord, Substitution, Variable

__all__ = [
    "Arithmetic",
    "Assignment",
    "Command",
    "Construct",
    "Elements",
    "Heredoc",
    "Literal",
    "Part",
    "Pipeline",
    "Redirect",
    "Script",
    "ShellWord",
    "Substitution",
    "Variable",
    "parse",
]
