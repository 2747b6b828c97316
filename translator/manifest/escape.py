"""Text that Kubernetes must pass on as it is: the escape for its `$(NAME)` expansion.

Kubernetes expands `$(NAME)` in `command`, `args`, `env[].value` and probe commands and reduces `$$` to
`$`; Docker does neither. Shell variables (`$HOME`, `${HOME}`) are no part of that syntax and stay.
"""

from stackferry.grammar.regex import regex

_REFUSED = regex("[\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""What the server refuses in text: it reads what kubectl sends as YAML, which must not hold these."""
_SURROGATE = regex("[\ud800-\udfff]")
_ILLEGAL = regex("[\ud800-\udfff\x7f-\x84\x86-\x9f\ufffe\uffff]")
_EXPANDED = regex(r"\$(?=[$(])")


def is_refused(text: str) -> bool:
    """Whether the server refuses text with one of these characters, however they are written: U+007F and the like."""
    return _REFUSED.search(text) is not None


def clean_refused(text: str) -> str:
    """`text` with U+FFFD for what the server refuses."""
    return _REFUSED.sub("\ufffd", text)


def clean(text: str) -> str:
    """`text` as a manifest can have it: U+FFFD for what was no UTF-8 on its way in, and for what the server refuses."""
    if text.isascii() and "\x7f" not in text:
        # Nearly always so, and five times as fast to find out.
        return text
    return _ILLEGAL.sub("\ufffd", text)


def utf8(text: str) -> bytes:
    """`text` as bytes, U+FFFD for what was no UTF-8 on its way in, as docker compose sends it."""
    return _SURROGATE.sub("\ufffd", text).encode()


def literal(text: str) -> str:
    """`text` such that Kubernetes' expansion gives back exactly `text`."""
    return _EXPANDED.sub("$$", text) if "$" in text else text
