"""Did you mean: the closest of some names to one that is not known, for hints in diagnostics."""

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean 'replicas'?`, or an empty string if nothing is close."""
    # Imported here: only a run that already found a mistake pays for it.
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""
