"""invalid-platform: Build for a valid platform.

A platform is an operating system and an architecture, or one of both that is known.

    FROM --platform=linux-arm64 debian:12

    FROM --platform=linux/arm64 debian:12

A variable that no ARG before the first FROM declares is empty, and that is refused as well. The platform's own, such as
$BUILDPLATFORM, are always there.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stackferry.grammar.dockerfile.facts.filled import filled_in_from
from stackferry.grammar.dockerfile.facts.scope import PLATFORM
from stackferry.grammar.lint.finding import Hit
from stackferry.grammar.regex import regex
from stackferry.grammar.suggest import did_you_mean

if TYPE_CHECKING:
    from stackferry.grammar.dockerfile.facts.build import Build
    from stackferry.grammar.lint.settings import Settings

_SYSTEMS = frozenset(
    (
        *("aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux", "macos", "nacl"),
        *("netbsd", "openbsd", "plan9", "solaris", "windows", "zos"),
    )
)
_ARCHITECTURES = frozenset(
    (
        *("386", "i386", "amd64", "x86_64", "x86-64", "amd64p32", "arm", "armhf", "armel", "armbe", "arm64", "aarch64"),
        *("arm64be", "ppc64", "ppc64le", "loong64", "mips", "mipsle", "mips64", "mips64le", "mips64p32"),
        *("mips64p32le", "ppc", "riscv", "riscv64", "s390", "s390x", "sparc", "sparc64", "wasm"),
    )
)
_SYSTEM = regex(r"([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?")
_PART = regex(r"[A-Za-z0-9_.-]+")
_MOST_PARTS = 3


def check(file: "Build", settings: "Settings") -> Iterator[Hit]:
    """Values of FROM --platform that are no platforms (containerd's platforms.Parse)."""
    for stage in file.stages:
        flag = stage.instruction.flag("platform")
        value = filled_in_from(file, flag.value) if flag is not None and flag.value else None
        if flag is None or value is None or _is_platform(value):
            continue
        message = f"{value} is not a platform" if value else f"{flag.value} is empty here"
        hint = "write os/architecture, such as linux/amd64"
        if not value and (flag.value or "").startswith("$"):
            hint = did_you_mean((flag.value or "").strip("${}"), sorted(PLATFORM)) or hint
        yield Hit(flag.word.start, flag.word.end, message, hint)


def _is_platform(value: str) -> bool:
    first, *others = value.split("/")
    system = _SYSTEM.fullmatch(first)
    if system is None or len(others) >= _MOST_PARTS or not all(map(_PART.fullmatch, others)):
        return False
    if others:
        return True
    return system[1].lower() in _SYSTEMS or first.lower() in _ARCHITECTURES
