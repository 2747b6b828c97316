"""Suggestions ("did you mean ...?"): the known name closest to an unknown one, for hints in diagnostics."""

from collections.abc import Collection, Iterable

_LONGEST = 100
"""Longest name that is compared, in characters."""


class Suggestions:
    """The suggestions of one run: after `comparisons` comparisons with known names there are no more.

    Each comparison costs time: a file of ten thousand mistakes beside ten thousand names would take minutes.
    """

    __slots__ = ("comparisons",)

    def __init__(self, comparisons: int = 20_000) -> None:
        self.comparisons = comparisons

    def closest(self, name: str, known: Collection[str], least: float = 0.6) -> str:
        """See `closest`."""
        if self.comparisons <= 0 or len(name) > _LONGEST:
            return ""
        self.comparisons -= len(known)
        return closest(name, (one for one in known if len(one) <= 2 * _LONGEST), least)

    def did_you_mean(self, name: str, known: Collection[str]) -> str:
        """See `did_you_mean`."""
        close = self.closest(name, known)
        return f"did you mean '{close}'?" if close else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean 'replicas'?`, or an empty string if nothing is close."""
    close = closest(name, known)
    return f"did you mean '{close}'?" if close else ""


def closest(name: str, known: Iterable[str], least: float = 0.6) -> str:
    """The name most similar to `name`, ignoring case; empty if the similarity of none reaches `least` (0 to 1)."""
    # Imported here: only a run that already found a mistake pays for it.
    from difflib import get_close_matches

    spelled = {one.lower(): one for one in sorted(known, reverse=True)}
    close = get_close_matches(name.lower(), spelled, n=1, cutoff=least)
    # In a short name, two swapped letters are half of the name.
    close = close or [one for one in spelled if sorted(one) == sorted(name.lower())]
    return spelled[close[0]] if close else ""
