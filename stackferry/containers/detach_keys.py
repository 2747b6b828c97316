"""The keys with which a user leaves a process that goes on: `ctrl-p,ctrl-q`, or what `--detach-keys` says. Pure.

`terminal.py` passes on what is typed through `DetachKeys`; the engine is told the same keys, because it has its own
else.
"""

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
    raise ValueError(f"{text!r} is no key: a letter, or ctrl- and one of a-z @ [ \\ ] ^ _")


class DetachKeys:
    """Looks for the keys in what is typed; without keys, everything is passed on.

    What may be their beginning is kept back until the next key tells, as docker does: the process must not see half of
    them.
    """

    def __init__(self, wanted: bytes) -> None:
        self.wanted = wanted
        self.kept = b""

    def take(self, data: bytes) -> tuple[bytes, bool]:
        """What is to be passed on, and whether the keys were there: nothing after them counts."""
        data = self.kept + data
        before, found, _ = data.partition(self.wanted) if self.wanted else (data, b"", b"")
        if found:
            return before, True
        half = next((size for size in range(len(self.wanted) - 1, 0, -1) if data.endswith(self.wanted[:size])), 0)
        self.kept = data[len(data) - half :]
        return data[: len(data) - half], False
