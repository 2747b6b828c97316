"""Mistakes with quotes: missing, surplus or needed ones."""

import re
from collections.abc import Iterator

from stackferry.grammar.compose.tree.repair.mistake import COMMENT, PREFIX, Problem, Suspect, quoted, shown
from stackferry.grammar.regex import regex


def open_quote(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A quote that is never closed."""
    line = lines[number].rstrip("\r")
    opened = _unclosed(line)
    if opened is None:
        return
    quote, text = line[opened], COMMENT.sub("", line[opened:])
    flow = line[:opened].count("[") + line[:opened].count("{") > 0
    body = text.rstrip(" ]},") if flow else text.rstrip()
    mended = f"{line[:opened]}{body}{quote}{text[len(body) :]}"
    yield Suspect(number, opened, mended, f"the quote {quote} is never closed", f"close it: {shown(body + quote)}")


def _unclosed(line: str) -> int | None:
    """The column of a quote that opens a value and is not closed on the line."""
    opened: int | None = None
    at = 0
    while at < len(line):
        letter = line[at]
        if opened is not None:
            if letter == "\\" and line[opened] == '"':
                at += 1
            elif letter == line[opened]:
                if letter == "'" and line[at + 1 : at + 2] == "'":
                    at += 1
                else:
                    opened = None
        elif letter in "\"'" and (not line[:at].strip() or line[at - 1] in " [{,\t"):
            before = line[:at].rstrip()
            if not before or before[-1] in "-:[{,":
                opened = at
        elif letter == "#" and line[at - 1 : at] in ("", " ", "\t"):
            break
        at += 1
    return opened


_QUOTED = regex(rf"({PREFIX})([\"'])(.*)\2\s*(?:#.*)?$")


def inner_quote(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A quote inside quotes of the same kind."""
    found = _QUOTED.match(lines[number].rstrip("\r"))
    if found is None or found[2] not in found[3]:
        return
    before, quote, text = found.groups()
    if re.search(rf"{quote}\s+{quote}", text):
        return
    other = "'" if quote == '"' else '"'
    column = len(before) + 1 + text.index(quote)
    if quote == "'":
        # A backslash escapes nothing in single quotes.
        text = text.replace("\\'", "'")
    mended = f"{other}{text}{other}" if other not in text else quote + text.replace(quote, _escape(quote)) + quote
    yield Suspect(number, column, before + mended, f"an unescaped {quote} inside quotes", f"write {shown(mended)}")


def _escape(quote: str) -> str:
    return "''" if quote == "'" else '\\"'


_FOLLOWED = regex(rf"({PREFIX})(([\"'])(?:(?!\3).)*\3)(\s*[^\s,#\]}}].*)$")
_TRAILING = regex(r"(.*[\"'\]}])\s*([,;])\s*$")


def after_value(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """Something after a value that has ended."""
    line = lines[number].rstrip("\r")
    trailing = _TRAILING.match(line)
    if trailing is not None:
        mark = {",": "comma", ";": "semicolon"}[trailing[2]]
        yield Suspect(number, trailing.start(2), trailing[1], f"a {mark} after the value", f"remove the {mark}")
    found = _FOLLOWED.match(line)
    if found is not None:
        before, value, _, rest = found.groups()
        # "nginx":1.27 is one partly quoted word, "a" b is several.
        mended = quoted(value + rest if rest[0] == " " else value[1:-1] + rest)
        column = len(before) + len(value) + len(rest) - len(rest.lstrip())
        hint = f"quote the whole value: {shown(mended)}"
        yield Suspect(number, column, before + mended, "text after the closing quote", hint)


_SPECIAL = {
    "%": "starts a directive",
    "@": "means nothing",
    "`": "means nothing",
    "*": "starts an alias",
    "&": "starts an anchor",
    "|": "starts a block of text",
    ">": "starts a block of text",
}


def first_letter(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A value that begins with a character of YAML's syntax."""
    for place in (problem.began, problem.place):
        if place is None or place.line != number or lines[number][place.column : place.column + 1] not in _SPECIAL:
            continue
        line = lines[number].rstrip("\r")
        before, text = line[: place.column], COMMENT.sub("", line[place.column :])
        if not text or not (before.strip() == "" or before[-1] in " [{,"):
            continue
        value = re.split(r"[,\]}]", text, maxsplit=1)[0] if re.search(r"[\[{]", before) else text.rstrip()
        hint = f"quote it: {shown(quoted(value))}"
        message = f"a value that starts with {value[0]} must be quoted: in YAML, {value[0]} {_SPECIAL[value[0]]}"
        yield Suspect(number, place.column, before + quoted(value) + line[place.column + len(value) :], message, hint)


_WITH_COLON = regex(r"(\s*(?:- +)*(?:[\w.-]+: +)?)([^\s\"'\[{|>&*!].*?:(?: .*)?)$")


def colon_in_value(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A colon and a blank in a value."""
    found = _WITH_COLON.match(lines[number].rstrip("\r"))
    if found is not None and number == problem.place.line and found[1].strip():
        value = COMMENT.sub("", found[2]).rstrip()
        column = len(found[1]) + value.index(":")
        hint = f"quote it: {shown(quoted(value))}"
        yield Suspect(number, column, found[1] + quoted(value), "a colon inside an unquoted value", hint)


_DOUBLE = regex(r'"(?:\\.|[^"\\])*"')


def escape(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A backslash in double quotes that begins no escape of YAML."""
    if number != problem.place.line or "quoted scalar" not in problem.words:
        return
    line = lines[number]
    for found in _DOUBLE.finditer(line):
        if found.start() < problem.place.column <= found.end() and "\\" in found[0]:
            column = line.rfind("\\", 0, problem.place.column + 1)
            text = found[0][1:-1]
            single = "'" not in text and '\\"' not in text
            mended = f"'{text}'" if single else '"' + re.sub(r'\\(?!")', r"\\\\", text) + '"'
            message = f"{line[column : column + 2]} is not an escape sequence in double quotes"
            whole = line[: found.start()] + mended + line[found.end() :]
            yield Suspect(number, column, whole, message, f"write {shown(mended)}")


_NO_VALUE = regex(r"(!(?:reset|override))([\]},].*)$")


def tag(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A tag without a value before a closing bracket or a comma."""
    found = _NO_VALUE.search(lines[number])
    if found is not None:
        mended = f"{lines[number][: found.end(1)]} null{found[2]}"
        yield Suspect(number, found.end(1), mended, f"no value after {found[1]}", f"write {found[1]} null")
