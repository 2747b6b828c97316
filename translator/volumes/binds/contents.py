"""What a path of the host holds, as far as it can travel with the manifests: at most what one ConfigMap holds."""

import fnmatch
import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

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
"""Bytes that a line of the plan of a seed takes besides its path and key, generously."""


@dataclass(frozen=True, slots=True)
class HostFile:
    """One file: its path below the source (empty: it is the source), its content, its permission bits."""

    path: str
    content: bytes
    mode: int

    @property
    def executable(self) -> bool:
        """Whether its owner may execute it."""
        return bool(self.mode & 0o100)


@dataclass(frozen=True, slots=True)
class Contents:
    """The files, and the folders as (path, permission bits), of one path of the host.

    `left_out` says in words what is not among them; `secret` whether nobody should read them who may not read Secrets.
    """

    files: tuple[HostFile, ...] = ()
    folders: tuple[tuple[str, int], ...] = ()
    left_out: tuple[str, ...] = ()
    secret: bool = False

    @property
    def has_keys(self) -> bool:
        """Whether one of the files looks like a key or a password."""
        return any(is_key(file.path) for file in self.files)

    @property
    def is_odd(self) -> bool:
        """Whether a ConfigMap cannot have one of the paths: it keeps names with two dots for itself."""
        return any(part.startswith("..") for file in self.files for part in file.path.split("/"))

    def keys(self, source: str) -> dict[str, str]:
        """A key of its own for every file, by path: `a/b` and `a.b` both would like to be `a.b`."""
        keys: dict[str, str] = {}
        taken = {PLAN}
        for file in self.files:
            key = data_key((file.path or posixpath.basename(source)).replace("/", "."))
            key = f"{key[:200]}-{digest(file.path)}" if key in taken else key
            taken.add(key)
            keys[file.path] = key
        return keys


NOTHING = Contents()


def is_key(path: str) -> bool:
    """Whether a path looks like that of a key or a password."""
    name = posixpath.basename(path).lower()
    secret = any(fnmatch.fnmatchcase(name, pattern) for pattern in _KEYS)
    return secret or not _FOLDERS_OF_KEYS.isdisjoint(path.split("/"))


def read(source: str, host: Host) -> Contents | str:
    """What the path holds, or why it cannot travel, to go on after the path."""
    return _folder(source, host) if host.is_dir(source) else _file(source, host)


def _file(source: str, host: Host) -> Contents | str:
    content = host.content(source) if (host.size(source) or 0) <= CONFIGMAP_LIMIT else b""
    if content is None:
        return "is no file that can be read here"
    if (host.size(source) or 0) > CONFIGMAP_LIMIT - len(source) - 2 * _LINE:
        return "is larger than the 1 MiB that a ConfigMap holds"
    return Contents((HostFile("", content, host.mode(source)),))


def _folder(source: str, host: Host) -> Contents | str:
    skip, left_out = _skip(source, host)
    tree = host.tree(source, skip)
    if tree is None:
        return "holds more files than a ConfigMap is made for"
    files: list[HostFile] = []
    total = 0
    for name in tree.files:
        full = posixpath.join(source, name)
        if "\n" in name:
            return "holds a file whose name has two lines"
        size = host.size(full)
        total += (size or 0) + 2 * len(name.encode("utf-8", "replace")) + _LINE
        if total > CONFIGMAP_LIMIT:
            return "is larger than the 1 MiB that a ConfigMap holds"
        content = host.content(full)
        if content is None:
            return f"holds {name}, which cannot be read here"
        if not is_ours(content):
            files.append(HostFile(name, content, host.mode(full)))
    folders = tuple((name, host.mode(posixpath.join(source, name))) for name in tree.folders)
    return Contents(tuple(files), folders, left_out)


def is_ours(content: bytes) -> bool:
    """Whether a file is a manifest that was written by us: those of the last time are no part of the stack."""
    return b"app.kubernetes.io/managed-by" in content and b"stackferry" in content


def _skip(source: str, host: Host) -> tuple[Skip, tuple[str, ...]]:
    """What is left out of a folder, as a question and in words: what no program needs, and what .dockerignore says."""
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
