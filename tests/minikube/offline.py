"""Fills minikube's cache, once, so that `start` needs no network: node programs, and a tar for every image.

Programs and images hold what is built here; only iptables in kube-proxy's image is Debian's. minikube takes what its
cache has, and downloads nothing.
"""

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import cache
from tests.cluster import build
from tests.cluster.tree import ARCHITECTURES, Tree, image
from tests.minikube import disc

KUBERNETES = "v1.34.4"
ARCHITECTURE = ARCHITECTURES.get(platform.machine(), platform.machine())
CONTROL_PLANE = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
REGISTRY = "registry.k8s.io"
SMALL = (
    # image, its one program (module and name), the path there
    (f"{REGISTRY}/etcd:3.6.5-0", build.KUBERNETES, "etcd", "usr/local/bin/etcd"),
    (f"{REGISTRY}/coredns/coredns:v1.12.1", build.ADDONS, "coredns", "coredns"),
    (f"{REGISTRY}/pause:3.10.1", build.ADDONS, "pause", "pause"),
    ("gcr.io/k8s-minikube/storage-provisioner:v5", build.ADDONS, "provisioner", "storage-provisioner"),
)
RECIPE = "2"
"""To be raised with what an image is made of: it is part of the name under which they are kept."""

IPTABLES = ("iptables", "ip6tables", "iptables-save", "ip6tables-save", "iptables-restore", "ip6tables-restore")


def folder() -> Path:
    """Where the content of `.minikube/cache` is kept, or will be."""
    images = [(name, program, path) for name, _, program, path in SMALL]
    digest = hashlib.sha256(f"{RECIPE} {disc.debian().name} {KUBERNETES} {CONTROL_PLANE} {images}".encode())
    for module in (build.KUBERNETES, build.ADDONS):
        digest.update(module.path.name.encode())
    return cache.folder() / f"minikube-offline-{digest.hexdigest()[:16]}"


def make() -> None:
    """Make it unless it is kept; wants the programs and the archive of Debian. Raises `build.UnavailableError`."""
    if folder().is_dir():
        return
    with tempfile.TemporaryDirectory(dir=cache.folder()) as made, disc.unpacked() as debian:
        top = Path(made) / "cache"
        programs = top / "linux" / ARCHITECTURE / KUBERNETES
        programs.mkdir(parents=True)
        for name in ("kubeadm", "kubelet", "kubectl"):
            shutil.copy(build.KUBERNETES.path / name, programs)
        for name, tree, config in _images(debian):
            path = top / "images" / ARCHITECTURE / name.replace(":", "_")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(image((name,), tree, config))
        os.rename(top, folder())


def _images(debian: Path) -> Iterator[tuple[str, Tree, dict[str, Any]]]:
    for name in CONTROL_PLANE:
        tree = _bare()
        tree.file(f"usr/local/bin/{name}", build.KUBERNETES.path / name, 0o755)
        yield f"{REGISTRY}/{name}:{KUBERNETES}", tree, {}
    yield f"{REGISTRY}/kube-proxy:{KUBERNETES}", _proxy(debian), {}
    for name, module, program, path in SMALL:
        tree = _bare()
        tree.file(path, module.path / program, 0o755)
        yield name, tree, {"Entrypoint": [f"/{path}"]}


def _bare() -> Tree:
    tree = Tree()
    tree.folder("etc")
    tree.folder("tmp", 0o1777)
    return tree


def _proxy(debian: Path) -> Tree:
    """kube-proxy calls iptables, with its extensions."""
    tree = _bare()
    tree.file("usr/local/bin/kube-proxy", build.KUBERNETES.path / "kube-proxy", 0o755)
    tree.program("usr/sbin/xtables-nft-multi", debian / "usr/sbin/xtables-nft-multi", debian)
    for name in IPTABLES:
        tree.link(f"usr/sbin/{name}", "xtables-nft-multi")
    for path in sorted(debian.glob("usr/lib/*/xtables/*.so")):
        # Some want more than iptables itself: `statistic`, for a Service of several pods, the mathematics.
        tree.program(str(path.relative_to(debian)), path, debian)
    return tree
