"""What a bind mount means in a cluster, where the laptop's files are not.

What is only read and small is configuration and travels in a ConfigMap (keys and passwords in a Secret); what a
service may write is data and gets a claim, which begins with what is here; a path of the operating system is the
node's own. Decided by table and by looking at the host's files, never by mounting anything.
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
    """Where the content of a bind mount comes from in the cluster."""

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
        """Whether a claim stands in for the path."""
        return self in (Place.CLAIM, Place.HAND, Place.EMPTY, Place.FOREIGN)


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a bind mount goes; `why` goes on after its path; `contents` are what travels.

    `guest` is the path of a folder on the node. `unshared` goes on after "because" where it could have been one.
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
    """Where the path goes; `directory` is the project's, `written` whether some service may write there."""
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
    """What the path is if the operating system owns it; None if not, as below the project."""
    if source == "/":
        return Place.NODE
    if is_within(source, directory):
        return None
    for end in range(source.count("/") + 1, 1, -1):
        place = _OF_THE_SYSTEM.get("/".join(source.split("/")[:end]))
        if place is not None:
            return place
    return None
