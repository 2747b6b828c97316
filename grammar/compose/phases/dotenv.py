"""Env files: `.env`, `--env-file`, `env_file:` and `label_file:`, read as docker compose's dotenv does.

Text in, variables out, in file order; variables inside values are expanded on the way.
`format: raw` takes every line literally. Used by `compose/discover.py`, `include.py` and `environment.py`.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from stackferry.grammar.compose.phases.template import Allowance, Lookup, TemplateError, substitute
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.regex import regex

_SPACES = regex(r"[\t\v\f\r \x85\xa0]*")
_NAMING = frozenset("\t\v\f\r \x85\xa0_.-[]")
_BETWEEN = regex(r"(?:\s+|#[^\n]*)*+")
_EXPORT = regex(r"export\s+")
_ESCAPE = regex(r"""\\(?:[abcfnrtv$"\\]|0[0-9]{0,3})""")
_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
    "$": "$$",
}


class EnvFileError(StackferryError):
    """An env file cannot be read; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Substitution(NamedTuple):
    """The arguments of `template.substitute` other than the text."""

    lookup: Lookup
    unset: Callable[[str], None]
    nested: Callable[[str], None]


class Assigned(NamedTuple):
    """A variable's value and the line of the file that sets it, from 1."""

    value: str
    line: int


def parse(
    text: str, lookup: Lookup, unset: Callable[[str], None], known: Mapping[str, str] | None = None
) -> dict[str, Assigned]:
    """The variables of a file in `KEY=value` notation; raises EnvFileError.

    References in values are resolved by `lookup`, then by the file's own variables, then by `known`.
    """
    found: dict[str, Assigned] = {}
    earlier = known or {}

    def resolve(name: str) -> str | None:
        value = lookup(name)
        if value is not None:
            return value
        return found[name].value if name in found else earlier.get(name)

    allowance = Allowance()
    bounded = Substitution(allowance.watch(resolve), unset, allowance.parse)
    text = text.removeprefix("\ufeff")
    line, counted, at = 1, 0, 0
    while True:
        at = _end(_BETWEEN, text, at)
        if at == len(text):
            return found
        line, counted = line + text.count("\n", counted, at), at
        name, at, inherited = _name(text, at, line)
        if inherited:
            value = lookup(name)
            if value is not None:
                found[name] = Assigned(value, line)
            continue
        try:
            content, at = _value(text, at, line, bounded)
        except TemplateError as error:
            raise EnvFileError(str(error), line) from error
        found[name] = Assigned(content, line)


def parse_raw(text: str, lookup: Lookup) -> dict[str, Assigned]:
    """`format: raw`: no quotes, no expansion; a line without `=` takes the variable from `lookup`."""
    found: dict[str, Assigned] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        stripped = line.removesuffix("\r").lstrip()
        if not stripped or stripped.startswith("#"):
            continue
        name, equals, value = stripped.partition("=")
        if not name or any(letter.isspace() for letter in name):
            raise EnvFileError(f"variable name {name!r} is empty or contains a space", number)
        if equals:
            found[name] = Assigned(value, number)
        else:
            inherited = lookup(name)
            if inherited is not None:
                found[name] = Assigned(inherited, number)
    return found


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """The end of the match at `at`; the pattern always matches."""
    found = pattern.match(text, at)
    return found.end() if found else at


def _name(text: str, at: int, line: int) -> tuple[str, int, bool]:
    """The variable's name, where the rest begins, and whether its value is inherited (no `=`)."""
    if _EXPORT.match(text, at):
        at = _end(_SPACES, text, at + len("export"))
    if at == len(text):
        raise EnvFileError("no variable name after export", line)
    name, end, inherited = "", at, False
    for index in range(at, len(text)):
        letter = text[index]
        if letter in "=:\n":
            name, end, inherited = text[at:index], index + 1, letter == "\n"
            break
        if not (letter in _NAMING or letter.isalpha() or letter.isnumeric()):
            shown = text[at:].split("\n", 1)[0]
            raise EnvFileError(f"unexpected character {letter!r} in variable name {shown!r}", line)
    name = name.rstrip()
    if " " in name:
        raise EnvFileError(f"variable name {name!r} contains a space", line)
    return name, _end(_SPACES, text, end), inherited


def _value(text: str, at: int, line: int, variables: Substitution) -> tuple[str, int]:
    """The value that begins at `at`, and where the rest begins."""
    quote = text[at : at + 1]
    line_end = text.find("\n", at) % (len(text) + 1)
    if quote not in ("'", '"'):
        raw = text[at:line_end].partition(" #")[0].rstrip()
        return (substitute(raw, *variables) if "$" in raw else raw), line_end + 1
    letters: list[str] = []
    escaped = False
    for index in range(at + 1, len(text)):
        letter = text[index]
        if letter == quote and not escaped:
            value = "".join(letters)
            if quote == '"':
                value = substitute(_ESCAPE.sub(_unescape, value), *variables)
            return value, index + 1
        if letter == "\\" and not escaped:
            escaped = True
            continue
        if escaped and letter != quote:
            letters.append("\\")
        escaped = False
        letters.append(letter)
    raise EnvFileError(f"the quoted value {text[at:line_end]} is not closed", line)


def _unescape(found: re.Match[str]) -> str:
    body = found[0][1:]
    if body in _ESCAPES:
        return _ESCAPES[body]
    digits = body[1:]
    # Octal as Go reads it: exactly three digits, at most 255; anything else stays unchanged.
    if len(digits) == 3 and set(digits) <= set("01234567") and int(digits, 8) < 256:
        return chr(int(digits, 8))
    return found[0]
