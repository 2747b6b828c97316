"""Running a builder: its lines, its input, its end."""

import os
import sys
from pathlib import Path

import pytest

from stackferry.emulator.engine.build_process import answer, run
from stackferry.emulator.engine.protocol import EngineError
from tests.engine.place import refusal


def test_its_lines_and_its_code() -> None:
    heard: list[str] = []
    script = "import sys; print('out'); text = sys.stdin.read(); sys.stderr.write(text + 'ü\\nlast'); sys.exit(3)"

    assert run([sys.executable, "-c", script], os.environ, "given\n", heard.append) == 3
    assert heard == ["given", "ü", "last"]
    # It need not read what it is given.
    assert run([sys.executable, "-c", ""], os.environ, "x" * 1_000_000, heard.append) == 0


def test_an_answer_is_empty_where_it_fails() -> None:
    assert answer([sys.executable, "-c", "print(1)"], os.environ) == "1\n"
    assert answer([sys.executable, "-c", "print(1); exit(1)"], os.environ) == ""
    for ask in (lambda: answer(["/absent"], {}), lambda: run(["/absent"], {}, "", print)):
        assert "/absent" in refusal(ask).message


def test_who_is_interrupted_leaves_no_builder(tmp_path: Path) -> None:
    """SIGINT first, so that it can clean up."""
    script = (
        "import sys, time, pathlib\ntry:\n    sys.stderr.write('begun\\n'); sys.stderr.flush(); time.sleep(600)\n"
        f"except KeyboardInterrupt:\n    pathlib.Path({str(tmp_path / 'tidied')!r}).touch()\n"
    )

    def hear(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run([sys.executable, "-c", script], os.environ, "", hear)

    assert (tmp_path / "tidied").exists()


def test_one_that_does_not_listen_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    from stackferry.emulator.engine import build_process

    monkeypatch.setattr(build_process, "_GRACE", 0.2)
    script = (
        "import os, signal, sys, time; signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "sys.stderr.write(f'{os.getpid()}\\n'); sys.stderr.flush(); time.sleep(600)"
    )
    seen: list[int] = []

    def hear(line: str) -> None:
        seen.append(int(line))
        raise EngineError("no more")

    assert refusal(lambda: run([sys.executable, "-c", script], os.environ, "", hear)).message == "no more"
    with pytest.raises(ProcessLookupError):
        os.kill(seen[0], 0)
