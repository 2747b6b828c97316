"""Characters that resemble YAML's own."""

import pytest

from stackferry.grammar.compose.tree.letters import BLANKS, MARKS, is_in_odd_quotes, plain_mark, straight, what_letter


def test_straight_quotes() -> None:
    assert straight("“a” ‘b’ „c‟ «d»") == '"a" \'b\' "c" "d"'


def test_the_name_of_a_letter() -> None:
    assert what_letter("\u00a0") == "a no-break space (U+00A0)"
    assert what_letter("\u2013") == "an en dash (U+2013)"
    assert what_letter("\ue000") == "a letter (U+E000)"


@pytest.mark.parametrize("letter", "\u00a0\u2003\u200b\u202f\u3000\ufeff")
def test_blanks_that_are_none(letter: str) -> None:
    assert BLANKS.search(f"a{letter}b")
    assert not BLANKS.search("a b\tc\n")


@pytest.mark.parametrize(
    ("text", "quoted"), [("“a”", True), ("‘a’", True), ("“", False), ("“a", False), ("a“b”c", False)]
)
def test_text_in_odd_quotes(text: str, quoted: bool) -> None:
    assert is_in_odd_quotes(text) is quoted


@pytest.mark.parametrize(("line", "plain"), [("  \u2013 a", "  - a"), ("a\uff1ab", "a: b"), ("a\uff1a b", "a: b")])
def test_marks_that_are_none(line: str, plain: str) -> None:
    assert MARKS.sub(lambda found: plain_mark(found[0]), line) == plain


@pytest.mark.parametrize("line", ["a \u2013 b", "- \u2013", "\u2013a", "1 \u2013 2"])
def test_dashes_within_text_are_text(line: str) -> None:
    assert MARKS.search(line) is None
