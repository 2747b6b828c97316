"""ConfigMaps, Secrets and claims: small enough, and there when a pod names them."""

from collections.abc import Collection, Iterator
from typing import Any

from stackferry.translator.checks.complaint import WORKLOADS, Complaints, containers_of, pod_of
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.manifest.names import VARIABLE
from stackferry.translator.volumes.configmap import CONFIGMAP_LIMIT

_REFERENCES = {
    "ConfigMap": (("configMap", "name"), ("configMapKeyRef", "name"), ("configMapRef", "name")),
    "Secret": (("secret", "secretName"), ("secretKeyRef", "name"), ("secretRef", "name")),
    "PersistentVolumeClaim": (("persistentVolumeClaim", "claimName"),),
}
_EVERYWHERE = frozenset(("ConfigMap/kube-root-ca.crt",))
"""What Kubernetes puts into every namespace."""


def check_sizes(manifests: tuple[Manifest, ...]) -> Complaints:
    """ConfigMaps and Secrets of at most 1 MiB."""
    for one in manifests:
        if one.kind in ("ConfigMap", "Secret"):
            texts = sum(len(value.encode()) for value in one.body.get("data", {}).values())
            encoded = texts if one.kind == "Secret" else 0
            binary = sum(len(value) for value in one.body.get("binaryData", {}).values()) + encoded
            if binary * 3 // 4 + (texts - encoded) > CONFIGMAP_LIMIT + 4:
                yield one, "check-size", "larger than 1 MiB"


def check_env_from(manifests: tuple[Manifest, ...]) -> Complaints:
    """Objects that `envFrom` reads hold nothing but variables: what is none it passes over, and says nothing."""
    held = {one.id: one for one in manifests}
    for one in manifests:
        if one.kind not in WORKLOADS:
            continue
        for container in containers_of(pod_of(one)):
            for kind, name in _named(container.get("envFrom", [])):
                body = held[f"{kind}/{name}"].body if f"{kind}/{name}" in held else {}
                if "binaryData" in body or not all(map(VARIABLE.fullmatch, body.get("data", {}))):
                    yield one, "check-env-from", f"envFrom passes over a part of {kind}/{name}"


def check_references(manifests: tuple[Manifest, ...], existing: Collection[str]) -> Complaints:
    """Every ConfigMap, Secret and claim that a pod names is in the stack or said to exist."""
    there = {one.id for one in manifests} | set(existing) | _EVERYWHERE
    for one in manifests:
        if one.kind not in WORKLOADS:
            continue
        for kind, name in _named(pod_of(one)):
            if f"{kind}/{name}" not in there:
                yield one, "check-dangling", f"{kind}/{name} does not exist"


def _named(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for kind, places in _REFERENCES.items():
            for outer, inner in places:
                if isinstance(value.get(outer), dict) and isinstance(value[outer].get(inner), str):
                    yield kind, value[outer][inner]
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _named(child)
