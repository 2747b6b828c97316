"""Flags of `minikube start` that a user gives after `--`: passed on unchanged, and parsed where we need them. Pure.

They are stored with the profile (a file in minikube's own folder for it, which goes when the cluster is deleted), since
minikube forgets some of them from one start to the next: without its `--iso-url`, say, it looks for another ISO.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from stackferry.grammar.regex import regex
from stackferry.translator.minikube.size import Size

FILE = "stackferry.json"
_ALONE = {"force", "no-vtx-check", "disable-driver-mounts", "no-kubernetes", "preload", "embed-certs", "keep-context"}
"""Flags without a value, unless one follows after `=`."""
_SIZE = regex(r"(\d+(?:\.\d+)?)\s*([bkmgt]?)(?:i?b)?", re.IGNORECASE)
_POWER = {"b": -2, "k": -1, "m": 0, "": 0, "g": 1, "t": 2}


def value(flags: Sequence[str], name: str) -> str | None:
    """The value of a flag, by its last occurrence; `true` for a flag without value. None: it is not given."""
    found = None
    for index, word in enumerate(flags):
        if word == f"--{name}":
            following = flags[index + 1] if index + 1 < len(flags) else ""
            found = "true" if name in _ALONE or not following or following.startswith("-") else following
        elif word.startswith(f"--{name}="):
            found = word.partition("=")[2]
    return found


def size(flags: Sequence[str]) -> Size:
    """The size that flags ask for. Words such as `max` and `no-limit` are left to minikube."""
    cpus = value(flags, "cpus") or ""
    return Size(
        int(cpus) if cpus.isdigit() else None,
        megabytes(value(flags, "memory") or ""),
        megabytes(value(flags, "disk-size") or ""),
    )


def megabytes(text: str) -> int | None:
    """A size as minikube reads it: a plain number is in MB; k, m, g and so on are powers of 1024."""
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        return None
    return int(float(match[1]) * 1024.0 ** _POWER[match[2].lower()])


def merged(remembered: Sequence[str], given: Sequence[str]) -> tuple[str, ...]:
    """The flags of earlier starts and of this one; this one's win."""
    said = {_name(word) for word in given if word.startswith("-")}
    kept: list[str] = []
    dropping = False
    for word in remembered:
        if word.startswith("-"):
            dropping = _name(word) in said
        if not dropping:
            kept.append(word)
    return (*kept, *given)


def _name(word: str) -> str:
    # A component has many of these: they add up.
    return word if word.startswith("--extra-config") else word.partition("=")[0]


def remembered(profile: Path) -> tuple[str, ...]:
    """The flags of a profile's earlier starts, from its folder."""
    try:
        found = json.loads((profile / FILE).read_text("utf-8"))["flags"]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()


def remember(profile: Path, flags: Sequence[str]) -> None:
    """Store the flags, once minikube has created the folder: before that there is no profile to store them for."""
    if not profile.is_dir():
        return
    unfinished = profile / f"{FILE}.new"
    unfinished.write_text(json.dumps({"flags": list(flags)}), "utf-8")
    unfinished.replace(profile / FILE)
