"""The report of `explain` as a table, with a group per service and other named object of the stack."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from stackferry.grammar.explanation import Row
from stackferry.grammar.key_path import Path, dotted
from stackferry.grammar.notes import Kind
from stackferry.render.style import Role, Style
from stackferry.render.table import Cell, table

_ROLES: Mapping[Kind, Role] = {
    Kind.EXACT: "good",
    Kind.APPROXIMATED: "info",
    Kind.NEEDS_ACTION: "warning",
    Kind.NOT_YET: "error",
    Kind.NOT_APPLICABLE: "faint",
}
_POD = "spec.template.spec."
_PLAIN = "means the same"


def fate_table(rows: Sequence[Row], style: Style, width: int | None, places: str = "IN THE MANIFESTS") -> str:
    """A group per service and other named object; with `width`, long cells wrap.

    `places` is the heading of the last column. Keys are relative to their group, places to the object that most keys
    of the group went to.
    """
    groups: dict[Path, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.path[:2] if len(row.path) > 1 else (), []).append(row)
    lines: list[Sequence[Cell] | str] = []
    for path, members in groups.items():
        title, home = ".".join(map(str, path)) or "the stack", _home(members)
        heading = style.paint("title", title) + (f", in {home} unless it says otherwise" if home else "")
        lines += ["", heading, *(_line(row, len(path), home) for row in members)]
    return table(["  KEY", "WRITTEN AT", "FATE", places], lines[1:], style, width=width)


def _home(rows: Sequence[Row]) -> str:
    """The object that most places are in, if it is worth naming once for the whole group."""
    objects = Counter(place.partition(" ")[0] for row in rows for place in row.places if " " in place)
    return next((name for name, count in objects.most_common(1) if count > 1), "")


def _line(row: Row, length: int, home: str) -> Sequence[Cell]:
    own = dotted(row.path[length:]) or "(itself)"
    where = f"{row.span.source}:{row.span.line}" if row.span else "-"
    return [f"  {own}", where, (row.kind.value, _ROLES[row.kind]), _account(row, home)]


def _account(row: Row, home: str) -> str:
    """Where the key went, why, and what to do; obvious parts are omitted."""
    places = ", ".join(place.removeprefix(f"{home} ").replace(_POD, "…") for place in row.places)
    why = "" if row.kind is Kind.EXACT and row.places and row.why == _PLAIN else row.why
    hint = f"(hint: {'; '.join(row.hint.splitlines())})" if row.hint else ""
    return " ".join(filter(None, [places + (" —" if places and why else ""), why, hint])).replace("\n", " ")


def fate_markdown(rows: Sequence[Row], places: str = "in the manifests") -> str:
    """The rows as a Markdown table, the worst fates first; `places` is the heading of the column of places.

    Text from compose files is escaped: it neither ends a cell nor acts as markup.
    """
    ranked = sorted(rows, key=lambda row: -row.kind.badness if not row.kind.faithful else 1)
    heading = ("key", "written at", "fate", places, "why", "what to do")
    cells = [
        (
            _code(row.key),
            _code(f"{row.span.source}:{row.span.line}") if row.span else "",
            row.kind.value,
            ", ".join(map(_code, row.places)),
            _text(row.why),
            "<br>".join(map(_text, row.hint.splitlines())),
        )
        for row in ranked
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heading, ("---",) * len(heading), *cells))


def _code(text: str) -> str:
    """Text as a code span, which may contain backquotes; a `|` in it is escaped, since it would end the cell."""
    if "\\|" in text:
        # In a code span, a backslash before the bar cannot itself be escaped.
        return _text(text)
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if longest else ""
    return f"{fence}{blank}{_one_line(text).replace('|', chr(92) + '|')}{blank}{fence}"


def _text(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#|~&@])", r"\\\1", _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())
