"""Reads what a path of the host holds, if it fits into one ConfigMap, so that it can travel with the manifests."""

import fnmatch
import posixpath
from collections.abc import Callable
from functools import partial

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.host import Host, Skip
from stackferry.translator.manifest.names import data_key, digest
from stackferry.translator.volumes.configmap import CONFIGMAP_LIMIT
from stackferry.translator.volumes.filling.scripts import PLAN

_KEYS = (
    *("*.key", "*.pem", "*.p12", "*.pfx", "*.jks", "*.keystore", "id_rsa*", "id_ed25519*", "id_ecdsa*", ".env"),
    *(".env.*", ".htpasswd", ".pgpass", ".netrc", "acme.json", "*password*", "*secret*", "credentials*", "kubeconfig*"),
)
_FOLDERS_OF_KEYS = frozenset((".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker", ".password-store", "gcloud"))
_LINE = 16
"""Bytes that a line of a seed's plan takes besides its path and key, a generous estimate."""


@dataclass(frozen=True, slots=True)
class HostFile:
    """One file: its path below the source (empty if it is the source), its content, its permission bits."""

    path: str
    content: bytes
    mode: int

    @property
    def executable(self) -> bool:
        """Whether its owner may execute it."""
        return bool(self.mode & 0o100)


@dataclass(frozen=True, slots=True)
class Contents:
    """The files, folders as (path, permission bits), and links as (path, target) of one path of the host.

    `left_out` says in words what is missing; `secret`: only users who may read Secrets should read it.
    """

    files: tuple[HostFile, ...] = ()
    folders: tuple[tuple[str, int], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    secret: bool = False

    @property
    def has_keys(self) -> bool:
        """Whether one of the files looks like a key or a password."""
        return any(is_key(file.path) for file in self.files)

    @property
    def has_private_keys(self) -> bool:
        """Whether a file that looks like a key is readable by its owner only, as programs require of keys."""
        return self.secret and any(not file.mode & 0o077 for file in self.files)

    @property
    def is_odd(self) -> bool:
        """Whether a mounted ConfigMap cannot have one of the paths: links, and names that begin with two dots."""
        return bool(self.links) or any(part.startswith("..") for file in self.files for part in file.path.split("/"))

    @property
    def paths(self) -> frozenset[str]:
        """The paths of all files, folders and links."""
        files = (file.path for file in self.files)
        return frozenset((*files, *(path for path, _ in self.folders), *(path for path, _ in self.links)))

    @property
    def empty_folders(self) -> tuple[str, ...]:
        """The empty folders, which a mounted ConfigMap cannot have."""
        holding = {posixpath.dirname(path) for path in self.paths}
        return tuple(path for path, _ in self.folders if path not in holding)

    def keys(self, source: str) -> dict[str, str]:
        """A unique key for every file and link, by path: `a/b` and `a.b` would both become `a.b`."""
        keys: dict[str, str] = {}
        taken = {PLAN}
        for path in (*(file.path for file in self.files), *(link for link, _ in self.links)):
            key = data_key((path or posixpath.basename(source)).replace("/", "."))
            key = f"{key[:200]}-{digest(path)}" if key in taken else key
            taken.add(key)
            keys[path] = key
        return keys


NOTHING = Contents()


def is_key(path: str) -> bool:
    """Whether a path looks like that of a key or a password."""
    name = posixpath.basename(path).lower()
    secret = any(fnmatch.fnmatchcase(name, pattern) for pattern in _KEYS)
    return secret or not _FOLDERS_OF_KEYS.isdisjoint(path.split("/"))


def read(source: str, host: Host, *, written: bool) -> Contents | str:
    """What the path holds, or why it cannot travel, as words that follow the path.

    If it is only read and all its links lead to something inside it, they are replaced by their targets.
    """
    return _folder(source, host, written) if host.is_dir(source) else _file(source, host)


def _file(source: str, host: Host) -> Contents | str:
    content = host.content(source) if (host.size(source) or 0) <= CONFIGMAP_LIMIT else b""
    if content is None:
        return "is not a readable file"
    if (host.size(source) or 0) > CONFIGMAP_LIMIT - len(source) - 2 * _LINE:
        return "is larger than 1 MiB, the limit of a ConfigMap"
    return Contents((HostFile("", content, host.mode(source)),))


def _folder(source: str, host: Host, written: bool) -> Contents | str:
    skip, words = left_out(source, host)
    tree = host.tree(source, skip, follow=False)
    links = tree.links if tree is not None and not written else ()
    if links and all(_leads_to_ours(path, target, source, host) for path, target in links):
        tree = host.tree(source, skip)
    if tree is None:
        return "contains too many files for a ConfigMap"
    files: list[HostFile] = []
    if any("\n" in text for text in (*tree.files, *tree.folders, *(part for link in tree.links for part in link))):
        return "contains a file with a line break in its name"
    total = sum(2 * len(path) + len(target) + _LINE for path, target in tree.links)
    for name in tree.files:
        full = posixpath.join(source, name)
        size = host.size(full)
        total += (size or 0) + 2 * len(name.encode("utf-8", "replace")) + _LINE
        if total > CONFIGMAP_LIMIT:
            return "is larger than 1 MiB, the limit of a ConfigMap"
        content = host.content(full)
        if content is None:
            return f"contains {name}, which cannot be read"
        if not is_ours(content):
            files.append(HostFile(name, content, host.mode(full)))
    folders = tuple((name, host.mode(posixpath.join(source, name))) for name in tree.folders)
    return Contents(tuple(files), folders, tree.links, words)


def _leads_to_ours(path: str, target: str, source: str, host: Host) -> bool:
    """Whether a link in the folder `source` leads to something that exists in it, wherever the folder is."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return not place.startswith(("/", "..")) and host.exists(posixpath.join(source, path))


def is_ours(content: bytes) -> bool:
    """Whether we wrote the file as a manifest: the output of an earlier run is no part of the stack."""
    return b"app.kubernetes.io/managed-by" in content and b"stackferry" in content


def left_out(source: str, host: Host) -> tuple[Skip, tuple[str, ...]]:
    """What is left out of a folder, as a predicate and in words: `.git`, or the entries of .dockerignore."""
    text = host.content(posixpath.join(source, ".dockerignore"))
    if text is None:
        return _is_git, (".git",) if host.exists(posixpath.join(source, ".git")) else ()
    # Only folders with such a file pay for loading its reader.
    from stackferry.grammar.dockerfile.facts.ignore import Ignore

    ignore = Ignore(text.decode("utf-8", "replace"))
    return partial(_is_ignored, ignore.ignored), ("what .dockerignore names",)


def _is_git(path: str) -> bool:
    return posixpath.basename(path) == ".git"


def _is_ignored(ignored: Callable[[str], bool | None], path: str) -> bool:
    return _is_git(path) or ignored(path) is True
