"""Builds the real minikube from the Go module proxy, once, into the cache, but without its driver for KVM.

That driver needs cgo and libvirt on linux/amd64, so minikube's own stub for other processors replaces it. A module in
Go's cache cannot be overlaid, so the build happens in a copy.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests import cache
from tests.cluster.build import PATIENCE, UnavailableError

VERSION = "v1.38.1"
STAMPS = {
    # Without the last two, it asks for a disc and an image that never were.
    "version": VERSION,
    "gitCommitID": "c93a4cb9311efc66b90d33ea03f75f2c4120e9b0",
    "isoVersion": "v1.38.0",
    "storageProvisionerVersion": "v5",
}
DRIVER = "pkg/drivers/kvm"
STUB = "kvm_stub.go"
REPLACED = ("kvm.go", "domain*.go", "network.go", "disks.go", "gpu.go", "*_test.go")
"""What the stub stands for."""


def program() -> Path:
    """Where minikube is kept, or will be."""
    digest = hashlib.sha256(f"{platform.machine()} {VERSION} {STAMPS} {REPLACED}".encode()).hexdigest()[:16]
    return cache.folder() / f"minikube-{digest}" / "minikube"


def make() -> None:
    """Build it unless it is kept: minutes from nothing, less where Go knows most of it. Raises `UnavailableError`."""
    if program().exists():
        return
    go = shutil.which("go")
    if go is None:
        raise UnavailableError("no minikube: there is no Go on this machine (tests/minikube)")
    program().parent.mkdir(parents=True, exist_ok=True)
    unfinished = program().with_suffix(f".{os.getpid()}")
    with tempfile.TemporaryDirectory() as folder:
        source = _copied(go, Path(folder) / "source")
        stamps = " ".join(f"-X k8s.io/minikube/pkg/version.{name}={value}" for name, value in STAMPS.items())
        words = ["build", "-mod=readonly", "-buildvcs=false", "-trimpath", f"-ldflags=-s -w {stamps}"]
        _go(go, source, *words, "-o", str(unfinished), "./cmd/minikube")
    unfinished.rename(program())


def _copied(go: str, target: Path) -> Path:
    about = json.loads(_go(go, Path(tempfile.gettempdir()), "mod", "download", "-json", f"k8s.io/minikube@{VERSION}"))
    shutil.copytree(about["Dir"], target, ignore=shutil.ignore_patterns("site", "test"), copy_function=shutil.copyfile)
    for path in [target, *target.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    driver = target / DRIVER
    for path in [path for pattern in REPLACED for path in driver.glob(pattern)]:
        path.unlink()
    stub = driver / STUB
    stub.write_text(
        re.sub(r"^//go:build .*$", "//go:build linux", stub.read_text("utf-8"), flags=re.MULTILINE), "utf-8"
    )
    return target


def _go(go: str, folder: Path, *words: str) -> str:
    environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off", "CGO_ENABLED": "0"}
    try:
        done = subprocess.run(
            [go, *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"no minikube: not built within {PATIENCE} s (tests/minikube)") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise UnavailableError(f"no minikube: go {words[0]} failed: {last} (tests/minikube)")
    return done.stdout
