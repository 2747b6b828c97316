"""Colours, and when to use them. Colour never carries meaning alone: every text is complete without it."""

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
    """Colours text for a terminal, or leaves it unchanged."""

    enabled: bool = False

    @classmethod
    def choose(
        cls, choice: Literal["auto", "always", "never"], environment: Mapping[str, str], stream: TextIO
    ) -> "Style":
        """The style for `--color`; `auto` means colours on a capable terminal unless NO_COLOR is set."""
        if choice != "auto":
            return cls(choice == "always")
        if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
            return cls(False)
        return cls(stream.isatty())

    def paint(self, role: Role, text: str) -> str:
        """`text` in the colour of its role."""
        return f"\033[{_CODES[role]}m{text}\033[0m" if self.enabled and text else text
