"""The objects of a translation as a tree: by service, each with its most important facts."""

from collections.abc import Callable, Mapping, Sequence

from stackferry.render.style import Style

Manifest = Mapping[str, object]
"""One Kubernetes object as plain data."""

_SERVICE_LABEL = "app.kubernetes.io/name"
_SHARED = "shared by the stack"


def object_tree(title: str, manifests: Sequence[Manifest], style: Style) -> str:
    """A branch per service in the order of the manifests, then objects that belong to no single service."""
    groups: dict[str, list[Manifest]] = {}
    for manifest in manifests:
        groups.setdefault(_text(manifest, "metadata", "labels", _SERVICE_LABEL) or _SHARED, []).append(manifest)
    if _SHARED in groups:
        groups[_SHARED] = groups.pop(_SHARED)
    width = max((len(_name(one)) for one in manifests), default=0)
    lines = [style.paint("title", title)]
    for at, (group, members) in enumerate(groups.items()):
        last = at == len(groups) - 1
        lines.append(f"{'└─' if last else '├─'} {style.paint('title', group)}")
        for number, member in enumerate(members):
            branch = ("   " if last else "│  ") + ("└─" if number == len(members) - 1 else "├─")
            facts = _FACTS.get(str(member.get("kind")), _no_facts)(member)
            lines.append(f"{branch} {_name(member):{width}}  {style.paint('faint', facts)}".rstrip())
    return "\n".join(lines)


def _workload(manifest: Manifest) -> str:
    """`3 × nginx:1.27`, and the other parts of the workload."""
    pod = ("spec", "template", "spec")
    images = [_text(one, "image") for one in _list(manifest, *pod, "containers")]
    facts = [f"{_text(manifest, 'spec', 'replicas') or 1} × {', '.join(images)}"]
    for container in _list(manifest, *pod, "containers")[:1]:
        facts += [probe.removesuffix("Probe") for probe in ("startupProbe", "readinessProbe") if probe in container]
    return ", ".join(facts)


def _service(manifest: Manifest) -> str:
    """The facts of a Service object: `8080 → 80, NodePort` or `headless`."""
    ports = []
    for service_port in _list(manifest, "spec", "ports"):
        port, target = _text(service_port, "port"), _text(service_port, "targetPort")
        ports.append(port if target in ("", port) else f"{port} → {target}")
    kind = "headless" if _text(manifest, "spec", "clusterIP") == "None" else _text(manifest, "spec", "type")
    return ", ".join(filter(None, [" ".join(ports), kind or "ClusterIP"]))


def _claim(manifest: Manifest) -> str:
    size = _text(manifest, "spec", "resources", "requests", "storage")
    return ", ".join([size, *(str(mode) for mode in _list(manifest, "spec", "accessModes"))])


def _data(manifest: Manifest) -> str:
    """The keys of the data; never the values, which may be secret."""
    keys = [key for part in ("data", "stringData", "binaryData") for key in _mapping(manifest, part)]
    return ", ".join(keys[:4]) + (f" and {len(keys) - 4} more" if len(keys) > 4 else "")


def _no_facts(_manifest: Manifest) -> str:
    return ""


_FACTS: Mapping[str, Callable[[Manifest], str]] = {
    "Deployment": _workload,
    "StatefulSet": _workload,
    "DaemonSet": _workload,
    "Job": _workload,
    "Service": _service,
    "PersistentVolumeClaim": _claim,
    "ConfigMap": _data,
    "Secret": _data,
}


def _name(manifest: Manifest) -> str:
    return f"{manifest.get('kind')}/{_text(manifest, 'metadata', 'name')}"


def _at(value: object, *path: str) -> object:
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _text(value: object, *path: str) -> str:
    found = _at(value, *path)
    return "" if found is None else str(found)


def _mapping(value: object, *path: str) -> Mapping[str, object]:
    found = _at(value, *path)
    return found if isinstance(found, Mapping) else {}


def _list(value: object, *path: str) -> Sequence[Manifest]:
    found = _at(value, *path)
    return found if isinstance(found, list | tuple) else ()
