"""Which further services a command on some services affects, without an engine."""

from collections.abc import Mapping

import pytest

from stackferry.deploy.service_state import with_dependencies, with_followers
from stackferry.emulator.cluster.objects import Service
from stackferry.emulator.cluster.spec import ServiceSpec


def known(**specs: Mapping[str, object]) -> list[Service]:
    return [Service(name, ServiceSpec(name, **spec)) for name, spec in specs.items()]


@pytest.mark.parametrize(
    ("name", "expected"), [("db", ("far", "db", "web")), ("web", ("far", "web")), ("far", ("far",))]
)
def test_followers(name: str, expected: tuple[str, ...]) -> None:
    services = known(far={"follows": ("web",)}, db={}, web={"follows": ("db",)})

    assert with_followers(services, [name]) == expected


@pytest.mark.parametrize(("name", "expected"), [("far", ["far", "db", "web"]), ("web", ["db", "web"]), ("db", ["db"])])
def test_dependencies(name: str, expected: list[str]) -> None:
    """In the order of the stack; what is not of the stack is passed over."""
    running = "service_started"
    services = known(far={"depends_on": {"web": running, "gone": running}}, db={}, web={"depends_on": {"db": running}})
    wanted = [one for one in services if one.spec.name == name]

    assert [one.spec.name for one in with_dependencies(services, wanted)] == expected
