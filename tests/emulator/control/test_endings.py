"""The display of services that are being removed."""

from random import Random

from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.control.change import create_service, remove_service, stop_service
from stackferry.emulator.control.endings import Leaving, endings, leaving
from stackferry.emulator.control.progress import Standing
from tests.emulator.behaviour import Behaviour
from tests.emulator.orchestrator.test_reconcile import passed
from tests.emulator.world import World


def running() -> World:
    """Two tasks that end at once and take three seconds, and a service without any."""
    world = World()
    task = TaskTemplate(container=Behaviour(term=3.0))  # type: ignore[arg-type]
    for spec in (ServiceSpec("web", replicas=2, task=task), ServiceSpec("none", replicas=0, task=task)):
        world.cluster = create_service(world.cluster, spec, 0.0, Random(len(spec.name)))
    passed(world, 20.0)
    return world


def shown(begun: Leaving, world: World, *, removed: bool) -> list[tuple[str, str, int, int, str]]:
    return [
        (one.name, one.standing.value, one.running, one.wanted, str(one.waits_for))
        for one in endings(begun, world.cluster, removed=removed)
    ]


def test_stop() -> None:
    world = running()
    begun = leaving(world.cluster)
    for service_id in begun:
        world.cluster = stop_service(world.cluster, service_id)

    assert shown(begun, world, removed=False) == [
        ("web", "working", 0, 2, "stopping"),
        ("none", "converged", 0, 0, "stopped"),
    ]
    passed(world, 10.0)
    assert shown(begun, world, removed=False)[0] == ("web", "converged", 2, 2, "stopped")


def test_down_waits_until_nothing_is_known_of_a_service() -> None:
    world = running()
    begun = leaving(world.cluster)
    for service_id in begun:
        world.cluster = remove_service(world.cluster, service_id)

    assert [one[1:] for one in shown(begun, world, removed=True)] == [
        ("working", 0, 2, "removing"),
        ("working", 0, 0, "removing"),
    ]
    passed(world, 10.0)
    assert world.cluster.services == {}
    assert [one[1:] for one in shown(begun, world, removed=True)] == [
        ("converged", 2, 2, "removed"),
        ("converged", 0, 0, "removed"),
    ]


def test_only_what_is_named() -> None:
    world = running()
    (web,) = [key for key, one in world.cluster.services.items() if one.spec.name == "web"]
    begun = leaving(world.cluster, [web])
    world.crash(next(iter(world.cluster.tasks.values())), 1)

    (found,) = endings(begun, world.cluster, removed=False)
    assert (found.name, found.standing, found.running) == ("web", Standing.WORKING, 1)
