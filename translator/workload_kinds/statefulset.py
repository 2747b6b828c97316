"""StatefulSet: a service whose tasks know their slot, numbered as in a swarm: from 1, each once.

As in a swarm, all pods start together, and an update replaces them one after the other.
"""

from collections.abc import Iterator

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.labels import POD_INDEX, of_service, selector
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack
from stackferry.translator.workload import undo_command
from stackferry.translator.workload_kinds.strategy import statefulset_strategy

FIRST_SLOT = 1


def statefulset_spec(service: Service, template: Body, exclusive: bool, stack: Stack, notes: Notes) -> Body:
    """`spec` of the StatefulSet, without its claims."""
    return {
        "serviceName": stack.naming.tasks[service.name],
        "replicas": max(service.replicas, 0),
        "ordinals": {"start": FIRST_SLOT},
        "podManagementPolicy": "Parallel",
        **statefulset_strategy(service, undo_command(service, stack), notes),
        "selector": {"matchLabels": selector(stack.project.name, stack.name(service))},
        "template": template,
    }


def to_tasks_service(service: Service, stack: Stack) -> Manifest:
    """The Service that gives each pod a name of its own, `web-1.web-tasks`.

    It is not the service's own Service: `serviceName` is immutable, and the own Service may change its kind with the
    ports of the service.
    """
    spec: Body = {"clusterIP": "None", "publishNotReadyAddresses": True, "selector": stack.selector(service)}
    labels = of_service(stack.project.name, stack.name(service))
    return manifest("Service", stack.naming.tasks[service.name], stack.options.namespace, labels, {"spec": spec})


def to_slot_services(service: Service, stack: Stack) -> Iterator[Manifest]:
    """A Service for each task whose host name contains its slot, by which peers call it in a swarm.

    It resolves to the pod itself, so that a program finds its own address among those of its peers (MinIO does).
    """
    labels = of_service(stack.project.name, stack.name(service))
    for slot, name in enumerate(stack.naming.slots.get(service.name, {}).values(), FIRST_SLOT):
        chosen = {**stack.selector(service), POD_INDEX: str(slot)}
        spec: Body = {"clusterIP": "None", "publishNotReadyAddresses": True, "selector": chosen}
        yield manifest("Service", name, stack.options.namespace, labels, {"spec": spec})
