"""Real traffic in networks of every shape: which names a task resolves there, and what it reaches.

Two stacks: `one` has a service for each way to join a network, `two` shares a network with it.
"""

import random
import shutil
import uuid
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import NamedTuple

import pytest

from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.desired.networks import NetworkSpec
from stackferry.emulator.engine.docker import DockerEngine
from stackferry.emulator.engine.protocol import ContainerInfo
from stackferry.emulator.engine.resources import Pool
from stackferry.emulator.webnet.desired_gates import network_gate
from stackferry.emulator.webnet.image import missing_programs
from tests.engine.stack import Stack
from tests.swarm.names import answers

pytestmark = pytest.mark.slow

COMMON = """
x-server: &server
  image: {image}
  command: [sh, -c, "hostname >/tmp/index.html; exec busybox httpd -f -p 80 -h /tmp"]
  init: true
  stop_grace_period: 1s
x-client: &client
  image: {image}
  command: [sleep, infinity]
  init: true
  stop_grace_period: 1s
"""

ONE = """
services:
  spread:
    <<: *server
    networks: {{front: {{aliases: [often]}}}}
    healthcheck: {{test: "test ! -e /tmp/sick", interval: 300ms, retries: 1}}
    deploy: {{replicas: 2, endpoint_mode: dnsrr}}
  fixed:
    <<: *server
    networks: {{front: {{ipv4_address: {fixed}, aliases: [pinned, "pinned.example"]}}}}
  client:
    <<: *client
    networks: [front]
    links: ["fixed:door"]
  shut:
    <<: *server
    networks: {{back: {{aliases: [pinned, shutter]}}}}
  both:
    <<: *client
    networks: [front, back]
  shared:
    <<: *server
    networks: {{meeting: {{aliases: [ours]}}, front: }}
  guest:
    <<: *client
    networks: [meeting]
  opened:
    <<: *server
    networks: {{open: {{aliases: [ajar]}}}}
    deploy: {{replicas: 2}}
  everywhere:
    <<: *client
    networks: [meeting, open, front]
  loner:
    <<: *client
    network_mode: none
  hosted:
    <<: *client
    network_mode: host
  beside:
    <<: *client
    network_mode: service:fixed
networks:
  front:
    attachable: true
    ipam: {{config: [{{subnet: {subnet}, gateway: {gateway}, ip_range: {range}}}]}}
  back: {{internal: true}}
  meeting: {{external: true, name: {meeting}}}
  open: {{external: true, name: {meeting}-open}}
"""

TWO = """
services:
  other:
    <<: *server
    networks: {{meeting: {{aliases: [theirs]}}}}
    deploy: {{replicas: 2}}
  visitor:
    <<: *client
    networks: [meeting]
  private:
    <<: *server
  opener:
    <<: *server
    networks: [open]
networks:
  meeting: {{external: true, name: {meeting}}}
  open: {{external: true, name: {meeting}-open}}
"""


class Shaped(Stack):
    """A stack that is asked from inside."""

    def service(self, key: str) -> Service:
        return next(one for one in self.cluster().services.values() if one.spec.name == f"{self.name}_{key}")

    def tasks_of(self, key: str) -> list[Task]:
        wanted = self.service(key).id
        return [task for task in self.tasks() if task.service_id == wanted]

    def info(self, key: str) -> ContainerInfo:
        found = self.engine.inspect(self.tasks_of(key)[0].container_id)
        assert found is not None
        return found

    def inside(self, key: str, command: str) -> str:
        done = self.engine.exec(self.info(key).id, ["sh", "-c", command])
        return (done.stdout + done.stderr).decode()

    def resolved(self, key: str, name: str) -> set[str]:
        """What a task of a service is told of a name."""
        return answers(self.inside(key, f"busybox nslookup -type=a {name}"))

    def reached(self, key: str, host: str) -> str:
        """Who answers a task of a service at a host; empty if nobody does."""
        return self.inside(key, f"busybox timeout 1 busybox wget -qO- http://{host}/ 2>/dev/null").strip()

    def addresses(self, key: str, network: str) -> set[str]:
        return {task.addresses[network] for task in self.tasks_of(key)}

    def vip(self, key: str, network: str) -> str:
        return self.service(key).vips[network]


class Pair(NamedTuple):
    first: Shaped
    second: Shaped
    meeting: str
    subnet: IPv4Network

    @property
    def front(self) -> str:
        return f"{self.first.name}_front"

    @property
    def back(self) -> str:
        return f"{self.first.name}_back"


@pytest.fixture(scope="module")
def pair(engine: DockerEngine, image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both stacks, up, and the networks that they share, which a user made by hand, one without a subnet."""
    if missing_programs() or shutil.which("busybox") is None:
        pytest.skip(f"no {', '.join(missing_programs())} here (`make engine`, as root, installs them)")
    meeting = f"sft{uuid.uuid4().hex[:8]}-meeting"
    # Where nobody else looks for a free one: tests and stacks beside this one choose theirs at the same moment.
    subnet, shared = (IPv4Network(f"10.{at}.{random.randrange(256)}.0/24") for at in (250, 251))
    fields = {
        "image": image,
        "meeting": meeting,
        "subnet": subnet,
        # The engine has the upper half here, and the gateway is at an end of the other one.
        "range": next(iter([*subnet.subnets()][1:])),
        "gateway": subnet[126],
        "fixed": subnet[77],
    }
    engine.create_network(meeting, NetworkSpec("meeting", meeting, pools=(Pool(str(shared)),)).body())
    engine.create_network(f"{meeting}-open", NetworkSpec("open", f"{meeting}-open").body())
    stacks = []
    try:
        for text in (ONE, TWO):
            folder: Path = tmp_path_factory.mktemp("shaped")
            stack = Shaped(engine, folder, (COMMON + text).format(**fields))
            if text == TWO:
                stack.environment |= {"STACKFERRY_TCP_IDLE": "901", "STACKFERRY_UDP_IDLE": "31"}
            stacks.append(stack)
            stack.ok("up", "-d", "-q")
        yield Pair(*stacks, meeting, subnet)
    finally:
        for stack in stacks:
            stack.close()
        engine.remove_network(meeting)
        engine.remove_network(f"{meeting}-open")


def test_a_network_has_the_addresses_that_were_asked_for(pair: Pair) -> None:
    network = pair.first.engine.inspect_network(pair.front)

    assert network is not None
    assert network.subnets == (str(pair.subnet),)
    assert network.gateways == (str(pair.subnet[126]),)
    assert pair.first.addresses("fixed", pair.front) == {str(pair.subnet[77])}
    # Tasks get theirs from the range, and what is ours lies outside of it.
    assert all(IPv4Address(one) >= pair.subnet[128] for one in pair.first.addresses("spread", pair.front))
    vips = {IPv4Address(pair.first.vip(key, pair.front)) for key in ("fixed", "client", "both", "shared")}
    assert len(vips) == 4
    assert all(pair.subnet[0] < one < pair.subnet[126] for one in vips)
    assert pair.subnet[77] not in vips
    assert pair.first.inside("client", "ip route").split()[2] == str(pair.subnet[126])


def test_a_spread_service_is_its_tasks(pair: Pair) -> None:
    tasks = pair.first.addresses("spread", pair.front)

    assert len(tasks) == 2
    assert pair.front not in pair.first.service("spread").vips
    for name in ("spread", f"{pair.first.name}_spread", "often", "tasks.spread", "tasks.often"):
        assert pair.first.resolved("client", name) == tasks, name
    assert {pair.first.reached("client", "spread") for _ in range(12)} == {
        pair.first.engine.inspect(task.container_id).id[:12] for task in pair.first.tasks_of("spread")
    }


def test_a_sick_task_of_a_spread_service_is_named_no_more(pair: Pair) -> None:
    victim = pair.first.tasks_of("spread")[0]
    (address,) = victim.addresses.values()
    pair.first.engine.exec(victim.container_id, ["touch", "/tmp/sick"])

    pair.first.eventually(lambda: address not in pair.first.resolved("client", "spread"), 10)
    assert len(pair.first.resolved("client", "spread")) == 1
    pair.first.eventually(lambda: len(pair.first.resolved("client", "spread")) == 2, 20)


def test_of_a_name_that_has_no_ipv6_address_it_is_not_said_that_there_is_none(pair: Pair) -> None:
    """musl takes a denial for the whole answer: containers of Alpine would not find the name at all."""
    asked = [("client", name) for name in ("fixed", "pinned.example", "tasks.fixed", "door")] + [("guest", "other")]
    for key, name in asked:
        said = pair.first.inside(key, f"busybox nslookup -type=aaaa {name} 2>&1; echo code $?")

        assert said.strip().endswith("code 0"), (name, said)
        assert "Address" not in said.partition("Non-authoritative")[2], (name, said)


def test_a_fixed_address_aliases_and_links_lead_to_the_service(pair: Pair) -> None:
    vip = pair.first.vip("fixed", pair.front)
    host = pair.first.info("fixed").id[:12]

    for name in ("fixed", "pinned", "pinned.example", "door", f"{pair.first.name}_fixed"):
        assert pair.first.resolved("client", name) == {vip}, name
        assert pair.first.reached("client", name) == host, name
    assert pair.first.resolved("client", "tasks.pinned") == {str(pair.subnet[77])}
    assert pair.first.reached("client", str(pair.subnet[77])) == host


def test_a_task_in_two_networks_has_the_names_of_both(pair: Pair) -> None:
    assert pair.first.resolved("both", "spread") == pair.first.addresses("spread", pair.front)
    assert pair.first.resolved("both", "shutter") == {pair.first.vip("shut", pair.back)}
    assert pair.first.reached("both", "shutter") == pair.first.info("shut").id[:12]
    # An alias of both networks is the one of the network that comes first: that is not shut off.
    assert pair.first.resolved("both", "pinned") == {pair.first.vip("fixed", pair.front)}
    assert pair.first.resolved("shut", "pinned") == {pair.first.vip("shut", pair.back)}


def test_a_task_reaches_only_what_is_in_its_networks(pair: Pair) -> None:
    shut, fixed = pair.first.vip("shut", pair.back), pair.first.vip("fixed", pair.front)
    for host in (shut, *pair.first.addresses("shut", pair.back), pair.first.vip("shared", pair.meeting)):
        assert pair.first.reached("client", host) == "", host
    for host in (fixed, *pair.first.addresses("fixed", pair.front)):
        assert pair.first.reached("shut", host) == "", host
    for name in ("shut", "shutter", "tasks.shutter", "ours", f"{pair.first.name}_shut"):
        expected = {pair.first.vip("shared", pair.front)} if name == "shared" else set()
        assert pair.first.resolved("client", name) == expected, name


def test_from_a_network_that_is_shut_off_nothing_is_reached(pair: Pair) -> None:
    network = pair.first.engine.inspect_network(pair.back)

    assert network is not None
    assert network.internal
    assert pair.first.resolved("shut", "shut") == {pair.first.vip("shut", pair.back)}
    assert pair.first.resolved("shut", "fixed") == set()


def test_stacks_meet_in_a_network_that_they_share(pair: Pair) -> None:
    first, second = pair.first, pair.second
    theirs, ours = second.vip("other", pair.meeting), first.vip("shared", pair.meeting)
    assert theirs != ours

    hosts = {second.engine.inspect(task.container_id).id[:12] for task in second.tasks_of("other")}
    assert {first.reached("guest", theirs) for _ in range(4)} == hosts
    assert second.reached("visitor", ours) == first.info("shared").id[:12]
    for name in ("other", "theirs", f"{second.name}_other"):
        assert first.resolved("guest", name) == {theirs}, name
    # Who is in other networks, too, asks there.
    assert first.resolved("shared", "other") == {theirs}
    assert first.resolved("shared", "spread") == first.addresses("spread", pair.front)
    for name in ("tasks.other", f"tasks.{second.name}_other"):
        assert first.resolved("guest", name) == second.addresses("other", pair.meeting), name
    for name in ("shared", "ours", f"{first.name}_shared"):
        assert second.resolved("visitor", name) == {ours}, name


def test_they_meet_where_nobody_may_ask_for_an_address(pair: Pair) -> None:
    """In a network of `docker network create` without a subnet; also once its gate was made anew elsewhere."""
    first, second, network = pair.first, pair.second, f"{pair.meeting}-open"
    hosts = {first.engine.inspect(task.container_id).id[:12] for task in first.tasks_of("opened")}
    vip = first.vip("opened", network)

    def meet() -> bool:
        return {second.reached("opener", "ajar") for _ in range(4)} == hosts

    assert second.resolved("opener", "ajar") == {vip}
    assert second.resolved("opener", "tasks.opened") == first.addresses("opened", network)
    assert meet()
    assert first.resolved("opened", "opener") == {second.vip("opener", network)}
    for stack in (first, second):
        gate = network_gate(stack.name, network)
        stack.engine.remove(gate)
        stack.eventually(lambda engine=stack.engine, gate=gate: (found := engine.inspect(gate)) and found.running, 15)
    second.eventually(meet, 15)
    assert first.vip("opened", network) == vip


def test_a_task_in_several_shared_networks_knows_the_others_in_each(pair: Pair) -> None:
    """Its gate has a leg in each for that, also when it was made anew."""
    first, second, opened = pair.first, pair.second, f"{pair.meeting}-open"
    for name, network in (("other", pair.meeting), ("opener", opened)):
        assert first.resolved("everywhere", name) == {second.vip(name, network)}, name
        assert first.resolved("everywhere", f"tasks.{name}") == second.addresses(name, network), name
    assert first.reached("everywhere", "opener") == second.info("opener").id[:12]
    assert first.resolved("everywhere", "shared") == {first.vip("shared", pair.meeting)}
    assert first.resolved("everywhere", "private") == set()

    gate = network_gate(first.name, pair.meeting)

    def legs() -> set[str]:
        found = first.engine.inspect(gate)
        return set(found.addresses) if found else set()

    assert legs() == {pair.meeting, opened}
    first.engine.remove(gate)
    first.eventually(lambda: first.resolved("everywhere", "opener") == {second.vip("opener", opened)}, 20)
    assert legs() == {pair.meeting, opened}


@pytest.mark.parametrize("name", ["private", "{two}_private", "visitors", "tasks.private"])
def test_and_see_nothing_else_of_each_other(pair: Pair, name: str) -> None:
    assert pair.first.resolved("guest", name.format(two=pair.second.name)) == set()
    assert pair.first.resolved("client", "other") == set()


MODES: dict[str, Callable[[Pair], bool]] = {
    "loner": lambda pair: pair.first.inside("loner", "ip -o link | wc -l").strip() == "1",
    "hosted": lambda pair: pair.first.inside("hosted", "hostname").strip() == Path("/etc/hostname").read_text().strip(),
    "beside": lambda pair: f"{pair.subnet[77]}/" in pair.first.inside("beside", "ip -o addr"),
}


@pytest.mark.parametrize("key", MODES)
def test_tasks_without_a_network_of_the_stack_run_and_have_no_address(pair: Pair, key: str) -> None:
    assert MODES[key](pair)
    assert pair.first.service(key).vips == {}
    assert pair.first.tasks_of(key)[0].addresses == {}
    assert pair.first.resolved("client", key) == set()


def test_a_task_beside_another_has_its_names(pair: Pair) -> None:
    assert pair.first.resolved("beside", "spread") == pair.first.addresses("spread", pair.front)
    assert pair.first.reached("beside", "127.0.0.1") == pair.first.info("fixed").id[:12]


def test_containers_of_the_user_may_join(pair: Pair, image: str) -> None:
    """By hand, with the gate as their resolver, they are as tasks are; without it, they have container names."""
    engine = pair.first.engine
    gate = engine.inspect(f"{pair.first.name}.gate.{pair.front}")
    assert gate is not None
    name = f"{pair.first.name}-joined"
    host = {"NetworkMode": pair.front, "Dns": [gate.addresses[pair.front]], "Init": True}
    engine.create(name, {"Image": image, "Cmd": ["sleep", "60"], "HostConfig": host})
    try:
        engine.start(name)
        done = engine.exec(name, ["sh", "-c", "busybox timeout 2 busybox wget -qO- http://door/"])
        assert done.stdout.decode().strip() == pair.first.info("fixed").id[:12], done
    finally:
        engine.remove(name)


@pytest.mark.parametrize(
    ("which", "expected"),
    [("first", ["432000", "300", "70"]), ("second", ["901", "31", "70"])],
    ids=["as it is", "as asked"],
)
def test_idle_connections_are_kept_as_long_as_asked(pair: Pair, which: str, expected: list[str]) -> None:
    stack: Shaped = getattr(pair, which)
    names = ("tcp_timeout_established", "udp_timeout_stream", "tcp_timeout_time_wait")
    files = [f"/proc/sys/net/netfilter/nf_conntrack_{name}" for name in names]

    done = stack.engine.exec(f"{stack.name}.gate.{pair.meeting}", ["cat", *files])

    assert done.stdout.decode().split() == expected


def test_another_stacks_gate_that_was_lost_is_asked_again(pair: Pair) -> None:
    theirs = pair.second.vip("other", pair.meeting)
    pair.second.engine.remove(f"{pair.second.name}.gate.{pair.meeting}")

    pair.first.eventually(lambda: pair.first.resolved("guest", "other") == {theirs}, 15)
    assert pair.first.resolved("guest", "ours") == {pair.first.vip("shared", pair.meeting)}
