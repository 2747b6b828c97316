"""Services without a file and without a network: they run, and their published ports can be reached."""

from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from stackferry.deploy.ingress import reached, record_ingress
from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, ServiceSpec, TaskTemplate
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.store.store import Store
from stackferry.emulator.webnet.image import missing_programs
from tests.engine.fixtures import engine
from tests.engine.stack import Stack
from tests.swarm.image import NAME, archive

__all__ = ["engine"]

WEB = ServiceSpec("web", task=TaskTemplate(container=ContainerSpec("web")))


@pytest.mark.parametrize(("mode", "networks"), [("ingress", ("services_ingress",)), ("host", ()), ("", ())])
def test_who_needs_it(tmp_path: Path, mode: str, networks: tuple[str, ...]) -> None:
    ports = (PublishedPort(80, 8080, mode=mode),) if mode else ()
    spec = ServiceSpec("web", task=WEB.task, endpoint=EndpointSpec(ports=ports))
    store = Store(tmp_path / "store.db")

    for _ in range(2):
        record_ingress(store, "services", spec)

    record = store.document("stack", StackRecord) or StackRecord("services")
    assert reached(spec, "services").task.networks == networks
    assert tuple(one.name for one in record.networks) == networks


@pytest.fixture
def stack(engine: DockerEngine, tmp_path: Path) -> Iterator[Stack]:
    """A stack without a file."""
    engine.import_image(NAME, archive())
    it = Stack(engine, tmp_path, "")
    yield it
    it.close()


@pytest.mark.skipif(bool(missing_programs()), reason="`make engine`, as root, installs what the gates need")
def test_the_ports_of_a_service_without_a_file(stack: Stack) -> None:
    serve = (NAME, "/bin/busybox", "httpd", "-f", "-p", "80", "-h", "/etc")
    own = ("--project-name", stack.name)

    stack.ok("service", "create", *own, "-q", "--name", "still", NAME, "/bin/actor")
    stack.ok("service", "create", *own, "-q", "--name", "web", "-p", "80", *serve)

    still, web = sorted(stack.tasks(), key=lambda task: len(task.endpoint.ports))
    assert list(still.addresses) == ["bridge"]
    assert list(web.addresses) == [f"{stack.name}_ingress"]
    (port,) = (port.published for service in stack.cluster().services.values() for port in service.ports)
    with urlopen(f"http://127.0.0.1:{port}/passwd", timeout=5) as answer:
        assert answer.read().startswith(b"root:")
    assert f"Removing network {stack.name}_ingress" in stack.ok("stack", "rm", stack.name)
