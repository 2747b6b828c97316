"""Makes an image without an engine: local files as one layer, in the tar format of `docker save`.

The same files give the same bytes: no entry has a date, and entries are sorted.
"""

import hashlib
import io
import json
import os
import platform
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


class Tree:
    """The files of an image: path to entry and content (bytes, or a file to read)."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[tarfile.TarInfo, bytes | Path | None]] = {}

    def folder(self, path: str, mode: int = 0o755, owner: tuple[int, int] = (0, 0)) -> None:
        self._put(path, tarfile.DIRTYPE, mode, owner, None)

    def file(self, path: str, content: bytes | str | Path, mode: int = 0o644) -> None:
        held = content.encode() if isinstance(content, str) else content
        self._put(path, tarfile.REGTYPE, mode, (0, 0), held.resolve() if isinstance(held, Path) else held)

    def link(self, path: str, target: str) -> None:
        self._put(path, tarfile.SYMTYPE, 0o777, (0, 0), None)
        self._entries[path.strip("/")][0].linkname = target

    def program(self, path: str, source: Path, libraries: Path | None = None) -> None:
        """A program or library and all shared libraries that it needs, some of them maybe below `libraries`."""
        self.file(path, source, 0o755)
        held = ":".join(map(str, sorted(libraries.glob("usr/lib/*-linux-gnu")))) if libraries else ""
        done = subprocess.run(
            ["ldd", source], env={**os.environ, "LD_LIBRARY_PATH": held}, capture_output=True, text=True, check=False
        )
        for line in done.stdout.splitlines():
            name, _, rest = line.strip().partition(" => ")
            found = (rest or name).split(" ")[0]
            if found.startswith("/"):
                # The linker is asked for by its path, libraries by name.
                self.file(found if not rest else f"/usr/lib/{Path(name).name}", Path(found), 0o755)

    def digest(self) -> str:
        """What tells this tree from others, without reading the files of the machine."""
        found = hashlib.sha256()
        for path, (entry, content) in sorted(self._entries.items()):
            found.update(f"{path} {entry.mode} {entry.uid} {entry.gid} {entry.linkname} ".encode())
            if isinstance(content, Path):
                about = content.stat()
                found.update(f"{content} {about.st_size} {about.st_mtime_ns}".encode())
            else:
                found.update(content or b"")
        return found.hexdigest()[:16]

    def layer(self) -> bytes:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for _, (entry, content) in sorted(self._entries.items()):
                data = content.read_bytes() if isinstance(content, Path) else content
                entry.size = len(data or b"")
                tar.addfile(entry, io.BytesIO(data or b""))
        return stream.getvalue()

    def _put(self, path: str, kind: bytes, mode: int, owner: tuple[int, int], content: bytes | Path | None) -> None:
        name = path.strip("/")
        parent = name.rpartition("/")[0]
        if parent and parent not in self._entries:
            self.folder(parent)
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode, (entry.uid, entry.gid) = kind, mode, owner
        self._entries[name] = (entry, content)


def image(names: tuple[str, ...], tree: Tree, config: Mapping[str, Any]) -> bytes:
    """The image of one layer under `names`; `config` is what a Dockerfile says (Entrypoint, Cmd, User, Env…)."""
    layer = tree.layer()
    path = {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], **config}
    said = {
        "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "created": "1970-01-01T00:00:00Z",
        "config": path,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
        "history": [{"created": "1970-01-01T00:00:00Z"}],
    }
    about = [{"Config": "config.json", "RepoTags": list(names), "Layers": ["layer.tar"]}]
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, data in (
            ("manifest.json", json.dumps(about).encode()),
            ("config.json", json.dumps(said).encode()),
            ("layer.tar", layer),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return stream.getvalue()
