"""How each bind mount of a stack gets its content on minikube, and why: for the report, and for `minikube mount`.

The translator has decided by the files and by the node's folders (`NodeFolders`). A folder that would have been a claim
is the host's own, live, if the node sees it; else it is copied, or mounted by minikube on request. Pure.
"""

from collections.abc import Iterator, Mapping
from enum import Enum

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.translation import Translation
from stackferry.translator.volumes.binds.bind_mounts import BindMount
from stackferry.translator.volumes.binds.host_paths import Place
from stackferry.translator.volumes.filling.copies import Copy


class Way(Enum):
    """How the content of a bind mount gets to the node."""

    INLINE = "inline"
    COPY = "copied"
    SHARE = "shared"
    MOUNT = "mounted"
    EMPTY = "empty"
    NODE = "node"
    NONE = "left out"


@dataclass(frozen=True, slots=True)
class Mount:
    """One bind mount: its service, its path on this machine, its target, the way it takes, and why, in one sentence."""

    service: str
    source: str
    target: str
    way: Way
    why: str

    def __str__(self) -> str:
        return f"{self.service}: {self.source} at {self.target}: {self.way.value}: {self.why}"


_WAYS: Mapping[Place, Way] = {
    Place.CONFIG: Way.INLINE,
    Place.SECRET: Way.INLINE,
    Place.CLAIM: Way.COPY,
    Place.HAND: Way.COPY,
    Place.SHARED: Way.SHARE,
    Place.MOUNTED: Way.MOUNT,
    Place.EMPTY: Way.EMPTY,
    Place.FOREIGN: Way.EMPTY,
    Place.NODE: Way.NODE,
    Place.SOCKET: Way.NODE,
    Place.TIME: Way.NONE,
    Place.NOWHERE: Way.NONE,
}


def mounts(translation: Translation) -> tuple[Mount, ...]:
    """Every bind mount of a stack, in the order of the file."""
    copies = {one.claim: one for one in translation.copies}
    return tuple(_mount(one, copies) for one in translation.bind_mounts)


def _mount(mount: BindMount, copies: Mapping[str, Copy]) -> Mount:
    way = _WAYS[mount.decision.place]
    return Mount(mount.service, mount.shown, mount.target, way, "; ".join(filter(None, _reasons(mount, way, copies))))


def _reasons(mount: BindMount, way: Way, copies: Mapping[str, Copy]) -> Iterator[str]:
    decision = mount.decision
    if way is Way.INLINE:
        kind = "Secret" if decision.place is Place.SECRET else "ConfigMap"
        yield f"it is small and read-only, so it becomes a {kind}, and changes are rolled out"
    elif way is Way.COPY:
        copy = copies.get(mount.claim or "")
        yield f"into the claim {mount.claim}" + (f": {copy.rule.value}" if copy else "")
        yield decision.unshared and f"not shared, because {decision.unshared}"
    elif way in (Way.SHARE, Way.MOUNT):
        yield f"the node shares it at {decision.guest}, live"
    elif way is Way.EMPTY:
        yield f"it {decision.why}; the claim {mount.claim} is used instead"
    else:
        yield f"it {decision.why}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A folder of this machine that minikube has to mount on the node, and its path there."""

    host: str
    guest: str

    @property
    def name(self) -> str:
        """A name for a folder with data about the mount, unique among the mounts of a node."""
        return self.guest.strip("/").replace("/", "+")

    @property
    def argument(self) -> str:
        """The argument of `minikube mount`."""
        return f"{self.host}:{self.guest}"

    def words(self, profile: str) -> list[str]:
        """The command; it runs as long as the folder is to be mounted."""
        return ["minikube", "mount", self.argument, "-p", profile]

    def is_served_by(self, command: str) -> bool:
        """Whether `command` is the command line of this mount: its process id may have been reused."""
        return f" mount {self.argument} " in f"{command} "


def wanted(translation: Translation) -> tuple[Wanted, ...]:
    """The folders that have to be mounted for a stack."""
    found = {
        one.decision.guest: Wanted(one.root, one.decision.guest)
        for one in translation.bind_mounts
        if one.decision.place is Place.MOUNTED
    }
    return tuple(found.values())


def is_mounted(mounts_of_node: str, guest: str) -> bool:
    """Whether a node has a 9p mount at `guest`, by its /proc/mounts."""
    fields = (line.split() for line in mounts_of_node.splitlines())
    return any(one[1:3] == [guest, "9p"] for one in fields if len(one) > 2)


MOUNTED = "Successfully mounted"
"""Printed by `minikube mount` once the folder is there."""
_EXITING = regex(r"Exiting due to (\w+): (.*)")
_HINTS = {
    "HOST_UNSUPPORTED": "without --mount, folders are copied",
    "GUEST_MOUNT_COULD_NOT_CONNECT": "check for a firewall: the node must reach this machine by TCP",
}


def failure(said: str) -> tuple[str, str]:
    """Why `minikube mount` has ended, by its output, and what to do about it."""
    found = _EXITING.search(said)
    if found is not None:
        return f"{found[2].strip()} ({found[1]})", _HINTS.get(found[1], _HINTS["HOST_UNSUPPORTED"])
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return (lines[-1] if lines else "it exited without a message"), _HINTS["HOST_UNSUPPORTED"]
