"""How far hadolint reads a script, for `plain.py`: it uses ShellCheck's parser, which gives up sooner than ours.

If that parser fails inside a command or construct, hadolint sees nothing of the script. A token that merely cannot
follow (`;;`, `fi`, a parenthesis) ends the script there: hadolint sees the commands before it.
"""

from itertools import pairwise
from typing import TYPE_CHECKING

from stackferry.grammar.regex import regex
from stackferry.grammar.shell.parse import parse

if TYPE_CHECKING:
    from stackferry.grammar.shell.script import Command, Script

_ENDS = regex(r"[;&|)]|(?:\}|then|else|elif|fi|do|done|esac)(?![^\s;&|()])")
_FOLLOWS = regex(r"[^\s;&|(={][ \t]*\Z")
_UNREAD = -1


def legible(script: "Script") -> int:
    """The offset up to which hadolint reads a script; -1 if it reads none of it."""
    text, broken = script.text, script.broken
    for command in script.commands:
        if _is_open(command):
            return _UNREAD
        at = _behind_test(command)
        if at >= 0 and (broken < 0 or at < broken):
            return at if parse(text[:at]).complete else _UNREAD
    if broken < 0:
        return len(text)
    is_parenthesis = text.startswith("(", broken) and _FOLLOWS.search(text[:broken]) is not None
    if _ENDS.match(text, broken) or is_parenthesis:
        before = parse(text[:broken])
        if before.complete and before.commands and not (is_parenthesis and _is_name(before)):
            return broken
    return _UNREAD


def _is_name(before: "Script") -> bool:
    """Whether a parenthesis after the text makes its last word the name of a function without a body."""
    last = before.commands[-1]
    return len(last.words) == 1 and last.words[0].end == len(before.text)


def _is_open(command: "Command") -> bool:
    """Whether a command has an unclosed test or heredoc."""
    words = command.words
    if words and words[0].text.startswith("[") and words[0].text != "[[" and all(word.text != "]" for word in words):
        return True
    return any(redirect.heredoc is not None and redirect.heredoc.closed < 0 for redirect in command.redirects)


def _behind_test(command: "Command") -> int:
    """The offset of a word after a test, where none is allowed; -1 if there is none."""
    words = command.words
    if not words or words[0].text != "[":
        return -1
    return next((behind.start for word, behind in pairwise(words) if word.text == "]"), -1)
