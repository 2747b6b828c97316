"""BuildKit, the engine's other builder: which builds need it, and its progress output. Pure.

`docker.py` uses it only where needed: BuildKit takes credentials and secrets from a build client, while the classic
builder gets them with the request. Its progress is a StatusResponse of moby/buildkit's control.proto: in base64 from
the engine, as JSON from `docker buildx`. The docker command is our client for all that (`docker_command.py`).
"""

import base64
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stackferry.emulator.engine.image import BuildOptions
from stackferry.grammar.regex import regex

_RUN = "mount|network|security|device"
_COPY = "chmod|link|parents|exclude|checksum|keep-git-dir|unpack"
_NEEDS = regex(
    rf"^\s*(?:ONBUILD\s+)?(?:RUN\s+(?:--\S+\s+)*--(?:{_RUN})\b|(?:COPY|ADD)\s+(?:--\S+\s+)*--(?:{_COPY})\b"
    r"|(?:RUN|COPY|ADD)\b[^\n]*<<-?[\"']?[A-Za-z_])",
    re.IGNORECASE | re.MULTILINE,
)
_CONTINUED = regex(r"[\\`][ \t]*\r?\n")

# Field numbers of the messages.
_VERTEX, _LOG = 1, 3
_DIGEST, _NAME, _CACHED, _STARTED = 1, 3, 4, 5
_LOG_TEXT = 4

_OWN_STEP = "[internal] load local bake definitions"
"""Not a step of the build: buildx reads its own input."""
_KEPT = 10
"""Lines of a step that are kept until it is known whether it fails."""


def needs_buildkit(dockerfile: str) -> bool:
    """Whether the classic builder would refuse it: mounts of RUN, flags of COPY and ADD, here-documents."""
    return _NEEDS.search(_CONTINUED.sub(" ", dockerfile)) is not None


_BEYOND_API: Mapping[str, Callable[[BuildOptions], object]] = {
    "additional_contexts": lambda one: one.contexts,
    "cache_from": lambda one: any("=" in source for source in one.cache_from),
    "cache_to": lambda one: one.cache_to,
    "entitlements": lambda one: one.entitlements,
    "extra_hosts": lambda one: any(len(addresses) > 1 for addresses in one.extra_hosts.values()),
    "no_cache_filter": lambda one: one.no_cache_filter,
    "privileged": lambda one: one.privileged,
    # Without a client that requests them there are no attestations.
    "provenance": lambda one: one.provenance not in ("", "false"),
    "sbom": lambda one: one.sbom not in ("", "false"),
    "secrets": lambda one: one.secrets,
    "ssh": lambda one: one.ssh,
}


def beyond_api(options: BuildOptions) -> tuple[str, ...]:
    """The keys of `build` for which BuildKit needs a client that answers it, which the engine's API is not."""
    return tuple(key for key, asks in _BEYOND_API.items() if asks(options))


class Trace:
    """BuildKit's progress as lines: a step when it begins or is cached, and the output of its commands.

    `failed` is the failed step, and the last lines of its output.
    """

    def __init__(self) -> None:
        self._told: set[bytes] = set()
        self._written: dict[str, deque[str]] = {}
        self.failed: tuple[str, ...] = ()

    def lines(self, status: str) -> Iterator[str]:
        """The lines of one status. Raises ValueError for anything else."""
        for number, value in _fields(base64.b64decode(status, validate=True)):
            if not isinstance(value, bytes):
                continue
            message = dict(_fields(value))
            if number == _VERTEX:
                yield from self._step(message)
            elif number == _LOG:
                yield from _text(message.get(_LOG_TEXT)).splitlines()

    def lines_of(self, status: Mapping[str, Any]) -> Iterator[str]:
        """The lines of one status as `docker buildx --progress rawjson` writes it."""
        for vertex in status.get("vertexes") or ():
            digest, name = str(vertex.get("digest")), str(vertex.get("name"))
            is_begun = bool(vertex.get("started") or vertex.get("cached"))
            if is_begun and digest.encode() not in self._told and name != _OWN_STEP:
                self._told.add(digest.encode())
                yield name + (" (cached)" if vertex.get("cached") else "")
            if vertex.get("error") and not self.failed:
                self.failed = (name, *self._written.get(digest, ()))
        for log in status.get("logs") or ():
            written = base64.b64decode(log.get("data") or "").decode("utf-8", "replace").splitlines()
            self._written.setdefault(str(log.get("vertex")), deque(maxlen=_KEPT)).extend(written)
            yield from written

    def _step(self, vertex: dict[int, bytes | int]) -> Iterator[str]:
        digest = vertex.get(_DIGEST)
        begun = _STARTED in vertex or _CACHED in vertex
        if begun and isinstance(digest, bytes) and digest not in self._told:
            self._told.add(digest)
            yield _text(vertex.get(_NAME)) + (" (cached)" if vertex.get(_CACHED) else "")


def _text(value: bytes | int | None) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """The fields of a protocol buffers message; a repeated field comes once per value."""
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
