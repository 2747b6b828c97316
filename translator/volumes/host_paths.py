"""What a bind mount means in a cluster, where the laptop's files are not.

A small read-only folder or a text file is configuration and travels in a ConfigMap (keys and
passwords in a Secret); a writable folder is data and gets a claim; a path of the operating system is
the node's own. Decided by table and by looking at the host's files, never by mounting anything.
"""

import fnmatch
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from stackferry.grammar.compose.model.attachments import Mount
from stackferry.translator.host import Host
from stackferry.translator.manifest.names import data_key
from stackferry.translator.volumes.configmap import CONFIGMAP_LIMIT, is_text


class Place(Enum):
    """Where the content of a bind mount comes from in the cluster."""

    NODE = "the node's own path"
    SOCKET = "a socket of the node"
    NOWHERE = "left out"
    TIME = "the time zone, left out"
    CONFIG = "a ConfigMap"
    SECRET = "a Secret"  # noqa: S105
    CLAIM = "a claim, to be filled"
    EMPTY = "a claim, empty as the folder is here"


@dataclass(frozen=True, slots=True)
class HostFile:
    """One file of a bind mount: its path below the source (empty: it is the source) and its content."""

    path: str
    content: bytes
    executable: bool

    def key(self, source: str) -> str:
        """Its key in a ConfigMap or Secret."""
        return data_key((self.path or posixpath.basename(source)).replace("/", "."))


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a bind mount goes; `why` goes on after its path; `files` are what a ConfigMap or Secret must hold."""

    place: Place
    why: str
    files: tuple[HostFile, ...] = ()
    is_folder: bool = True


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
_KEYS = (
    *("*.key", "*.pem", "*.p12", "*.pfx", "*.jks", "*.keystore", "id_rsa*", "id_ed25519*", "id_ecdsa*", ".env"),
    *(".env.*", ".htpasswd", ".pgpass", ".netrc", "acme.json", "*password*", "*secret*", "credentials*", "kubeconfig*"),
)
_ONLY_READ = ("/docker-entrypoint-initdb.d", "/docker-entrypoint.d")
"""Folders that the entrypoints of images read and never write, whatever the mount says."""


def decide(mount: Mount, directory: str, host: Host) -> Decision:
    """Where the bind mount goes; `directory` is the project's."""
    source = mount.source or ""
    place = _of_the_system(source, directory)
    if place is not None:
        return Decision(place, "belongs to the operating system")
    if not host.exists(source):
        return Decision(Place.EMPTY, "does not exist here")
    read_only = mount.read_only or mount.target.rstrip("/") in _ONLY_READ
    return _folder(source, read_only, host) if host.is_dir(source) else _file(source, read_only, host)


def _of_the_system(source: str, directory: str) -> Place | None:
    if source == "/":
        return Place.NODE
    if source == directory or source.startswith(directory.rstrip("/") + "/"):
        return None
    for end in range(source.count("/") + 1, 1, -1):
        place = _OF_THE_SYSTEM.get("/".join(source.split("/")[:end]))
        if place is not None:
            return place
    return None


def _file(source: str, read_only: bool, host: Host) -> Decision:
    content = host.content(source)
    if content is None:
        return Decision(Place.NOWHERE, "is no file that can be read here", is_folder=False)
    if not read_only and not is_text(content):
        return Decision(Place.CLAIM, "is data that the service may write", is_folder=False)
    if len(content) > CONFIGMAP_LIMIT:
        return Decision(Place.CLAIM, "is larger than the 1 MiB that a ConfigMap holds", is_folder=False)
    place = Place.SECRET if _is_key(source) else Place.CONFIG
    return Decision(place, "is small", (HostFile("", content, host.executable(source)),), is_folder=False)


def _folder(source: str, read_only: bool, host: Host) -> Decision:
    if not read_only:
        return Decision(Place.CLAIM, "the service may write")
    names = host.tree(source)
    if names is None:
        return Decision(Place.CLAIM, "holds more files than a ConfigMap is made for")
    files: list[HostFile] = []
    total = 0
    for name in names:
        full = posixpath.join(source, name)
        content = host.content(full)
        if content is None or any(part.startswith("..") for part in name.split("/")):
            return Decision(Place.CLAIM, f"holds {name}, which no ConfigMap can carry")
        total += len(content) + len(name)
        if total > CONFIGMAP_LIMIT:
            return Decision(Place.CLAIM, "is larger than the 1 MiB that a ConfigMap holds")
        files.append(HostFile(name, content, host.executable(full)))
    if not files:
        return Decision(Place.EMPTY, "is empty here")
    return Decision(Place.SECRET if any(map(_is_key, names)) else Place.CONFIG, "is small", tuple(files))


def _is_key(path: str) -> bool:
    name = posixpath.basename(path).lower()
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in _KEYS)
