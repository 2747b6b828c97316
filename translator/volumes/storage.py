"""The mounts of one service: its volumes by type, tmpfs, shared memory, configs and secrets."""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.terms import TmpfsMount
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.quantities import memory
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds import bind
from stackferry.translator.volumes.files import CONFIGS, SECRETS, Held, mount_files
from stackferry.translator.volumes.mounts import OF_SLOT, Mounts, PodVolumes
from stackferry.translator.volumes.slots import SUB_PATH, bind_of_slot
from stackferry.translator.volumes.volumes import Backing


@dataclass(frozen=True, slots=True)
class Mountable:
    """What the whole stack shares and a service may mount."""

    volumes: Mapping[str, Backing]
    configs: Mapping[str, Held]
    secrets: Mapping[str, Held]


def mounts_of(service: Service, volumes: PodVolumes, mountable: Mountable, stack: Stack, notes: Notes) -> Mounts:
    """Gather every mount of the service, in compose's order of precedence; `volumes` are those of its pod."""
    mounts = Mounts(volumes)
    _shared_memory(service, mounts, notes)
    for mount, path in _all_mounts(service, stack, notes):
        _BY_TYPE[mount.type](service, mount, path, mounts, mountable, stack, notes)
    for index, tmpfs in enumerate(service.tmpfs):
        _tmpfs_short(tmpfs, ("services", service.name, "tmpfs", index), mounts, notes)
    mount_files(CONFIGS, service, mountable.configs, mounts, notes)
    mount_files(SECRETS, service, mountable.secrets, mounts, notes)
    return mounts


def _all_mounts(service: Service, stack: Stack, notes: Notes) -> Iterator[tuple[Mount, Path]]:
    """Mounts taken from other services first: the service's own win."""
    for index, taken in enumerate(service.volumes_from):
        path: Path = ("services", service.name, "volumes_from", index)
        source = stack.project.services.get(taken.service) if taken.service else None
        if source is None:
            notes.action(path, "kubernetes-volumes-from", f"{taken} is no service of the stack; nothing is mounted")
            continue
        for mount in source.volumes:
            yield replace(mount, read_only=True) if taken.access == "ro" else mount, path
    for index, mount in enumerate(service.volumes):
        if mount.type in _BY_TYPE:
            yield mount, ("services", service.name, "volumes", index)
        else:
            notes.action(
                ("services", service.name, "volumes", index, "type"),
                "kubernetes-mount-type",
                f"a cluster has no mounts of type {mount.type}; left out",
            )


def _bind(
    service: Service, mount: Mount, path: Path, mounts: Mounts, mountable: Mountable, stack: Stack, notes: Notes
) -> None:
    own = bind_of_slot(service, mount.source or "", (*path, "source"), stack, notes)
    if own is None:
        bind(service, mount, path, mounts, stack, notes)
    else:
        wanted = f"slot-{posixpath.basename(mount.target)}"
        mounts.add(wanted, own, mount.target, path, notes, read_only=mount.read_only, sub_path=SUB_PATH)


def _volume(
    service: Service, mount: Mount, path: Path, mounts: Mounts, mountable: Mountable, stack: Stack, notes: Notes
) -> None:
    if mount.source is None:
        notes.approximated(
            (*path, "target"), "kubernetes-anonymous-volume", "kept as long as the pod, not longer (emptyDir)"
        )
        mounts.add(f"volume-{posixpath.basename(mount.target)}", {"emptyDir": {}}, mount.target, path, notes)
        return
    backing = mountable.volumes.get(mount.source)
    if backing is None:
        return
    options = mount.volume
    below = options.subpath if options else None
    if OF_SLOT in backing.source:
        inside = posixpath.join(SUB_PATH, below) if below else SUB_PATH
        mounts.add(mount.source, backing.source, mount.target, path, notes, read_only=mount.read_only, sub_path=inside)
        return
    if backing.claim is not None and not mount.read_only and not (options and options.nocopy):
        notes.approximated(
            (*path, "source"),
            "kubernetes-no-copy-up",
            f"the claim begins empty: Docker would first copy what the image holds at {mount.target}",
        )
    mounts.add(
        f"volume-{mount.source}",
        backing.source,
        mount.target,
        path,
        notes,
        read_only=mount.read_only,
        sub_path=options.subpath if options else None,
    )


def _tmpfs(
    service: Service, mount: Mount, path: Path, mounts: Mounts, mountable: Mountable, stack: Stack, notes: Notes
) -> None:
    options = mount.tmpfs
    if options and options.mode is not None and options.mode & 0o777 != 0o777:
        _note_tmpfs((*path, "tmpfs", "mode"), f"mode={options.mode:o}", notes)
    mounts.add(
        f"tmpfs-{posixpath.basename(mount.target)}",
        in_memory(options.size if options else None),
        mount.target,
        path,
        notes,
        read_only=mount.read_only,
    )


def _image(
    service: Service, mount: Mount, path: Path, mounts: Mounts, mountable: Mountable, stack: Stack, notes: Notes
) -> None:
    notes.action(
        (*path, "type"),
        "kubernetes-image-volume",
        "image volumes are on by default from Kubernetes 1.35",
        "on an older cluster: minikube start --feature-gates=ImageVolume=true",
    )
    mounts.add(
        f"image-{posixpath.basename(mount.target)}",
        {"image": {"reference": mount.source or "", "pullPolicy": "IfNotPresent"}},
        mount.target,
        path,
        notes,
        read_only=True,
        sub_path=mount.image.subpath if mount.image else None,
    )


_BY_TYPE: dict[str, Callable[[Service, Mount, Path, Mounts, Mountable, Stack, Notes], None]] = {
    "bind": _bind,
    "volume": _volume,
    "tmpfs": _tmpfs,
    "image": _image,
}

_WRITABLE = frozenset(("rw", "mode=777", "mode=1777", "mode=0777", "mode=01777"))
"""Options of a tmpfs that say what a folder in memory is anyway."""


def in_memory(size: int | None) -> Body:
    """A folder in memory, as a pod's volume."""
    return {"emptyDir": {"medium": "Memory", **({"sizeLimit": memory(size)} if size else {})}}


def _shared_memory(service: Service, mounts: Mounts, notes: Notes) -> None:
    if service.shm_size and service.ipc != "host":
        path = ("services", service.name, "shm_size")
        mounts.add("shm", in_memory(service.shm_size), "/dev/shm", path, notes)  # noqa: S108


def _tmpfs_short(mount: TmpfsMount, path: Path, mounts: Mounts, notes: Notes) -> None:
    lost = [option for option in mount.others if option not in _WRITABLE]
    if lost:
        _note_tmpfs(path, ", ".join(lost), notes)
    mounts.add(f"tmpfs-{posixpath.basename(mount.target)}", in_memory(mount.size), mount.target, path, notes)


def _note_tmpfs(path: Path, options: str, notes: Notes) -> None:
    notes.approximated(path, "kubernetes-tmpfs-option", f"not in force: {options}; everybody may write the folder")
