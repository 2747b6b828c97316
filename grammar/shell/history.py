"""The values of names over a script, kept by the number of the first command that sees them.

`flow.py` writes it on its walk; `Known` is a view of it at one command.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping

EVERYTHING = "*"
"""The name for a change of everything, such as by an unknown command. Its value is the time of the change."""

Frame = dict[str, str | None]
"""The names changed since a `push`, with their values before."""


class History:
    """Values by name and time. `foreseen` are all names ever changed, with the value if it is always the same."""

    def __init__(self, start: Mapping[str, str | None]) -> None:
        self.foreseen: Frame = {}
        self.clock = 0
        self.floor = -1
        self._start = start
        self._times: dict[str, list[int]] = {}
        self._values: dict[str, list[str | None]] = {}
        self._frames: list[tuple[int, Frame]] = []

    def names(self) -> Iterator[str]:
        """All names that are set at the start or changed somewhere."""
        yield from self._start
        yield from (name for name in self._times if name not in self._start and name != EVERYTHING)

    def has(self, name: str) -> bool:
        """Whether a name is set at the start or changed somewhere."""
        return name in self._start or name in self._times

    def look(self, name: str, number: int, floor: int) -> str | None:
        """The value of a name for a command; `floor` is the first command's number in the enclosing function, or -1.

        In a function, an outer value counts only if the script gives the name no other value: the function may
        run any time.
        """
        time, value = self._last(name, number)
        if time < 0:
            value = self._start.get(name)
        if 0 <= floor >= time and (EVERYTHING in self.foreseen or self.foreseen.get(name, value) != value):
            return None
        changed, epoch = self._last(EVERYTHING, number)
        return None if changed >= 0 and epoch is not None and time < int(epoch) else value

    def _last(self, name: str, number: int) -> tuple[int, str | None]:
        times = self._times.get(name)
        place = bisect_right(times, number) - 1 if times else -1
        return (times[place], self._values[name][place]) if times and place >= 0 else (-1, None)

    def now(self) -> "Known":
        """The values at the current position of the walk."""
        return Known(self, self.clock, self.floor)

    def set(self, name: str, value: str | None) -> None:
        """Record a change at the current position."""
        everything = name == EVERYTHING
        for floor, frame in reversed(self._frames):
            if name in frame:
                break
            frame[name] = self._last(name, self.clock)[1] if everything else self.look(name, self.clock, floor)
        self._record(name, str(self.clock) if everything else value)

    def forget(self, names: Iterable[str]) -> None:
        """Make the values of names unknown from here on."""
        for name in names:
            self.set(name, None)

    def _record(self, name: str, value: str | None) -> None:
        times = self._times.setdefault(name, [])
        values = self._values.setdefault(name, [])
        if times and times[-1] == self.clock:
            values[-1] = value
        else:
            times.append(self.clock)
            values.append(value)

    def push(self) -> None:
        """Begin a new frame."""
        self._frames.append((self.floor, {}))

    def changed(self) -> tuple[str, ...]:
        """The names changed in the current frame so far."""
        return tuple(self._frames[-1][1])

    def pop(self, kept: bool) -> Frame:
        """End the current frame, keep or undo its changes, and return it."""
        _, frame = self._frames.pop()
        if not kept:
            for name, before in frame.items():
                self._record(name, before)
        return frame


class Known(Mapping[str, str | None]):
    """The values at one command. A name that is never set is absent; an unknown value is None."""

    __slots__ = ("_floor", "_history", "_number")

    def __init__(self, history: History, number: int, floor: int) -> None:
        self._history = history
        self._number = number
        self._floor = floor

    def __getitem__(self, name: str) -> str | None:
        if not self._history.has(name):
            raise KeyError(name)
        return self._history.look(name, self._number, self._floor)

    def __iter__(self) -> Iterator[str]:
        return self._history.names()

    def __len__(self) -> int:
        return sum(1 for _ in self)
