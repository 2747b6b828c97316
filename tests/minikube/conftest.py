"""The rigs of the tests. `rig` has a node: a whole minikube, which all tests use in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.minikube import session
from tests.minikube.rig import Rig

HERE = Path(__file__).parent
FIRST, LAST = "test_up", "test_nothing_is_left_of_a_deleted_machine"
"""The module that makes the machine which the others then have, and the test after which it has to be made anew."""
RIGS = {"rig", "shared_rig", "ssh_rig", "bare_rig"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents and _rigs(item):
            item.add_marker("minikube")
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """Those of the shared node come last, so that fewer processes wait for their turn with it."""
    if HERE not in item.path.parents:
        return 0
    if item.path.stem == FIRST:
        return -1
    return 2 if item.name == LAST else int("shared_rig" in _rigs(item))


def _rigs(item: pytest.Item) -> set[str]:
    return RIGS & set(getattr(item, "fixturenames", ()))


def _available(kind: str) -> None:
    reason = session.unavailable(kind)
    if reason:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_rig() -> Iterator[Rig]:
    _available("ns")
    with session.shared() as rig:
        yield rig


@pytest.fixture
def rig(shared_rig: Rig) -> Iterator[Rig]:
    """The rig with a node, for this test alone; `rig.start()` starts what is not started. Leave nothing of yours."""
    with session.turn(shared_rig):
        yield shared_rig


@pytest.fixture
def ssh_rig() -> Iterator[Rig]:
    """A fresh rig whose machine is only an SSH server: it starts in seconds, needs no privileges, and runs nothing."""
    _available("ssh")
    with session.private("ssh") as rig:
        yield rig


@pytest.fixture
def bare_rig() -> Iterator[Rig]:
    """A fresh rig that starts nothing: for what is said of VirtualBox, or of a machine in any state (states.py)."""
    _available("none")
    with session.private("none") as rig:
        yield rig
