"""A command in one string, split into words."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.compose.syntax.command_line import split_command
from stackferry.grammar.compose.syntax.short_forms import ShorthandError


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  ", []),
        ("a b\tc\nd", ["a", "b", "c", "d"]),
        ("sh -c 'a b'", ["sh", "-c", "a b"]),
        ('a "b c"d', ["a", "b cd"]),
        ("a '' \"\"", ["a", "", ""]),
        ("a\\ b", ["a b"]),
        ("'a\\b'", ["a\\b"]),
        ('"a\\"b"', ['a"b']),
        ("a; b", ["a"]),
        ("a && b", ["a"]),
        ("a > b", ["a"]),
        ("a 2>b", ["a"]),
        ("'a;b'", ["a;b"]),
        ("a $(b c) d", ["a", "$(b c)", "d"]),
        ("a `b c`", ["a", "`b c`"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert split_command(text) == words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a 'b", "unbalanced quotes"),
        ('"', "unbalanced quotes"),
        ("a \\", "unbalanced quotes"),
        ("a (b)", "parenthesis"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(ShorthandError, match=message):
        split_command(text)


@given(st.lists(st.text("abc '\"\\$;é\n", min_size=1)))
def test_what_a_shell_would_quote_comes_back(words: list[str]) -> None:
    assert split_command(shlex.join(words)) == words
