"""Several concurrent image transfers."""

import io
import os
import re
import tarfile
import threading
from collections.abc import Callable, Iterator

import pytest

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.image import Layer
from stackferry.emulator.engine.protocol import EngineError
from stackferry.images.pull import fetch
from stackferry.images.transfer import AT_ONCE, transfer
from stackferry.session import Session
from tests.engine.fixtures import engine
from tests.engine.registry import Registry

__all__ = ["engine"]

Take = Callable[[Layer], None]


@pytest.fixture
def session() -> Session:
    return Session(dict(os.environ))


def test_so_many_at_once(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    together = threading.Barrier(AT_ONCE, timeout=20)

    def move(_name: str, _take: Take) -> None:
        together.wait()

    names = [f"image{at}" for at in range(2 * AT_ONCE)]
    assert transfer(session, "pulling", names, move) == {}
    assert capsys.readouterr().err.splitlines() == [f"pulling {name}" for name in names]
    assert transfer(session, "pulling", [], move, quiet=True) == {}


def test_one_that_fails_keeps_no_other(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    def move(name: str, _take: Take) -> None:
        if name != "good":
            raise EngineError(f"no {name}")

    failed = transfer(session, "pulling", ["b", "good", "a"], move, quiet=True)

    assert [*failed.items()] == [("b", "no b"), ("a", "no a")]
    assert capsys.readouterr().err == ""


def test_a_bug_is_no_refusal(session: Session) -> None:
    def move(_name: str, _take: Take) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        transfer(session, "pulling", ["a"], move, quiet=True)


@pytest.fixture
def registry() -> Iterator[Registry]:
    it = Registry()
    yield it
    it.close()


def _layer() -> bytes:
    """One that no engine has."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        entry = tarfile.TarInfo("random")
        entry.size = 1 << 20
        tar.addfile(entry, io.BytesIO(os.urandom(entry.size)))
    return stream.getvalue()


def test_what_an_engine_tells_of_layers(engine: DockerEngine, registry: Registry, session: Session) -> None:
    registry.put("shop/web", "1", _layer(), {})
    ref, told = f"{registry.host}/shop/web:1", list[Layer]()
    try:
        engine.pull(ref, progress=told.append)
    finally:
        engine.remove_image(ref)
    assert "Pull complete" in {one.status for one in told}
    # An engine of the v29 line counts the bytes every 0.1 s, which a small layer may not take.
    assert all(one.total for one in told if one.status == "Downloading")

    asked = len(registry.asked)
    gone = f"{registry.host}/shop/gone:1"
    failed = fetch(session, engine, [ContainerSpec(ref), ContainerSpec(gone)], quiet=True)
    engine.remove_image(ref)
    assert [*failed] == [gone]
    assert re.search("manifest unknown|not found", failed[gone])
    assert len(registry.asked) > asked
