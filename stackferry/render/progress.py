"""Progress of services on standard error: a block that is redrawn on a terminal, a line for each change elsewhere."""

import sys
from collections.abc import Sequence

from emulator.convergence import Progress, Standing
from stackferry.render.style import Style

_MARKS = {Standing.CONVERGED: "✔", Standing.WORKING: "…", Standing.STUCK: "✘"}
_BAR = 24
MOST_LINES = 20
"""More services than that are shown as a sum."""


class ProgressDisplay:
    """Shows the latest state of every service. `quiet` shows nothing."""

    def __init__(self, style: Style, *, quiet: bool = False, live: bool | None = None) -> None:
        self.style = style
        self.quiet = quiet
        self.live = sys.stderr.isatty() if live is None else live
        self._shown: dict[str, str] = {}
        self._height = 0

    def show(self, progress: Sequence[Progress]) -> None:
        """Show where services stand now."""
        if self.quiet:
            return
        if self.live:
            self._redraw(progress)
            return
        for one in progress:
            text = line(one)
            if self._shown.get(one.name) != text:
                self._shown[one.name] = text
                print(text, file=sys.stderr)

    def _redraw(self, progress: Sequence[Progress]) -> None:
        done = sum(one.standing is Standing.CONVERGED for one in progress)
        lines = [f"services {done}/{len(progress)}"]
        shown = progress if len(progress) <= MOST_LINES else [one for one in progress if one.standing is Standing.STUCK]
        width = max((len(one.name) for one in shown), default=0)
        lines += [line(one, width, bar=True) for one in shown]
        up = f"\x1b[{self._height}A" if self._height else ""
        # Each line is cleared to its end, so that a shorter one leaves nothing of the longer one before.
        print(up + "".join(f"\x1b[2K{one}\n" for one in lines) + "\x1b[J", end="", file=sys.stderr, flush=True)
        self._height = len(lines)


def line(progress: Progress, width: int = 0, *, bar: bool = False) -> str:
    """One service on one line."""
    filled = _BAR * progress.running // progress.wanted if progress.wanted else _BAR
    drawn = f" [{'=' * filled}{' ' * (_BAR - filled)}]" if bar else ""
    waits = f"  {progress.waits_for}" if progress.waits_for else ""
    count = f"{progress.running}/{progress.wanted}"
    return f"{_MARKS[progress.standing]} {progress.name:<{width}} {count}{drawn}{waits}"
