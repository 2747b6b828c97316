"""A network with IPv6: tasks have both kinds of addresses, which resolve and work between tasks."""

import urllib.request
import uuid
from collections.abc import Iterator
from ipaddress import IPv6Address, ip_address

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.webnet.image import missing_programs
from tests.engine.stack import Stack
from tests.swarm.names import answers

pytestmark = pytest.mark.slow

COMPOSE = """
services:
  web:
    image: {image}
    command: [sh, -c, "hostname >/tmp/index.html; exec busybox httpd -f -p '[::]:80' -h /tmp"]
    init: true
    ports: ["80"]
    deploy: {{replicas: 2}}
  spread:
    image: {image}
    command: [sleep, infinity]
    init: true
    deploy: {{replicas: 2, endpoint_mode: dnsrr}}
  client:
    image: {image}
    command: [sleep, infinity]
    init: true
networks:
  default:
    enable_ipv6: true
    ipam: {{config: [{{subnet: "{subnet}"}}]}}
"""


@pytest.fixture(scope="module")
def stack(engine: DockerEngine, image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if missing_programs():
        pytest.skip(f"no {', '.join(missing_programs())} here")
    subnet = f"fd{uuid.uuid4().hex[:2]}:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::/64"
    it = Stack(engine, tmp_path_factory.mktemp("ipv6"), COMPOSE.format(image=image, subnet=subnet))
    it.ok("up", "-d", "-q")
    yield it
    it.close()


def inside(stack: Stack, command: str) -> str:
    client = next(task for task in stack.tasks() if "client" in stack.cluster().task_name(task))
    return stack.engine.exec(client.container_id, ["sh", "-c", command]).stdout.decode()


def asked(stack: Stack, kind: str, name: str) -> set[str]:
    """Addresses of one kind, as a task is told."""
    return {str(ip_address(one)) for one in answers(inside(stack, f"busybox nslookup -type={kind} {name}"))}


def addresses(stack: Stack, key: str) -> set[str]:
    """The IPv6 addresses that a service's containers have."""
    cluster = stack.cluster()
    containers = [task.container_id for task in stack.tasks() if f"_{key}." in cluster.task_name(task)]
    found = [info.addresses6 for one in containers if (info := stack.engine.inspect(one))]
    return {str(IPv6Address(address)) for one in found for address in one.values()}


@pytest.mark.parametrize(("key", "name"), [("web", "tasks.web"), ("spread", "spread"), ("spread", "tasks.spread")])
def test_tasks_are_told_with_both_kinds_of_address(stack: Stack, key: str, name: str) -> None:
    assert len(addresses(stack, key)) == 2
    assert asked(stack, "aaaa", name) == addresses(stack, key)
    assert len(asked(stack, "a", name)) == 2


def test_a_virtual_address_is_there_in_both_kinds(stack: Stack) -> None:
    """A swarm's are of IPv4 alone."""
    (vip,) = asked(stack, "aaaa", "web")

    assert vip not in addresses(stack, "web")
    assert len(asked(stack, "a", "web")) == 1
    assert len({inside(stack, f"busybox wget -qO- 'http://[{vip}]/'").strip() for _ in range(4)}) == 2


def test_a_published_port_answers_by_ipv6_in_turn(stack: Stack) -> None:
    (port,) = next(one for one in stack.cluster().services.values() if one.spec.name.endswith("_web")).ports

    def ask(host: str) -> str:
        with urllib.request.urlopen(f"http://{host}:{port.published}/", timeout=30) as answer:
            return answer.read().decode().strip()

    assert len({ask("[::1]") for _ in range(4)}) == 2
    assert len({ask("127.0.0.1") for _ in range(4)}) == 2


def test_tasks_reach_each_other_by_ipv6(stack: Stack) -> None:
    reached = {inside(stack, f"busybox wget -qO- 'http://[{one}]/'").strip() for one in addresses(stack, "web")}

    assert len(reached) == 2
    assert "" not in reached


def test_who_leaves_is_told_no_more(stack: Stack) -> None:
    stack.ok("scale", "spread=1")

    stack.eventually(lambda: len(asked(stack, "aaaa", "spread")) == 1)
    assert asked(stack, "aaaa", "spread") == addresses(stack, "spread")
