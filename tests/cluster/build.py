"""Builds Kubernetes from source, once, into the cache: folders outside the tree, named by their sources.

Everything comes from the Go module proxy, pinned in `mods/`. Level `api` is etcd, kube-apiserver, kubectl and the CRDs
of the Gateway API: three minutes of CPU; `node` adds what runs pods: four more; `minikube` adds the other programs of
minikube's node (tests/minikube). So only `make test-cluster` and `make test-minikube` build; other callers, which can
do without, ask `built`. Without Go nothing is built, and one line gives the reason.
"""

import fcntl
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests import cache

MODULES = Path(__file__).resolve().parent / "mods"
LEVELS = ("api", "node", "minikube")
"""Each has what the levels before it have."""
PATIENCE = 3600
"""Seconds for one program, on a machine with other work."""

_CNI = "github.com/containernetworking/plugins/plugins"
_STAMPED = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")


class UnavailableError(Exception):
    """The programs are not on this machine and cannot be built; the message is one line."""


@dataclass(frozen=True, slots=True)
class Module:
    """One Go module of `mods/`: its folder there, and its programs by the level that needs them."""

    name: str
    api: tuple[tuple[str, str], ...] = ()
    node: tuple[tuple[str, str], ...] = ()
    minikube: tuple[tuple[str, str], ...] = ()

    @property
    def path(self) -> Path:
        """Where its programs are kept once they are built."""
        digest = hashlib.sha256(platform.machine().encode())
        for source in sorted((MODULES / self.name).rglob("*")):
            if source.suffix in (".go", ".mod", ".sum"):
                digest.update(f"{source.relative_to(MODULES)}\0".encode() + source.read_bytes() + b"\0")
        return cache.folder() / f"cluster-{self.name}-{digest.hexdigest()[:16]}"

    def programs(self, level: str) -> tuple[tuple[str, str], ...]:
        """(name, package) of all that `level` needs."""
        held = {"api": self.api, "node": self.node, "minikube": self.minikube}
        return tuple(one for name in LEVELS[: LEVELS.index(level) + 1] for one in held[name])


_COMMANDS = "k8s.io/kubernetes/cmd"
KUBERNETES = Module(
    "kubernetes",
    api=(
        ("etcd", "go.etcd.io/etcd/server/v3"),
        ("kube-apiserver", f"{_COMMANDS}/kube-apiserver"),
        ("kubectl", f"{_COMMANDS}/kubectl"),
    ),
    node=tuple(
        (name, f"{_COMMANDS}/{name}") for name in ("kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy")
    ),
    minikube=(("kubeadm", f"{_COMMANDS}/kubeadm"),),
)
ADDONS = Module(
    "addons",
    node=(
        ("provisioner", "./provisioner"),
        ("pause", "./pause"),
        ("coredns", "./coredns"),
        ("bridge", f"{_CNI}/main/bridge"),
        ("loopback", f"{_CNI}/main/loopback"),
        ("host-local", f"{_CNI}/ipam/host-local"),
        ("portmap", f"{_CNI}/meta/portmap"),
    ),
    minikube=(("firewall", f"{_CNI}/meta/firewall"),),
)
CRICTL = Module("crictl", minikube=(("crictl", "sigs.k8s.io/cri-tools/cmd/crictl"),))
BUILDKIT = Module(
    "buildkit",
    minikube=tuple((name, f"github.com/moby/buildkit/cmd/{name}") for name in ("buildctl", "buildkitd")),
)
GATEWAY = Module("gateway")
"""Its standard CRDs are files of the module; none of its code is used."""


def built(level: str) -> bool:
    """Whether all of `level` is kept already."""
    return not any(_missing(level)) and GATEWAY.path.is_dir()


def build(level: str) -> None:
    """Build what `level` still lacks. Raises `UnavailableError`."""
    if built(level):
        return
    go = shutil.which("go")
    if go is None:
        raise UnavailableError("no Kubernetes: there is no Go on this machine (tests/cluster)")
    try:
        cache.folder().mkdir(parents=True, exist_ok=True)
        with open(cache.folder() / "cluster.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for module, name, package in _missing(level):
                print(f"cluster: building {name}", file=sys.stderr)
                _build(go, module, name, package)
            if not GATEWAY.path.is_dir():
                _fetch_definitions(go)
    except OSError as error:
        raise UnavailableError(f"no Kubernetes: {error} (tests/cluster)") from error


def _missing(level: str) -> Iterable[tuple[Module, str, str]]:
    for module in (KUBERNETES, ADDONS, CRICTL, BUILDKIT):
        for name, package in module.programs(level):
            if not (module.path / name).exists():
                yield module, name, package


def _build(go: str, module: Module, name: str, package: str) -> None:
    module.path.mkdir(exist_ok=True)
    unfinished = module.path / f".{name}.{os.getpid()}"
    linker = _stamps() if package.startswith(_COMMANDS) else "-s -w"
    _go(go, module, "build", f"-ldflags={linker}", "-o", str(unfinished), package)
    unfinished.rename(module.path / name)


def _stamps() -> str:
    """The linker's words without which the programs call themselves v0.0.0-master+$Format."""
    found = re.search(
        r"^\s*k8s.io/kubernetes (v1\.(\d+)\S*)", (MODULES / "kubernetes/go.mod").read_text("utf-8"), re.MULTILINE
    )
    assert found, "mods/kubernetes/go.mod names no release"
    said = {"gitVersion": found[1], "gitMajor": "1", "gitMinor": found[2], "gitTreeState": "clean"}
    return " ".join(["-s -w", *(f"-X {place}.{name}={value}" for place in _STAMPED for name, value in said.items())])


def _fetch_definitions(go: str) -> None:
    answer = json.loads(_go(go, GATEWAY, "mod", "download", "-json", "sigs.k8s.io/gateway-api"))
    unfinished = GATEWAY.path.with_suffix(f".{os.getpid()}")
    unfinished.mkdir()
    for source in sorted((Path(answer["Dir"]) / "config/crd/standard").glob("gateway.*.yaml")):
        (unfinished / source.name).write_bytes(source.read_bytes())
    unfinished.rename(GATEWAY.path)


def _go(go: str, module: Module, *words: str) -> str:
    flags = "" if words[0] == "mod" else "-mod=readonly -buildvcs=false -trimpath"
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": flags, "GOWORK": "off", "CGO_ENABLED": "0"}
    try:
        done = subprocess.run(
            [go, *words],
            cwd=MODULES / module.name,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"no Kubernetes: {words[-1]} not built within {PATIENCE} s (tests/cluster)") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise UnavailableError(f"no Kubernetes: go {words[0]} failed: {last} (tests/cluster)")
    return done.stdout


if __name__ == "__main__":
    try:
        for level in sys.argv[1:] or LEVELS:
            build(level)
    except UnavailableError as reason:
        # Not a failure: whoever has no Go runs the other tests.
        print(reason, file=sys.stderr)
