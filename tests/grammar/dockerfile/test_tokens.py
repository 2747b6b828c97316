"""Tokens cover a text: `render(parse(x)) == x`, byte for byte, for any bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.grammar.dockerfile.parse import parse
from stackferry.grammar.dockerfile.source import Source, decoded, encoded
from stackferry.grammar.dockerfile.tokens import render, tokens
from tests.grammar.dockerfile.making import DOCKERFILES, tree
from tests.grammar.dockerfile.test_parse import texts

pieces = st.sampled_from(
    [
        b"FROM a",
        b"RUN x \\",
        b"\\",
        b"\n",
        b"\r\n",
        b"#c",
        b"<<E",
        b"E\n",
        b"\xff",
        b"\xef\xbb\xbf",
        b" ",
        b"\t",
        b'["a"]',
    ]
)


@given(st.lists(pieces | st.binary(max_size=4), max_size=30).map(b"".join))
def test_any_bytes(content: bytes) -> None:
    dockerfile = parse(Source(decoded(content)))

    assert encoded(render(dockerfile)) == content


@given(texts)
def test_tokens_are_whole_and_in_order(text: str) -> None:
    at = 0
    for token in tokens(tree(text)):
        assert token.start == at < token.end
        assert text[token.start : token.end] == token.text
        at = token.end
    assert at == len(text)


def test_kinds() -> None:
    text = "# escape=`\n# why\nRUN --network=none a`\n # c\n b <<E\nx\nE\n"
    found = [(token.kind, token.text) for token in tokens(tree(text)) if token.kind != "space"]

    assert found == [
        ("directive", "# escape=`"),
        ("comment", "# why"),
        ("keyword", "RUN"),
        ("flag", "--network=none"),
        ("word", "a"),
        ("comment", "# c"),
        ("word", " b <<E"),
        ("heredoc", "x\nE\n"),
    ]


@pytest.mark.corpus
def test_the_corpus() -> None:
    for path in DOCKERFILES:
        content = path.read_bytes()

        assert encoded(render(parse(Source(decoded(content))))) == content
