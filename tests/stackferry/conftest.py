"""Fixtures of the commands' tests: a working folder, and a command line run to its end."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from stackferry.cli import main
from stackferry.grammar.files import Disk


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder called `shop` to stand in, with nothing in the environment that steers compose."""
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME", "COMPOSE_ENV_FILES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return folder


@pytest.fixture
def secluded(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`here`, above which no files are seen: a machine may have a compose file in a parent of its temporary folder."""
    there = Disk.exists
    monkeypatch.setattr(Disk, "exists", lambda disk, path: path.startswith(f"{here}/") and there(disk, path))
    return here


@pytest.fixture
def stackferry(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """`stackferry("config", "-q")`: exit code and what went to either stream.

    A line that is docker's is an error: it would replace the process of the tests.
    """
    import errno
    import gc
    import os

    def stay(_program: str, words: list[str], _environment: object) -> None:
        raise OSError(errno.EPERM, f"tests hand nothing on: {words}")

    monkeypatch.setattr(os, "execve", stay)

    def run(*arguments: str) -> Outcome:
        capfd.readouterr()
        try:
            code = main(arguments)
        finally:
            gc.enable()
        return Outcome(code, *capfd.readouterr())

    return run


NOW = 1_700_000_000.0
"""The clock of commands in tests with a running stack."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> float:
    """Time stands still."""
    import time

    monkeypatch.setattr(time, "time", lambda: NOW)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    return NOW


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stacks whose manager was woken; none is started."""
    import sys
    from types import SimpleNamespace

    found: list[str] = []
    presence = SimpleNamespace(ensure_running=lambda _home, stack, _environment: found.append(stack))
    monkeypatch.setitem(sys.modules, "stackferry.emulator.manager.presence", presence)
    return found


class AsStored:
    """An engine whose containers are as the tasks of `shop` say. `changed`: by task, what became of its container."""

    def __init__(self):
        self.changed = {}
        self.asked = 0

    def containers(self, labels):
        from stackferry.emulator.cluster.labels import STACK, TASK_ID
        from stackferry.emulator.engine.protocol import ContainerInfo

        self.asked += 1
        tasks = [task for task in shop().tasks.values() if task.container_id and labels[STACK] == "shop"]
        found = [
            ContainerInfo(
                task.container_id,
                task.id,
                "x",
                {TASK_ID: task.id},
                "exited" if task.ended else "running",
                task.exit_code or 0,
                started_at=task.at,
                addresses=task.addresses,
                endpoints={name: {} for name in task.template.networks},
            )
            for task in tasks
        ]
        return [one for info in found if (one := self.changed.get(info.name, lambda info: info)(info))]


@pytest.fixture
def on_engine(monkeypatch: pytest.MonkeyPatch) -> AsStored:
    """What commands see of the engine: where no manager lives, they ask it."""
    from stackferry import engine

    made = AsStored()
    monkeypatch.setattr(engine, "connect", lambda _session: made)
    return made


@pytest.fixture
def running(here: Path, clock: float, woken: list[str], on_engine: AsStored) -> Path:
    """The stack `shop` as it runs: its store, in a folder with its compose file. Gives the folder. No manager lives."""
    import os

    from stackferry.emulator.cluster.objects import Cluster
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    (here / "compose.yaml").write_text("services: {web: {image: 'nginx:1.27'}}\n")
    store = Store(home(os.environ, "shop").database)
    with store.transaction():
        store.save(Cluster(), shop())
        store.add_events(NOW - 60, [created("sweb", "shop_web"), of_task("create", "new")])
        store.add_events(NOW - 50, [of_task("update", "running"), created("sjob", "shop_job")])
        store.add_events(NOW - 20, [of_task("update", "failed", error="task: non-zero exit (137)", exit_code=137)])
    store.close()
    return here


def identity(text: str) -> str:
    """An id of 25 letters that begins so."""
    return text.ljust(25, "x")


def created(service_id: str, name: str):
    """The event of a service that is new."""
    from stackferry.emulator.cluster.event import event_of

    return event_of({"type": "service", "action": "create", "id": identity(service_id), "service": name})


def of_task(action: str, state: str, **more):
    """An event of the first task of `web`."""
    from stackferry.emulator.cluster.event import event_of

    known = {"id": identity("t1"), "service": "shop_web", "slot": 1, "node": "node-1", "node_id": identity("node1")}
    return event_of({"type": "task", "action": action, "state": state, "desired_state": "running", **known, **more})


def shop():
    """A cluster with something of everything."""
    from stackferry.emulator.cluster.container import ContainerSpec, FileMount, MountSpec, NetworkAttachmentSpec
    from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task, UpdateStatus
    from stackferry.emulator.cluster.spec import (
        EndpointSpec,
        Mode,
        Placement,
        PublishedPort,
        Reservations,
        ServiceSpec,
        TaskTemplate,
        UpdateConfig,
    )
    from stackferry.emulator.cluster.state import TaskState, UpdateState

    nodes = [
        Node(identity("node1"), "node-1", nano_cpus=4_000_000_000, memory=8 << 30, engine_version="20.10.24"),
        Node(identity("node2"), "node-2", "worker", "drain", labels={"disk": "ssd"}, address="127.0.0.2"),
        Node(identity("node10"), "node-10", "worker", ready=False, address="127.0.0.10"),
    ]
    web = TaskTemplate(
        ContainerSpec(
            "nginx:1.27@sha256:" + "a" * 64,
            args=("nginx", "-g", "daemon off;"),
            env=("LEVEL=info",),
            labels={"com.docker.stack.namespace": "shop"},
            mounts=(MountSpec("volume", "/data", "shop_data"),),
            files=(FileMount("secret", "shop_key", "b" * 64, "/run/secrets/key", mode=0o400),),
            networks=(NetworkAttachmentSpec("shop_default", ("web",)),),
            options={"Memory": 64 << 20, "NanoCpus": 500_000_000, "Privileged": True},
        ),
        placement=Placement(("node.role == manager",), ("node.labels.disk",), 3),
        reservations=Reservations(100_000_000, 16 << 20),
        networks=("shop_default",),
    )
    ports = (PublishedPort(80, 8080), PublishedPort(81, 8081), PublishedPort(53, 5353, "udp"))
    labels = {"com.docker.stack.image": "nginx:1.27", "com.docker.stack.namespace": "shop"}
    services = [
        Service(
            identity("sweb"),
            ServiceSpec(
                "shop_web",
                replicas=3,
                task=web,
                endpoint=EndpointSpec(ports=ports),
                update=UpdateConfig(2, 10.0, "rollback", order="start-first"),
                labels=labels,
            ),
            version=7,
            previous=ServiceSpec("shop_web", replicas=2, task=TaskTemplate(ContainerSpec("nginx:1.26"))),
            update=UpdateStatus(UpdateState.COMPLETED, "update completed", NOW - 90, NOW - 30),
            created_at=NOW - 7200,
            updated_at=NOW - 90.5,
        ),
        Service(
            identity("sagent"),
            ServiceSpec(
                "shop_agent",
                Mode.GLOBAL,
                task=TaskTemplate(ContainerSpec("busybox")),
                endpoint=EndpointSpec(ports=(PublishedPort(9100, 9100, mode="host"),)),
            ),
            created_at=NOW - 7200,
            updated_at=NOW - 7200,
        ),
        Service(
            identity("sjob"),
            ServiceSpec("shop_job", Mode.REPLICATED_JOB, 3, 2, TaskTemplate(ContainerSpec("migrate:2"))),
            created_at=NOW - 50,
            updated_at=NOW - 50,
        ),
    ]

    def task(
        name: str, service: int, slot: int, state: TaskState, desired: TaskState, age: float, **more: object
    ) -> Task:
        spec = services[service].spec
        given = {"node_id": nodes[0].id, "created_at": NOW - age - 5, "at": NOW - age, "container_id": f"c{name}" * 12}
        given |= {"created_date": NOW - age - 5, "at_date": NOW - age}
        return Task(
            identity(name),
            services[service].id,
            slot,
            spec.task,
            desired=desired,
            state=state,
            endpoint=spec.endpoint,
            **{**given, **more},
        )

    run, done, down = TaskState.RUNNING, TaskState.COMPLETE, TaskState.SHUTDOWN
    tasks = [
        task(
            "t0", 0, 1, TaskState.FAILED, down, 3700, exit_code=137, error="task: non-zero exit (137): killed by hand"
        ),
        task("t1", 0, 1, run, run, 59, addresses={"shop_default": "10.0.1.2"}),
        task("t2", 0, 2, run, run, 1),
        task(
            "t10",
            0,
            10,
            TaskState.PENDING,
            run,
            0.5,
            node_id="",
            error="no suitable node (2 nodes not available)",
            container_id="",
        ),
        task("ta", 1, 0, run, run, 86_400 * 3),
        task("tj0", 2, 0, done, done, 40, exit_code=0),
        task("tj1", 2, 1, run, done, 30),
    ]
    return Cluster({one.id: one for one in nodes}, {one.id: one for one in services}, {one.id: one for one in tasks})
