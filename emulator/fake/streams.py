"""Streams of the fake engine: streams that are fed, and sessions with prepared output."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from threading import Condition
from typing import Generic, TypeVar

from stackferry.emulator.engine.protocol import EngineError

Item = TypeVar("Item")


class FedStream(Generic[Item]):
    """A stream of the items that are put in and `wanted`. `take` returns them without blocking, for simulations."""

    def __init__(self, items: Iterable[Item] = (), wanted: Callable[[Item], bool] = lambda _: True) -> None:
        self._items: deque[Item] = deque(filter(wanted, items))
        self._wanted = wanted
        self._change = Condition()
        self.closed = False
        self._broken: EngineError | None = None

    def put(self, item: Item) -> None:
        """Add an item."""
        with self._change:
            if not self.closed and self._wanted(item):
                self._items.append(item)
                self._change.notify_all()

    def end(self, error: EngineError | None = None) -> None:
        """End the stream, with `error` if there is one."""
        with self._change:
            self.closed, self._broken = True, error
            self._change.notify_all()

    def take(self) -> list[Item]:
        """All available items. Raises the error of `end` once every item before it was taken."""
        with self._change:
            items = list(self._items)
            self._items.clear()
            if not items and self._broken:
                raise self._broken
            return items

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        with self._change:
            self._change.wait_for(lambda: self._items or self.closed)
            if self._items:
                return self._items.popleft()
            if self._broken:
                raise self._broken
            raise StopIteration

    def close(self) -> None:
        """Close it; unread items are lost."""
        with self._change:
            self._items.clear()
            self._broken = None
        self.end()


class FakeSession:
    """A process with prepared output, which records its input and then ends."""

    def __init__(self, says: Iterable[tuple[str, bytes]] = (), code: int | Callable[[], int] = 0) -> None:
        self._says = iter(says)
        self._code = code
        self.sent = b""
        self.size = (24, 80)

    def read(self) -> tuple[str, bytes] | None:
        """Its next output."""
        return next(self._says, None)

    def write(self, data: bytes) -> None:
        """Send to it."""
        self.sent += data

    def end_input(self) -> None:
        """Close its input."""

    def resize(self, rows: int, columns: int) -> None:
        """Set its terminal's size."""
        self.size = (rows, columns)

    def exit_code(self) -> int:
        """Its exit code."""
        return self._code if isinstance(self._code, int) else self._code()

    def close(self) -> None:
        """Disconnect."""
        self._says = iter(())
