"""Top-level volumes: the pod's entry for each, and the claim behind it.

Decided once per volume, however many services mount it.
"""

from collections.abc import Mapping

from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.compose.model.resources import Volume
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.host_mounts import bound_device
from stackferry.translator.manifest.manifests import Body, Manifest
from stackferry.translator.manifest.quantities import docker_size
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.persistent_volume_claim import to_claim
from stackferry.translator.volumes.slots import volume_of_slot
from stackferry.translator.volumes.tmpfs import FolderOptions, in_memory, read_options


@dataclass(frozen=True, slots=True)
class Backing:
    """Entry of the pod's `volumes` without its name, and the claim to create, if it is ours.

    `owned` are the mode and owner of an in-memory folder.
    """

    source: Body
    claim: Manifest | None = None
    owned: FolderOptions | None = None

    @property
    def existing(self) -> str | None:
        """The claim that must exist already, as `Kind/name`; None if there is none or it is ours."""
        claim = self.source.get("persistentVolumeClaim")
        return f"PersistentVolumeClaim/{claim['claimName']}" if claim and self.claim is None else None


def plan_volumes(stack: Stack, notes: Notes) -> dict[str, Backing]:
    """The backing of every top-level volume, by its key."""
    users = _users(stack.project)
    return {
        key: _backing(key, volume, users.get(key, 0), stack, notes) for key, volume in stack.project.volumes.items()
    }


def _users(project: Project) -> dict[str, int]:
    """The number of pods that mount each volume."""
    users: dict[str, int] = {}
    for service in project.services.values():
        for key in {mount.source for mount in service.volumes if mount.type == "volume" and mount.source}:
            users[key] = users.get(key, 0) + service.replicas
    return users


def _backing(key: str, volume: Volume, users: int, stack: Stack, notes: Notes) -> Backing:
    path = ("volumes", key)
    name = stack.naming.claims[key]
    claim: Body = {"persistentVolumeClaim": {"claimName": name}}
    own = volume_of_slot(key, stack, notes) if not volume.external else None
    if own is not None:
        return Backing(own)
    if volume.external:
        notes.action(
            (*path, "external"),
            "kubernetes-external-volume",
            f"the claim {name} must exist beforehand; it is not created",
            f"kubectl get pvc {name}{stack.options.in_namespace}",
        )
        return Backing(claim)
    if volume.driver not in (None, "local"):
        notes.action(
            (*path, "driver"),
            "kubernetes-volume-driver",
            f"Kubernetes has no driver {volume.driver}; the claim uses the cluster's default storage class",
            "install an equivalent storage class, and set it on the claim",
        )
    elif bound_device(volume) is not None:
        # A named path of the host: it is mounted like a bind mount.
        return Backing({})
    elif any(volume.driver_opts.values()):
        found = _by_options(key, volume, name, notes)
        if found is not None:
            return found
    if users > 1:
        notes.approximated(
            path,
            "kubernetes-shared-volume",
            f"{users} pods share the claim, which works on one node; several nodes need ReadWriteMany",
        )
    return Backing(claim, to_claim(name, volume.labels, (*path, "labels"), stack, notes))


def _by_options(key: str, volume: Volume, name: str, notes: Notes) -> Backing | None:
    """The backing that options of the local driver ask for; None if they ask for a claim."""
    options = volume.driver_opts
    path = ("volumes", key, "driver_opts")
    flags = _flags(options.get("o", ""))
    kind, device = options.get("type", "").lower(), options.get("device", "")
    if kind in ("nfs", "nfs4") and flags.get("addr") and device.lstrip(":").startswith("/"):
        _note_nfs(path, kind, flags, notes)
        nfs: Body = {"server": flags["addr"], "path": device.lstrip(":")}
        return Backing({"nfs": {**nfs, "readOnly": True} if "ro" in flags else nfs})
    if kind == "tmpfs":
        owned = read_options({key: value for key, value in flags.items() if key not in ("size", "rw", "")})
        without = f"; not applied: {', '.join(owned.lost)}" if owned.lost else ""
        notes.approximated(path, "kubernetes-tmpfs-option", f"each pod has its own folder in memory{without}")
        return Backing(in_memory(docker_size(flags.get("size", ""))), owned=owned)
    notes.action(
        path,
        "kubernetes-volume-options",
        "the options of Docker's local driver have no equivalent; the claim is initially empty"
        + (f", without the content of {device}" if device else ""),
        f"copy the data into the claim {name} before you start the stack",
    )
    return None


def _note_nfs(path: Path, kind: str, flags: Mapping[str, str], notes: Notes) -> None:
    """Mount options are only possible in a PersistentVolume, which is cluster-scoped, not namespaced."""
    lost = _written(flags, ("addr", "ro", "rw", ""))
    lost += ["version 4"] if kind == "nfs4" and not any("vers" in flag for flag in lost) else []
    message = "mounted by the node"
    if lost:
        message += f", with its own options but without {', '.join(lost)}"
    hint = "use a PersistentVolume with spec.mountOptions, if you are allowed to create one" if lost else ""
    notes.approximated(path, "kubernetes-nfs", message, hint)


def _flags(text: str) -> Mapping[str, str]:
    return {key.strip(): value for key, _, value in (flag.partition("=") for flag in text.split(","))}


def _written(flags: Mapping[str, str], but: tuple[str, ...]) -> list[str]:
    return [f"{key}={value}" if value else key for key, value in flags.items() if key not in but]
