"""Parser directives: `# syntax=`, `# escape=`, `# check=` in the first lines of a file (BuildKit's directives.go)."""

from stackferry.grammar.dockerfile.instruction import Directive, Problem
from stackferry.grammar.dockerfile.lines import SPACES, line_at
from stackferry.grammar.regex import regex

DEFAULT_ESCAPE = "\\"
_NAMES = ("syntax", "escape", "check")
_DIRECTIVE = regex(r"([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*\Z")


def directives(text: str, start: int) -> tuple[list[Directive], list[Problem]]:
    """The directives of a text, and their problems. They end at the first line that is no directive."""
    found: list[Directive] = []
    problems: list[Problem] = []
    size = len(text)
    while start < size:
        end, following = line_at(text, start)
        begin = start
        while begin < end and text[begin] in SPACES:
            begin += 1
        if begin == end or text[begin] != "#":
            break
        match = _DIRECTIVE.match(text[begin + 1 : end].lstrip(SPACES))
        name = match[1].lower() if match else ""
        if match is None or name not in _NAMES:
            break
        if any(directive.name == name for directive in found):
            message = f"only one {name} parser directive can be used"
            problems.append(Problem("invalid-directive", message, begin, end, "remove one of them"))
        elif name == "escape" and match[2] not in ("\\", "`"):
            message = f"invalid escape token {match[2]!r}"
            problems.append(Problem("invalid-directive", message, begin, end, "write # escape=` or # escape=\\"))
        else:
            found.append(Directive(name, match[2], begin, end))
        start = following
    return found, problems


def escape_of(found: list[Directive]) -> str:
    """The escape character that directives set."""
    return next((directive.value for directive in found if directive.name == "escape"), DEFAULT_ESCAPE)
