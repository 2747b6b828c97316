"""The block of progress on a terminal."""

import io
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from stackferry.display import progress
from stackferry.display.progress import ProgressDisplay, display_for
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.progress import Kind, Progress, Reason, Standing, progress_of
from stackferry.grammar.diagnostics import Diagnostic, Severity, StackferryError
from stackferry.grammar.source import Span
from stackferry.session import Ansi, Manner, Session

DB = Progress("shop_db", Standing.WORKING, 0, 1, Reason(Kind.HEALTH, task="shop_db.1", state=TaskState.STARTING))
WEB = Progress("shop_web", Standing.WORKING, 0, 2, Reason(Kind.DEPENDENCIES, ("shop_db",)))


def terminal(monkeypatch: pytest.MonkeyPatch, columns: int = 80, rows: int = 24) -> ProgressDisplay:
    monkeypatch.setattr(progress, "terminal_size", lambda: (columns, rows))
    OPEN.append(ProgressDisplay(live=True))
    return OPEN[-1]


OPEN: list[ProgressDisplay] = []


@pytest.fixture(autouse=True)
def leave_them() -> Iterator[None]:
    """What is live is drawn for ever otherwise."""
    yield
    while OPEN:
        OPEN.pop().leave()


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


@pytest.mark.parametrize("rows", [3, 8, 11, 12, 30])
def test_no_more_lines_than_the_terminal_has(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], rows: int
) -> None:
    """Those first that somebody may have to look at; the others are counted."""
    there = [Progress(f"shop_{number}", Standing.CONVERGED, 1, 1) for number in range(5)]
    there += [
        Progress("shop_back", Standing.ROLLED_BACK, 1, 1, Reason(Kind.ROLLED_BACK, detail="…")),
        replace(WEB, name="shop_works"),
        replace(WEB, name="shop_works2"),
        Progress("shop_stuck", Standing.STUCK, 0, 1, Reason(Kind.CRASH_LOOP, task="shop_stuck.1", detail="…")),
        replace(there[0], name="shop_last"),
    ]

    terminal(monkeypatch, rows=rows).show(there)

    heading, *shown, end = lines(capsys.readouterr().err)
    assert (heading, end) == ("services 6/10  0s", "\x1b[J")
    # The line of the cursor is below.
    assert len(shown) + 2 <= rows
    names = [line.split()[1] for line in shown]
    if rows == 3:
        assert shown == ["  and 10 more: 1 stuck, 1 rolled back, 2 working, 6 converged"]
    elif rows == 8:
        assert names[:-1] == ["shop_stuck", "shop_back", "shop_works", "shop_works2", "shop_0"]
        assert shown[-1] == "  and 5 more: 5 converged"
    elif rows == 11:
        assert shown[-1] == "  and 2 more: 2 converged"
    else:
        assert names == [one.name for one in there]


def test_time_passes_though_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    # What pytest captures is emptied when it is read, and loses what another thread writes at that moment.
    heard = io.StringIO()
    monkeypatch.setattr(sys, "stderr", heard)
    monkeypatch.setattr(progress, "TICK", 0.01)
    monkeypatch.setattr(progress, "terminal_size", lambda: (80, 24))
    seconds = iter([100.0, 100.2, *(float(at) for at in range(103, 200))])
    display = ProgressDisplay(live=True, done="stopped", clock=lambda: next(seconds, 200.0))
    display.show([DB])
    deadline = time.monotonic() + 60
    while "services 0/1 stopped  4s" not in heard.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    display.leave()
    said = heard.getvalue()

    assert "services 0/1 stopped  0s" in said
    assert "services 0/1 stopped  4s" in said
    display.show([DB])
    assert heard.getvalue() == said


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


def test_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    """One for each change: docker compose's keys, and our own that are read back."""
    display = display_for(Session({}, progress="json"), quiet=False)
    works = replace(DB, standing=Standing.CONVERGED, running=1, waits_for=None)
    for shown in ([DB, WEB], [DB, WEB], [works, WEB]):
        display.show(shown)

    found = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert [progress_of(one) for one in found] == [DB, WEB, works]
    assert [[one[key] for key in ("id", "status", "text", "current", "total", "percent")] for one in found] == [
        ["shop_db", "Working", "starting, not yet healthy", 0, 1, 0],
        ["shop_web", "Working", "waiting for shop_db", 0, 2, 0],
        ["shop_db", "Done", "converged", 1, 1, 100],
    ]


def test_what_else_is_told_is_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    session = Session({}, progress="json")
    session.note("http://127.0.0.1:8080")
    session.report([Diagnostic("unknown-key", Severity.WARNING, "unknown", Span("compose.yaml", 3, 5), "remove it")])
    session.fail(StackferryError("no"), "cannot", "try again")

    assert [json.loads(line) for line in capsys.readouterr().err.splitlines()] == [
        {"level": "info", "msg": "http://127.0.0.1:8080"},
        {
            "level": "warning",
            "msg": "unknown",
            "path": "compose.yaml",
            "line": 3,
            "column": 5,
            "code": "unknown-key",
            "hint": "remove it",
        },
        {"error": True, "message": "cannot", "hint": "try again"},
    ]
