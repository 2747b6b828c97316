"""Progress of services on standard error: a redrawn block on a terminal, a line per change elsewhere.

`--progress json` prints each change as a JSON object on a line: docker compose's keys and those of `Progress.data`.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Self

from stackferry.display.block import Block, terminal_size
from stackferry.emulator.control.progress import Progress, Standing
from stackferry.session import Session

_MARKS = {Standing.CONVERGED: "✔", Standing.WORKING: "…", Standing.STUCK: "✘", Standing.ROLLED_BACK: "✘"}
_FIRST = (Standing.STUCK, Standing.ROLLED_BACK, Standing.WORKING, Standing.CONVERGED)
"""The order in which services are shown if there is no room for all."""
_BAR = 24
TICK = 1.0
"""Seconds between redraws in which only the elapsed time changes."""


class ProgressDisplay:
    """Shows the latest state of every service, redrawn if `live`. `quiet` shows nothing. Thread-safe.

    `done` is the word for finished services: services 2/3 stopped. A live display is redrawn every second until
    `leave` or the end of `with`; otherwise each change is a line (`as_line`).
    """

    def __init__(
        self,
        *,
        live: bool,
        quiet: bool = False,
        done: str = "",
        clock: Callable[[], float] = time.monotonic,
        as_line: Callable[[Progress], str] | None = None,
    ) -> None:
        self.quiet = quiet
        self._as_line = as_line or line
        self.live = live
        self.done = done
        self._clock = clock
        self._begun = clock()
        self._shown: dict[str, str] = {}
        self._last: Sequence[Progress] = ()
        self._block = Block()
        self._left = threading.Event()
        self._ticks: threading.Thread | None = None
        # Reentrant: a signal handler may run while its thread holds the lock.
        self._lock = threading.RLock()

    def show(self, progress: Sequence[Progress]) -> None:
        """Show the current state of services."""
        if self.quiet:
            return
        if self.live:
            with self._lock:
                self._redraw(progress)
                if self._ticks is None and not self._left.is_set():
                    self._ticks = threading.Thread(target=self._tick, name="progress", daemon=True)
                    self._ticks.start()
            return
        for service in progress:
            text = self._as_line(service)
            if self._shown.get(service.name) != text:
                self._shown[service.name] = text
                print(text, file=sys.stderr)

    @contextmanager
    def above(self) -> Iterator[None]:
        """Have whole lines that are written meanwhile appear above the block."""
        with self._lock:
            if self._left.is_set() or not self._block.height:
                yield
                return
            self._block.wipe()
            yield
            self._redraw(self._last)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Leave the block on the screen; later output goes below it."""
        with self._lock:
            self._left.set()

    def _tick(self) -> None:
        # The reader may be gone, or the interpreter about to exit.
        with suppress(OSError, ValueError):
            while not self._left.wait(TICK):
                with self._lock:
                    self._redraw(self._last)

    def _redraw(self, progress: Sequence[Progress]) -> None:
        if self._left.is_set():
            return
        self._last = progress
        columns, rows = terminal_size()
        self._block.draw([self._heading(progress), *_rows(progress, columns, max(rows - 2, 1))])

    def _heading(self, progress: Sequence[Progress]) -> str:
        through = sum(one.standing is Standing.CONVERGED for one in progress)
        done = f" {self.done}" if self.done else ""
        return f"services {through}/{len(progress)}{done}  {self._clock() - self._begun:.0f}s"


def display_for(session: Session, *, quiet: bool, done: str = "") -> ProgressDisplay:
    """The display that the run's options ask for. `done`: the word for finished services, if they are to end."""
    return ProgressDisplay(
        live=session.redraws(error_stream=True),
        quiet=quiet or session.silent,
        done=done,
        as_line=as_json if session.progress == "json" else line,
    )


def _rows(progress: Sequence[Progress], columns: int, most: int) -> list[str]:
    """The services on at most `most` lines; if there are more, those that may need attention first, and a count."""
    shown, rest = list(progress), Counter[Standing]()
    if len(shown) > most:
        shown.sort(key=lambda one: _FIRST.index(one.standing))
        rest.update(one.standing for one in shown[most - 1 :])
        del shown[most - 1 :]
    width = max((len(one.name) for one in shown), default=0)
    lines = [fitting(one, width, columns) for one in shown]
    if rest:
        counts = ", ".join(f"{rest[one]} {one.value}" for one in _FIRST if rest[one])
        lines.append(_cut(f"  and {rest.total()} more: {counts}", columns))
    return lines


def fitting(progress: Progress, width: int, columns: int) -> str:
    """One service on one line, cut to the terminal's width: a wrapped line could not be redrawn."""
    text = line(progress, width, bar=True)
    if len(text) >= columns:
        text = line(progress, width)
    return _cut(text, columns)


def _cut(text: str, columns: int) -> str:
    return text if len(text) < columns else text[: max(columns - 2, 1)] + "…"


def line(progress: Progress, width: int = 0, *, bar: bool = False) -> str:
    """One service on one line."""
    filled = _BAR * progress.running // progress.wanted if progress.wanted else _BAR
    drawn = f" [{'=' * filled}{' ' * (_BAR - filled)}]" if bar else ""
    waits = f"  {progress.waits_for}" if progress.waits_for else ""
    count = f"{progress.running}/{progress.wanted}"
    return f"{_MARKS[progress.standing]} {progress.name:<{width}} {count}{drawn}{waits}"


_STATUS = {
    Standing.CONVERGED: "Done",
    Standing.WORKING: "Working",
    Standing.STUCK: "Error",
    Standing.ROLLED_BACK: "Error",
}
"""Docker compose's words for states."""


def as_json(progress: Progress) -> str:
    """One service as a JSON object on one line."""
    from stackferry.render.json_lines import json_line

    compose = {
        "id": progress.name,
        "status": _STATUS[progress.standing],
        "text": str(progress.waits_for or progress.standing.value),
        "current": progress.running,
        "total": progress.wanted,
        "percent": 100 * progress.running // progress.wanted if progress.wanted else 100,
    }
    return json_line({**compose, **progress.data()})
