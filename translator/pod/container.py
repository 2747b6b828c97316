"""The container of a service: all keys about how one process runs."""

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.escape import literal
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.pod.images import image
from stackferry.translator.pod.lifecycle import lifecycle
from stackferry.translator.pod.probes import probes
from stackferry.translator.pod.resources import resources
from stackferry.translator.pod.security import container_security
from stackferry.translator.services.ports import Listening
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.mounts import Mounts


def to_container(
    service: Service, ports: tuple[Listening, ...], variables: Body, mounts: Mounts, stack: Stack, notes: Notes
) -> Body:
    """The container, with its fields in the usual order."""
    fields: Body = {
        "name": stack.naming.containers[service.name],
        **image(service, stack, notes),
        **command(service, notes),
        "workingDir": service.working_dir,
        "ports": [port.of_container() for port in ports],
        **variables,
        "resources": resources(service, notes),
        "volumeMounts": mounts.of_container(),
        **probes(service, stack, notes),
        "lifecycle": lifecycle(service, stack, notes),
        "securityContext": container_security(service, notes),
        "stdin": service.stdin_open,
        "tty": service.tty,
    }
    return {key: value for key, value in fields.items() if value not in (None, False) and value != [] and value != {}}


def command(service: Service, notes: Notes) -> Body:
    """`command` from compose's `entrypoint`, and `args` from compose's `command`."""
    words = [literal(word) for word in service.command or ()]
    if service.entrypoint is None:
        return {"args": words}
    if service.entrypoint:
        return {"command": [literal(word) for word in service.entrypoint], "args": words}
    if words:
        return {"command": words}
    notes.action(
        ("services", service.name, "entrypoint"),
        "kubernetes-empty-entrypoint",
        "Kubernetes cannot clear the image's entrypoint and keep its command",
        "write the image's CMD as command",
    )
    return {}
