"""Fields that no apply can change: which they are, what recreating the object loses, and whether the user agreed.

Pure except for `blocked`, which has the server confirm them. A claim that offers more than the stack asks for does not
count: somebody made it so, and it stays as it is.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.cluster.apply import applied
from stackferry.translator.cluster.client import Client
from stackferry.translator.cluster.differences import differences
from stackferry.translator.cluster.errors import ClusterError
from stackferry.translator.cluster.held import Held, Object
from stackferry.translator.manifest.manifests import Manifest

CLAIM = "PersistentVolumeClaim"
_PODS = "only its pods are recreated"
_FIELDS: Mapping[str, tuple[str, ...]] = {
    CLAIM: (
        *("spec.accessModes", "spec.storageClassName", "spec.volumeMode", "spec.selector", "spec.volumeName"),
        "spec.resources.requests.storage",
    ),
    "Deployment": ("spec.selector",),
    "DaemonSet": ("spec.selector",),
    "StatefulSet": ("spec.selector", "spec.serviceName", "spec.podManagementPolicy"),
    "Job": ("spec.template", "spec.completions", "spec.completionMode"),
    "Service": ("spec.clusterIP",),
    "RoleBinding": ("roleRef",),
    "Secret": ("type", "data"),
    "ConfigMap": ("data", "binaryData"),
}
"""By kind, the fields that a server always or sometimes refuses to change. `orphans.py` has a StatefulSet's claims."""
_WHOLE = ("spec.selector",)
"""Fields that an apply replaces as a whole: values that it does not set do not stay."""
_LOST: Mapping[str, str] = {
    CLAIM: "all data in it is lost",
    "Deployment": _PODS,
    "DaemonSet": _PODS,
    "StatefulSet": f"{_PODS}; its claims and their data are kept",
    "Job": "it runs once more",
    "Service": "it gets another address, and connections to it break",
    "RoleBinding": "its permissions are missing for a moment",
    "Secret": "pods that start in the meantime wait for it",
    "ConfigMap": "pods that start in the meantime wait for it",
}


@dataclass(frozen=True, slots=True)
class Blocked:
    """An object that cannot become what the stack says: `fields` like `spec.selector: a -> b`, the server's reason."""

    id: str
    fields: tuple[str, ...]
    reason: str

    @property
    def flag(self) -> str:
        """The command line option that allows the object to be recreated."""
        return f"--recreate {self.id}"

    @property
    def lost(self) -> str:
        """What is lost when the object is recreated."""
        return _LOST[self.id.partition("/")[0]]

    @property
    def lines(self) -> tuple[str, ...]:
        """The message for people: the fields, and the way out."""
        return (*self.fields, f"recreate it with {self.flag}: {self.lost}")


def blocked(client: Client, objects: Iterable[Manifest], there: Held, namespace: str) -> list[Blocked]:
    """Every existing object that cannot be changed to the desired one. Raises ClusterError for other refusals."""
    found = []
    for resource in objects:
        live = there.objects.get(resource.id)
        fields = tuple(differing(resource, live)) if live is not None else ()
        if not fields:
            continue
        try:
            # Forced, because ownership of a fixed field does not matter: taking the field over would not help.
            applied(client, resource, namespace, dry_run=True, force=True)
        except ClusterError as error:
            if not _is_fixed(error):
                raise
            found.append(Blocked(resource.id, fields, str(error)))
    return found


def _is_fixed(error: ClusterError) -> bool:
    if error.status == 403:
        # The storage class of the claim does not let it grow.
        return "resize" in str(error)
    return error.status == 422 and _FIXED.search(str(error)) is not None


_FIXED = regex(r"immutable|Forbidden: (updates to|spec|field)|can ?not (be )?(less|change)|may not change")


def differing(manifest: Manifest, live: Object) -> Iterator[str]:
    """The immutable fields of an object that differ from the stack's: `spec.volumeMode: Block -> nothing`."""
    if (
        manifest.kind in ("ConfigMap", "Secret")
        and not live.get("immutable")
        and manifest.body.get("type") == live.get("type")
    ):
        return
    for path in _FIELDS.get(manifest.kind, ()):
        ours, theirs = _at(manifest.body, path), _at(live, path)
        if ours is not None:
            yield from differences(theirs if path in _WHOLE else _said(theirs, ours), ours, path)


def as_there(manifest: Manifest, live: Object | None) -> Manifest:
    """The claim with the existing access modes and size, where they satisfy what the stack asks for."""
    if manifest.kind != CLAIM or live is None:
        return manifest
    spec, theirs = manifest.body["spec"], live.get("spec") or {}
    modes = theirs.get("accessModes") or ()
    if set(spec["accessModes"]) <= {*modes} or _SHARED in modes:
        spec = {**spec, "accessModes": list(modes)}
    size = _at(live, "spec.resources.requests.storage")
    if size is not None and _number(str(size)) >= _number(str(spec["resources"]["requests"]["storage"])):
        spec = {**spec, "resources": {"requests": {"storage": size}}}
    return replace(manifest, body={**manifest.body, "spec": spec})


_SHARED = "ReadWriteMany"


def users_of(claims: Collection[str], there: Held) -> list[Object]:
    """The existing workloads that mount one of these claims: no such claim goes while one of their pods runs."""
    return [one for one in there.objects.values() if any(name in claims for name in _mounted(one))]


def _mounted(resource: Object) -> Iterator[str]:
    spec = resource.get("spec") or {}
    template = _at(spec, "jobTemplate.spec.template") or spec.get("template") or {}
    for volume in (template.get("spec") or {}).get("volumes") or ():
        if "persistentVolumeClaim" in volume:
            yield volume["persistentVolumeClaim"]["claimName"]


def _at(body: Any, path: str) -> Any:
    for key in path.split("."):
        body = body.get(key) if isinstance(body, dict) else None
    return body


def _said(theirs: Any, ours: Any) -> Any:
    """The part of `theirs` that `ours` sets: a server adds defaults, and writes numbers in its own way."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return {key: _said(theirs.get(key), value) for key, value in ours.items()}
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [_said(old, new) for old, new in zip(theirs, ours, strict=True)]
    # The server leaves out empty values.
    return ours if (not ours and theirs is None) or _is_same_number(theirs, ours) else theirs


def _is_same_number(theirs: Any, ours: Any) -> bool:
    texts = (str(theirs), str(ours))
    return all(map(_QUANTITY.fullmatch, texts)) and _number(texts[0]) == _number(texts[1])


_QUANTITY = regex(r"(\d+(?:\.\d+)?)([KMGTPE]i|[mkMGTPE])?")
_POWERS = {"": 0, "m": -1, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}


def _number(text: str) -> Decimal:
    """A quantity of Kubernetes' as a number; 0 if it is none."""
    found = _QUANTITY.fullmatch(text)
    if found is None:
        return Decimal(0)
    unit = found[2] or ""
    base = 1024 if unit.endswith("i") else 1000
    return Decimal(found[1]) * Decimal(base) ** _POWERS[unit.removesuffix("i")]
