"""The networks of a pod, as labels of the pod. Pods on the same network may talk, as in compose."""

from collections.abc import Iterable

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.translator.manifest.names import dns_label
from stackferry.translator.sharing import Group

_PREFIX = "stackferry/network-"
_DEFAULT = "default"


def networks_of(group: Group) -> tuple[str, ...]:
    """The keys of the pod's networks; empty if it has no network of its own."""
    found: dict[str, None] = {}
    for service in group.services:
        found.update(dict.fromkeys(_joined(service)))
    return tuple(found)


def _joined(service: Service) -> Iterable[str]:
    if service.network_mode in (None, "bridge", _DEFAULT):
        return service.networks or (_DEFAULT,)
    return ()


def network_label(key: str, project: Project) -> str:
    """The label of the pods on a network: by its external name if other stacks are on it, too."""
    network = project.networks.get(key)
    name = network.name if network is not None and network.external and network.name else key
    return f"{_PREFIX}{dns_label(name, 50)}"


def network_labels(group: Group, project: Project) -> dict[str, str]:
    """The labels of a pod, one for each of its networks."""
    return {network_label(key, project): "true" for key in networks_of(group)}


def is_inside(group: Group, project: Project) -> bool:
    """Whether all networks of a pod are internal, so that it reaches nothing outside."""
    keys = networks_of(group)
    return bool(keys) and all(key in project.networks and project.networks[key].internal for key in keys)
