"""The long notation of `--publish`: `published=8080,target=80,protocol=udp,mode=host`.

As docker/cli's `opts/swarmopts/port.go`. The short notation is in `port.py`; both return ports in a file's long
syntax.
"""

import re
from typing import Any

from stackferry.grammar.compose.syntax.csv_fields import fields
from stackferry.grammar.compose.syntax.port import PROTOCOLS, parse_port, port_number
from stackferry.grammar.compose.syntax.short_forms import ShorthandError

_MODES = ("ingress", "host")
_LONG = r"\w=\w"
"""How docker tells the long notation from the short one."""


def parse_published(text: str) -> list[dict[str, Any]]:
    """The value of `--publish` in either notation: one mapping for each container port. Raises ShorthandError."""
    return [_port(text)] if re.search(_LONG, text, re.ASCII) else parse_port(text)


def _port(text: str) -> dict[str, Any]:
    port: dict[str, Any] = {"mode": "ingress", "protocol": "tcp"}
    for name, value in fields(text.lower()):
        if name not in _READERS or value is None:
            raise ShorthandError(f"invalid field: {name}", f"the fields are {', '.join(_READERS)}")
        port[name] = _READERS[name](value, text)
    if not port.get("target"):
        raise ShorthandError(f"a target port is required in {text!r}", "add target=80")
    if not int(port.get("published", "0")):
        port.pop("published", None)
    return port


def _one_of(name: str, words: tuple[str, ...]) -> Any:
    def read(value: str, text: str) -> str:
        if value not in words:
            raise ShorthandError(f"invalid {name} {value!r} in {text!r}", f"one of {', '.join(words)}")
        return value

    return read


_READERS: dict[str, Any] = {
    "target": lambda value, text: port_number(value, "target", text),
    "published": lambda value, text: str(port_number(value, "published", text)),
    "protocol": _one_of("protocol", PROTOCOLS),
    "mode": _one_of("mode", _MODES),
}
