"""Finds which folders of this machine the node shares through its driver, or will share once it is created."""

import platform
from pathlib import Path
from typing import TYPE_CHECKING

from stackferry.translator.minikube.drivers import driver
from stackferry.translator.minikube.flags import value
from stackferry.translator.options import NodeFolders, Share

if TYPE_CHECKING:
    from stackferry.minikube.place import Place

_MOUNTS = "/minikube-host"
"""The folder on the node for the mounts of `minikube mount`."""
_ASK = 30.0


def folders(driver_name: str, flags: tuple[str, ...], *, mount: bool) -> NodeFolders:
    """The folders that the driver shares by itself; with `mount`, minikube mounts whatever else is needed."""
    mounts = _MOUNTS if mount else None
    share = driver(driver_name).share(platform.system().lower())
    if share is None:
        return NodeFolders((), mounts, f"the driver {driver_name} does not share folders")
    if value(flags, "disable-driver-mounts") == "true":
        return NodeFolders((), mounts, "--disable-driver-mounts was given")
    if not Path(share.host).is_dir():
        return NodeFolders((), mounts, f"{share.host} does not exist on this machine")
    return NodeFolders((Share(share.host, share.node),), mounts)


def unreachable(driver_name: str) -> str:
    """The message if the node's address cannot be reached from this machine; empty if it can."""
    system = platform.system().lower()
    if system in driver(driver_name).reachable:
        return ""
    return f"with the driver {driver_name} this machine cannot reach the node's address"


def seen_on_node(place: "Place", assumed: NodeFolders) -> NodeFolders:
    """The assumed folders that the node really has: a machine may have been created without a share."""
    there = tuple(one for one in assumed.shares if _is_there(place, one))
    if len(there) == len(assumed.shares):
        return assumed
    missing = next(one.guest for one in assumed.shares if one not in there)
    return NodeFolders(there, assumed.mounts, f"the node has no {missing}")


def _is_there(place: "Place", share: Share) -> bool:
    words = ["minikube", "ssh", "-p", place.name, "--", "ls", "-d", share.guest]
    return not place.programs.run(words, patience=_ASK).code
