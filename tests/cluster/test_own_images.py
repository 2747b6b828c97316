"""Images that a stack builds are loaded into the node by its cluster's program, and run there.

The programs `kind` and `k3s` are replaced, since their clusters cannot be created here: scripts take the same arguments
and import the archive into the node's containerd, which is real. The engine that builds is real, too.
"""

import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stackferry.emulator.engine.docker import DockerEngine
from stackferry.kube.nodes import in_nodes
from stackferry.options.stack_options import load_stack
from stackferry.session import Session, StackChoice
from stackferry.translator.cluster.loaders import Loader, k3s
from tests.cluster.converted import tried
from tests.cluster.kube import Kube, wait_until
from tests.cluster.promises import fetch
from tests.engine.fixtures import engine, image

__all__ = ["engine", "image"]

COMPOSE = """\
services:
  web:
    build: .
    ports: ["30795:80"]
    stop_grace_period: 0s
"""
DOCKERFILE = """\
FROM {image}
COPY page /w/index.html
EXPOSE 80
CMD ["httpd", "-f", "-p", "80", "-h", "/w"]
"""
OF_K3S = {
    "status": {
        "nodeInfo": {"kubeletVersion": "v1.34.1+k3s1"},
        "addresses": [{"type": "InternalIP", "address": "10.211.7.2"}],
    }
}
SCRIPTS = {
    "ctr": 'exec {ctr} --address {socket} "$@"',
    "docker": '[ "$1 $2" = "exec test-control-plane" ] || exit 64; shift 2; exec {folder}/"$@"',
    "kind": """\
case "$1 $2" in
"get nodes") [ "$4" = test ] && echo test-control-plane ;;
"load image-archive") echo "$3" >> {folder}/loaded; exec {folder}/ctr -n k8s.io images import "$3" ;;
*) exit 64 ;;
esac""",
    "k3s": """\
[ "$1" = ctr ] || exit 64
shift
[ "$2" = import ] && echo "$3" >> {folder}/loaded
exec {folder}/ctr -n k8s.io "$@\"""",
}


@dataclass
class Nodes:
    """The programs on the PATH, and what they were given."""

    folder: Path
    socket: Path
    ctr: str
    environment: dict[str, str] = field(default_factory=dict)

    def loaded(self) -> list[str]:
        """The archives, in their order."""
        path = self.folder / "loaded"
        return path.read_text().splitlines() if path.exists() else []

    def on_node(self, *words: str) -> str:
        command = [self.ctr, "--address", str(self.socket), "-n", "k8s.io", *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def nodes(node: Kube, tmp_path: Path) -> Nodes:
    folder = tmp_path / "bin"
    folder.mkdir()
    init = (node.cluster.run / "pid" / "init").read_text().strip()
    found = Nodes(folder, Path(f"/proc/{init}/root/run/containerd/containerd.sock"), "/usr/bin/ctr")
    for name, text in SCRIPTS.items():
        (folder / name).write_text(f"#!/bin/sh\n{text.format(folder=folder, socket=found.socket, ctr=found.ctr)}\n")
        (folder / name).chmod(0o755)
    found.environment = {"PATH": f"{folder}:/usr/bin:/bin", "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    return found


@pytest.fixture
def stack(nodes: Nodes, engine: DockerEngine, image: str, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    name, folder = f"own{uuid.uuid4().hex[:8]}", tmp_path / "stack"
    folder.mkdir()
    (folder / "compose.yaml").write_text(f"name: {name}\n{COMPOSE}")
    (folder / "Dockerfile").write_text(DOCKERFILE.format(image=image))
    (folder / "page").write_text("one\n")
    yield name, folder
    for line in nodes.on_node("images", "ls", "-q").splitlines():
        if name in line:
            nodes.on_node("images", "rm", line)
    subprocess.run(["docker", "rmi", "-f", f"{name}-web"], capture_output=True)


def of_engine(name: str) -> list[str]:
    """Every name of an image that the engine has of the stack."""
    words = ["docker", "images", "--format", "{{.Repository}}:{{.Tag}}", f"{name}-web"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()


def as_of_kind(node: Kube, folder: Path) -> Path:
    """The kubeconfig of the node, whose context is called as kind would."""
    path = folder / "kind.kubeconfig"
    text = node.cluster.kubeconfig.read_text("utf-8")
    path.write_text(text.replace("- name: test\n  context:", "- name: kind-test\n  context:"), "utf-8")
    return path


def test_kind_gets_what_has_changed_and_nothing_else(
    node: Kube, nodes: Nodes, stack: tuple[str, Path], tmp_path: Path
) -> None:
    name, folder = stack
    where = ("--context", "kind-test", "--kubeconfig", str(as_of_kind(node, tmp_path)), "-n", node.namespace)
    host = f"http://{node.cluster.address[0]}:30795/"

    first = tried(folder, "kube", "up", "--yes", *where, environment=nodes.environment)
    assert first.returncode == 0, f"{first.stderr}\n{node.told()}"
    assert fetch(host) == "one\n"
    assert "images: 1 loaded, 0 already there" in first.stderr
    assert "kubernetes-" not in first.stderr, "nobody has to build anything"

    again = tried(folder, "kube", "up", *where, environment=nodes.environment)
    assert again.returncode == 0, again.stderr
    assert "images: 0 loaded, 1 already there" in again.stderr
    assert len(nodes.loaded()) == 1

    (folder / "page").write_text("two\n")
    changed = tried(folder, "kube", "up", *where, environment=nodes.environment)
    assert changed.returncode == 0, changed.stderr
    wait_until(lambda: fetch(host) == "two\n", "the new page", 30)
    assert len(nodes.loaded()) == 2
    assert of_engine(name) == [f"{name}-web:latest"], "names for the way are gone"
    assert list((tmp_path / "tmp").iterdir()) == [], "no temporary file stays"


def test_what_kind_does_not_load_is_told(node: Kube, nodes: Nodes, stack: tuple[str, Path], tmp_path: Path) -> None:
    _, folder = stack
    where = ("--context", "kind-test", "--kubeconfig", str(as_of_kind(node, tmp_path)), "-n", node.namespace)
    (nodes.folder / "kind").write_text(
        '#!/bin/sh\n[ "$1" = get ] && echo test-control-plane && exit\n[ "$1" = load ] || exit 64\n'
    )

    lost = tried(folder, "kube", "up", "--yes", *where, environment=nodes.environment)
    (nodes.folder / "kind").write_text('#!/bin/sh\necho "ERROR: no nodes found for cluster \\"test\\"" >&2; exit 1\n')
    failed = tried(folder, "kube", "up", "--yes", *where, environment=nodes.environment)

    assert (lost.returncode, failed.returncode) == (1, 1)
    assert "was loaded, and test-control-plane does not have it" in lost.stderr
    assert 'kind get nodes --name test: ERROR: no nodes found for cluster "test"' in failed.stderr
    assert node.each("Deployment") == [], "nothing was applied"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_k3s_reads_the_archive_and_the_node_has_it(nodes: Nodes, stack: tuple[str, Path]) -> None:
    name, folder = stack
    session = Session(nodes.environment, StackChoice(files=(str(folder / "compose.yaml"),)))
    project = load_stack(session).project
    loader = k3s([OF_K3S], lambda _: True)
    assert isinstance(loader, Loader)

    with session.at_end:
        made = in_nodes(session, project, loader, send=True)
        in_nodes(session, project, loader, send=True)

    tag = str(made.services["web"].image)
    assert nodes.loaded() == ["-"]
    assert tag.startswith(f"{name}-web:")
    listed = nodes.on_node("images", "ls", "-q").splitlines()
    assert f"docker.io/library/{tag}" in listed
