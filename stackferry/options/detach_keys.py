"""`--detach-keys`: the keys with which a user leaves a process that goes on, `ctrl-p,ctrl-q` unless it says others.

Of `run`, `attach` and `exec`. The engine is told the same keys, because it has its own else.
"""

from typing import Annotated

from stackferry.options.declaration import Option, WrongValueError

DEFAULT = "ctrl-p,ctrl-q"
"""Docker's."""


def keys(text: str) -> bytes:
    """Keys as docker writes them, `ctrl-p,ctrl-q` or `ctrl-x,x`. Raises ValueError for what is none."""
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
"""Read by `detach_keys`."""


def detach_keys(text: str) -> tuple[str, bytes]:
    """The keys as the engine is told them, and as they are typed; as docker, its default where nothing is said."""
    text = text or DEFAULT
    try:
        return text, keys(text)
    except ValueError as error:
        raise WrongValueError(str(error), option="--detach-keys") from error
