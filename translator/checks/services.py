"""Checks Services: selectors, ports, node ports."""

from collections.abc import Mapping

from stackferry.translator.checks.complaint import WORKLOADS, Complaints, template_of
from stackferry.translator.manifest.labels import POD_INDEX
from stackferry.translator.manifest.manifests import Body, Manifest
from stackferry.translator.manifest.names import PORT_NAME


def check_selectors(manifests: tuple[Manifest, ...]) -> Complaints:
    """Every selector matches pods of the stack itself."""
    pods = [template_of(one)["metadata"]["labels"] for one in manifests if one.kind in WORKLOADS]
    index: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for labels in pods:
        for pair in labels.items():
            index.setdefault(pair, []).append(labels)
    for manifest in manifests:
        if manifest.kind in ("Deployment", "StatefulSet", "DaemonSet"):
            labels = template_of(manifest)["metadata"]["labels"].items()
            if not manifest.body["spec"]["selector"]["matchLabels"].items() <= labels:
                yield manifest, "check-selector", "its selector does not match its own pods"
        selected = _selected(manifest)
        if selected is not None:
            wanted = {label: value for label, value in selected.items() if label != POD_INDEX}
            near = index.get(next(iter(wanted.items())), ())
            if not any(wanted.items() <= labels.items() for labels in near):
                yield manifest, "check-selector", "its selector matches no pod of the stack"


_SELECTORS = {
    "Service": ("spec", "selector"),
    "PodDisruptionBudget": ("spec", "selector", "matchLabels"),
    "NetworkPolicy": ("spec", "podSelector", "matchLabels"),
}


def _selected(manifest: Manifest) -> Body | None:
    """The labels by which an object selects pods; None if it selects none."""
    found: Body | None = manifest.body
    for key in _SELECTORS.get(manifest.kind, ("",)):
        found = found.get(key) if found is not None else None
    return found


def check_ports(manifests: tuple[Manifest, ...]) -> Complaints:
    """Ports of Services have names, occur once, and their node ports are in range and pinned once."""
    pinned: set[tuple[int, str]] = set()
    for manifest in manifests:
        if manifest.kind != "Service":
            continue
        spec = manifest.body["spec"]
        ports = spec.get("ports", [])
        if not ports and spec.get("clusterIP") != "None" and spec.get("type") != "ExternalName":
            yield manifest, "check-port", "only a headless Service may have no ports"
        yield from port_names(manifest, ports)
        if len({(port["port"], port["protocol"]) for port in ports}) < len(ports):
            yield manifest, "check-port", "the same port is listed twice"
        for port in ports:
            number = port.get("nodePort")
            if number is None:
                continue
            if not 0 < number < 65536:
                yield manifest, "check-node-port", f"{number} is not a port"
            if (number, port["protocol"]) in pinned:
                yield manifest, "check-node-port", f"{number} is pinned twice"
            pinned.add((number, port["protocol"]))


def port_names(manifest: Manifest, ports: list[Body]) -> Complaints:
    """Port names in a list are legal, and none occurs twice."""
    names = [port["name"] for port in ports]
    for name in names:
        if len(name) > 15 or not PORT_NAME.fullmatch(name):
            yield manifest, "check-port-name", f"{name} is not a valid port name"
    if len(set(names)) < len(names):
        yield manifest, "check-port-name", "two ports have the same name"
