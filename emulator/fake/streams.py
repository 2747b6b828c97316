"""What comes piece by piece out of the fake engine: flows that are fed, and sessions that say their piece."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from threading import Condition
from typing import Generic, TypeVar

from stackferry.emulator.engine.protocol import EngineError

Item = TypeVar("Item")


class FedStream(Generic[Item]):
    """A flow of what is put in and `wanted`. `take` gives what is there without blocking, for simulations."""

    def __init__(self, items: Iterable[Item] = (), wanted: Callable[[Item], bool] = lambda _: True) -> None:
        self._items: deque[Item] = deque(filter(wanted, items))
        self._wanted = wanted
        self._change = Condition()
        self.closed = False
        self._broken: EngineError | None = None

    def put(self, item: Item) -> None:
        """Feed it."""
        with self._change:
            if not self.closed and self._wanted(item):
                self._items.append(item)
                self._change.notify_all()

    def end(self, error: EngineError | None = None) -> None:
        """No more will come, because of `error` if there is one."""
        with self._change:
            self.closed, self._broken = True, error
            self._change.notify_all()

    def take(self) -> list[Item]:
        """All that is there. Raises the error of `end` once everything before it was taken."""
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
        """End it; what was not read is gone."""
        with self._change:
            self._items.clear()
            self._broken = None
        self.end()


class FakeSession:
    """A process at the other end that says what it has to say, remembers what it is sent, and ends."""

    def __init__(self, says: Iterable[tuple[str, bytes]] = (), code: int | Callable[[], int] = 0) -> None:
        self._says = iter(says)
        self._code = code
        self.sent = b""
        self.size = (24, 80)

    def read(self) -> tuple[str, bytes] | None:
        """What it says next."""
        return next(self._says, None)

    def write(self, data: bytes) -> None:
        """Send to it."""
        self.sent += data

    def end_input(self) -> None:
        """Nothing more to send."""

    def resize(self, rows: int, columns: int) -> None:
        """Its terminal's new size."""
        self.size = (rows, columns)

    def exit_code(self) -> int:
        """How it ended."""
        return self._code if isinstance(self._code, int) else self._code()

    def close(self) -> None:
        """Let go of it."""
        self._says = iter(())
