"""Mistakes of layout: indentation, blanks after dashes and colons, missing dashes, colons, brackets and commas."""

import re
from collections.abc import Iterator

from stackferry.grammar.compose.tree.repair.mistake import (
    ABOVE,
    COMMENT,
    Place,
    Problem,
    Suspect,
    indent,
    is_blank,
    shown,
)
from stackferry.grammar.regex import regex

_NO_BLANK = regex(r"(\s*(?:- +)*)([A-Za-z_][\w.-]*):((?!//)[^\s:].*)$")


def colon(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A colon without a blank after it."""
    found = _NO_BLANK.match(lines[number].rstrip("\r"))
    if found is not None:
        key, value = found[2], found[3]
        hint = f"write {shown(f'{key}: {value}')}"
        yield Suspect(number, found.end(2), f"{found[1]}{key}: {value}", f"no space after the colon of {key!r}", hint)


_NO_DASH_BLANK = regex(r"(\s*)-([^\s-].*)$")


def dash(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A dash without a blank after it."""
    found = _NO_DASH_BLANK.match(lines[number].rstrip("\r"))
    if found is not None:
        mended = f"- {found[2]}"
        yield Suspect(number, found.end(1), found[1] + mended, "no space after the dash", f"write {shown(mended)}")


_KEY_OF_ITEM = regex(r" *- +([\w.-]+):(?:\s|$)")


def indentation(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A line whose indentation matches no level."""
    line = lines[number]
    if not problem.place.line - 2 < number <= problem.place.line or is_blank(line):
        return
    own = indent(line)
    levels: dict[int, int] = {}
    for above in range(number - 1, max(number - ABOVE, -1), -1):
        if not is_blank(lines[above]):
            levels.setdefault(indent(lines[above]), above)
            if key := _KEY_OF_ITEM.match(lines[above]):
                levels.setdefault(key.start(1), above)
            if indent(lines[above]) == 0:
                break
    for level in sorted(levels, key=lambda level: (abs(level - own), -level)):
        if level != own:
            among = own in levels and lines[levels[own]].lstrip().startswith("- ")
            message = (
                "a key between the items of a list"
                if among
                else f"an indentation of {own} spaces that matches no line above"
            )
            hint = f"indent it by {level} spaces, as line {levels[level] + 1}: {shown(lines[levels[level]])}"
            yield Suspect(number, own, " " * level + line.lstrip(" "), message, hint)


_ITEM = regex(r"(\s*)- +([\"']?)([A-Za-z_][\w.-]*)(?:=|: +)(.*?)\2\s*$")
_PAIR = regex(r"(\s*)([A-Za-z_][\w.-]*): +([^\s#].*)$")


_KEY_ALONE = regex(r" *[\w.-]+:(?:\s|$)")


def item_or_pair(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """Variables or labels written as list items and as pairs in the same section."""
    line = lines[number].rstrip("\r")
    item, pair = _ITEM.match(line), _PAIR.match(line)
    own = indent(line)
    near = lines[max(number - ABOVE, 0) : number]
    above = next((one for one in reversed(near) if not is_blank(one) and indent(one) <= own), "")
    if indent(above) != own:
        return
    alone, equals = re.match(r" *- +([\w.-]+)\s*$", line), _EQUALS.match(line)
    if alone is not None and _KEY_ALONE.match(above):
        message = "a list item between the keys of a mapping"
        yield Suspect(number, own, f"{' ' * own}{alone[1]}:", message, f"write {alone[1]}:")
    if equals is not None and above.lstrip().startswith("- "):
        mended = f"- {line.strip()}"
        yield Suspect(number, own, " " * own + mended, "a list item without a dash", f"write {mended}")
    if item is not None and _PAIR.match(above):
        mended = f"{item[3]}: {item[4]}"
        message = "a list item between the keys of a mapping"
        yield Suspect(number, own, " " * own + mended, message, f"write {shown(mended)}")
    elif pair is not None and (key := _KEY_OF_ITEM.match(above)):
        width = key.start(1)
        hint = f"indent it by {width} spaces, like {key[1]}:"
        yield Suspect(
            number,
            own,
            " " * width + line.lstrip(),
            "a key that is not indented as far as the list item it belongs to",
            hint,
        )
    elif pair is not None and "=" in above and _ITEM.match(above):
        mended = f"- {pair[2]}={pair[3]}"
        message = "a key between the items of a list"
        yield Suspect(number, own, " " * own + mended, message, f"write {shown(mended)}")


def below_an_item(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """Keys below a list item that is a scalar."""
    above = number - 1
    found = re.match(r"(\s*- +)([\w.-]+)\s*$", lines[above].rstrip("\r")) if number else None
    if found is None or number != problem.place.line or indent(lines[number]) < len(found[1]):
        return
    hint = f"write {found[2]}: without the dash, and indent the keys below it"
    yield Suspect(
        above, len(found[1]), f"{found[1]}{found[2]}:", f"a key below {found[2]}, which is a plain value", hint
    )


_HEADER = regex(r".*:\s+[|>][-+1-9]*\s*(?:#.*)?$")
_TEXT = 20
"""How many lines of such text are examined."""
_KEY = regex(r"\s*(?:- +)?[\w.-]+:(?:\s|$)")


def block_text(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """Multi-line text that is indented no further than its key."""
    if is_blank(lines[number]) or _KEY.match(lines[number]):
        return
    first = number
    for above in range(number - 1, max(number - _TEXT, -1), -1):
        line = lines[above].rstrip("\r")
        if _HEADER.match(line):
            deeper = indent(line) + 2
            if indent(lines[number]) < deeper:
                hint = f"indent all of the text by {deeper} spaces, deeper than line {above + 1}: {shown(line)}"
                mended = " " * deeper + lines[number].lstrip()
                message = "text that is not indented deeper than its key"
                yield Suspect(number, 0, mended, message, hint, Place(first, indent(lines[first])))
            return
        if line.strip():
            if _KEY.match(line):
                return
            first = above


def first_line(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A first key that is indented."""
    own = indent(lines[number])
    if own and number < problem.place.line and all(is_blank(line) for line in lines[:number]):
        yield Suspect(number, 0, lines[number][own:], "the first key is indented", "remove the indentation")


def dash_after_key(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A list item on the same line as its key."""
    found = re.match(r"(\s*(?:- +)*[\w.-]+: +)- +(\S.*?)\s*$", lines[number])
    if found is not None and number == problem.place.line:
        hint = f"put it on the next line, or write {shown(f'{found[1].strip()} [{found[2]}]')}"
        message = "a list item on the same line as its key"
        yield Suspect(number, found.end(1), f"{found[1]}[{found[2]}]", message, hint)


def no_dash(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """An item without its dash."""
    line, own = lines[number].rstrip("\r"), indent(lines[number])
    above = next((one for one in reversed(lines[:number]) if not is_blank(one) and indent(one) <= own), "")
    if line.strip() and not line.lstrip().startswith("-") and re.match(rf" {{{own}}}- ", above):
        mended = f"- {line.strip()}"
        yield Suspect(number, own, " " * own + mended, "a list item without a dash", f"write {shown(mended)}")


_EQUALS = regex(r"(\s*)([\w.-]+)\s*=\s*(.*)$")
_KEY_ONLY = regex(r"(\s*)([\w.-]+)\s*$")
_KEY_VALUE = regex(r"(\s*)([a-z_]+) +([^\s:=].*)$")


def no_colon(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A key without its colon."""
    line = lines[number].rstrip("\r")
    for pattern, message in (
        (_EQUALS, "= instead of a colon"),
        (_KEY_ONLY, "no colon after the key"),
        (_KEY_VALUE, "no colon after the key"),
    ):
        found = pattern.match(line)
        if found is not None:
            value = found[3] if found.re.groups > 2 else ""
            mended = f"{found[2]}: {value}".rstrip()
            yield Suspect(number, found.end(2), found[1] + mended, message, f"write {shown(mended)}")


_BRACKETS = regex(r"""\"[^\"]*\"|'[^']*'|[\[\]{}]""")
_CLOSING = {"[": "]", "{": "}"}


def bracket(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A bracket that is never closed."""
    if "flow" not in problem.words:
        return
    line = COMMENT.sub("", lines[number].rstrip("\r")).rstrip()
    began = problem.began
    columns = _open_brackets(line)
    if began is not None and began.line == number and line[began.column : began.column + 1] in tuple(_CLOSING):
        columns.append(began.column)
    for column in reversed(columns):
        opening = line[column]
        mended = line.rstrip(", ") + _CLOSING[opening]
        hint = f"close it: {shown(mended[column:])}"
        yield Suspect(number, column, mended, f"{opening} is never closed", hint)


def _open_brackets(line: str) -> list[int]:
    """The columns of brackets that a line opens but does not close."""
    opened: list[int] = []
    for found in _BRACKETS.finditer(line):
        if found[0] in _CLOSING:
            opened.append(found.start())
        elif found[0] in "]}" and opened:
            opened.pop()
    return opened


def closing(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A surplus or mismatched closing bracket."""
    line = COMMENT.sub("", lines[number].rstrip("\r"))
    opened: list[str] = []
    for found in _BRACKETS.finditer(line) if number == problem.place.line else ():
        at, letter = found.start(), found[0]
        if letter in _CLOSING:
            opened.append(_CLOSING[letter])
        elif opened and letter == opened[-1]:
            opened.pop()
        elif opened and letter in "]}":
            right = opened.pop()
            mended = line[:at] + right + line[at + 1 :]
            yield Suspect(number, at, mended, f"a {letter} where a {right} belongs", f"write {right}")
        elif letter in "]}":
            yield Suspect(number, at, line[:at] + line[at + 1 :], f"an unexpected {letter}", "remove it")


_INSIDE = {"'": "''", '"': '\\"'}


def comma(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """Two items without a comma between them."""
    place = problem.place
    line = lines[number]
    if place.line == number and "expected ','" in problem.words and line[place.column :].strip():
        mended = f"{line[: place.column].rstrip()}, {line[place.column :]}"
        quote = line[place.column - 1 : place.column]
        if quote in _INSIDE and re.match(r"[\w$]", line[place.column :]):
            hint = f"for a quote inside quotes, write {_INSIDE[quote]}"
            yield Suspect(number, place.column - 1, mended, f"an unescaped {quote} inside quotes", hint)
        yield Suspect(
            number, place.column, mended, "a comma is missing before this", "put a comma between the two values"
        )
