"""Text that Kubernetes must pass on as it is: the escape for its `$(NAME)` expansion.

Kubernetes expands `$(NAME)` in `command`, `args`, `env[].value` and probe commands and reduces `$$` to
`$`; Docker does neither. Shell variables (`$HOME`, `${HOME}`) are no part of that syntax and stay.
"""

import re

_SURROGATE = re.compile("[\ud800-\udfff]")
_EXPANDED = re.compile(r"\$(?=[$(])")


def clean(text: str) -> str:
    """`text` without the bytes that were no UTF-8 on their way in: U+FFFD each, as docker compose sends them."""
    return _SURROGATE.sub("\ufffd", text)


def utf8(text: str) -> bytes:
    """`clean` text as bytes."""
    return clean(text).encode()


def literal(text: str) -> str:
    """`text` such that Kubernetes' expansion gives back exactly `text`."""
    return _EXPANDED.sub("$$", text) if "$" in text else text
