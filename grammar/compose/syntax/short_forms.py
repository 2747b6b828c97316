"""What the short syntaxes have in common, and the small ones: addresses, devices, path cleaning.

Text in, plain values out, no positions: `compose/phases/longform.py` puts them into the tree. Ports are in `port.py`,
mounts in `mount.py`, command lines in `command_line.py`.
"""

import posixpath
import re

from stackferry.grammar.diagnostics import StackferryError


class ShorthandError(StackferryError):
    """A string is not in the short syntax of its key."""


_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}")


def is_address(text: str) -> bool:
    """Whether `text` is an IPv4 or IPv6 address without a zone."""
    if ":" not in text:
        return _IPV4.fullmatch(text) is not None
    # Imported here: few stacks name an IPv6 address, and every start would pay for it.
    from ipaddress import IPv6Address

    try:
        IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text


def clean(path: str) -> str:
    """`path.Clean` of Go: one slash where there are many, `.` and `..` resolved."""
    if not path:
        return "."
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def parse_device(text: str) -> dict[str, str]:
    """`source[:target[:permissions]]`."""
    source, target, permissions, *rest = [*text.split(":"), None, None, None][: max(3, text.count(":") + 1)]
    if rest:
        raise ShorthandError(f"confusing device mapping {text!r}", "use the long syntax: source, target, permissions")
    return {
        "source": source or "",
        "target": target or source or "",
        "permissions": "rwm" if permissions is None else permissions,
    }


_SCHEMES = ("oci://", "http://", "https://", "git://", "ssh://", "git@", "github.com/")


def is_remote(reference: str) -> bool:
    """Whether docker compose would fetch `reference` from a registry or a Git host."""
    return reference.startswith(_SCHEMES)
