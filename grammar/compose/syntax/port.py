"""The short syntax of ports: `[[ip:]published:]target[/protocol]`, where both ports may be ranges.

As docker/go-connections' `nat.ParsePortSpec`; used by `compose/phases/longform.py` and for `--publish`.
"""

from typing import Any

from stackferry.grammar.compose.syntax.short_forms import ShorthandError, is_address

PROTOCOLS = ("tcp", "udp", "sctp")
_HIGHEST = 65535


def parse_port(text: str) -> list[dict[str, Any]]:
    """One mapping in long syntax for each container port; raises ShorthandError."""
    parts = text.split(":")
    address, published, target = ":".join(parts[:-2]), parts[-2] if len(parts) > 1 else "", parts[-1]
    target, _, protocol = target.partition("/")
    if not target:
        raise ShorthandError(f"{text!r} has no container port", "a port is written [[ip:]published:]target[/protocol]")
    protocol = (protocol or "tcp").lower()
    if protocol not in PROTOCOLS:
        raise ShorthandError(f"invalid protocol {protocol!r} in {text!r}", "use tcp, udp or sctp")
    if address:
        address = _address(address, text)
    first, last = _range(target, "container", text)
    if not published:
        return [_port(number, None, address, protocol) for number in _ordered(first, last)]
    low, high = _range(published, "published", text)
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
    """A range in the order in which docker compose prints it: sorted as text, so 9 comes after 10."""
    return sorted(range(first, last + 1), key=str)


def _range(text: str, what: str, whole: str) -> tuple[int, int]:
    first, dash, rest = text.partition("-")
    low = port_number(first, what, whole, text)
    high = port_number(rest.partition("-")[0], what, whole, text) if dash else low
    if high < low:
        raise ShorthandError(f"the {what} port range {text!r} in {whole!r} ends before it starts")
    return low, high


def port_number(digits: str, what: str, whole: str, text: str = "") -> int:
    """A port, or 0. `text` is the range around it, `whole` the text to quote in errors. Raises ShorthandError."""
    text = text or digits
    significant = digits.lstrip("0") or "0"
    if not (digits.isascii() and digits.isdigit()) or len(significant) > 5 or int(significant) > _HIGHEST:
        mark = text[-1:]
        hint = (
            f"remove the {mark} at the end"
            if mark in (",", ";")
            else "write a port from 1 to 65535, or a range such as 8000-8010"
        )
        raise ShorthandError(f"invalid {what} port {text!r} in {whole!r}", hint)
    return int(significant)


def _address(text: str, whole: str) -> str:
    bare = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
    if not is_address(bare):
        raise ShorthandError(
            f"invalid IP address {bare!r} in {whole!r}", "write an IPv6 address in brackets: [::1]:80:80"
        )
    return bare
