"""Env files: `.env`, `--env-file`, `env_file:` and `label_file:`, as docker compose's dotenv reads them.

Text in, variables out, in the order of the file; variables inside values are expanded on the way.
`format: raw` takes every line as it is. Used by `discover.py`, `include.py` and `environment.py`.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from grammar.compose.template import Lookup, TemplateError, substitute
from grammar.diagnostics import StackferryError

_SPACES = "\t\v\f\r \x85\xa0"
_EXPORT = re.compile(r"export\s+")
_ESCAPE = re.compile(r"""\\(?:[abcfnrtv$"\\]|0[0-9]{0,3})""")
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


class Assigned(NamedTuple):
    """A variable's value and the line of the file that sets it, from 1."""

    value: str
    line: int


def parse(
    text: str, lookup: Lookup, unset: Callable[[str], None], known: Mapping[str, str] | None = None
) -> dict[str, Assigned]:
    """The variables of a file in `KEY=value` notation; raises EnvFileError.

    What a value refers to is resolved by `lookup`, then the file's own variables, then `known`.
    """
    found: dict[str, Assigned] = {}
    earlier = known or {}

    def resolve(name: str) -> str | None:
        value = lookup(name)
        if value is not None:
            return value
        return found[name].value if name in found else earlier.get(name)

    rest = text.removeprefix("\ufeff")
    while True:
        rest = _statement(rest)
        if not rest:
            return found
        line = text.count("\n", 0, len(text) - len(rest)) + 1
        name, rest, inherited = _name(rest, line)
        if inherited:
            value = lookup(name)
            if value is not None:
                found[name] = Assigned(value, line)
            continue
        try:
            content, rest = _value(rest, line, resolve, unset)
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
            raise EnvFileError(f"variable name {name!r} is empty or has a space", number)
        if equals:
            found[name] = Assigned(value, number)
        else:
            inherited = lookup(name)
            if inherited is not None:
                found[name] = Assigned(inherited, number)
    return found


def _statement(text: str) -> str:
    """`text` from its next statement on: blank lines and comments are passed over."""
    while True:
        text = text.lstrip()
        if not text.startswith("#"):
            return text
        _, newline, text = text.partition("\n")
        if not newline:
            return ""


def _name(text: str, line: int) -> tuple[str, str, bool]:
    """The variable's name, what follows it, and whether its value is inherited (no `=`)."""
    export = _EXPORT.match(text)
    if export:
        text = text.removeprefix("export").lstrip(_SPACES)
    name, end, inherited = "", 0, False
    for index, letter in enumerate(text):
        if letter in "=:\n":
            name, end, inherited = text[:index], index + 1, letter == "\n"
            break
        if letter in _SPACES or letter in "_.-[]" or letter.isalpha() or letter.isnumeric():
            continue
        shown = text.split("\n", 1)[0]
        raise EnvFileError(f"unexpected character {letter!r} in variable name {shown!r}", line)
    if not text:
        raise EnvFileError("nothing follows export", line)
    name = name.rstrip()
    if " " in name:
        raise EnvFileError(f"variable name {name!r} contains a space", line)
    return name, text[end:].lstrip(_SPACES), inherited


def _value(text: str, line: int, resolve: Lookup, unset: Callable[[str], None]) -> tuple[str, str]:
    quote = text[:1]
    if quote not in ("'", '"'):
        raw, _, rest = text.partition("\n")
        raw = raw.partition(" #")[0].rstrip()
        return (substitute(raw, resolve, unset) if "$" in raw else raw), rest
    letters: list[str] = []
    escaped = False
    for index in range(1, len(text)):
        letter = text[index]
        if letter == quote and not escaped:
            value = "".join(letters)
            if quote == '"':
                value = substitute(_ESCAPE.sub(_unescape, value), resolve, unset)
            return value, text[index + 1 :]
        if letter == "\\" and not escaped:
            escaped = True
            continue
        if escaped and letter != quote:
            letters.append("\\")
        escaped = False
        letters.append(letter)
    raise EnvFileError(f"the quoted value {text.split(chr(10), 1)[0]} is not closed", line)


def _unescape(found: re.Match[str]) -> str:
    body = found[0][1:]
    if body in _ESCAPES:
        return _ESCAPES[body]
    digits = body[1:]
    # Octal as Go reads it: exactly three digits, at most 255; anything else stays as it is.
    if len(digits) == 3 and set(digits) <= set("01234567") and int(digits, 8) < 256:
        return chr(int(digits, 8))
    return found[0]
