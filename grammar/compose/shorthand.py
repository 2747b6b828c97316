"""Short syntax of a compose file, one string at a time: ports, mounts, devices, command lines.

Text in, plain values out, no positions: `longform.py` puts them into the tree. The notations are those
of docker/go-connections (`nat`), compose-go's `format` and mattn/go-shellwords.
"""

import ipaddress
import posixpath
import re
from typing import Any

from grammar.diagnostics import StackferryError


class ShorthandError(StackferryError):
    """A string is not in the short syntax of its key."""


_PROTOCOLS = ("tcp", "udp", "sctp")
_LARGEST_PORT = 65535


def parse_port(text: str) -> list[dict[str, Any]]:
    """`[[ip:]published:]target[/protocol]`, both ends possibly ranges: one dict a container port."""
    parts = text.split(":")
    address, published, target = ":".join(parts[:-2]), parts[-2] if len(parts) > 1 else "", parts[-1]
    target, _, protocol = target.partition("/")
    if not target:
        raise ShorthandError(f"no container port in {text!r}", "a port is written [[ip:]published:]target[/protocol]")
    protocol = (protocol or "tcp").lower()
    if protocol not in _PROTOCOLS:
        raise ShorthandError(f"invalid protocol {protocol!r} in {text!r}", "tcp, udp and sctp are known")
    if address:
        address = _address(address, text)
    first, last = _port_range(target, "container", text)
    if not published:
        return [_port(number, None, address, protocol) for number in _ordered(first, last)]
    low, high = _port_range(published, "published", text)
    if last - first != high - low and first != last:
        raise ShorthandError(
            f"the ranges of {text!r} differ in length: {target} has {last - first + 1} ports,"
            f" {published} {high - low + 1}"
        )
    if first == last and low != high:
        return [_port(first, f"{low}-{high}", address, protocol)]
    return [_port(number, str(low + number - first), address, protocol) for number in _ordered(first, last)]


def _port(target: int, published: str | None, address: str, protocol: str) -> dict[str, Any]:
    fields = {"mode": "ingress", "host_ip": address, "target": target, "published": published, "protocol": protocol}
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _ordered(first: int, last: int) -> list[int]:
    """A range in the order that docker compose prints it: as text, so 9 comes after 10."""
    return sorted(range(first, last + 1), key=str)


def _port_range(text: str, what: str, whole: str) -> tuple[int, int]:
    first, dash, rest = text.partition("-")
    last = rest.partition("-")[0] if dash else first
    for number in (first, last):
        if not (number.isascii() and number.isdigit()) or int(number) > _LARGEST_PORT:
            raise ShorthandError(f"invalid {what} port {text!r} in {whole!r}", "ports are 1 to 65535, ranges 8000-8010")
    if int(last) < int(first):
        raise ShorthandError(f"the {what} range {text!r} in {whole!r} ends before it begins")
    return int(first), int(last)


def _address(text: str, whole: str) -> str:
    bare = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
    if not is_address(bare):
        raise ShorthandError(
            f"invalid IP address {bare!r} in {whole!r}", "an IPv6 address is written in brackets: [::1]:80:80"
        )
    return bare


def is_address(text: str) -> bool:
    """Whether `text` is an IPv4 or IPv6 address without a zone."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


_BIND = {
    **dict.fromkeys(("rprivate", "private", "rshared", "shared", "rslave", "slave"), "propagation"),
    **dict.fromkeys(("z", "Z"), "selinux"),
}
_SECTION = re.compile(r"\$\{|[}:]")


def parse_mount(text: str) -> dict[str, Any]:
    """`[source:]target[:options]`; a drive letter's colon belongs to the path."""
    if not text:
        raise ShorthandError("an empty mount", "a mount is written [source:]target[:options]")
    if len(text.encode()) <= 2:
        return {"type": "volume", "target": text}
    parts = _mount_parts(text)
    if "" in parts:
        raise ShorthandError(f"an empty section between colons in {text!r}")
    if len(parts) > 3:
        raise ShorthandError(f"too many colons in {text!r}", "a mount is written [source:]target[:options]")
    source, target = ("", parts[0]) if len(parts) == 1 else (parts[0], parts[1])
    mount: dict[str, Any] = {"type": "bind" if is_host_path(source) else "volume"}
    if source:
        mount["source"] = source
    mount["target"] = target
    bind: dict[str, Any] = {}
    for option in parts[2].split(",") if len(parts) == 3 else ():
        if option in ("ro", "rw"):
            mount["read_only"] = option == "ro"
        elif option == "nocopy":
            mount["volume"] = {"nocopy": True}
        elif option in _BIND:
            bind[_BIND[option]] = option
    if mount["type"] == "bind":
        # The short syntax always creates a missing host path.
        bind["create_host_path"] = True
    else:
        mount.setdefault("volume", {})
    if bind:
        mount["bind"] = bind
    if not mount.get("read_only", True):
        del mount["read_only"]
    return mount


def _mount_parts(text: str) -> list[str]:
    parts, current, depth, index = [], "", 0, 0
    while index < len(text):
        letter = text[index]
        if letter == "$" and text[index + 1 : index + 2] == "{":
            # Not interpolated (--no-interpolate): a colon inside ${…} separates nothing.
            depth += 1
        elif letter == "}" and depth:
            depth -= 1
        elif letter == ":" and not depth and not (len(current) == 1 and current.isalpha()):
            parts.append(current)
            current = ""
            index += 1
            continue
        current += letter
        index += 1
    return [*parts, current]


def is_host_path(source: str) -> bool:
    """Whether a mount's source is a path (else the name of a volume)."""
    if not source:
        return False
    if source[0] in "./~" or source.startswith("\\\\"):
        return True
    return source[1:2] == ":" and source[0].isalpha()


def clean(path: str) -> str:
    """`path.Clean` of Go: one slash where there are many, `.` and `..` resolved."""
    if not path:
        return "."
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def parse_device(text: str) -> dict[str, Any]:
    """`source[:target[:permissions]]`."""
    parts = text.split(":")
    if len(parts) > 3:
        raise ShorthandError(f"confusing device mapping {text!r}", "use the long syntax: source, target, permissions")
    source, target, permissions = [*parts, "", ""][:3] if len(parts) < 3 else parts
    return {"source": source, "target": target or source, "permissions": permissions if len(parts) == 3 else "rwm"}


_BREAKS = frozenset(";&|<>")
_BLANKS = frozenset(" \t\r\n")


def split_command(text: str) -> list[str]:
    """A command line as its words: quotes and backslashes as in a shell, nothing is expanded.

    As in go-shellwords, an unquoted `;`, `&`, `|`, `<` or `>` ends the command.
    """
    words: list[str] = []
    word: list[str] = []
    begun = escaped = False
    quote = ""
    for letter in text:
        if escaped:
            word.append(letter)
            escaped, begun = False, True
        elif letter == "\\" and quote != "'":
            escaped = True
        elif letter in _BLANKS and not quote:
            if begun:
                words.append("".join(word))
                word, begun = [], False
        elif letter == quote and quote in "'\"":
            # An empty quoted word counts as a word once the quotes are closed.
            quote, begun = "", True
        elif letter in "'\"" and quote in ("", "`"):
            quote = letter
        else:
            if letter == "`" and quote in ("", "`"):
                quote = "" if quote else "`"
            elif letter in "()" and quote in ("", ")"):
                quote = _parenthesis(letter, quote, word, text)
            elif letter in _BREAKS and not quote:
                if letter == ">" and word and word[0] in "0123456789":
                    begun = False
                break
            word.append(letter)
            begun = True
    else:
        if escaped or quote:
            raise ShorthandError(f"unbalanced quotes or parentheses in command {text!r}", "use the list form")
    if begun:
        words.append("".join(word))
    return words


def _parenthesis(letter: str, quote: str, word: list[str], text: str) -> str:
    """The quote state after `(` or `)`: a command substitution stays one word."""
    if letter == ")":
        return "" if quote else ")"
    if quote or word[-1:] != ["$"]:
        raise ShorthandError(f"unquoted parenthesis in command {text!r}", "quote it, or use the list form")
    return ")"
