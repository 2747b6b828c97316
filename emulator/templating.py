"""Go templates in container specs."""

from collections.abc import Callable, Mapping

from emulator.cluster import Node, Service, Task
from emulator.findings import Findings
from grammar.gotemplate import render
from grammar.notes import Path


def checked(text: str, path: Path, service_labels: Mapping[str, str], findings: Findings) -> str:
    """The text."""
    return text


def expand(text: str, task: Task, service: Service, node: Node) -> str:
    """A template filled in for one task (moby daemon/cluster/executor/container/template)."""
    return render(text, context(task, service, node)) if "{{" in text else text


def context(task: Task, service: Service, node: Node) -> dict[str, object]:
    """What templates see."""
    return {
        "Service": {"ID": service.id, "Name": service.spec.name, "Labels": dict(service.spec.labels)},
        "Node": {"ID": node.id, "Hostname": node.hostname, "Platform": {"Architecture": node.arch, "OS": node.os}},
        "Task": {
            "ID": task.id,
            "Name": f"{service.spec.name}.{task.slot or task.node_id}.{task.id}",
            "Slot": str(task.slot or node.id),
        },
    }


def expand_payload(
    content: bytes, task: Task, service: Service, node: Node, other: Callable[[str, str], bytes | None]
) -> bytes:
    """A templated secret or config filled in. `other` finds what it asks for by (kind, target)."""
    container = task.template.container
    env = dict(one.partition("=")[::2] for one in container.env) if container else {}

    def found(kind: str) -> Callable[[str], str]:
        def value(target: str) -> str:
            payload = other(kind, target)
            if payload is None:
                raise ValueError(f"{kind} target {target} not found")
            return payload.decode("utf-8", "surrogateescape")

        return value

    functions = {
        "secret": found("secret"),
        "config": found("config"),
        "env": lambda name: expand(env.get(name, ""), task, service, node),
    }
    text = content.decode("utf-8", "surrogateescape")
    return render(text, context(task, service, node), functions).encode("utf-8", "surrogateescape")
