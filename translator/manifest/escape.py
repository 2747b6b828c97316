"""Escapes text that Kubernetes must pass on unchanged, because of its `$(NAME)` expansion.

Kubernetes expands `$(NAME)` in `command`, `args`, `env[].value` and probe commands and reduces `$$` to
`$`; Docker does neither. Shell variables (`$HOME`, `${HOME}`) are no part of that syntax and stay.
"""

from stackferry.grammar.regex import regex

_REFUSED = regex("[\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Characters that the server refuses: it parses kubectl's request as YAML, which must not contain them."""
_SURROGATE = regex("[\ud800-\udfff]")
_ILLEGAL = regex("[\ud800-\udfff\x7f-\x84\x86-\x9f\ufffe\uffff]")
_EXPANDED = regex(r"\$(?=[$(])")


def is_refused(text: str) -> bool:
    """Whether the server refuses the text for a character such as U+007F, however it is escaped."""
    return _REFUSED.search(text) is not None


def clean_refused(text: str) -> str:
    """`text` with U+FFFD for each character that the server refuses."""
    return _REFUSED.sub("\ufffd", text)


def clean(text: str) -> str:
    """`text` as a manifest can hold it: U+FFFD for bytes that were not UTF-8 and characters that the server refuses."""
    if text.isascii() and "\x7f" not in text:
        # Nearly all text is like this, and the test is five times as fast.
        return text
    return _ILLEGAL.sub("\ufffd", text)


def utf8(text: str) -> bytes:
    """`text` as bytes, U+FFFD for input bytes that were not UTF-8, as docker compose sends it."""
    return _SURROGATE.sub("\ufffd", text).encode()


def literal(text: str) -> str:
    """`text` escaped so that Kubernetes' expansion gives back exactly `text`."""
    return _EXPANDED.sub("$$", text) if "$" in text else text
