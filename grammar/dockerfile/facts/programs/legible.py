"""How far hadolint reads a script, for `plain.py`: it has the commands from ShellCheck's parser, which gives up sooner.

What that parser cannot make out inside a command or construct costs it the whole script. A token that only cannot
follow (`;;`, `fi`, a parenthesis) ends the script there: what stands before it counts.
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
    """The offset up to which a script counts; -1 if none of it does."""
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
    """Whether a parenthesis behind a script makes its last word the name of a function, of which nothing follows."""
    last = before.commands[-1]
    return len(last.words) == 1 and last.words[0].end == len(before.text)


def _is_open(command: "Command") -> bool:
    """Whether a command has a test or a heredoc that nothing closes."""
    words = command.words
    if words and words[0].text.startswith("[") and words[0].text != "[[" and all(word.text != "]" for word in words):
        return True
    return any(redirect.heredoc is not None and redirect.heredoc.closed < 0 for redirect in command.redirects)


def _behind_test(command: "Command") -> int:
    """Where a word follows a test, as none can; -1 if none does."""
    words = command.words
    if not words or words[0].text != "[":
        return -1
    return next((behind.start for word, behind in pairwise(words) if word.text == "]"), -1)
