"""Checks ConfigMaps, Secrets and claims: small enough, and present when a pod refers to them."""

from collections.abc import Collection
from typing import Any

from stackferry.translator.checks.complaint import WORKLOADS, Complaints, containers_of, pod_of
from stackferry.translator.manifest.manifests import Body, Manifest
from stackferry.translator.manifest.names import VARIABLE
from stackferry.translator.volumes.configmap import CONFIGMAP_LIMIT

_REFERENCES = {
    "configMap": ("ConfigMap", "name"),
    "configMapKeyRef": ("ConfigMap", "name"),
    "configMapRef": ("ConfigMap", "name"),
    "secret": ("Secret", "secretName"),
    "secretKeyRef": ("Secret", "name"),
    "secretRef": ("Secret", "name"),
    "persistentVolumeClaim": ("PersistentVolumeClaim", "claimName"),
}
"""By the referring field: the kind that it refers to, and the key that holds the name."""
_HOLDERS = (dict, list, tuple)
_EVERYWHERE = frozenset(("ConfigMap/kube-root-ca.crt",))
"""Objects that Kubernetes creates in every namespace."""


def check_sizes(manifests: tuple[Manifest, ...]) -> Complaints:
    """ConfigMaps and Secrets have at most 1 MiB."""
    for manifest in manifests:
        if manifest.kind in ("ConfigMap", "Secret"):
            texts = sum(len(value.encode()) for value in manifest.body.get("data", {}).values())
            encoded = texts if manifest.kind == "Secret" else 0
            binary = sum(len(value) for value in manifest.body.get("binaryData", {}).values()) + encoded
            if binary * 3 // 4 + (texts - encoded) > CONFIGMAP_LIMIT + 4:
                yield manifest, "check-size", "larger than 1 MiB"


def check_env_from(manifests: tuple[Manifest, ...]) -> Complaints:
    """Objects that `envFrom` reads hold only legal variable names: Kubernetes silently skips the others."""
    held = {one.id: one for one in manifests}
    for manifest in manifests:
        if manifest.kind not in WORKLOADS:
            continue
        for container in containers_of(pod_of(manifest)):
            for kind, name in _named(container.get("envFrom", [])):
                body = held[f"{kind}/{name}"].body if f"{kind}/{name}" in held else {}
                if "binaryData" in body or not all(map(VARIABLE.fullmatch, body.get("data", {}))):
                    yield manifest, "check-env-from", f"envFrom skips some keys of {kind}/{name}"


def check_references(manifests: tuple[Manifest, ...], existing: Collection[str]) -> Complaints:
    """Every ConfigMap, Secret and claim that a pod refers to is in the stack or said to exist."""
    there = {one.id for one in manifests} | set(existing) | _EVERYWHERE
    for manifest in manifests:
        if manifest.kind not in WORKLOADS:
            continue
        for kind, name in _of_pod(pod_of(manifest)):
            if f"{kind}/{name}" not in there:
                yield manifest, "check-dangling", f"{kind}/{name} does not exist"


def _of_pod(spec: Body) -> list[tuple[str, str]]:
    """The objects that a pod refers to: only its volumes and the variables of its containers can."""
    variables = [(container.get("env", ()), container.get("envFrom", ())) for container in containers_of(spec)]
    return _named([spec.get("volumes", ()), variables])


def _named(value: Any) -> list[tuple[str, str]]:
    """All references anywhere below `value`."""
    found: list[tuple[str, str]] = []
    _collect(value, found)
    return found


def _collect(value: Any, found: list[tuple[str, str]]) -> None:
    # A pod has a hundred values, so only containers of values are looked into.
    for field, child in value.items() if isinstance(value, dict) else enumerate(value):
        if not isinstance(child, _HOLDERS):
            continue
        if field in _REFERENCES and isinstance(child, dict):
            kind, key = _REFERENCES[field]
            if isinstance(child.get(key), str):
                found.append((kind, child[key]))
        _collect(child, found)
