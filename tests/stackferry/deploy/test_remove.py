"""`down`: concurrent deployments and foreign objects stay; objects that cannot be removed are reported."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from stackferry.deploy import remove as ending
from stackferry.deploy.deploy import put_in_force
from stackferry.deploy.request import DeployRequest
from stackferry.emulator.cluster.labels import STACK
from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.cluster.ownership import PROJECT
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.control.change import create_service
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.manager.lock import ManagerLock, manager_pid
from stackferry.emulator.manager.manager import Manager
from stackferry.emulator.store.directories import Home, home
from stackferry.emulator.store.store import Store, StoreError, StoreGoneError
from stackferry.session import Session
from tests.engine.fixtures import engine, stack
from tests.engine.place import LABEL
from tests.engine.stack import Stack
from tests.swarm.image import NAME

__all__ = ["engine", "stack"]

COMPOSE = f"""
services:
  web:
    image: {NAME}
    entrypoint: [actor]
    stop_grace_period: 0s
    networks: [back]
    volumes: ["data:/data", "own:/own"]
networks: {{back: {{}}}}
volumes: {{data: {{}}, own: {{}}}}
"""


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


@pytest.mark.parametrize("saved", [0, 1])
def test_on_a_full_disk_it_ends_what_nobody_keeps(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], saved: int
) -> None:
    """Whether its wish could still be stored or not."""
    from stackferry import engine as connecting

    monkeypatch.setenv("STACKFERRY_WEBNET", "off")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(here))
    (here / "compose.yaml").write_text("services: {web: {image: nginx, deploy: {replicas: 2}}}", encoding="utf-8")
    fake = FakeEngine(VirtualClock(), images=["nginx"])
    monkeypatch.setattr(connecting, "connect", lambda _: fake)
    session = Session(dict(os.environ))
    place = put_in_force(session, fake, DeployRequest()).home
    manager = Manager(place, "shop", fake, os.environ)
    manager.run(lambda cluster: sum(task.state == TaskState.RUNNING for task in cluster.tasks.values()) == 2)
    assert len(fake.containers({})) == 2
    calls: list[object] = []
    there = Store.save

    def save(store: Store, before: Cluster, after: Cluster) -> None:
        calls.append(store)
        if len(calls) > saved:
            raise StoreError(f"{store.path}: database or disk is full", "free some disk space")
        there(store, before, after)

    monkeypatch.setattr(Store, "save", save)
    capsys.readouterr()

    assert ending.end(session, "shop", volumes=False, timeout=0.0) == 0

    assert fake.containers({}) == []
    assert not place.directory.exists()
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "Removing service shop_web"
    assert said[1:] in ([], [f"cannot save the state: {place.database}: database or disk is full"])


def test_on_a_full_disk_a_manager_that_lives_is_not_replaced(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(home(os.environ, "shop").database)
    store.change(lambda cluster: create_service(cluster, ServiceSpec("shop_web", task=TaskTemplate()), 1.0, Random(1)))
    store.close()
    lock = ManagerLock(home(os.environ, "shop"))
    assert lock.acquire()

    def save(*_: object) -> None:
        raise StoreError("database or disk is full", "free some disk space")

    monkeypatch.setattr(Store, "save", save)

    with pytest.raises(StoreError, match="full"):
        ending.end(Session(dict(os.environ)), "shop", volumes=False)
    lock.release()


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

    assert ending._clean(engine, "shop", volumes=False) == kept


def test_an_engine_that_lost_count_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen on 20.10: no container is there, none is in the network, and it has active endpoints all the same."""
    monkeypatch.setattr(ending, "PATIENCE", 0.05)
    monkeypatch.setattr(ending, "LOOK", 0.001)
    engine: Any = Engine(10_000)
    monkeypatch.setattr(engine, "inspect_network", lambda _name: SimpleNamespace(legs=()))

    kept = ending._clean(engine, "shop", volumes=False)

    assert kept[0].endswith(
        "active endpoints: no container is connected to it; restart the engine if it still considers it in use"
    )


def test_a_leg_that_the_engine_lost_track_of_does_not_keep_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "PATIENCE", 0.5)
    monkeypatch.setattr(ending, "LOOK", 0.001)
    engine: Any = Engine(10_000, lost=10_000)

    assert ending._clean(engine, "shop", volumes=False) == []
    assert engine.disconnected == [("n", "gone")]


def test_a_container_that_comes_late_does_not_keep_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its manager was killed while the engine made it."""
    monkeypatch.setattr(ending, "PATIENCE", 0.5)
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

    assert ending._clean(engine, "shop", volumes=False) == []


@pytest.fixture
def by_hand(stack: Stack) -> Iterator[Callable[..., str]]:
    """Makes networks and volumes of somebody else under names of the stack's; they are gone after the test."""

    def make(kind: str, short: str, **more: str) -> str:
        name, labels = f"{stack.name}_{short}", {LABEL: stack.name, **more}
        if kind == "network":
            stack.engine.create_network(name, {"Labels": labels})
        else:
            stack.engine.create_volume(name, labels=labels)
        return name

    yield make
    stack.run("down", "-t", "0")
    for network in stack.engine.networks({LABEL: stack.name}):
        stack.engine.remove_network(network.id)
    for volume in stack.engine.volumes({LABEL: stack.name}):
        stack.engine.remove_volume(volume.name)


def inside(stack: Stack, script: str) -> str:
    (task,) = stack.tasks()
    done = stack.engine.exec(task.container_id, ["sh", "-c", script])
    assert done.exit_code == 0, done.stderr
    return done.stdout.decode()


@pytest.mark.parametrize("labels", [{}, {PROJECT: "theirs", "com.docker.compose.network": "back"}])
def test_up_refuses_a_network_that_the_user_made(
    stack: Stack, by_hand: Callable[..., str], labels: dict[str, str]
) -> None:
    name = by_hand("network", "back", **labels)

    for words in (
        ("up", "-d"),
        ("plan",),
        ("run", "web", "true"),
        ("stack", "deploy", "-c", "compose.yaml", stack.name),
    ):
        done = stack.run(*words)
        assert done.returncode == 1, words
        assert f"error[foreign-network]: network {name} already exists, and was " in done.stderr
        assert f"`networks: {{back: {{name: {name}, external: true}}}}`" in done.stderr
    assert not stack.home.database.exists()
    assert (stack.containers(), stack.engine.networks({STACK: stack.name})) == ([], [])
    assert stack.run("down", "-v").returncode == 0
    assert stack.engine.inspect_network(name) is not None

    # What the error says helps.
    stack.write(COMPOSE.replace("{back: {}}", f"{{back: {{name: {name}, external: true}}}}"))
    stack.ok("up", "-d", "-q")
    stack.ok("down")
    assert stack.engine.inspect_network(name) is not None


def test_a_volume_that_the_user_made_is_used_and_stays(stack: Stack, by_hand: Callable[..., str]) -> None:
    name = by_hand("volume", "data")

    up = stack.run("up", "-d", "-q")
    assert up.returncode == 0, up.stderr
    assert up.stderr.count(f"warning[foreign-volume]: volume {name} already exists") == 1
    inside(stack, "echo mine >/data/it; echo stacks >/own/it")

    down = stack.run("down", "-v")
    assert down.returncode == 0, down.stderr
    assert down.stderr.count(f"volume {name} stays: it was not created by stackferry\n") == 1
    assert stack.engine.inspect_volume(f"{stack.name}_own") is None
    assert stack.engine.inspect_volume(name) is not None

    stack.ok("up", "-d", "-q")
    assert inside(stack, "cat /data/it; ls /own") == "mine\n"


@pytest.mark.parametrize("words", [("down", "-v"), ("stack", "rm"), ("stack", "rm", "-d"), ("rm", "-s", "-f")])
def test_what_an_earlier_version_took_for_the_stacks_own_stays(
    stack: Stack, by_hand: Callable[..., str], words: tuple[str, ...]
) -> None:
    """It used a network of the user's, and removed it in the end."""
    name = by_hand("network", "back")
    stack.write(
        COMPOSE.replace("{back: {}}", f"{{back: {{name: {name}, external: true}}, front: {{}}}}").replace(
            "networks: [back]", "networks: [back, front]"
        )
    )
    stack.ok("up", "-d", "-q")
    store = Store(stack.home.database)
    with store.transaction():
        record = store.document("stack", StackRecord)
        assert record is not None
        networks = tuple(replace(one, external=False, driver="bridge") for one in record.networks)
        store.put_document("stack", replace(record, networks=networks))
    store.close()
    before = stack.engine.inspect_network(name)
    assert before is not None

    done = stack.run(*words, *([stack.name] if words[0] == "stack" else []))

    assert done.returncode == 0, done.stderr
    # A manager removes what is left as its last act.
    stack.eventually(lambda: manager_pid(stack.home) is None and not stack.engine.networks({STACK: stack.name}))
    after = stack.engine.inspect_network(name)
    assert after is not None
    assert after.id == before.id
    if words[0] == "down" or words == ("stack", "rm"):
        assert f"network {name} stays: it was not created by stackferry\n" in done.stderr
    assert f"Removing network {name}\n" not in done.stdout
    assert (f"Removing network {stack.name}_front\n" in done.stdout) == (words[0] == "stack")
