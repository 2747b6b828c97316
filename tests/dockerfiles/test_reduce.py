"""Reducing: the result still shows the problem, and nothing more can be removed."""

from hypothesis import given
from hypothesis import strategies as st

from tests.dockerfiles.reduce import reduced


def test_lines_and_bytes_go() -> None:
    content = b"FROM alpine\n# comment\nRUN cat <<EOF > /x\nEOF\nCMD a\n"

    assert reduced(content, lambda text: b"<<" in text and b"RUN" in text) == b"RUN<<"


def test_what_is_left_is_plain() -> None:
    assert reduced(b"\xff;\t~", lambda text: len(text) == 4) == b"aaaa"


@given(st.binary(max_size=60), st.binary(min_size=1, max_size=3))
def test_what_is_left_is_the_least(content: bytes, piece: bytes) -> None:
    assert reduced(content + piece, lambda text: piece in text) == piece
