"""A service with the name of an image: the service is used, and one line says so."""

import pytest

from stackferry.emulator.engine.image import ImageInfo
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine

COMPOSE = """
services:
  redis: {image: redis}
  cache: {image: "redis:7"}
  web: {build: ., image: me/web}
"""
BOTH = "{0} is both a service of the stack and an image: using the service; for the image, write {0}:latest"


@pytest.fixture
def engine(here, monkeypatch):
    from stackferry import engine

    it = FakeEngine(VirtualClock())
    it.images = {f"{name}:latest": ImageInfo("sha256:1") for name in ("redis", "cache", "me/web")}
    it.registry = {name: ImageInfo("sha256:2") for name in ("redis:latest", "redis:7")}
    monkeypatch.setattr(engine, "connect", lambda _session: it)
    (here / "compose.yaml").write_text(COMPOSE)
    return it


def test_pull(engine, stackferry):
    assert stackferry("pull", "cache").err.splitlines() == [BOTH.format("cache"), "pulling redis:7"]
    # What the service has is the image of that name.
    assert stackferry("pull", "redis").err.splitlines() == ["pulling redis:latest"]
    assert stackferry("pull", "-q", "cache") == (0, "", "")
    assert stackferry("pull", "--policy", "missing") == (0, "", "")


def test_push(engine, stackferry):
    engine.images["web:latest"] = ImageInfo("sha256:3")

    assert stackferry("push", "web").err.splitlines()[0] == BOTH.format("web")
    assert BOTH.format("web") not in stackferry("push", "-q", "web").err


@pytest.mark.parametrize(("more", "told"), [((), [BOTH.format("redis")]), (("-q",), [])])
def test_run(engine, stackferry, monkeypatch, more, told):
    from stackferry.containers.one_off import Outcome
    from stackferry.up import one_off

    ran = []
    monkeypatch.setattr(one_off, "run_once", lambda *given: ran.append(given) or Outcome(0))
    done = stackferry("run", *more, "--no-deps", "redis", "true")

    assert (
        done.code,
        [line for line in done.err.splitlines() if "is both a service of the stack and an image" in line],
    ) == (0, told)
    assert len(ran) == 1
