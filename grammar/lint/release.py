"""The releases, for rules that are newer than a configuration: `rules = "2026.12"` keeps the set of that month.

A rule added after the first release of a major version is in preview until the next major version: it runs only if its
id is selected by name. A rule whose check is widened later asks `Settings.widened`.
"""

from typing import NamedTuple

from stackferry.grammar.regex import regex

RELEASES: tuple[tuple[str, str], ...] = (("0.1.0", "2026.12"),)
"""Each release that added a rule, with its year and month; the oldest first, the last being the next release."""

_VERSION = regex(r"\d+\.\d+\.\d+")
_MONTH = regex(r"20\d\d\.(?:0[1-9]|1[0-2])")

Version = tuple[int, ...]


class Releases(NamedTuple):
    """A list of releases like `RELEASES`."""

    table: tuple[tuple[str, str], ...] = RELEASES

    def baseline(self) -> str:
        """The first release of the current major version: rules added later are in preview."""
        current = number(self.table[-1][0])[0]
        return next(version for version, _ in self.table if number(version)[0] == current)

    def until(self, text: str) -> str:
        """The release `1.4.0`, or for a month `2026.12` the last one up to its end; empty if the month precedes all.

        Raises ValueError with what is wrong with the text.
        """
        if _VERSION.fullmatch(text):
            return text
        if not _MONTH.fullmatch(text):
            raise ValueError("neither a month (2026.12) nor a release (1.4.0)")
        return next((version for version, month in reversed(self.table) if month <= text), "")

    def meant(self, text: str) -> str:
        """The same, but raises ValueError if there is no such release."""
        found = self.until(text)
        if not found:
            raise ValueError(f"there were no releases with rules yet: the first one is from {self.table[0][1]}")
        return found


def number(version: str) -> Version:
    """A version as a comparable value: `1.10.0` is more than `1.9.0`."""
    return tuple(int(part) for part in version.split("."))


def newer(version: str, than: str) -> bool:
    """Whether a release came after another."""
    return version != than and number(version) > number(than)
