"""Decides what replaces a bind mount in a cluster, where the laptop's files do not exist.

A small read-only path is configuration and travels in a ConfigMap (keys and passwords in a Secret); a path that a
service may write is data and gets a claim, which begins with the files here; a path of the operating system is the
node's own. Decided by a table and by the host's files, never by mounting anything.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum

from stackferry.grammar.files import is_within
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.host import Host
from stackferry.translator.volumes.binds.contents import NOTHING, Contents, is_key, read
from stackferry.translator.volumes.binds.near import is_foreign, is_near


class Place(Enum):
    """The source of a bind mount's content in the cluster."""

    NODE = "the path of the node itself"
    SOCKET = "a socket of the node"
    NOWHERE = "left out"
    TIME = "the time zone, omitted"
    CONFIG = "a ConfigMap"
    SECRET = "a Secret"  # noqa: S105
    CLAIM = "a claim that starts with the content on this machine"
    HAND = "a claim that you must fill yourself"
    EMPTY = "a claim, empty like the folder on this machine"
    FOREIGN = "a claim, empty: the content belongs to the machine or is secret"
    SHARED = "the folder itself, shared between this machine and the node"
    MOUNTED = "the folder itself, mounted on the node for this purpose"

    @property
    def is_claim(self) -> bool:
        """Whether a claim replaces the path."""
        return self in (Place.CLAIM, Place.HAND, Place.EMPTY, Place.FOREIGN)


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a bind mount's content comes from; `why` completes a sentence that begins with its path.

    `contents` are the files that travel. `guest` is the path of a folder on the node. `unshared` completes "because"
    where the folder could have been shared with the node.
    """

    place: Place
    why: str
    contents: Contents = NOTHING
    is_folder: bool = True
    guest: str = ""
    unshared: str = ""


_OF_THE_SYSTEM: Mapping[str, Place] = {
    "/etc/localtime": Place.TIME,
    "/etc/timezone": Place.TIME,
    "/var/run/docker.sock": Place.SOCKET,
    "/run/docker.sock": Place.SOCKET,
    "/run/containerd/containerd.sock": Place.SOCKET,
    "/run/podman/podman.sock": Place.SOCKET,
    **dict.fromkeys(
        (
            *("/proc", "/sys", "/dev", "/lib/modules", "/boot", "/run", "/var/run", "/var/log", "/usr", "/etc/ssl"),
            *("/etc/passwd", "/etc/group", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/etc/machine-id"),
            *("/etc/os-release", "/var/lib/docker", "/var/lib/containers", "/var/lib/kubelet"),
        ),
        Place.NODE,
    ),
}
_OF_THE_MACHINE = "is a system path of this machine, which is not copied"
_SOMEBODYS = "looks secret and is outside the project, so it is not copied"


def decide(source: str, directory: str, host: Host, *, written: bool) -> Decision:
    """The decision on the path; `directory` is the project's, `written`: some service may write to the path."""
    place = of_the_system(source, directory)
    if place is not None:
        return Decision(place, "belongs to the operating system")
    is_folder = host.is_dir(source)
    if not host.exists(source):
        return Decision(Place.EMPTY, "does not exist on this machine")
    if is_foreign(source, directory):
        return Decision(Place.FOREIGN if is_folder else Place.NOWHERE, _OF_THE_MACHINE, is_folder=is_folder)
    if not is_near(source, directory) and is_key(source):
        return Decision(Place.FOREIGN if is_folder else Place.NOWHERE, _SOMEBODYS, is_folder=is_folder)
    found = read(source, host, written=written)
    if isinstance(found, str):
        readable = is_folder or host.size(source) is not None
        return Decision(Place.HAND if readable else Place.NOWHERE, found, is_folder=is_folder)
    secret = found.has_keys if is_folder else is_key(source)
    if secret and not is_near(source, directory):
        return Decision(Place.FOREIGN if is_folder else Place.NOWHERE, _SOMEBODYS, is_folder=is_folder)
    if is_folder and not found.files and not found.links and not (written and found.folders):
        return Decision(Place.EMPTY, "is empty on this machine")
    if written:
        return Decision(Place.CLAIM, "the service may write", replace(found, secret=secret), is_folder)
    return Decision(Place.SECRET if secret else Place.CONFIG, "is small", replace(found, secret=secret), is_folder)


def of_the_system(source: str, directory: str) -> Place | None:
    """The source for a path of the operating system; None for any other path, such as one below the project."""
    if source == "/":
        return Place.NODE
    if is_within(source, directory):
        return None
    for end in range(source.count("/") + 1, 1, -1):
        place = _OF_THE_SYSTEM.get("/".join(source.split("/")[:end]))
        if place is not None:
            return place
    return None
