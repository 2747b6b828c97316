"""The keys that leave a process running, and what reaches the process of keys that might have become them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackferry.containers.detach_keys import DEFAULT, DetachKeys, keys


@pytest.mark.parametrize(
    ("text", "found"),
    [(DEFAULT, b"\x10\x11"), ("ctrl-x,x", b"\x18x"), ("a", b"a"), ("ctrl-@,ctrl-_", b"\x00\x1f")],
)
def test_keys(text: str, found: bytes) -> None:
    assert keys(text) == found


@pytest.mark.parametrize("text", ["", "ctrl-", "ctrl-1", "alt-x", "ab", "é", "a,,b"])
def test_no_keys(text: str) -> None:
    with pytest.raises(ValueError, match="is no key"):
        keys(text)


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
    it = DetachKeys(wanted)

    assert [it.take(one) for one in typed] == passed


@given(st.text("ab", min_size=1, max_size=4), st.lists(st.text("abc", max_size=5), max_size=8))
def test_pieces_make_no_difference(wanted: str, pieces: list[str]) -> None:
    it, passed, found = DetachKeys(wanted.encode()), b"", False
    for piece in pieces:
        more, found = it.take(piece.encode())
        passed += more
        if found:
            break
    whole = "".join(pieces).encode()

    assert found == (wanted.encode() in whole)
    assert passed + (b"" if found else it.kept) == (whole.partition(wanted.encode())[0] if found else whole)
