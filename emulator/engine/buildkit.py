"""BuildKit, the engine's other builder: which Dockerfiles need it, and what it says while it builds. Pure.

`docker.py` asks for it only where it is needed: it takes credentials and secrets from a client that builds, which the
classic builder gets with the request. What it says is a StatusResponse of moby/buildkit's control.proto, in base64.
"""

import base64
import re
from collections.abc import Iterator

_RUN = "mount|network|security|device"
_COPY = "chmod|link|parents|exclude|checksum|keep-git-dir|unpack"
_NEEDS = re.compile(
    rf"^\s*(?:ONBUILD\s+)?(?:RUN\s+(?:--\S+\s+)*--(?:{_RUN})\b|(?:COPY|ADD)\s+(?:--\S+\s+)*--(?:{_COPY})\b"
    r"|(?:RUN|COPY|ADD)\b[^\n]*<<-?[\"']?[A-Za-z_])",
    re.IGNORECASE | re.MULTILINE,
)
_CONTINUED = re.compile(r"[\\`][ \t]*\r?\n")

# Field numbers of the messages.
_VERTEX, _LOG = 1, 3
_DIGEST, _NAME, _CACHED, _STARTED = 1, 3, 4, 5
_LOG_TEXT = 4


def needs_buildkit(dockerfile: str) -> bool:
    """Whether the classic builder would refuse it: mounts of RUN, flags of COPY and ADD, here-documents."""
    return _NEEDS.search(_CONTINUED.sub(" ", dockerfile)) is not None


class Trace:
    """What BuildKit says, as lines: a step when it begins or was done before, and what its commands write."""

    def __init__(self) -> None:
        self._told: set[bytes] = set()

    def lines(self, status: str) -> Iterator[str]:
        """The lines of one status. Raises ValueError if it is none."""
        for number, value in _fields(base64.b64decode(status, validate=True)):
            if not isinstance(value, bytes):
                continue
            message = dict(_fields(value))
            if number == _VERTEX:
                yield from self._step(message)
            elif number == _LOG:
                yield from _text(message.get(_LOG_TEXT)).splitlines()

    def _step(self, vertex: dict[int, bytes | int]) -> Iterator[str]:
        digest = vertex.get(_DIGEST)
        begun = _STARTED in vertex or _CACHED in vertex
        if begun and isinstance(digest, bytes) and digest not in self._told:
            self._told.add(digest)
            yield _text(vertex.get(_NAME)) + (" (cached)" if vertex.get(_CACHED) else "")


def _text(value: bytes | int | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """The fields of a message of protocol buffers; of a repeated one, each."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        match key & 7:
            case 0:
                number, at = _varint(message, at)
                yield key >> 3, number
            case 2:
                size, at = _varint(message, at)
                if at + size > len(message):
                    raise ValueError("a field is longer than its message")
                yield key >> 3, message[at : at + size]
                at += size
            case 1 | 5 as kind:
                at += 8 if kind == 1 else 4
            case kind:
                raise ValueError(f"a field of an unknown kind: {kind}")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    found = shift = 0
    while at < len(message):
        found |= (message[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if message[at - 1] < 128:
            return found, at
    raise ValueError("a number that does not end")
