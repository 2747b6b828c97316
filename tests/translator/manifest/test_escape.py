"""Escaping: Kubernetes' expansion, implemented here from its documentation, must undo it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.translator.manifest.escape import literal, utf8


def expand(text: str) -> str:
    """What the kubelet does with `$$` and `$(NAME)`; no variable is defined, so references stay."""
    out, at = "", 0
    while at < len(text):
        if text[at] != "$" or at + 1 == len(text):
            out, at = out + text[at], at + 1
        elif text[at + 1] == "$":
            out, at = out + "$", at + 2
        elif text[at + 1] == "(" and ")" in text[at:]:
            end = text.index(")", at)
            out, at = out + "EXPANDED", end + 1
        else:
            out, at = out + text[at : at + 2], at + 2
    return out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$HOME ${A:-b} $? $1", "$HOME ${A:-b} $? $1"),
        ("$(date)", "$$(date)"),
        ("kill $$", "kill $$$"),
        ("$$(date)", "$$$$(date)"),
        ("100$", "100$"),
    ],
)
def test_literal(text: str, expected: str) -> None:
    assert literal(text) == expected


@given(st.text(alphabet="$()ab {}", max_size=12))
def test_expansion_gives_the_text_back(text: str) -> None:
    assert expand(literal(text)) == text


def test_bytes_that_were_no_utf8_are_replaced() -> None:
    assert utf8("a\udcffé") == "a\ufffdé".encode()
