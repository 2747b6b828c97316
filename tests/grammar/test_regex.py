"""A regular expression compiled on first use behaves like the library's in all other ways."""

import re

import pytest

from stackferry.grammar.regex import regex


def test_it_finds_what_the_library_finds() -> None:
    lazy, usual = regex(r"a(?P<b>b+)", re.IGNORECASE), re.compile(r"a(?P<b>b+)", re.IGNORECASE)

    assert [found.span("b") for found in lazy.finditer("ab ABB")] == [
        found.span("b") for found in usual.finditer("ab ABB")
    ]
    assert lazy.sub(r"\g<b>", "xABB") == "xBB"
    assert (lazy.pattern, lazy.groups) == (usual.pattern, usual.groups)
    assert lazy.match is lazy.match


def test_it_is_compiled_when_it_is_used() -> None:
    broken = regex("(")

    with pytest.raises(re.error):
        broken.match("a")
