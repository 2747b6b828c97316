"""Whose output `up` in the foreground shows, which task's end stops the stack, and the resulting exit code."""

import pytest

from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.up.options import Shown, Until

KEYS = {"web": "shop_web", "api": "shop_api", "db": "shop_db"}


@pytest.mark.parametrize(
    ("shown", "services"),
    [
        (Shown(), ["web", "api", "db"]),
        (Shown(only=("db", "web")), ["web", "db"]),
        (Shown(but=("db",)), ["web", "api"]),
        (Shown(only=("db", "web"), but=("web",)), ["db"]),
    ],
)
def test_services(shown: Shown, services: list[str]) -> None:
    assert shown.services(KEYS) == services


def cluster(*tasks: tuple[str, str, TaskState, int | None]) -> Cluster:
    """Tasks as (id, service, state, exit code), each a second after the one before."""
    services = {name: Service(name, ServiceSpec(f"shop_{name}")) for name in ("db", "test")}
    made = {
        key: Task(key, name, 1, TaskTemplate(), state=state, exit_code=code, at=float(at), created_at=float(at))
        for at, (key, name, state, code) in enumerate(tasks)
    }
    return Cluster({}, services, made)


BEFORE = cluster(("old", "db", TaskState.FAILED, 9), ("a", "db", TaskState.RUNNING, None))


@pytest.mark.parametrize(
    ("state", "exit_code", "until", "code"),
    [
        (TaskState.RUNNING, None, Until(), None),
        (TaskState.COMPLETE, 0, Until(), 0),
        (TaskState.FAILED, 3, Until(), 3),
        (TaskState.REJECTED, 0, Until(), 1),
        (TaskState.SHUTDOWN, 143, Until(), None),
        (TaskState.COMPLETE, 0, Until(failures_only=True), None),
        (TaskState.FAILED, 3, Until(failures_only=True), 3),
        (TaskState.FAILED, 3, Until(code_of="shop_test"), 5),
        (TaskState.FAILED, 3, Until(code_of="shop_nobody"), 1),
    ],
)
def test_the_first_end(state: TaskState, exit_code: int | None, until: Until, code: int | None) -> None:
    """Tasks that had ended before do not count, nor those that somebody stopped."""
    after = cluster(("old", "db", TaskState.FAILED, 9), ("a", "db", state, exit_code))

    first = until.first_end(BEFORE, after)

    assert (first is None) == (code is None)
    if first is not None:
        last = cluster(("a", "db", state, exit_code), ("t", "test", TaskState.SHUTDOWN, 5))
        assert until.code(last, first) == code
