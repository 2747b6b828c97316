"""The mounts of one service: its volumes by type, tmpfs, shared memory, configs and secrets."""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.host_mounts import as_bind
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.binds.bind import Hosts, bind, plan_seeds
from stackferry.translator.volumes.binds.host_claims import plan_host_paths
from stackferry.translator.volumes.binds.host_copies import plan_copies
from stackferry.translator.volumes.binds.shares import with_shares
from stackferry.translator.volumes.claim_owners import plan_owners
from stackferry.translator.volumes.file_mounts import mount_files, note_undefined
from stackferry.translator.volumes.files import CONFIGS, SECRETS, Kept, plan_files
from stackferry.translator.volumes.filling.copy_up import copies_up, copy_up, note_copied
from stackferry.translator.volumes.image_mounts import mount_image
from stackferry.translator.volumes.mounts import OF_SLOT, Mounts, PodVolumes
from stackferry.translator.volumes.persistent_volume_claim import below_root
from stackferry.translator.volumes.slots import bind_of_slot
from stackferry.translator.volumes.subpath import legal_subpath
from stackferry.translator.volumes.tmpfs import own_folder, shared_memory, tmpfs_long, tmpfs_short
from stackferry.translator.volumes.volumes import Backing, plan_volumes


@dataclass(frozen=True, slots=True)
class Mountable:
    """What a service may mount, shared by the whole stack."""

    volumes: Mapping[str, Backing]
    configs: Mapping[str, Kept]
    secrets: Mapping[str, Kept]
    hosts: Hosts


def plan_mountable(stack: Stack, notes: Notes) -> Mountable:
    """Decide on all volumes, configs, secrets and host paths of the stack."""
    volumes = plan_volumes(stack, notes)
    paths = with_shares(plan_host_paths(stack), stack)
    owners = plan_owners(volumes, paths, stack, notes)
    copies = plan_copies(paths, owners.users, stack)
    hosts = Hosts(paths, {} if stack.options.copies else plan_seeds(paths, stack), owners, copies)
    return Mountable(volumes, plan_files(CONFIGS, stack, notes), plan_files(SECRETS, stack, notes), hosts)


def mounts_of(service: Service, volumes: PodVolumes, mountable: Mountable, stack: Stack, notes: Notes) -> Mounts:
    """Collect every mount of the service, in compose's order of precedence; `volumes` are those of its pod."""
    mounts = Mounts(volumes)
    shared_memory(service, mounts, stack, notes)
    for mount, path in _all_mounts(service, stack, notes):
        _BY_TYPE[mount.type](service, mount, path, mounts, mountable, stack, notes)
    for index, tmpfs in enumerate(service.tmpfs):
        tmpfs_short(tmpfs, ("services", service.name, "tmpfs", index), mounts, notes)
    group = mountable.hosts.owners.fs_group(volumes.written)
    mount_files(CONFIGS, service, mountable.configs, group, mounts, notes)
    mount_files(SECRETS, service, mountable.secrets, group, mounts, notes)
    return mounts


def _all_mounts(service: Service, stack: Stack, notes: Notes) -> Iterator[tuple[Mount, Path]]:
    """Mounts from other services come first: the service's own win."""
    for index, taken in enumerate(service.volumes_from):
        path: Path = ("services", service.name, "volumes_from", index)
        source = stack.project.services.get(taken.service) if taken.service else None
        if source is None:
            notes.action(path, "kubernetes-volumes-from", f"{taken} is not a service of the stack; nothing is mounted")
            continue
        for mount in source.volumes:
            if mount.type in _BY_TYPE:
                yield replace(mount, read_only=True) if taken.access == "ro" else mount, path
    for index, mount in enumerate(service.volumes):
        if mount.type in _BY_TYPE:
            yield mount, ("services", service.name, "volumes", index)
        else:
            notes.action(
                ("services", service.name, "volumes", index, "type"),
                "kubernetes-mount-type",
                f"mounts of type {mount.type} are not supported on Kubernetes; omitted",
            )


def _bind(
    service: Service, mount: Mount, path: Path, mounts: Mounts, mountable: Mountable, stack: Stack, notes: Notes
) -> None:
    own = bind_of_slot(service, mount.source or "", (*path, "source"), stack, notes)
    if own is None:
        bind(service, mount, path, mounts, mountable.hosts, stack, notes)
    else:
        wanted = f"slot-{posixpath.basename(mount.target)}"
        mounts.add(wanted, own, mount.target, path, notes, read_only=mount.read_only, sub_path=below_root())


def _volume(
    service: Service, mount: Mount, path: Path, mounts: Mounts, mountable: Mountable, stack: Stack, notes: Notes
) -> None:
    below = mount.volume.subpath if mount.volume else None
    if below and not legal_subpath(below, (*path, "volume", "subpath"), notes):
        return
    of_host = as_bind(mount, stack.project)
    if of_host is not None:
        bind(service, of_host, path, mounts, mountable.hosts, stack, notes)
    elif mount.source is None:
        _anonymous(service, mount, path, mounts, stack, notes)
    elif mount.source in mountable.volumes:
        _named(service, mount, path, mounts, mountable.volumes[mount.source], stack, notes)
    else:
        note_undefined("volume", mount.source, (*path, "source"), notes)


def _anonymous(service: Service, mount: Mount, path: Path, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    where = (*path, "target")
    notes.approximated(where, "kubernetes-anonymous-volume", "kept only as long as the pod (emptyDir)")
    filled = copies_up(service, mount, stack)
    inside = below_root() if filled else None
    wanted = f"volume-{posixpath.basename(mount.target)}"
    name = mounts.add(wanted, {"emptyDir": {}}, mount.target, path, notes, sub_path=inside)
    if name and inside:
        mounts.pod.fill(copy_up(service, mount, name, inside))
        note_copied(mount, where, stack, notes)


def _named(
    service: Service, mount: Mount, path: Path, mounts: Mounts, backing: Backing, stack: Stack, notes: Notes
) -> None:
    below = mount.volume.subpath if mount.volume else None
    of_slot = OF_SLOT in backing.source
    ours = backing.claim is not None or of_slot
    inside = below_root(below) if ours else below
    name = mounts.add(
        mount.source or "" if of_slot else f"volume-{mount.source}",
        backing.source,
        mount.target,
        path,
        notes,
        read_only=mount.read_only,
        sub_path=inside,
    )
    if name and backing.owned is not None:
        own_folder(name, backing.owned.mode, backing.owned.owner, mounts)
    if name and inside and ours and copies_up(service, mount, stack):
        mounts.pod.fill(copy_up(service, mount, name, inside))
        note_copied(mount, (*path, "source"), stack, notes)


def _tmpfs(
    service: Service, mount: Mount, path: Path, mounts: Mounts, mountable: Mountable, stack: Stack, notes: Notes
) -> None:
    tmpfs_long(mount, path, mounts, notes)


def _image(
    service: Service, mount: Mount, path: Path, mounts: Mounts, mountable: Mountable, stack: Stack, notes: Notes
) -> None:
    mount_image(mount, path, mounts, stack, notes)


_BY_TYPE: dict[str, Callable[[Service, Mount, Path, Mounts, Mountable, Stack, Notes], None]] = {
    "bind": _bind,
    "volume": _volume,
    "tmpfs": _tmpfs,
    "image": _image,
}
