"""curl-should-follow-redirects: Let curl follow redirects.

Without --location curl saves the page that says where the file has gone, and succeeds.

    FROM debian:12
    RUN curl -fsSo /app https://example.com/app

    FROM debian:12
    RUN curl -fsSLo /app https://example.com/app

Only downloads of http and https URLs that are written to a file or into a pipe are judged. Addresses of the machine
itself, and calls with other methods than GET, are not.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_SILENT = ("--location", "--follow", "--location-trusted", "--request", "--data", "--head", "--config", "--upload-file")
_LOCAL = ("localhost", "127.", "[::1]", "0.0.0.0", "169.254.", "metadata")  # noqa: S104
_SHORT_SILENT = frozenset("LXdIKTF")
_SHORT_WITH_VALUE = frozenset("ACDEHPQUYbcehmortuwxyz")
_SAVES = ("--output", "--remote-name", "--remote-name-all")


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Calls of curl that download and do not follow (curl's option -L)."""
    for step in file.steps("RUN"):
        for call in step.calls():
            values = call.values
            if call.program != "curl" or len(values) != len(call.invocation.arguments):
                continue
            letters = "".join(_letters(value) for value in values)
            named = {value.partition("=")[0] for value in values if value.startswith("--")}
            addresses = [value for value in values if value.startswith(("http://", "https://"))]
            if not addresses or named.intersection(_SILENT) or not _SHORT_SILENT.isdisjoint(letters):
                continue
            if any(address.partition("://")[2].startswith(_LOCAL) for address in addresses):
                continue
            if call.invocation.piped or not {"o", "O"}.isdisjoint(letters) or named.intersection(_SAVES):
                place = call.place
                yield Hit(place.start, place.end, "curl does not follow redirects here", "write curl -L")


def _letters(value: str) -> str:
    """The options that are run together in a word: `-fsSLo` has five; what follows one with a value is its value."""
    if not value.startswith("-") or value.startswith("--"):
        return ""
    for at, letter in enumerate(value):
        if letter in _SHORT_WITH_VALUE:
            return value[1 : at + 1]
    return value[1:]
