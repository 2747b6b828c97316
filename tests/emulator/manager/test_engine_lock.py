"""Two managers of one stack on one engine: the second is refused while the first is alive."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stackferry.emulator.engine.protocol import EngineError, EngineVersion
from stackferry.emulator.manager import engine_lock as claim
from stackferry.emulator.manager.engine_lock import EngineLock, claimed, refuse_known_rival, refuse_rival
from stackferry.emulator.manager.lock import ManagerLock
from stackferry.emulator.store.directories import Home
from stackferry.grammar.diagnostics import StackferryError


class Named:
    """An engine that says who it is."""

    def __init__(self, identity: str, root: str = "/var/lib/docker") -> None:
        self.identity, self.root, self.down = identity, root, False

    def version(self) -> EngineVersion:
        if self.down:
            raise EngineError("no engine answers")
        return EngineVersion("20.10", "1.41", "linux", "x86_64", 2, 1 << 30, "laptop", id=self.identity, root=self.root)


@pytest.fixture
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Named:
    monkeypatch.setattr(claim, "_PATIENCE", 2)
    return Named(f"{os.getpid()}/{request.node.name}")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir()
    return Home(tmp_path / "home")


def test_one_at_a_time(engine: Named, home: Home) -> None:
    first, second = EngineLock(engine, "s", home), EngineLock(engine, "s", home)
    first.make()
    first.make()

    with pytest.raises(
        StackferryError, match=rf"another manager of s is already running on this engine \(process {os.getpid()}\)"
    ):
        second.make()

    first.release()
    second.make()
    second.release()


def test_other_stacks_and_other_engines_are_free(engine: Named, home: Home) -> None:
    claims = [
        EngineLock(engine, "s", home),
        EngineLock(engine, "t", home),
        EngineLock(Named(f"{engine.identity}-2"), "s", home),
    ]
    claims.append(EngineLock(Named(engine.identity, "/other/déjà vu"), "s", home))

    for lock in claims:
        lock.make()
    for lock in claims:
        lock.release()


def test_an_engine_without_an_id_is_not_protected(engine: Named, home: Home) -> None:
    nameless = Named("")

    assert claimed(EngineLock(nameless, "s", home))
    assert claimed(EngineLock(nameless, "s", home))
    refuse_rival(Home(home.directory / "nowhere"), "s", nameless)


def test_the_claim_waits_for_the_engine(engine: Named, home: Home) -> None:
    engine.down = True
    lock = EngineLock(engine, "s", home)
    assert not claimed(lock)

    engine.down = False
    assert claimed(lock)
    with pytest.raises(StackferryError, match="another manager"):
        EngineLock(engine, "s", home).make()
    lock.release()


def test_a_process_that_is_killed_lets_go(engine: Named, home: Home) -> None:
    script = (
        "import sys; from pathlib import Path;"
        "from stackferry.emulator.manager.engine_lock import EngineLock;"
        "from stackferry.emulator.store.directories import Home;"
        "from tests.emulator.manager.test_engine_lock import Named;"
        "lock = EngineLock(Named(sys.argv[1]), 's', Home(Path(sys.argv[2])));"
        "lock.make(); print('made', flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", script, engine.identity, str(home.directory)]
    other = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"made\n"
    with pytest.raises(StackferryError, match=rf"process {other.pid}"):
        EngineLock(engine, "s", home).make()

    other.kill()
    other.communicate()

    lock = EngineLock(engine, "s", home)
    lock.make()
    lock.release()


def test_nothing_is_written_beside_a_rival(engine: Named, home: Home, tmp_path: Path) -> None:
    """The holder of the own lock is no rival, whoever has the claim: it is the own manager."""
    mine = Home(tmp_path / "mine")
    refuse_rival(mine, "s", engine)
    other = EngineLock(engine, "s", home)
    other.make()

    with pytest.raises(StackferryError, match="with another state directory"):
        refuse_rival(mine, "s", engine)
    assert not mine.directory.exists()

    lock = ManagerLock(mine)
    assert lock.acquire()
    refuse_rival(mine, "s", engine)
    lock.release()
    other.release()


def test_commands_know_the_engine_that_their_stack_was_on(engine: Named, home: Home, tmp_path: Path) -> None:
    """Without asking it: before they start a manager that would be refused."""
    refuse_known_rival(home, "s")
    mine = EngineLock(engine, "s", home)
    mine.make()
    mine.release()
    refuse_known_rival(home, "s")
    (tmp_path / "other").mkdir()
    other = EngineLock(engine, "s", Home(tmp_path / "other"))
    other.make()

    with pytest.raises(StackferryError, match="with another state directory"):
        refuse_known_rival(home, "s")
    refuse_known_rival(home, "t")
    other.release()
