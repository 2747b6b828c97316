"""The block of progress on a terminal."""

from types import SimpleNamespace

import pytest

from stackferry.display import progress
from stackferry.display.progress import ProgressDisplay
from stackferry.emulator.control.convergence import Progress, Standing
from stackferry.session import Ansi, Manner, Session

DB = Progress("shop_db", Standing.WORKING, 0, 1, "starting, not yet healthy")
WEB = Progress("shop_web", Standing.WORKING, 0, 2, "waiting for shop_db")


def terminal(monkeypatch: pytest.MonkeyPatch, columns: int = 80, rows: int = 24) -> ProgressDisplay:
    monkeypatch.setattr(progress, "terminal_size", lambda: (columns, rows))
    return ProgressDisplay(live=True)


def lines(written: str) -> list[str]:
    return [line.removeprefix("\x1b[2K") for line in written.splitlines()]


def test_lines_stand_above_the_block(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It is taken away, and drawn again below them; once it is left, it stays where it is."""
    display = terminal(monkeypatch)
    with display.above():
        print("before there is one")
    display.show([DB])
    block = capsys.readouterr().err

    with display.above():
        print("serving")

    assert capsys.readouterr() == ("serving\n", f"\x1b[2A\x1b[J{block}")

    display.leave()
    with display.above():
        print("serving")
    display.show([DB])

    assert capsys.readouterr() == ("serving\n", "")


@pytest.mark.parametrize("columns", [10, 30, 60, 200])
def test_no_line_is_longer_than_the_terminal_is_wide(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: int
) -> None:
    terminal(monkeypatch, columns).show([DB, WEB])

    _, *services, end = lines(capsys.readouterr().err)
    assert end == "\x1b[J"
    assert all(len(line) < columns for line in services)
    # What it waits for is worth more than the bar.
    assert ("starting, not yet healthy" in services[0]) == (columns >= 60)


def test_no_more_lines_than_the_terminal_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stuck = [Progress(f"shop_{number}", Standing.STUCK, 0, 1, "ends again and again") for number in range(9)]

    terminal(monkeypatch, rows=8).show(stuck)

    assert len(lines(capsys.readouterr().err)) == 8


@pytest.mark.parametrize(
    ("term", "asked", "redrawn"),
    [("xterm", "auto", True), ("dumb", "auto", False), ("xterm", "plain", False), ("dumb", "tty", True)],
)
def test_lines_where_nothing_can_be_drawn_over(
    monkeypatch: pytest.MonkeyPatch, term: str, asked: Manner, redrawn: bool
) -> None:
    monkeypatch.setattr("sys.stderr", SimpleNamespace(isatty=lambda: True))

    assert Session({"TERM": term, "NO_COLOR": "1"}, progress=asked).redraws(error_stream=True) is redrawn


@pytest.mark.parametrize(
    ("ansi", "asked", "redrawn"),
    [
        ("never", "auto", False),
        ("always", "auto", True),
        ("never", "tty", True),
        ("always", "plain", False),
        ("always", "quiet", False),
    ],
)
def test_ansi_holds_where_progress_says_nothing(
    monkeypatch: pytest.MonkeyPatch, ansi: Ansi, asked: Manner, redrawn: bool
) -> None:
    monkeypatch.setattr("sys.stderr", SimpleNamespace(isatty=lambda: ansi == "never"))
    session = Session({"TERM": "xterm"}, progress=asked, ansi=ansi)

    assert session.redraws(error_stream=True) is redrawn
    assert session.style(error_stream=True).enabled is (ansi == "always")
    assert not Session({}, ansi=ansi, colour="never").style(error_stream=True).enabled
    assert session.silent is (asked == "quiet")
