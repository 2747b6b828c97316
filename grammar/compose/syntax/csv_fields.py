"""The long notation of docker's flags: `type=bind,source=/a,target=/b,readonly`, fields of CSV.

Used by `mount_fields.py`, `port_fields.py` and the flags for networks, secrets and configs.
"""

from stackferry.grammar.compose.syntax.short_forms import ShorthandError
from stackferry.grammar.regex import regex

_FIELD = regex(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\Z)')
"""One field: in quotes, with doubled ones inside, or without any quote, as Go's encoding/csv has it."""

_HINT = "write name=value, separated by commas"
_TRUE = frozenset(("1", "t", "T", "true", "True", "TRUE"))
_FALSE = frozenset(("0", "f", "F", "false", "False", "FALSE"))


def fields(text: str) -> list[tuple[str, str | None]]:
    """Names in lower case and values, in order; the value is None without `=`. Raises ShorthandError."""
    if not text:
        raise ShorthandError("an empty value", _HINT)
    pairs = (one.partition("=") for one in _split(text))
    return [(name.lower(), value if equals else None) for name, equals, value in pairs]


def _split(text: str) -> list[str]:
    found, at = [], 0
    while True:
        field = _FIELD.match(text, at)
        if field is None:
            raise ShorthandError(
                f"a quote or line break out of place in {text!r}", 'quote the whole field: "name=value"'
            )
        found.append(field[2] if field[1] is None else field[1].replace('""', '"'))
        at = field.end()
        if not field[3]:
            return found


def flag(name: str, value: str | None) -> bool:
    """A boolean as Go parses it; true if there is no value. Raises ShorthandError."""
    if value is None or value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise ShorthandError(f"invalid value for {name}: {value}", "write true or false")
