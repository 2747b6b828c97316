"""Reduces bytes that show something: removes lines first, then characters, then simplifies the rest."""

from collections.abc import Callable, Sequence

Shows = Callable[[bytes], bool]
PLAIN = (b"a", b" ", b"\n")


def reduced(content: bytes, shows: Shows) -> bytes:
    """A part of the content that shows it, from which no line and no byte can go. The content must show it."""
    before = None
    while content != before:
        before = content
        content = b"".join(_fewer(content.splitlines(keepends=True), lambda parts: shows(b"".join(parts))))
        single = [content[at : at + 1] for at in range(len(content))]
        content = b"".join(_fewer(single, lambda parts: shows(b"".join(parts))))
        content = _plainer(content, shows)
    return content


def _fewer(parts: Sequence[bytes], shows: Callable[[Sequence[bytes]], bool]) -> Sequence[bytes]:
    """The parts without those that can go: halves first, then quarters, then each."""
    size = max(1, len(parts) // 2)
    while parts:
        at = 0
        while at < len(parts):
            fewer = [*parts[:at], *parts[at + size :]]
            if shows(fewer):
                parts = fewer
            else:
                at += size
        if size == 1:
            break
        size //= 2
    return parts


def _plainer(content: bytes, shows: Shows) -> bytes:
    """Bytes that are neither letters nor white space become such, where that makes no difference."""
    for at, byte in enumerate(content):
        if byte > 127 or not (chr(byte).isalnum() or byte in b" \n"):
            for plain in PLAIN:
                other = content[:at] + plain + content[at + 1 :]
                if shows(other):
                    content = other
                    break
    return content
