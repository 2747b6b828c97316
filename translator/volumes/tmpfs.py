"""In-memory folders: tmpfs in its two forms, with size, mode and owner, and the shared memory of a pod."""

import posixpath
from collections.abc import Mapping

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.terms import TmpfsMount
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.quantities import memory
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.filling.filling import Filling, Held
from stackferry.translator.volumes.filling.scripts import CLAIM, OWN_FOLDERS
from stackferry.translator.volumes.mounts import Mounts

SHARED_MEMORY = "/dev/shm"  # noqa: S108
_USUAL = (0o777, 0o1777)
"""Modes of a folder that everybody may write, as Kubernetes creates it by default."""
_DIGITS = regex(r"[0-9]{1,9}")
_OCTAL = regex(r"0?[0-7]{1,4}")


def in_memory(size: int | None) -> Body:
    """An in-memory folder, as a pod's volume."""
    return {"emptyDir": {"medium": "Memory", **({"sizeLimit": memory(size)} if size else {})}}


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """The options of a tmpfs besides its size: `mode`, `owner` as `uid:gid` or empty; `lost` are ignored options."""

    mode: int
    owner: str
    lost: tuple[str, ...]


def read_options(said: Mapping[str, str]) -> FolderOptions:
    """The options from `uid`, `gid`, `mode` and others, without `size` and `rw`."""
    rest = dict(said)
    mode, user, group = (rest.pop(key, "") for key in ("mode", "uid", "gid"))
    lost = [f"mode={mode}"] if mode and not _OCTAL.fullmatch(mode) else []
    numbers = {"uid": user, "gid": group}
    lost += [f"{key}={value}" for key, value in numbers.items() if value and not _DIGITS.fullmatch(value)]
    lost += [f"{key}={value}" if value else key for key, value in rest.items()]
    owner = f"{_number(user)}:{_number(group)}" if _number(user) or _number(group) else ""
    return FolderOptions(int(mode, 8) if _OCTAL.fullmatch(mode) else _USUAL[1], owner, tuple(lost))


def tmpfs_long(mount: Mount, path: Path, mounts: Mounts, notes: Notes) -> None:
    """An entry of `volumes` of type tmpfs."""
    options = mount.tmpfs
    name = mounts.add(
        f"tmpfs-{posixpath.basename(mount.target)}",
        in_memory(options.size if options else None),
        mount.target,
        path,
        notes,
        read_only=mount.read_only,
    )
    if name and options and options.mode is not None:
        own_folder(name, options.mode, "", mounts)


def tmpfs_short(mount: TmpfsMount, path: Path, mounts: Mounts, notes: Notes) -> None:
    """An entry of `tmpfs`."""
    said = dict(option.partition("=")[::2] for option in mount.others if option != "rw")
    options = read_options(said)
    if options.lost:
        notes.approximated(path, "kubernetes-tmpfs-option", f"not applied: {', '.join(options.lost)}")
    name = mounts.add(f"tmpfs-{posixpath.basename(mount.target)}", in_memory(mount.size), mount.target, path, notes)
    if name:
        own_folder(name, options.mode, options.owner, mounts)


def _number(text: str) -> str:
    return text if _DIGITS.fullmatch(text) else ""


def own_folder(volume: str, mode: int, owner: str, mounts: Mounts) -> None:
    """Give the folder a mode and an owner, unless these are the default."""
    if mode & 0o7777 in _USUAL and not owner:
        return
    place = f"{CLAIM}/{volume}"
    args = (place, f"{mode & 0o7777:o}", owner.removesuffix(":"))
    mounts.pod.fill(Filling("own-folders", OWN_FOLDERS, args, (Held(volume, place),), joined=True))


def shared_memory(service: Service, mounts: Mounts, stack: Stack, notes: Notes) -> None:
    """`shm_size`: the largest of all services that share the IPC namespace, mounted by each of them."""
    if service.ipc == "host":
        return
    sharing = _sharing(service, stack)
    size = max((one.shm_size or 0 for one in sharing), default=0)
    if not size:
        return
    path: Path = ("services", service.name, "shm_size")
    mounts.add("shm", in_memory(size), SHARED_MEMORY, path, notes, shared=len(sharing) > 1)


def _sharing(service: Service, stack: Stack) -> tuple[Service, ...]:
    """The services of the pod that share one IPC namespace with this one, including itself."""
    group = stack.groups.get(service.name)
    if group is None:
        return (service,)
    together = (group.owner, *(one for one in group.members if one.ipc and one.ipc.service))
    return together if service in together else (service,)
