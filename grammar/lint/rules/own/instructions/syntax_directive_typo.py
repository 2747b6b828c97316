"""syntax-directive-typo: Write parser directives so that they take effect.

A directive whose name or form is wrong is a comment, and so is one below a comment; the file is built without it.

    # sytnax=docker/dockerfile:1
    FROM debian:12

    # syntax=docker/dockerfile:1
    FROM debian:12

Only comments above the first instruction are judged.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex
from stackferry.grammar.suggest import closest

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_LINE = regex(r"#[ \t]*([A-Za-z]+)[ \t]*([=: ])[ \t]*(\S+)[ \t\r]*")
_NAMES = ("syntax", "escape")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Comments that were meant as directives."""
    there = {directive.start for directive in file.dockerfile.directives}
    text = file.source.text
    at = 1 if text.startswith("\ufeff") else 0
    while text.startswith("#", at):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        found = _LINE.fullmatch(text, at, end)
        if found is not None and at not in there:
            meant = _meant(found[1].lower(), found[3])
            if meant and found[1].lower() == meant and found[2] == "=":
                yield Hit(
                    at, found.end(3), f"{meant}= below another comment is just a comment", "move it to the first line"
                )
            elif meant:
                yield Hit(at, found.end(3), "this is not a parser directive", f"write # {meant}={found[3]}")
        at = end + 1


def _meant(name: str, value: str) -> str:
    """The directive that a name and its value were meant as; empty if none."""
    fitting = "escape" if value in ("`", "\\") else "syntax" if "/dockerfile" in value else ""
    if not fitting:
        return ""
    return fitting if name == fitting or closest(name, (fitting,), 0.7) else ""
