"""Colours, and when to use them. Colour never carries meaning alone: every text reads the same without."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, TextIO

Role = Literal["error", "warning", "info", "path", "hint", "title", "faint", "good"]

_CODES: Mapping[Role, str] = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "path": "1",
    "hint": "36",
    "title": "1",
    "faint": "2",
    "good": "32",
}


class Style(NamedTuple):
    """Paints text for a terminal, or leaves it alone."""

    enabled: bool = False

    @classmethod
    def choose(
        cls, choice: Literal["auto", "always", "never"], environment: Mapping[str, str], stream: TextIO
    ) -> "Style":
        """`--color` decides; on auto: a terminal that can, and a user who did not set NO_COLOR."""
        if choice != "auto":
            return cls(choice == "always")
        if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
            return cls(False)
        return cls(stream.isatty())

    def paint(self, role: Role, text: str) -> str:
        """`text` in the colour of its role."""
        return f"\033[{_CODES[role]}m{text}\033[0m" if self.enabled and text else text
