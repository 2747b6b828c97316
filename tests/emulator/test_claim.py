"""Two managers of one stack on one engine: the second is refused while the first lives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from emulator import claim
from emulator.claim import Claim, claimed, refuse_rival
from emulator.door import EngineError, EngineVersion
from emulator.home import Home
from emulator.lock import ManagerLock
from grammar.diagnostics import StackferryError


class Named:
    """An engine that says who it is."""

    def __init__(self, identity: str) -> None:
        self.identity, self.down = identity, False

    def version(self) -> EngineVersion:
        if self.down:
            raise EngineError("no engine answers")
        return EngineVersion("20.10", "1.41", "linux", "x86_64", 2, 1 << 30, "laptop", id=self.identity)


@pytest.fixture
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Named:
    monkeypatch.setattr(claim, "_PATIENCE", 2)
    return Named(f"{os.getpid()}/{request.node.name}")


def test_one_at_a_time(engine: Named) -> None:
    first, second = Claim(engine, "s"), Claim(engine, "s")
    first.make()
    first.make()

    with pytest.raises(StackferryError, match=rf"another manager of s works on this engine \(process {os.getpid()}\)"):
        second.make()

    first.release()
    second.make()
    second.release()


def test_other_stacks_and_other_engines_are_free(engine: Named) -> None:
    claims = [Claim(engine, "s"), Claim(engine, "t"), Claim(Named(f"{engine.identity}-2"), "s")]

    for one in claims:
        one.make()
    for one in claims:
        one.release()


def test_an_engine_without_an_id_is_not_protected(engine: Named) -> None:
    nameless = Named("")

    assert claimed(Claim(nameless, "s"))
    assert claimed(Claim(nameless, "s"))
    refuse_rival(Home(Path("/nowhere")), "s", nameless)


def test_the_claim_waits_for_the_engine(engine: Named) -> None:
    engine.down = True
    one = Claim(engine, "s")
    assert not claimed(one)

    engine.down = False
    assert claimed(one)
    with pytest.raises(StackferryError, match="another manager"):
        Claim(engine, "s").make()
    one.release()


def test_a_process_that_is_killed_lets_go(engine: Named) -> None:
    script = (
        "import sys; from emulator.claim import Claim; from tests.emulator.test_claim import Named;"
        "one = Claim(Named(sys.argv[1]), 's'); one.make(); print('made', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, engine.identity], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"made\n"
    with pytest.raises(StackferryError, match=rf"process {other.pid}"):
        Claim(engine, "s").make()

    other.kill()
    other.communicate()

    one = Claim(engine, "s")
    one.make()
    one.release()


def test_nothing_is_written_beside_a_rival(engine: Named, tmp_path: Path) -> None:
    """The holder of the own lock is no rival, whoever has the claim: it is the own manager."""
    mine = Home(tmp_path / "mine")
    refuse_rival(mine, "s", engine)
    other = Claim(engine, "s")
    other.make()

    with pytest.raises(StackferryError, match="with another state directory"):
        refuse_rival(mine, "s", engine)
    assert not mine.directory.exists()

    lock = ManagerLock(mine)
    assert lock.acquire()
    refuse_rival(mine, "s", engine)
    lock.release()
    other.release()
