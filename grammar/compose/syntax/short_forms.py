"""Shared helpers of the short syntaxes, and the small syntaxes: addresses, devices, path cleaning.

Text in, plain values out, no positions: `compose/phases/longform.py` puts them into the tree. Ports are in `port.py`,
mounts in `mount.py`, command lines in `command_line.py`.
"""

import posixpath
import re

from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.regex import regex


class ShorthandError(StackferryError):
    """A string is not in the short syntax of its key."""


_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}")


def is_address(text: str) -> bool:
    """Whether `text` is an IPv4 or IPv6 address without a zone."""
    if ":" not in text:
        return _IPV4.fullmatch(text) is not None
    # Imported here: few stacks have an IPv6 address, and every start would pay for the import.
    from ipaddress import IPv6Address

    try:
        IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


def clean(path: str) -> str:
    """Go's `path.Clean`: repeated slashes become one, `.` and `..` are resolved."""
    if not path:
        return "."
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


# A drive letter, which to Go is any one byte, or a share.
_WINDOWS = regex(r"[\0-\x7f]:[\\/]|[\\/]{2}")


def join(directory: str, path: str) -> str:
    """Go's `filepath.Join`: joined and cleaned; a leading slash of `path` does not make it absolute."""
    return clean("/".join(part for part in (directory, path) if part)) if directory or path else ""


def absolute(path: str, directory: str, home: str | None) -> str:
    """`path`, joined to `directory` if it is relative; `~` is the home directory, if there is one."""
    if path.startswith("~") and home:
        path = join(home, path[1:])
    if not path or posixpath.isabs(path):
        return path
    return join(directory, path)


def host_path(path: str, directory: str, home: str | None) -> str:
    """As `absolute`, but empty text means the directory itself, and Windows paths stay as they are."""
    if _WINDOWS.match(path):
        return path
    return absolute(path, directory, home) if path else directory


def parse_device(text: str) -> dict[str, str]:
    """`source[:target[:permissions]]`."""
    source, target, permissions, *rest = [*text.split(":"), None, None, None][: max(3, text.count(":") + 1)]
    if rest:
        raise ShorthandError(f"invalid device mapping {text!r}", "use the long syntax: source, target, permissions")
    return {
        "source": source or "",
        "target": target or source or "",
        "permissions": "rwm" if permissions is None else permissions,
    }


_SCHEMES = ("oci://", "http://", "https://", "git://", "ssh://", "git@", "github.com/")


def is_remote(reference: str) -> bool:
    """Whether docker compose would fetch `reference` from a registry or a Git host."""
    return reference.startswith(_SCHEMES)
