"""Which keys reach a process if they might have begun the detach sequence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.containers.detach_filter import DetachFilter


@pytest.mark.parametrize(
    ("wanted", "typed", "passed"),
    [
        (b"\x10\x11", [b"ls\r\x10\x11exit\r"], [(b"ls\r", True)]),
        (b"\x10\x11", [b"a\x10", b"\x11"], [(b"a", False), (b"", True)]),
        # What was kept back comes with the key that shows it was none of them.
        (b"\x10\x11", [b"\x10", b"a"], [(b"", False), (b"\x10a", False)]),
        (b"\x10\x11", [b"\x10\x10", b"\x11"], [(b"\x10", False), (b"", True)]),
        (b"aab", [b"aa", b"a", b"b"], [(b"", False), (b"a", False), (b"", True)]),
        (b"x", [b"abx"], [(b"ab", True)]),
        (b"", [b"\x10\x11"], [(b"\x10\x11", False)]),
    ],
)
def test_what_is_passed_on(wanted: bytes, typed: list[bytes], passed: list[tuple[bytes, bool]]) -> None:
    it = DetachFilter(wanted)

    assert [it.take(one) for one in typed] == passed


@given(st.text("ab", min_size=1, max_size=4), st.lists(st.text("abc", max_size=5), max_size=8))
def test_pieces_make_no_difference(wanted: str, pieces: list[str]) -> None:
    it, passed, found = DetachFilter(wanted.encode()), b"", False
    for piece in pieces:
        more, found = it.take(piece.encode())
        passed += more
        if found:
            break
    whole = "".join(pieces).encode()

    assert found == (wanted.encode() in whole)
    assert passed + (b"" if found else it.kept) == (whole.partition(wanted.encode())[0] if found else whole)
