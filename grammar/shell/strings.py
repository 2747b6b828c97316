"""Scripts within a script: the string of `sh -c '…'`, `su -c`, `eval`, and a heredoc that a shell reads.

`shell_strings` finds them; the caller parses `ShellString.text` and maps offsets back with `at`.
"""

from bisect import bisect_right

from stackferry.grammar.shell.arguments import Arguments, options
from stackferry.grammar.shell.modes import LETTERS
from stackferry.grammar.shell.script import Command
from stackferry.grammar.shell.value import Value
from stackferry.grammar.shell.word import Literal, ShellWord, Substitution
from stackferry.grammar.shell.wrappers import base_name, unwrapped

SHELLS = frozenset({"ash", "bash", "dash", "ksh", "mksh", "sh", "zsh"})

UNKNOWN = "$_"
"""Replaces a command substitution of the outer script: its commands are found there, and its value is unknown."""

_SHELL_VALUES = frozenset({"-o", "-O", "--rcfile", "--init-file"})
_SU_VALUES = frozenset({"-c", "--command", "-s", "--shell", "-g", "--group", "-G", "--supp-group", "-w", "-T"})
_HEREDOCS = frozenset({"<<", "<<-", "<<<"})


class ShellString(Value):
    """A script in a word or in the body of a heredoc.

    `shell` is the name of the shell that runs it, empty if it is the user's. `word` is the word that contains it;
    `options` are the names of the options that the shell is started with (`errexit`). `text` is without the outer
    script's quotes and escapes: `starts[i]` is the offset in it of a piece whose offset in the outer text is
    `sources[i]`.
    """

    __slots__ = ("options", "shell", "sources", "starts", "text", "word")

    def __init__(
        self,
        shell: str,
        word: ShellWord,
        options: frozenset[str],
        text: str,
        starts: tuple[int, ...],
        sources: tuple[int, ...],
    ) -> None:
        self.shell = shell
        self.word = word
        self.options = options
        self.text = text
        self.starts = starts
        self.sources = sources

    def at(self, offset: int) -> int:
        """The outer offset of an offset in this text."""
        piece = bisect_right(self.starts, offset) - 1
        return self.sources[piece] + offset - self.starts[piece]

    def end(self, offset: int) -> int:
        """The offset in the outer text just after the character before `offset`."""
        return self.at(offset - 1) + 1 if offset else self.at(0)


def shell_strings(command: Command) -> tuple[ShellString, ...]:
    """The scripts that a command, or the command it wraps, passes to a shell; mostly none."""
    inner = unwrapped(command)
    name = base_name(inner)
    if name in SHELLS:
        return _of_shell(inner, name)
    if name in ("su", "runuser"):
        given = options(inner, _SU_VALUES)
        flag = given.flag("-c", "--command")
        word = flag.value_word if flag else None
        shell = (given.value("-s", "--shell") or "").rpartition("/")[2]
        return (_string(shell, word, frozenset()),) if word else ()
    if name == "eval" and len(inner.arguments) == 1:
        return (_string("", inner.arguments[0], frozenset()),)
    return ()


def _of_shell(command: Command, name: str) -> tuple[ShellString, ...]:
    given = options(command, _SHELL_VALUES, mixed=False)
    set_by_flags = _set_by(given)
    if given.has("-c"):
        return (_string(name, given.operands[0], set_by_flags),) if given.operands else ()
    if given.operands and not given.has("-s"):
        return ()
    bodies = [redirect for redirect in command.redirects if redirect.operator in _HEREDOCS]
    words = [redirect.heredoc.body if redirect.heredoc else redirect.target for redirect in bodies[-1:]]
    return tuple(_string(name, word, set_by_flags) for word in words if word.text)


def _set_by(given: Arguments) -> frozenset[str]:
    """The options that a shell is started with."""
    named = {flag.value for flag in given.flags if flag.name == "-o" and flag.value}
    return frozenset(named | {LETTERS[flag.name[1:]] for flag in given.flags if flag.name[1:] in LETTERS})


def _string(shell: str, word: ShellWord, set_by_flags: frozenset[str]) -> ShellString:
    """The script in a word. Expansions other than command substitutions stay as written."""
    pieces: list[str] = []
    starts: list[int] = []
    sources: list[int] = []
    length = 0
    for part in word.parts:
        raw = word.text[part.start - word.start : part.end - word.start]
        text = part.value if type(part) is Literal else UNKNOWN if type(part) is Substitution else raw
        starts.append(length)
        sources.append(part.start)
        if text is UNKNOWN:
            starts.append(length + 1)
            sources.append(part.start)
        if type(part) is Literal and text != raw:
            for offset, source in _escapes(text, raw):
                starts.append(length + offset)
                sources.append(part.start + source)
        pieces.append(text)
        length += len(text)
    return ShellString(
        shell, word, set_by_flags, "".join(pieces), tuple(starts) or (0,), tuple(sources) or (word.start,)
    )


def _escapes(value: str, raw: str) -> list[tuple[int, int]]:
    """The steps between value and raw text: (offset in the value, offset in the raw text) after each escape."""
    found: list[tuple[int, int]] = []
    at = 0
    for offset, char in enumerate(value):
        skipped = at
        while at < len(raw) and raw[at] != char:
            at += 1
        if at >= len(raw):
            return []
        if at != skipped:
            found.append((offset, at))
        at += 1
    return found
