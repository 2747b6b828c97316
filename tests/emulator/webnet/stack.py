"""A small stack for tests of the pure part: services and tasks, concisely."""

from ipaddress import IPv4Address, IPv4Network

from stackferry.emulator.cluster.container import ContainerSpec, NetworkAttachmentSpec
from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.spec import EndpointSpec, PublishedPort, ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.webnet.address import Area
from stackferry.emulator.webnet.facts import Facts


def facts(*networks: str, internal: str = "", taken: frozenset[tuple[int, str]] = frozenset()) -> Facts:
    areas = {}
    for number, name in enumerate(networks):
        first = IPv4Address(f"10.0.{number}.128")
        subnet = IPv4Network(f"10.0.{number}.0/24")
        areas[name] = Area(subnet, first, IPv4Address(f"10.0.{number}.143"), first, internal=name == internal)
    return Facts(areas, taken)


def service(
    name: str,
    *networks: str,
    ports: tuple[PublishedPort, ...] = (),
    mode: str = "vip",
    aliases: tuple[str, ...] = (),
    dns: tuple[str, ...] = (),
    fixed: str = "",
) -> Service:
    legs = tuple(NetworkAttachmentSpec(one, (*aliases, name), ipv4_address=fixed) for one in networks)
    container = ContainerSpec("image", networks=legs, options={"Dns": list(dns)} if dns else {})
    template = TaskTemplate(container, networks=networks)
    return Service(f"{name}-id", ServiceSpec(f"s_{name}", task=template, endpoint=EndpointSpec(mode, ports)))


def task(of: Service, slot: int, state: TaskState = TaskState.RUNNING, **fields: object) -> Task:
    """A task at address .<slot> of service 1, .1<slot> of service 2 … of each of its networks."""
    addresses = {name: f"10.0.{at}.{slot}" for at, name in enumerate(of.spec.task.networks)}
    values = {"addresses": addresses, **fields}
    return Task(f"{of.id}.{slot}", of.id, slot, of.spec.task, state=state, endpoint=of.spec.endpoint, **values)


def cluster(services: tuple[Service, ...], tasks: tuple[Task, ...] = (), nodes: int = 1) -> Cluster:
    made = [Node(f"n{one}", f"node-{one}", address=f"127.0.0.{one}") for one in range(1, nodes + 1)]
    return Cluster({one.id: one for one in made}, {one.id: one for one in services}, {one.id: one for one in tasks})
