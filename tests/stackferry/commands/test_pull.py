"""`pull`: the images of services; what can be built need not be in a registry."""

import pytest

from stackferry.emulator.engine.image import ImageInfo
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine

COMPOSE = """
services:
  web: {build: .}
  api: {build: ./api, image: shop/api:2}
  db: {image: postgres, depends_on: [cache]}
  cache: {image: "redis:7"}
  own: {image: mine, pull_policy: never}
"""


@pytest.fixture
def engine(here, monkeypatch):
    from stackferry import engine

    it = FakeEngine(VirtualClock())
    it.registry = {"postgres:latest": ImageInfo("sha256:1"), "redis:7": ImageInfo("sha256:2")}
    monkeypatch.setattr(engine, "connect", lambda _session: it)
    (here / "compose.yaml").write_text(COMPOSE)
    return it


def test_all(engine, stackferry):
    done = stackferry("pull")

    assert (done.code, done.out) == (0, "")
    assert sorted(done.err.splitlines()) == [
        "pulling postgres:latest",
        "pulling redis:7",
        "pulling shop/api:2",
        "shop/api:2 must be built: run `stackferry build api`",
    ]
    assert sorted(engine.images) == ["postgres:latest", "redis:7"]


def test_some(engine, stackferry):
    assert stackferry("pull", "-q", "db") == (0, "", "")
    assert sorted(engine.images) == ["postgres:latest"]
    assert stackferry("pull", "--include-deps", "--policy", "missing", "db").err == "pulling redis:7\n"
    assert stackferry("pull", "-q", "--ignore-buildable", "api") == (0, "", "")


def test_what_cannot_be_fetched(engine, stackferry):
    """The others are fetched all the same."""
    del engine.registry["postgres:latest"]
    done = stackferry("pull")

    assert done.code == 1
    assert "error: postgres:latest: pull access denied" in done.err
    assert sorted(engine.images) == ["redis:7"]
    assert stackferry("pull", "--ignore-pull-failures").code == 0
