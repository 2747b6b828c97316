"""DL3029: Do not hard-code the platform in FROM.

A build for another platform would silently get images of the fixed one.

    FROM --platform=linux/amd64 golang:1.22 AS build

    FROM --platform=$BUILDPLATFORM golang:1.22 AS build

It is meant where the name of the stage says so, as in `AS build-amd64`, and where the value is a variable.
hadolint reports these, too, but for $BUILDPLATFORM and $TARGETPLATFORM; with the set hadolint so do we.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_PART = regex(r"[A-Za-z0-9_.-]+\Z")
_SYSTEM = regex(r"([A-Za-z0-9_.-]+)(?:\([^()/]*\))?\Z")
_SYSTEMS = frozenset(
    ("aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "nacl", "netbsd")
) | {"openbsd", "plan9", "solaris", "windows", "zos"}
_ARCHITECTURES = frozenset(
    ("386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "loong64", "mips", "mipsle", "mips64", "mips64le")
) | {"mips64p32", "mips64p32le", "ppc", "ppc64", "ppc64le", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64"}
_CANONICAL = {
    "macos": "darwin",
    "i386": "386",
    "x86_64": "amd64",
    "x86-64": "amd64",
    "aarch64": "arm64",
    "armhf": "arm",
    "armel": "arm",
}


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Flags with a constant platform (BuildKit's reportConstPlatformDisallowed)."""
    for stage in file.stages:
        flag = stage.instruction.flag("platform")
        if flag is None or not flag.value:
            continue
        if settings.hadolint:
            fixed = "BUILDPLATFORM" not in flag.value and "TARGETPLATFORM" not in flag.value
        else:
            fixed = "$" not in flag.value and _is_unnamed(flag.value, stage.name)
        if fixed:
            message = f"this stage is always built for {flag.value}"
            yield Hit(flag.word.start, flag.word.end, message, "remove it, or write --platform=$BUILDPLATFORM")


def _is_unnamed(platform: str, stage: str) -> bool:
    """Whether a platform is one, and a stage's name holds neither its system nor its architecture."""
    parts = _parsed(platform)
    return parts is not None and not any(part in stage for part in parts)


def _parsed(platform: str) -> tuple[str, ...] | None:
    """System and architecture as containerd's platforms.Parse names them, None for what it would refuse."""
    first, *rest = platform.split("/")
    system = _SYSTEM.match(first)
    if system is None or len(rest) > 2 or not all(_PART.match(part) for part in rest):
        return None
    name = system[1].lower()
    name = _CANONICAL.get(name, name)
    if rest:
        architecture = rest[0].lower()
        return name, _CANONICAL.get(architecture, architecture)
    # Half of a platform; the other half is that of the builder, mostly a Linux one on amd64.
    if name in _SYSTEMS:
        return name, "amd64"
    return ("linux", name) if name in _ARCHITECTURES else None
