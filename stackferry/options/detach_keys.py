"""`--detach-keys`: the keys with which a user detaches from a running process, by default `ctrl-p,ctrl-q`.

For `run`, `attach` and `exec`. The engine gets the same keys, because it would otherwise use its own.
"""

from typing import Annotated

from stackferry.options.declaration import Option, WrongValueError

DEFAULT = "ctrl-p,ctrl-q"
"""Docker's default."""


def keys(text: str) -> bytes:
    """The bytes of keys in docker's notation: `ctrl-p,ctrl-q` or `ctrl-x,x`. Raises ValueError for invalid keys."""
    return b"".join(_key(one) for one in text.split(","))


def _key(text: str) -> bytes:
    if len(text) == 1 and text.isascii():
        return text.encode()
    letter = text.removeprefix("ctrl-").upper()
    if text.startswith("ctrl-") and len(letter) == 1 and "@" <= letter <= "_":
        return bytes([ord(letter) - ord("@")])
    raise ValueError(f"{text!r} is not a key: use a letter, or ctrl- and one of a-z @ [ \\ ] ^ _")


DetachKeys = Annotated[
    str,
    Option("--detach-keys", metavar="KEYS", help="Keys that detach from the terminal, such as ctrl-x,x."),
]
"""The option's value, for `detach_keys`."""


def detach_keys(text: str) -> tuple[str, bytes]:
    """The keys in the engine's notation, and as typed bytes; an empty text means the default, as in docker."""
    text = text or DEFAULT
    try:
        return text, keys(text)
    except ValueError as error:
        raise WrongValueError(str(error), option="--detach-keys") from error
