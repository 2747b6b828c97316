"""Mistakes of layout: indentation, blanks after dashes and colons, what is missing between things."""

import re
from collections.abc import Iterator

from stackferry.grammar.compose.tree.repair.mistake import ABOVE, COMMENT, Problem, Suspect, indent, is_blank, shown

_NO_BLANK = re.compile(r"(\s*(?:- +)*)([A-Za-z_][\w.-]*):((?!//)[^\s:].*)$")


def colon(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A colon without a blank behind it."""
    found = _NO_BLANK.match(lines[number].rstrip("\r"))
    if found is not None:
        key, value = found[2], found[3]
        hint = f"write {shown(f'{key}: {value}')}"
        yield Suspect(number, found.end(2), f"{found[1]}{key}: {value}", f"no blank after the colon of {key!r}", hint)


_NO_DASH_BLANK = re.compile(r"(\s*)-([^\s-].*)$")


def dash(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A dash without a blank behind it."""
    found = _NO_DASH_BLANK.match(lines[number].rstrip("\r"))
    if found is not None:
        mended = f"- {found[2]}"
        yield Suspect(number, found.end(1), found[1] + mended, "no blank after the dash", f"write {shown(mended)}")


def indentation(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A line that begins at no level."""
    line = lines[number]
    if not problem.place.line - 2 < number <= problem.place.line or is_blank(line):
        return
    own = indent(line)
    levels: dict[int, int] = {}
    for above in range(number - 1, max(number - ABOVE, -1), -1):
        if not is_blank(lines[above]):
            levels.setdefault(indent(lines[above]), above)
            if indent(lines[above]) == 0:
                break
    for level in sorted(levels, key=lambda level: (abs(level - own), -level)):
        if level != own:
            among = own in levels and lines[levels[own]].lstrip().startswith("- ")
            message = "a key among the items of a list" if among else f"an indentation of {own} that fits nothing above"
            hint = f"indent it by {level}, as line {levels[level] + 1}: {shown(lines[levels[level]])}"
            yield Suspect(number, own, " " * level + line.lstrip(" "), message, hint)


def first_line(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """A first key that does not begin at the margin."""
    own = indent(lines[number])
    if own and number < problem.place.line and all(is_blank(line) for line in lines[:number]):
        yield Suspect(number, 0, lines[number][own:], "an indentation before the first key", "begin it at the margin")


def dash_after_key(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """An item of a list on the line of its key."""
    found = re.match(r"(\s*(?:- +)*[\w.-]+: +)- +(\S.*?)\s*$", lines[number])
    if found is not None and number == problem.place.line:
        hint = f"put it on the next line, or write {shown(f'{found[1].strip()} [{found[2]}]')}"
        message = "an item of a list on the line of its key"
        yield Suspect(number, found.end(1), f"{found[1]}[{found[2]}]", message, hint)


def no_dash(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """An item without its dash."""
    line, own = lines[number].rstrip("\r"), indent(lines[number])
    above = next((one for one in reversed(lines[:number]) if not is_blank(one) and indent(one) <= own), "")
    if line.strip() and not line.lstrip().startswith("-") and re.match(rf" {{{own}}}- ", above):
        mended = f"- {line.strip()}"
        yield Suspect(number, own, " " * own + mended, "an item of a list without its dash", f"write {shown(mended)}")


_EQUALS = re.compile(r"(\s*)([\w.-]+)\s*=\s*(.*)$")
_KEY_ONLY = re.compile(r"(\s*)([\w.-]+)\s*$")
_KEY_VALUE = re.compile(r"(\s*)([a-z_]+) +([^\s:=].*)$")


def no_colon(lines: list[str], number: int, _problem: Problem) -> Iterator[Suspect]:
    """A key without its colon."""
    line = lines[number].rstrip("\r")
    for pattern, message in (
        (_EQUALS, "= where a colon belongs"),
        (_KEY_ONLY, "no colon after the key"),
        (_KEY_VALUE, "no colon after the key"),
    ):
        found = pattern.match(line)
        if found is not None:
            value = found[3] if found.re.groups > 2 else ""
            mended = f"{found[2]}: {value}".rstrip()
            yield Suspect(number, found.end(2), found[1] + mended, message, f"write {shown(mended)}")


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
        yield Suspect(number, column, mended, f"the {opening} is never closed", hint)


def _open_brackets(line: str) -> list[int]:
    """The columns of brackets that a line opens and does not close."""
    opened: list[int] = []
    for found in re.finditer(r"""\"[^\"]*\"|'[^']*'|[\[\]{}]""", line):
        if found[0] in _CLOSING:
            opened.append(found.start())
        elif found[0] in "]}" and opened:
            opened.pop()
    return opened


def comma(lines: list[str], number: int, problem: Problem) -> Iterator[Suspect]:
    """Two items without a comma."""
    place = problem.place
    line = lines[number]
    if place.line == number and "expected ','" in problem.words and line[place.column :].strip():
        mended = f"{line[: place.column].rstrip()}, {line[place.column :]}"
        yield Suspect(number, place.column, mended, "no comma before this", "put a comma between the two")
