"""`push`: the images that are built here and have a name."""

from pathlib import Path

import pytest

from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine

COMPOSE = """
services:
  web: {build: .}
  api: {build: {context: ./api, tags: ["shop/api:latest"]}, image: shop/api:2}
  db: {image: postgres}
"""


@pytest.fixture
def engine(here: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    from stackferry import engine

    it = FakeEngine(VirtualClock(), images=["shop/api:2"])
    monkeypatch.setattr(engine, "connect", lambda _session: it)
    (here / "compose.yaml").write_text(COMPOSE)
    return it


def test_push(engine, stackferry):  # type: ignore[no-untyped-def]
    done = stackferry("push")

    assert done.code == 1
    assert done.err.startswith("pushing shop/api:2\npushing shop/api:latest\nerror: shop/api:latest: ")
    assert list(engine.registry) == ["shop/api:2"]
    assert stackferry("push", "-q", "--ignore-push-failures", "api").code == 0
    assert "No services to push" in stackferry("push", "db").err
