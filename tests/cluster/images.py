"""Makes the images that the tests' stacks use, without a registry and without an engine.

busybox is the host's. The servers replace the official images: real programs from Debian under the official names and
paths, with entrypoints that behave like the official ones, which matters for claims and init files.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests import cache
from tests.cluster import build, debian
from tests.cluster.tree import Tree, image

HERE = Path(__file__).resolve().parent / "entrypoints"
SERVERS = ("postgres:17-alpine", "redis:7.4-alpine", "nginx:1.27-alpine", "curlimages/curl:8.16.0")
"""The images that need the packages of Debian; a test that uses one is skipped where they cannot be had."""

Recipe = tuple[tuple[str, ...], Tree, Mapping[str, Any]]


def system() -> Path:
    """The folder with a tar for every image that can be made now."""
    made = [_kept(*recipe) for recipe in _recipes()]
    folder = cache.folder() / "cluster-images" / "-".join(sorted(tar.stem[:6] for tar in made))
    folder.mkdir(parents=True, exist_ok=True)
    for tar in made:
        if not (folder / tar.name).exists():
            os.link(tar, folder / tar.name)
    return folder


def missing(text: str) -> str | None:
    """Why `text`, a compose file or manifests, has images that cannot be made here, or None."""
    wanted = [name for name in SERVERS if name in text]
    return f"no programs of Debian for {', '.join(wanted)}: make test-cluster" if wanted and not debian.held() else None


def _kept(names: tuple[str, ...], tree: Tree, config: Mapping[str, Any]) -> Path:
    digest = hashlib.sha256(f"{tree.digest()} {names} {json.dumps(config)}".encode()).hexdigest()[:16]
    path = cache.folder() / "cluster-image" / f"{digest}-{names[0].replace('/', '-').replace(':', '-')}.tar"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(image(names, tree, config))
        unfinished.rename(path)
    return path


def _recipes() -> Iterator[Recipe]:
    for name in ("pause", "coredns"):
        tree = Tree()
        tree.folder("tmp", 0o1777)
        tree.file(name, build.ADDONS.path / name, 0o755)
        yield (f"localhost/{name}:1",), tree, {"Entrypoint": [f"/{name}"]}
    yield ("busybox:1", "busybox:1.36", "alpine:3"), _busybox(), {"Cmd": ["sh"]}
    root = debian.held()
    if root:
        for recipe in (_nginx, _postgres, _redis, _curl):
            yield recipe(root)


def _busybox(*users: tuple[str, int, int]) -> Tree:
    tree = Tree()
    found = shutil.which("busybox")
    assert found, "busybox-static is not installed"
    tree.file("bin/busybox", Path(found), 0o755)
    listed = subprocess.run([found, "--list"], capture_output=True, text=True, check=True).stdout.split()
    for name in listed:
        if name != "busybox":
            tree.link(f"bin/{name}", "busybox")
    tree.link("usr/bin/env", "/bin/busybox")
    for folder in ("root", "var", "home", "dev", "proc", "sys", "run"):
        tree.folder(folder)
    tree.folder("tmp", 0o1777)
    everyone = (("root", 0, 0), ("nobody", 65534, 65534), *users)
    tree.file("etc/passwd", "".join(f"{name}:x:{user}:{group}::/:/bin/sh\n" for name, user, group in everyone))
    tree.file("etc/group", "".join(f"{name}:x:{group}:\n" for name, _, group in everyone))
    return tree


def _nginx(root: Path) -> Recipe:
    tree = _busybox(("nginx", 101, 101))
    tree.program("usr/sbin/nginx", root / "usr/sbin/nginx", root)
    tree.file("etc/nginx/mime.types", root / "etc/nginx/mime.types")
    tree.file("etc/nginx/nginx.conf", _own("nginx.conf"))
    tree.file("etc/nginx/conf.d/default.conf", _own("default.conf"))
    tree.file("usr/share/nginx/html/index.html", "<h1>Welcome to nginx!</h1>\n")
    tree.file("usr/share/nginx/html/50x.html", "<h1>An error occurred.</h1>\n")
    for folder in ("var/cache/nginx", "var/log/nginx", "var/lib/nginx", "docker-entrypoint.d"):
        tree.folder(folder)
    tree.link("var/run", "/run")
    tree.file("docker-entrypoint.sh", _own("nginx.sh"), 0o755)
    config = {
        "Entrypoint": ["/docker-entrypoint.sh"],
        "Cmd": ["nginx", "-g", "daemon off;"],
        "ExposedPorts": {"80/tcp": {}},
        "StopSignal": "SIGQUIT",
    }
    return ("nginx:1.27-alpine", "nginx:alpine"), tree, config


def _postgres(root: Path) -> Recipe:
    tree = _busybox(("postgres", 70, 70))
    _setpriv(tree)
    home = root / "usr/lib/postgresql/15"
    for name in ("postgres", "initdb", "psql", "pg_ctl", "pg_isready", "pg_dump", "createdb"):
        tree.program(f"usr/lib/postgresql/15/bin/{name}", home / "bin" / name, root)
        tree.link(f"usr/local/bin/{name}", f"/usr/lib/postgresql/15/bin/{name}")
    for name in ("plpgsql.so", "dict_snowball.so"):
        tree.file(f"usr/lib/postgresql/15/lib/{name}", home / "lib" / name, 0o755)
    for path in sorted((root / "usr/share/postgresql/15").rglob("*")):
        if path.is_file() and "man" not in path.parts:
            tree.file(str(path.relative_to(root)), path)
    tree.folder("docker-entrypoint-initdb.d")
    tree.folder("run/postgresql", 0o3777, (70, 70))
    tree.link("var/run", "/run")
    tree.folder("var/lib/postgresql/data", 0o1777, (70, 70))
    tree.file("usr/local/bin/docker-entrypoint.sh", _own("postgres.sh"), 0o755)
    config = {
        "Entrypoint": ["docker-entrypoint.sh"],
        "Cmd": ["postgres"],
        "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PGDATA=/var/lib/postgresql/data"],
        "ExposedPorts": {"5432/tcp": {}},
        "Volumes": {"/var/lib/postgresql/data": {}},
        "StopSignal": "SIGINT",
    }
    return ("postgres:17-alpine", "postgres:16-alpine"), tree, config


def _redis(root: Path) -> Recipe:
    tree = _busybox(("redis", 999, 1000))
    _setpriv(tree)
    for name in ("redis-server", "redis-cli"):
        tree.program(f"usr/local/bin/{name}", root / "usr/bin" / name, root)
    tree.folder("data", 0o755, (999, 1000))
    tree.file("usr/local/bin/docker-entrypoint.sh", _own("redis.sh"), 0o755)
    config = {
        "Entrypoint": ["docker-entrypoint.sh"],
        "Cmd": ["redis-server"],
        "WorkingDir": "/data",
        "ExposedPorts": {"6379/tcp": {}},
        "Volumes": {"/data": {}},
    }
    return ("redis:7.4-alpine", "redis:7-alpine"), tree, config


def _curl(root: Path) -> Recipe:
    tree = _busybox(("curl_user", 100, 101))
    tree.program("usr/bin/curl", root / "usr/bin/curl", root)
    tree.file("entrypoint.sh", _own("curl.sh"), 0o755)
    config = {"Entrypoint": ["/entrypoint.sh"], "Cmd": ["curl"], "User": "curl_user"}
    return ("curlimages/curl:8.16.0",), tree, config


def _own(name: str) -> str:
    """A file of ours, by its content: an image is the same for every checkout."""
    return (HERE / name).read_text("utf-8")


def _setpriv(tree: Tree) -> None:
    """util-linux' own, which entrypoints call by its path: busybox' cannot change the user."""
    found = shutil.which("setpriv")
    assert found, "util-linux is not installed"
    tree.program("usr/bin/setpriv", Path(found))
