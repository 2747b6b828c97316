"""What a path of the host holds, as far as it can travel with the manifests: at most what one ConfigMap holds."""

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
    """The files, the folders as (path, permission bits), and the links as (path, target), of one path of the host.

    `left_out` says in words what is not among them; `secret` whether nobody should read them who may not read Secrets.
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
        """Whether nobody but its owner may read one that looks like a key, as programs demand of keys."""
        return self.secret and any(not file.mode & 0o077 for file in self.files)

    @property
    def is_odd(self) -> bool:
        """Whether no mounted ConfigMap has one of the paths: links, and names with two dots, its own."""
        return bool(self.links) or any(part.startswith("..") for file in self.files for part in file.path.split("/"))

    @property
    def paths(self) -> frozenset[str]:
        """All that is there."""
        files = (file.path for file in self.files)
        return frozenset((*files, *(path for path, _ in self.folders), *(path for path, _ in self.links)))

    @property
    def empty_folders(self) -> tuple[str, ...]:
        """The folders in which nothing is, of which a mounted ConfigMap knows nothing."""
        holding = {posixpath.dirname(path) for path in self.paths}
        return tuple(path for path, _ in self.folders if path not in holding)

    def keys(self, source: str) -> dict[str, str]:
        """A key of its own for every file and link, by path: `a/b` and `a.b` both would like to be `a.b`."""
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
    """What the path holds, or why it cannot travel, to go on after the path.

    What is only read has no links that lead to what is in it anyway, but that.
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
    """Whether a link in the folder `source` leads to what is there, also where the folder is another one's."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return not place.startswith(("/", "..")) and host.exists(posixpath.join(source, path))


def is_ours(content: bytes) -> bool:
    """Whether a file is a manifest that was written by us: those of the last time are no part of the stack."""
    return b"app.kubernetes.io/managed-by" in content and b"stackferry" in content


def left_out(source: str, host: Host) -> tuple[Skip, tuple[str, ...]]:
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
