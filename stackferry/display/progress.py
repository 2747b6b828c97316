"""Progress of services on standard error: a block that is redrawn on a terminal, a line for each change elsewhere."""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stackferry.display.block import Block, terminal_size
from stackferry.emulator.control.convergence import Progress, Standing

if TYPE_CHECKING:
    pass

_MARKS = {Standing.CONVERGED: "✔", Standing.WORKING: "…", Standing.STUCK: "✘", Standing.ROLLED_BACK: "✘"}
_BAR = 24
MOST_LINES = 20
"""More services than that are shown as a sum."""


class ProgressDisplay:
    """Shows the latest state of every service, redrawn if `live`. `quiet` shows nothing. Several threads may use it."""

    def __init__(self, *, live: bool, quiet: bool = False) -> None:
        self.quiet = quiet
        self.live = live
        self._shown: dict[str, str] = {}
        self._last: Sequence[Progress] = ()
        self._block = Block()
        self._left = False
        # The handler of a signal may come while its thread is in here.
        self._lock = threading.RLock()

    def show(self, progress: Sequence[Progress]) -> None:
        """Show where services stand now."""
        if self.quiet:
            return
        if self.live:
            with self._lock:
                self._redraw(progress)
            return
        for one in progress:
            text = line(one)
            if self._shown.get(one.name) != text:
                self._shown[one.name] = text
                print(text, file=sys.stderr)

    @contextmanager
    def above(self) -> Iterator[None]:
        """Whole lines that are written meanwhile stand above the block."""
        with self._lock:
            if self._left or not self._block.height:
                yield
                return
            self._block.wipe()
            yield
            self._redraw(self._last)

    def leave(self) -> None:
        """The block stays as it is; what follows is written below it."""
        with self._lock:
            self._left = True

    def _redraw(self, progress: Sequence[Progress]) -> None:
        if self._left:
            return
        self._last = progress
        columns, rows = terminal_size()
        done = sum(one.standing is Standing.CONVERGED for one in progress)
        lines = [f"services {done}/{len(progress)}"]
        most = min(MOST_LINES, max(rows - 2, 1))
        shown = (
            progress if len(progress) <= most else [one for one in progress if one.standing is Standing.STUCK][:most]
        )
        width = max((len(one.name) for one in shown), default=0)
        lines += [fitting(one, width, columns) for one in shown]
        self._block.draw(lines)


def fitting(progress: Progress, width: int, columns: int) -> str:
    """One service on one line of a terminal. One that went on in the next line could not be redrawn."""
    text = line(progress, width, bar=True)
    if len(text) >= columns:
        text = line(progress, width)
    return text if len(text) < columns else text[: max(columns - 2, 1)] + "…"


def line(progress: Progress, width: int = 0, *, bar: bool = False) -> str:
    """One service on one line."""
    filled = _BAR * progress.running // progress.wanted if progress.wanted else _BAR
    drawn = f" [{'=' * filled}{' ' * (_BAR - filled)}]" if bar else ""
    waits = f"  {progress.waits_for}" if progress.waits_for else ""
    count = f"{progress.running}/{progress.wanted}"
    return f"{_MARKS[progress.standing]} {progress.name:<{width}} {count}{drawn}{waits}"
