"""Checks containers: ports, mounts, probes, privileges and resources."""

import re
from functools import lru_cache

from stackferry.grammar.regex import regex
from stackferry.translator.checks.complaint import WORKLOADS, Complaints, containers_of, pod_of
from stackferry.translator.checks.services import port_names
from stackferry.translator.manifest.manifests import Body, Manifest
from stackferry.translator.manifest.names import LABEL


def check_containers(manifests: tuple[Manifest, ...]) -> Complaints:
    """Check every container of every workload."""
    for manifest in manifests:
        if manifest.kind not in WORKLOADS:
            continue
        spec = pod_of(manifest)
        claims = manifest.body["spec"].get("volumeClaimTemplates", [])
        volumes = [volume["name"] for volume in spec.get("volumes", [])] + [each["metadata"]["name"] for each in claims]
        if len(set(volumes)) < len(volumes) or not all(LABEL.fullmatch(name) for name in volumes):
            yield manifest, "check-volume", "a volume's name is invalid or used twice"
        yield from port_names(
            manifest, [port for container in spec["containers"] for port in container.get("ports", [])]
        )
        names = [container["name"] for container in containers_of(spec)]
        if len(set(names)) < len(names):
            yield manifest, "check-container", "two containers have the same name"
        for container in containers_of(spec):
            yield from _volume_mounts(manifest, container, set(volumes))
            yield from _probes(manifest, container)
            yield from _security(manifest, container)
            yield from _resources(manifest, container)
            yield from _handlers(manifest, container)
            if "lifecycle" in container and container in spec.get("initContainers", ()):
                yield manifest, "check-lifecycle", "an init container cannot have a lifecycle"
            yield from _expansion(manifest, container)
            if not LABEL.fullmatch(container["name"]) or not container["image"].strip():
                yield manifest, "check-container", "the container needs a valid name and an image"


def _volume_mounts(manifest: Manifest, container: Body, volumes: set[str]) -> Complaints:
    mounts = container.get("volumeMounts", [])
    if len({mount["mountPath"] for mount in mounts}) < len(mounts):
        yield manifest, "check-mount", "two mounts have the same path"
    for mount in mounts:
        if mount["name"] not in volumes:
            yield manifest, "check-mount", f"no volume is named {mount['name']}"
        sub_path = mount.get("subPath", "")
        if ":" in mount["mountPath"] or sub_path.startswith("/") or ".." in sub_path.split("/"):
            yield manifest, "check-mount", f"Kubernetes refuses the mount at {mount['mountPath']}"


def _probes(manifest: Manifest, container: Body) -> Complaints:
    if "livenessProbe" in container:
        yield manifest, "check-probe", "a liveness probe restarts containers, which a compose healthcheck does not"
    for name in ("readinessProbe", "startupProbe"):
        probe = container.get(name)
        if probe is None:
            continue
        times = [probe[key] for key in ("periodSeconds", "timeoutSeconds", "failureThreshold")]
        if not probe["exec"]["command"] or any(type(value) is not int or value < 1 for value in times):
            yield manifest, "check-probe", f"{name} needs a command, and times that are whole numbers of at least 1"


def _handlers(manifest: Manifest, container: Body) -> Complaints:
    for name, handler in container.get("lifecycle", {}).items():
        if len(handler) != 1 or ("exec" in handler and not handler["exec"]["command"]):
            yield manifest, "check-lifecycle", f"{name} needs exactly one action"


_REFERENCE = regex(r"(?<!\$)(?:\$\$)*\$\((STACKFERRY_[A-Z]+)\)")


def _expansion(manifest: Manifest, container: Body) -> Complaints:
    """A variable may only refer to variables that are defined before it."""
    seen: set[str] = set()
    for variable in container.get("env", []):
        for name in _REFERENCE.findall(variable.get("value", "")):
            if name not in seen:
                yield (
                    manifest,
                    "check-expansion",
                    f"{variable['name']} uses {name}, which is defined later or not at all",
                )
        seen.add(variable["name"])


def _security(manifest: Manifest, container: Body) -> Complaints:
    context = container.get("securityContext", {})
    if context.get("allowPrivilegeEscalation") is False and context.get("privileged"):
        yield manifest, "check-security", "privileged and allowPrivilegeEscalation: false are mutually exclusive"
    added = context.get("capabilities", {})
    for capability in (*added.get("add", ()), *added.get("drop", ())):
        if not re.fullmatch(r"[A-Z0-9_]+", capability) or capability.startswith("CAP_"):
            yield manifest, "check-capability", f"{capability} is not written in a form that container runtimes accept"


def _resources(manifest: Manifest, container: Body) -> Complaints:
    sides = container.get("resources", {})
    for key, limit in sides.get("limits", {}).items():
        request = sides.get("requests", {}).get(key)
        if request is not None and _amount(request) > _amount(limit):
            yield manifest, "check-resources", f"requests more {key} than its limit"


_UNITS = {"": 1000, "m": 1, "Ki": 1000 << 10, "Mi": 1000 << 20, "Gi": 1000 << 30, "Ti": 1000 << 40}


@lru_cache
def _amount(quantity: str) -> int:
    match = re.fullmatch(r"(\d+)([a-zA-Z]*)", quantity)
    return int(match[1]) * _UNITS[match[2]] if match else 0
