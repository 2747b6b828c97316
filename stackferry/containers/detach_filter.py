"""Finds the detach keys in the input that a user types (`terminal.py`). Pure."""


class DetachFilter:
    """Finds the detach keys in the input; without keys, everything is passed on.

    A possible beginning of the sequence is held back until the next key decides, as docker does: the process must not
    see half of it.
    """

    def __init__(self, wanted: bytes) -> None:
        self.wanted = wanted
        self.kept = b""

    def take(self, data: bytes) -> tuple[bytes, bool]:
        """The input to pass on, and whether the detach keys were typed; what follows them is dropped."""
        data = self.kept + data
        before, found, _ = data.partition(self.wanted) if self.wanted else (data, b"", b"")
        if found:
            return before, True
        half = next((size for size in range(len(self.wanted) - 1, 0, -1) if data.endswith(self.wanted[:size])), 0)
        self.kept = data[len(data) - half :]
        return data[: len(data) - half], False
