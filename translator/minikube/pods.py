"""The images and ports of a stack's pods, from its manifests: for the machine's size and for loading images. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.labels import NAME
from stackferry.translator.manifest.manifests import Manifest

_WORKLOADS = frozenset(("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"))


def images(objects: Iterable[Manifest]) -> tuple[str, ...]:
    """Every image that the pods of the stack run, in order of first use."""
    found: dict[str, None] = {}
    for resource in objects:
        spec = pod_spec(resource)
        for container in (*spec.get("initContainers", ()), *spec.get("containers", ())) if spec else ():
            found[container["image"]] = None
        for volume in spec.get("volumes", ()) if spec else ():
            if "image" in volume:
                found[volume["image"]["reference"]] = None
    return tuple(found)


def pod_spec(manifest: Manifest) -> Mapping[str, Any] | None:
    """The spec of a workload's pods; None for an object without pods."""
    spec = manifest.body.get("spec") or {}
    if manifest.kind == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    template = (
        spec.get("template") if manifest.kind in ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob") else None
    )
    found: Mapping[str, Any] | None = template["spec"] if template else None
    return found


@dataclass(frozen=True, slots=True)
class NodePort:
    """A port of the node that a service requests by its number."""

    service: str
    number: int
    protocol: str


def node_ports(objects: Iterable[Manifest]) -> Iterator[NodePort]:
    """The node ports of Services, and the host ports of containers."""
    for resource in objects:
        name = str(resource.body["metadata"].get("labels", {}).get(NAME, resource.name))
        if resource.kind == "Service":
            for port in resource.body["spec"].get("ports") or ():
                if "nodePort" in port:
                    yield NodePort(name, int(port["nodePort"]), str(port.get("protocol", "TCP")))
        spec = pod_spec(resource)
        for container in spec["containers"] if spec else ():
            for port in container.get("ports") or ():
                if "hostPort" in port:
                    yield NodePort(name, int(port["hostPort"]), str(port.get("protocol", "TCP")))


def uses_folder(objects: Iterable[Manifest], folder: str) -> bool:
    """Whether a pod mounts something in a folder of the node."""
    for resource in objects:
        spec = pod_spec(resource) or {}
        paths = (str(volume["hostPath"]["path"]) for volume in spec.get("volumes", ()) if "hostPath" in volume)
        if any(path == folder or path.startswith(f"{folder}/") for path in paths):
            return True
    return False
