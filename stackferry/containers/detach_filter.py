"""Looks for the keys with which a user leaves a process, in what is typed at `terminal.py`. Pure."""


class DetachFilter:
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
