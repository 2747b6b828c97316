"""Whether the namespace's quotas and limits leave room for the stack. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from stackferry.translator.cluster.doctor.facts import Asking, Facts
from stackferry.translator.cluster.doctor.finding import Finding, fail, ok, warn
from stackferry.translator.manifest.manifests import Manifest

_COUNTED = {
    "Service": "services",
    "ConfigMap": "configmaps",
    "Secret": "secrets",
    "PersistentVolumeClaim": "persistentvolumeclaims",
}
_PODS = ("Deployment", "StatefulSet", "DaemonSet", "Job")


def quotas(facts: Facts, asking: Asking) -> Iterator[Finding]:
    """Every quota that the stack exceeds, and the defaults for containers that set no resources themselves."""
    wanted = counts(asking.objects)
    if facts.quotas is None:
        yield warn("quotas", "you are not allowed to list ResourceQuotas: whether the stack fits is unknown")
    for quota in facts.quotas or ():
        name = quota["metadata"]["name"]
        full = list(_full(quota.get("status") or {}, wanted))
        for text in full:
            yield fail("quotas", f"ResourceQuota/{name}: {text}", "ask for a higher quota, or use another namespace")
        if not full:
            yield ok(
                "quotas", f"ResourceQuota/{name} has room: {_room(quota.get('status') or {}) or 'as far as is known'}"
            )
    if facts.quotas == ():
        yield ok("quotas", "none found")
    for text in _limits(facts):
        yield warn("limits", text, "set what the service needs in deploy.resources")


def counts(objects: Iterable[Manifest]) -> dict[str, int]:
    """The number of objects of each resource that a quota counts, including pods."""
    found: dict[str, int] = {}
    for resource in objects:
        name = _COUNTED.get(resource.kind)
        if name:
            found[name] = found.get(name, 0) + 1
        if resource.kind in _PODS:
            spec = resource.body["spec"]
            found["pods"] = found.get("pods", 0) + int(spec.get("replicas", spec.get("parallelism", 1)))
        if resource.kind == "Service" and resource.body["spec"].get("type") in ("NodePort", "LoadBalancer"):
            ports = len(resource.body["spec"].get("ports") or ())
            found["services.nodeports"] = found.get("services.nodeports", 0) + ports
    return found


def _full(status: Mapping[str, Mapping[str, str]], wanted: Mapping[str, int]) -> Iterator[str]:
    hard, used = status.get("hard") or {}, status.get("used") or {}
    for resource, count in wanted.items():
        for name in (resource, f"count/{resource}"):
            if name in hard and hard[name].isdecimal():
                left = int(hard[name]) - int(used.get(name, "0"))
                if left < count:
                    yield f"{max(left, 0)} of {hard[name]} {resource} are left, and the stack needs {count}"


def _room(status: Mapping[str, Mapping[str, str]]) -> str:
    hard, used = status.get("hard") or {}, status.get("used") or {}
    return ", ".join(f"{name} {used.get(name, '0')}/{value}" for name, value in hard.items())


def _limits(facts: Facts) -> Iterator[str]:
    for limit in facts.limits or ():
        for item in limit["spec"].get("limits") or ():
            given = item.get("default")
            if item.get("type") == "Container" and given:
                text = ", ".join(f"{key} {value}" for key, value in given.items())
                yield f"LimitRange/{limit['metadata']['name']}: a container without limits gets at most {text}"
