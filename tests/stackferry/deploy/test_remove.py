"""`down` beside others: what is deployed meanwhile stays, what cannot be removed is told."""

from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from stackferry.deploy import remove as ending
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.control.change import create_service
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.manager.lock import ManagerLock
from stackferry.emulator.store.directories import Home
from stackferry.emulator.store.store import Store, StoreGoneError


def test_a_stack_that_was_deployed_again_meanwhile_stays(tmp_path: Path) -> None:
    place = Home(tmp_path / "shop")
    store = Store(place.database)
    store.change(lambda cluster: create_service(cluster, ServiceSpec("shop_web", task=TaskTemplate()), 1.0, Random(1)))
    cleaned: list[str] = []

    ending._finish(place, store, lambda: cleaned.append("clean"))

    assert cleaned == []
    assert place.database.exists()
    assert ManagerLock(place).acquire()


def test_a_stack_that_is_gone_is_cleaned_up_once(tmp_path: Path) -> None:
    place = Home(tmp_path / "shop")
    first, second = Store(place.database), Store(place.database)
    cleaned: list[str] = []
    ending._finish(place, first, lambda: cleaned.append("first"))

    with pytest.raises(StoreGoneError):
        ending._finish(place, second, lambda: cleaned.append("second"))

    assert cleaned == ["first"]
    assert not place.directory.exists()


class Engine:
    """With one network, which is in use for so many calls; `lost` fewer once a leg was disconnected."""

    def __init__(self, busy: int, lost: int = 0) -> None:
        self.busy, self.lost = busy, lost
        self.disconnected: list[tuple[str, str]] = []

    def containers(self, _labels: object) -> list[Any]:
        return []

    def networks(self, _labels: object) -> list[Any]:
        return [SimpleNamespace(id="n", name="shop_front")]

    def inspect_network(self, _name: str) -> Any:
        return SimpleNamespace(legs=("gone", "there"))

    def inspect(self, container: str) -> Any:
        return None if container == "gone" else SimpleNamespace(id=container)

    def disconnect(self, network: str, container: str) -> None:
        self.disconnected.append((network, container))
        self.busy -= self.lost

    def remove_network(self, _name: str) -> None:
        self.busy -= 1
        if self.busy >= 0:
            raise EngineError("network shop_front has active endpoints", status=403)


@pytest.mark.parametrize(
    ("busy", "kept"),
    [(3, []), (10_000, ["network shop_front stays: network shop_front has active endpoints: there"])],
)
def test_a_network_that_is_in_use_is_waited_for_and_told(
    monkeypatch: pytest.MonkeyPatch, busy: int, kept: list[str]
) -> None:
    monkeypatch.setattr(ending, "PATIENCE", 0.2)
    monkeypatch.setattr(ending, "LOOK", 0.001)
    engine: Any = Engine(busy)

    assert ending._clean(engine, "shop", ending.StackRecord("shop"), volumes=False) == kept


def test_an_engine_that_lost_count_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen on 20.10: no container is there, none is in the network, and it has active endpoints all the same."""
    monkeypatch.setattr(ending, "PATIENCE", 0.05)
    monkeypatch.setattr(ending, "LOOK", 0.001)
    engine: Any = Engine(10_000)
    monkeypatch.setattr(engine, "inspect_network", lambda _name: SimpleNamespace(legs=()))

    kept = ending._clean(engine, "shop", ending.StackRecord("shop"), volumes=False)

    assert kept[0].endswith(
        "active endpoints: no container is in it; an engine that lost count finds it again when it is restarted"
    )


def test_a_leg_that_the_engine_lost_track_of_does_not_keep_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "PATIENCE", 0.05)
    monkeypatch.setattr(ending, "LOOK", 0.001)
    engine: Any = Engine(10_000, lost=10_000)

    assert ending._clean(engine, "shop", ending.StackRecord("shop"), volumes=False) == []
    assert engine.disconnected == [("n", "gone")]


def test_a_container_that_comes_late_does_not_keep_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its manager was killed while the engine made it."""
    monkeypatch.setattr(ending, "PATIENCE", 0.05)
    monkeypatch.setattr(ending, "LOOK", 0.001)

    class Late(Engine):
        asked = 0

        def containers(self, _labels: object) -> list[Any]:
            self.asked += 1
            return [SimpleNamespace(id="late")] if self.asked == 2 else []

        def remove(self, container: str) -> None:
            assert container == "late"
            self.busy = 0

    engine: Any = Late(10_000)

    assert ending._clean(engine, "shop", ending.StackRecord("shop"), volumes=False) == []
