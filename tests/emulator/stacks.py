"""Stacks for tests of the desired state: compose text to the desired state, and tasks of its services."""

from collections.abc import Mapping

from stackferry.emulator.cluster.objects import Cluster, Node, Service, Task
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.desired.stack import DesiredOptions, DesiredStack, desired
from stackferry.grammar.compose.load import Loaded, Request, load
from stackferry.grammar.files import Files, Memory
from tests.conftest import ROOT

HERE = "/home/me/stack"
FIXTURES = "/fixtures"
ENVIRONMENT = {"PASSWORD": "hunter2", "TOKEN": "t"}


def loaded(text: str, files: Mapping[str, str] | None = None, **environment: str) -> tuple[Loaded, Files]:
    """A stack from text, in memory; its warnings are nobody's business here."""
    memory = Memory({"compose.yaml": text, **(files or {})}, HERE)
    return load(Request(), files=memory, environment=environment), memory


def made(
    text: str, files: Mapping[str, str] | None = None, *, strict: bool = False, **environment: str
) -> DesiredStack:
    """The desired state of a stack from text."""
    stack, memory = loaded(text, files, **environment)
    options = DesiredOptions(strict_swarm=strict, origin=stack.origin)
    return desired(stack.project, memory, stored=lambda kind, name: b"stored", options=options)


def spec_of(stack: DesiredStack, key: str) -> ServiceSpec:
    """The service with a key in the file."""
    return next(spec for spec in stack.services if spec.name == stack.names[key])


def case(name: str) -> tuple[Loaded, Files]:
    """A case of fixtures/local, as if the fixtures were at the root of the disk."""
    top = ROOT / "fixtures"
    files = {
        f"{FIXTURES}/{path.relative_to(top).as_posix()}": path.read_bytes()
        for folder in ("local", "demo")
        for path in (top / folder).rglob("*")
        if (path.is_file() and path.suffix != ".json") or path.name == "profile.json"
    }
    memory = Memory(files, f"{FIXTURES}/local/{name}")
    return load(Request(), files=memory, environment=ENVIRONMENT), memory


def task_of(spec: ServiceSpec, *, slot: int = 2) -> tuple[Cluster, Task]:
    """A cluster of one node and one service, and a task of it."""
    node = Node("nodeid", "alpha", address="127.0.0.3")
    service = Service("serviceid", spec, version=7)
    task = Task(
        "taskid",
        service.id,
        0 if spec.mode.is_global else slot,
        spec.task,
        version=7,
        node_id=node.id,
        created_at=1000.5,
        endpoint=spec.endpoint,
    )
    return Cluster({node.id: node}, {service.id: service}, {task.id: task}), task
