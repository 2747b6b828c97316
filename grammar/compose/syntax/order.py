"""Sorts names as go-yaml sorts the keys of a mapping: numbers by their value (`web2` before `web10`)."""

import re
from collections.abc import Iterable
from functools import lru_cache

from stackferry.grammar.regex import regex

_TOKEN = regex(r"(\d+)|([^\W\d_]+)|(.)", re.DOTALL)
_AFTER_DIGITS, _SYMBOL, _NUMBER, _LETTERS = range(-1, 3)


def ordered(names: Iterable[str]) -> list[str]:
    """`names`, sorted."""
    listed = list(names)
    if len(listed) < 2:
        return listed
    if all(map(str.isalpha, listed)):
        return sorted(listed)
    return sorted(listed, key=_key)


@lru_cache(maxsize=8192)
def _key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key: symbols come before numbers, numbers before letters; right after a number, letters come first."""
    tokens: list[tuple[int, int, str]] = []
    after_digits = False
    for digits, letters, symbol in _TOKEN.findall(name):
        if digits:
            significant = digits.lstrip("0")
            tokens.append((_NUMBER, len(significant), f"{significant} {len(digits):09}"))
        elif letters:
            tokens.append((_AFTER_DIGITS if after_digits else _LETTERS, 0, letters))
        else:
            tokens.append((_SYMBOL, 0, symbol))
        after_digits = bool(digits)
    return tuple(tokens)
