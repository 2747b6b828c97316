"""A changed definition of a network or a volume, on the real engine, against docker compose 5.6.0."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stackferry.emulator.cluster.labels import NETWORK
from stackferry.emulator.cluster.state import TaskState, UpdateState
from stackferry.emulator.engine.docker import DockerEngine
from tests.compose5.peer import docker_compose
from tests.emulator.webnet.test_gate import slowness
from tests.engine.fixtures import engine, image
from tests.engine.image import NAME
from tests.engine.stack import Stack
from tests.stackferry.commands.test_beside_compose import Peer

__all__ = ["engine", "image"]

pytestmark = pytest.mark.engine

COMPOSE = f"""
x-s: &s
  image: {NAME}
  command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
  init: true
  stop_grace_period: 1s
services:
  web: {{<<: *s, networks: [front, back], deploy: {{replicas: 2, update_config: {{monitor: 0s}}}}}}
  db: {{<<: *s, networks: [back], volumes: ["data:/data"], deploy: {{update_config: {{monitor: 0s}}}}}}
networks:
  front: {{}}
  back: {{}}
volumes:
  data: {{}}
"""


@pytest.fixture
def stack(engine: DockerEngine, image: str, tmp_path: Path) -> Iterator[Stack]:
    it = Stack(engine, tmp_path, COMPOSE)
    try:
        it.ok("up", "-d", "-q")
        yield it
    finally:
        it.close()


def network(it: Stack, key: str = "back") -> Any:
    return it.engine.inspect_network(f"{it.name}_{key}")


def change(it: Stack, text: str, key: str = "back") -> None:
    it.write(COMPOSE.replace(f"  {key}: {{}}\n", f"  {key}: {text}\n"))


def names_work(it: Stack) -> bool:
    web = next(info for info in it.running() if "_web." in info.name)
    return all(it.engine.exec(web.id, ["nslookup", name]).exit_code == 0 for name in ("db", "tasks.db", "web"))


def settled(it: Stack) -> None:
    """All tasks run, in all of their networks, and find each other."""

    def whole() -> bool:
        found = it.running()
        return len(found) == 3 and all(all(info.addresses.get(name) for name in info.endpoints) for info in found)

    it.eventually(whole, 30 * slowness())
    it.eventually(lambda: names_work(it), 20 * slowness())


CHANGES = {
    "internal": ("{internal: true}", lambda info: info.internal, "internal (false, now true)"),
    "label": ("{labels: {team: a}}", lambda info: info.labels.get("team") == "a", "labels.team (none, now a)"),
    "option": (
        "{driver_opts: {com.docker.network.driver.mtu: '1400'}}",
        lambda info: info.options["com.docker.network.driver.mtu"] == "1400",
        "driver_opts.com.docker.network.driver.mtu (none, now 1400)",
    ),
}


@pytest.mark.parametrize(("text", "holds", "said"), CHANGES.values(), ids=CHANGES)
def test_a_changed_network_is_replaced(stack: Stack, text: str, holds: Any, said: str) -> None:
    before, tasks = network(stack), {info.id for info in stack.running()}
    change(stack, text)

    plan = stack.ok("plan")
    assert f"± network {stack.name}_back: replace it, which closes the connections in it, because of {said}\n" in plan
    assert f"~ {stack.name}_web: replace {stack.name}_web.1, {stack.name}_web.2, stop-first, 1 at a time" in plan
    stack.ok("up", "-d", "-q")

    now = network(stack)
    assert holds(now)
    assert (now.id != before.id, now.subnets) == (True, before.subnets)
    settled(stack)
    assert tasks.isdisjoint(info.id for info in stack.running())
    assert all(one.update.state is UpdateState.COMPLETED for one in stack.cluster().services.values() if one.update)
    assert stack.run("plan", "--exit-code").returncode == 0


def test_another_subnet_and_back(stack: Stack) -> None:
    """Where addresses are others, too, all find each other in the end; taken out of the file, we choose again."""
    change(stack, "{ipam: {config: [{subnet: 10.219.77.0/24}]}}")
    assert "its tasks cannot resolve names until they are replaced" in stack.ok("plan")
    stack.ok("up", "-d", "-q")

    assert network(stack).subnets == ("10.219.77.0/24",)
    settled(stack)
    assert all(info.addresses[f"{stack.name}_back"].startswith("10.219.77.") for info in stack.running())

    stack.write(COMPOSE)
    stack.ok("up", "-d", "-q")

    assert network(stack).subnets != ("10.219.77.0/24",)
    settled(stack)


def test_processes_run_on_until_it_is_their_turn(stack: Stack) -> None:
    """For a moment there is no network; nobody ends for that. Who is not meant is replaced later, in his turn."""
    slow = COMPOSE.replace("update_config: {monitor: 0s}", "update_config: {monitor: 0s, delay: 60s}")
    stack.write(slow)
    stack.ok("up", "-d", "-q")
    before, old = {info.id: info for info in stack.running()}, network(stack)
    stack.write(slow.replace("  back: {}", "  back: {internal: true}"))

    process = stack.start("up", "-d", "-q")
    try:
        stack.eventually(lambda: (now := network(stack)) is not None and now.id != old.id and now.internal, 60.0)
        # The second one of `web` waits for its turn, a minute later.
        name = f"{stack.name}_back"

        def waits() -> bool:
            left = [info for info in stack.running() if info.id in before]
            kept = [info for info in left if info.addresses.get(name) == before[info.id].addresses[name]]
            return len(stack.running()) == 3 and len(kept) == 1 and kept[0].pid == before[kept[0].id].pid

        stack.eventually(waits, 30 * slowness())
        stack.eventually(lambda: names_work(stack), 20 * slowness())
    finally:
        process.kill()
        process.communicate()


def test_one_that_cannot_be_made_leaves_the_old_one(stack: Stack) -> None:
    old = network(stack)
    change(stack, "{driver_opts: {com.docker.network.bridge.name: a-name-that-no-interface-can-have}}")

    done = stack.run("up", "-d", "-q")

    assert done.returncode == 1
    now = network(stack)
    assert (now.subnets, now.options, now.labels) == (old.subnets, old.options, old.labels)
    stack.eventually(lambda: names_work(stack), 20 * slowness())
    assert any(one.state is TaskState.REJECTED and one.error for one in stack.cluster().tasks.values())
    # The update is paused, as any is whose first task cannot be made.
    stack.write(COMPOSE)
    stack.ok("up", "-d", "-q", "--force-recreate")
    settled(stack)


def test_a_network_of_an_earlier_version(stack: Stack) -> None:
    """It has no label that says what was asked for: the engine's account has to do."""
    old = network(stack)
    stack.kill_manager()
    for info in stack.containers():
        if f"{stack.name}_back" in info.endpoints:
            stack.engine.remove(info.id)
    stack.engine.remove_network(old.id)
    pools = [{"Subnet": one.subnet, "IPRange": one.ip_range} for one in old.pools]
    labels = {key: value for key, value in old.labels.items() if key != NETWORK}
    stack.engine.create_network(old.name, {"Driver": "bridge", "Labels": labels, "IPAM": {"Config": pools}})
    stack.ok("up", "-d", "-q")
    made = network(stack).id

    assert f"± network {old.name}" not in stack.ok("plan")
    change(stack, "{internal: true}")
    assert f"± network {old.name}" in stack.ok("plan")
    stack.ok("up", "-d", "-q")

    assert network(stack).id != made
    assert NETWORK in network(stack).labels
    settled(stack)


def test_rollback_leaves_the_network_as_the_file_says(stack: Stack) -> None:
    """It is the stack's and not the service's: tasks of the spec before run in the network of now."""
    change(stack, "{internal: true}")
    stack.ok("up", "-d", "-q")
    now = network(stack).id

    stack.ok("rollback", "web")

    settled(stack)
    assert network(stack).id == now


def test_a_volume_stays_as_it_is(stack: Stack) -> None:
    """With its data, and without a new task; a warning says what to do, and that helps."""
    (db,) = [info for info in stack.running() if "_db." in info.name]
    stack.engine.exec(db.id, ["sh", "-c", "echo here > /data/it"])
    options = "{driver_opts: {type: tmpfs, device: tmpfs}}"
    change(stack, options, "data")

    assert f"= volume {stack.name}_data: not changed: driver_opts." in stack.ok("plan")
    done = stack.run("up", "-d", "-q")

    assert done.returncode == 0
    assert done.stderr.count("warning[volume-differs]") == 1
    assert db.id in {info.id for info in stack.running()}
    assert stack.engine.exec(db.id, ["cat", "/data/it"]).stdout == b"here\n"
    for words in ("down", "up"):
        assert f"`stackferry {words}`" in done.stderr
    stack.ok("down", "-t", "0")
    stack.engine.remove_volume(f"{stack.name}_data")
    assert stack.run("up", "-d", "-q").stderr.count("volume-differs") == 0
    found = stack.engine.inspect_volume(f"{stack.name}_data")
    assert found is not None
    assert found.options == {"type": "tmpfs", "device": "tmpfs"}


def test_a_volume_that_was_removed_comes_back(stack: Stack) -> None:
    stack.ok("scale", "db=0")
    name = f"{stack.name}_data"
    stack.eventually(lambda: not any("_db." in info.name for info in stack.running()), 30 * slowness())
    for info in stack.containers():
        if "_db." in info.name:
            stack.engine.remove(info.id)
    stack.engine.remove_volume(name)

    stack.ok("scale", "db=1")

    found = stack.engine.inspect_volume(name)
    assert found is not None
    assert found.labels["io.stackferry.stack"] == stack.name
    stack.eventually(lambda: "volume " + name + " was removed" in stack.log(), 5 * slowness())


@pytest.fixture
def peer(engine: DockerEngine, image: str, tmp_path: Path) -> Iterator[Peer]:
    program = docker_compose()
    folder = tmp_path / "peer"
    folder.mkdir()
    it = Peer(program, folder)
    yield it
    it.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["{internal: true}", "{labels: {a: b}}", "{ipam: {config: [{subnet: 10.219.78.0/24}]}}"]
)
def test_docker_compose_ends_with_the_same_network(stack: Stack, peer: Peer, engine: DockerEngine, text: str) -> None:
    """Replaced by both. Its containers are stopped for that, and are the same ones later; ours run on and are new."""
    peer.write(COMPOSE)
    assert peer.run("up", "-d").returncode == 0
    containers = _ids(peer)
    old = engine.inspect_network(f"{peer.name}_back")
    peer.write(COMPOSE.replace("  back: {}\n", f"  back: {text}\n"))
    assert peer.run("up", "-d").returncode == 0
    theirs = engine.inspect_network(f"{peer.name}_back")
    assert old is not None
    assert theirs is not None
    assert theirs.id != old.id
    assert _ids(peer) == containers
    peer.close()
    mine = network(stack).id
    change(stack, text)
    stack.ok("up", "-d", "-q")
    ours = network(stack)

    assert ours.id != mine
    assert (ours.internal, ours.labels.get("a")) == (theirs.internal, theirs.labels.get("a"))
    if "subnet" in text:
        assert ours.subnets == theirs.subnets
    settled(stack)


@pytest.mark.slow
def test_docker_compose_keeps_a_volume_that_nobody_lets_go(stack: Stack, peer: Peer, engine: DockerEngine) -> None:
    """It asks; who cannot be asked has said no. We do not ask, and say what to do."""
    changed = COMPOSE.replace("  data: {}\n", "  data: {labels: {a: b}}\n")
    peer.write(COMPOSE)
    assert peer.run("up", "-d").returncode == 0
    peer.write(changed)
    peer.run("up", "-d")
    stack.write(changed)
    stack.ok("up", "-d", "-q")

    for it in (peer, stack):
        found = engine.inspect_volume(f"{it.name}_data")
        assert found is not None
        assert "a" not in found.labels


def _ids(peer: Peer) -> set[str]:
    out = subprocess.run(
        ["docker", "ps", "-aq", "--no-trunc", "--filter", f"label=com.docker.compose.project={peer.name}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(out.stdout.split())
