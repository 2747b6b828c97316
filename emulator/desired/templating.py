"""Go templates in container specs and payloads, with swarm's names (swarmkit template/context.go).

`checked` validates them while the desired state is made; `create_request.py` expands them for each task. They know
.Service.{ID,Name,Labels}, .Node.{ID,Hostname,Platform.{Architecture,OS}} and .Task.{ID,Name,Slot}.
"""

from collections.abc import Callable, Mapping
from typing import Any

from stackferry.emulator.cluster.container import ContainerSpec, FileMount
from stackferry.emulator.cluster.objects import Cluster, Node, Task
from stackferry.emulator.desired.findings import Findings
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.gotemplate import TemplateError, render
from stackferry.grammar.gotemplate.printf import quoted
from stackferry.grammar.key_path import Path
from stackferry.grammar.swarm_template import expand, join, sample

FOLDERS = {"secret": "/run/secrets/", "config": "/"}
"""The folders for files that are named without a folder."""


def checked(text: str, path: Path, service_labels: Mapping[str, str], findings: Findings) -> str:
    """A value as it goes into the spec. A template that swarm does not know is meant for the program: it stays.

    A swarm refuses it, and so does `--strict-swarm`.
    """
    if "{{" not in text:
        return text
    try:
        expand(text, sample(service_labels))
    except TemplateError as error:
        if findings.strict:
            findings.refuse(path, "template", str(error), error.hint)
        else:
            message = f"not expanded: not a valid swarm template ({error})"
            findings.notes.approximated(path, "template", message, error.hint)
        return "{{" + quoted(text) + "}}"
    return text


def context(cluster: Cluster, task: Task, node: Node) -> dict[str, Any]:
    """What templates of a task see. The slot of a global task is its node's id."""
    service = cluster.services[task.service_id]
    return {
        "Service": {"ID": service.id, "Name": service.spec.name, "Labels": dict(service.spec.labels)},
        "Node": {
            "ID": node.id,
            "Hostname": node.hostname,
            "Platform": {"Architecture": node.arch, "OS": node.os},
        },
        "Task": {
            "ID": task.id,
            "Name": cluster.task_name(task),
            "Slot": node.id if service.spec.mode.is_global else str(task.slot),
        },
    }


def expand_payload(
    content: bytes,
    data: Mapping[str, Any],
    container: ContainerSpec,
    read: Callable[[FileMount], bytes],
) -> bytes:
    """Expand a secret or config with `template_driver: golang` for one task; returns bytes.

    It may use `env "NAME"` of its container, and `secret "target"` or `config "target"` that the container
    mounts; `read` gives their content as stored. Raises StackferryError.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise StackferryError("a template must be UTF-8 text", "remove template_driver") from None
    variables = dict(entry.partition("=")[::2] for entry in container.env)

    def env(name: str) -> str:
        if name not in variables:
            raise ValueError(f"the container has no variable {name}")
        return expand(variables[name], data)

    def file(kind: str) -> Callable[[str], str]:
        def get(name: str) -> str:
            for mount in container.files:
                if mount.kind == kind and name in (mount.target, mount.target.removeprefix(FOLDERS[kind])):
                    return read(mount).decode(errors="replace")
            raise ValueError(f"{kind} target {name} not found")

        return get

    functions: dict[str, Callable[..., object]] = {
        "join": join,
        "env": env,
        "secret": file("secret"),
        "config": file("config"),
    }
    return render(text, data, functions).encode()
