"""All mounts of a pod's containers: its `volumes`, each container's `volumeMounts`.

A later mount at the same place wins, as in compose; Kubernetes refuses two. `storage.mounts_of` walks the
sources of mounts: volumes, tmpfs, shared memory, configs and secrets.
"""

import json
import posixpath
from collections.abc import Iterable
from dataclasses import field

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.manifests import Body, Manifest
from stackferry.translator.manifest.names import LIMIT, dns_label
from stackferry.translator.notes import Notes, Path
from stackferry.translator.volumes.filling.filling import Filling

OF_SLOT = "claimOfSlot"
"""The key of a source that is not a volume of the pod, but a claim per slot: the claim's `spec`."""


_canonical = json.JSONEncoder(sort_keys=True).encode
"""A source as canonical text. `json.dumps` would create an encoder for each call."""


@dataclass(slots=True)
class PodVolumes:
    """The volumes of one pod while they are collected, for all its containers.

    `objects` must exist for them, `written` are the names of the claims that one of the containers may write.
    """

    volumes: dict[str, Body] = field(default_factory=dict)
    objects: list[Manifest] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    _fillings: dict[Filling | str, Filling] = field(default_factory=dict, init=False)
    _named: dict[str, str] = field(default_factory=dict, init=False)
    _counts: dict[str, int] = field(default_factory=dict, init=False)

    def name(self, wanted: str, source: Body, *, shared: bool = False) -> str:
        """The name of the pod's volume with that source; one volume may be mounted at several places.

        Each emptyDir is a volume of its own, unless it is `shared` by all that ask for the same one by that name.
        """
        said = _canonical((source, wanted if shared else ""))
        if said in self._named and (shared or "emptyDir" not in source):
            return self._named[said]
        base = dns_label(wanted, LIMIT - 4)
        # Continue after the last number given to that name: the earlier ones are taken for good.
        count = self._counts.get(base, 1)
        name = base if count == 1 else f"{base}-{count}"
        while name in self.volumes:
            count += 1
            name = f"{base}-{count}"
        self._counts[base] = count
        self.volumes[name] = source
        self._named[said] = name
        return name

    def claims_of_slots(self) -> Body:
        """`volumeClaimTemplates` of a StatefulSet, empty if no slot has a claim of its own."""
        claims = [_claim_of_slot(name, source[OF_SLOT]) for name, source in self.volumes.items() if OF_SLOT in source]
        return {"volumeClaimTemplates": claims} if claims else {}

    def fill(self, filling: Filling) -> None:
        """Register a filling once, however many containers ask for it."""
        key: Filling | str = filling.script if filling.joined else filling
        other = self._fillings.get(key)
        self._fillings[key] = filling if other is None or other == filling else other.with_other(filling)

    @property
    def fillings(self) -> tuple[Filling, ...]:
        """The fillings before the pod's containers start, in the order in which they were requested."""
        return tuple(self._fillings.values())

    def of_pod(self, containers: Iterable[Body]) -> list[Body]:
        """The pod's `volumes`: those that one of `containers` mounts."""
        used = {mount["name"] for container in containers for mount in container.get("volumeMounts", ())}
        return [
            {"name": name, **source} for name, source in self.volumes.items() if name in used and OF_SLOT not in source
        ]


def _claim_of_slot(name: str, claim: Body) -> Body:
    """The claim template with all defaults of the API server: otherwise `kubectl apply` would always report a change.

    It has the stack's labels: when the set is deleted before its claims, only they say to which stack the claims
    belong.
    """
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, **claim["metadata"]},
        "spec": {**claim["spec"], "volumeMode": "Filesystem"},
        "status": {"phase": "Pending"},
    }


@dataclass(slots=True)
class Mounts:
    """The mounts of one container while they are collected, by mount point."""

    pod: PodVolumes
    mounts: dict[str, Body] = field(default_factory=dict)

    def add(
        self,
        wanted: str,
        source: Body,
        target: str,
        path: Path,
        notes: Notes,
        *,
        read_only: bool = False,
        sub_path: str | None = None,
        propagation: str | None = None,
        shared: bool = False,
    ) -> str | None:
        """Mount `source` at `target`. `wanted` names the volume, `path` is the key that asks for it.

        Returns the name of the pod's volume, None if nothing can be mounted there.
        """
        place = posixpath.normpath("/" + target.lstrip("/"))
        if ":" in place or place == "/":
            notes.action(path, "kubernetes-mount-target", f"{target} is not a valid mount path on Linux; omitted")
            return None
        name = self.pod.name(wanted, source, shared=shared)
        mount: Body = {"name": name, "mountPath": place}
        if sub_path:
            mount["subPath"] = sub_path
        if read_only:
            mount["readOnly"] = True
        if propagation:
            mount["mountPropagation"] = propagation
        self.mounts[place] = mount
        claim = source.get("persistentVolumeClaim", {}).get("claimName") or source.get("volume")  # of each slot
        if claim and not read_only:
            self.pod.written.append(claim)
        return name

    def of_container(self) -> list[Body]:
        """The container's `volumeMounts`."""
        return list(self.mounts.values())
