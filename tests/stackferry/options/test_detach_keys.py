"""The keys that detach from a running process."""

import pytest

from stackferry.options.declaration import WrongValueError
from stackferry.options.detach_keys import DEFAULT, detach_keys, keys


@pytest.mark.parametrize(
    ("text", "found"),
    [(DEFAULT, b"\x10\x11"), ("ctrl-x,x", b"\x18x"), ("a", b"a"), ("ctrl-@,ctrl-_", b"\x00\x1f")],
)
def test_keys(text: str, found: bytes) -> None:
    assert keys(text) == found


@pytest.mark.parametrize("text", ["", "ctrl-", "ctrl-1", "alt-x", "ab", "é", "a,,b"])
def test_no_keys(text: str) -> None:
    with pytest.raises(ValueError, match="is not a key"):
        keys(text)


def test_the_option() -> None:
    assert detach_keys("ctrl-x,x") == ("ctrl-x,x", b"\x18x")
    assert detach_keys("") == (DEFAULT, b"\x10\x11")
    with pytest.raises(WrongValueError, match="is not a key"):
        detach_keys("alt-x")
