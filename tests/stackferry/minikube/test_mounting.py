"""`minikube mount` in the background: a stand-in for the program, real processes.

No machine of the tests has 9p, so the real program can only refuse, which `tests/minikube` tests.
"""

import os
import signal
import time
from pathlib import Path

import pytest

from stackferry.grammar.diagnostics import StackferryError
from stackferry.minikube import mounting
from stackferry.session import Session
from stackferry.translator.minikube.mounts import Wanted
from stackferry.translator.minikube.programs import HostPrograms

MINIKUBE = """\
#!/bin/sh
# A node whose mounts are files below $NODE: the name is that of the folder, with + for /.
case $1 in
mount)
  guest=$(printf %s "${2##*:}" | tr / +)
  if [ -e "$NODE/fails" ]; then cat "$NODE/fails"; exit 36; fi
  trap 'rm -f "$NODE/mounts/$guest"; exit 0' TERM
  echo "* Mounting host path ${2%:*} into VM as ${2##*:} ..."
  : > "$NODE/mounts/$guest"
  echo "* Successfully mounted ${2%:*} to ${2##*:}"
  while :; do sleep 0.1; done
  ;;
ssh)
  for each in "$NODE"/mounts/*; do
    if [ -e "$each" ]; then echo "192.168.59.1 $(basename "$each" | tr + /) 9p rw 0 0"; fi
  done
  ;;
esac
"""


class Node:
    """The stand-in, and what is known of its mounts."""

    def __init__(self, folder: Path) -> None:
        self.node = folder / "node"
        (self.node / "mounts").mkdir(parents=True)
        (folder / "bin").mkdir()
        (folder / "bin" / "minikube").write_text(MINIKUBE)
        (folder / "bin" / "minikube").chmod(0o755)
        environment = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "NODE": str(self.node)}
        self.programs = HostPrograms(environment)
        self.session = Session(environment)
        self.state = folder / "state" / "mounts"

    def mount(self, *every: Wanted) -> None:
        mounting.mount(self.session, self.programs, "mini", self.state, every)

    def unmount(self, project: str, *keep: Wanted) -> None:
        mounting.unmount(self.session, self.programs, self.state, project, keep)

    def mounted(self) -> list[str]:
        return sorted(name.replace("+", "/") for name in os.listdir(self.node / "mounts"))

    def process(self, mount: Wanted) -> int:
        return int((self.state / mount.name / "process").read_text())


A, B = Wanted("/home/me/a b", "/m/shop/a"), Wanted("/home/me/c", "/m/shop/b")
OTHER = Wanted("/home/me/a b", "/m/other/a")


@pytest.fixture
def node(tmp_path):
    found = Node(tmp_path)
    yield found
    mounting.unmount_all(found.programs, found.state)
    assert found.mounted() == []


def test_they_run_until_they_are_ended(node, capfd):
    node.mount(A, B, OTHER)

    assert node.mounted() == ["/m/other/a", "/m/shop/a", "/m/shop/b"]
    assert "/home/me/a b is mounted on the node at /m/shop/a" in capfd.readouterr().err
    node.unmount("shop")
    assert node.mounted() == ["/m/other/a"]
    assert os.listdir(node.state) == [OTHER.name]


def test_what_is_mounted_is_not_mounted_again(node, capfd):
    node.mount(A)
    process = node.process(A)
    capfd.readouterr()

    node.mount(A, B)

    assert node.process(A) == process
    assert "/m/shop/a" not in capfd.readouterr().err
    node.unmount("shop", B)
    assert node.mounted() == ["/m/shop/b"]


def test_a_mount_that_died_is_started_again(node):
    node.mount(A)
    first = node.process(A)
    os.kill(first, signal.SIGKILL)
    _gone(first)

    node.mount(A)

    assert node.process(A) != first
    assert node.mounted() == ["/m/shop/a"]


def test_a_node_that_was_started_anew_gets_it_again(node):
    """The process runs, but its folder is not on the node any more."""
    node.mount(A)
    first = node.process(A)
    (node.node / "mounts" / "+m+shop+a").unlink()

    node.mount(A)

    _gone(first)
    assert node.mounted() == ["/m/shop/a"]


def test_a_process_id_that_is_somebody_elses_now_is_left_alone(node):
    node.mount(A)
    first = node.process(A)
    (node.state / A.name / "process").write_text(str(os.getpid()))

    node.unmount("shop")

    assert os.getpid() > 0, "we live"
    os.kill(first, signal.SIGTERM)
    _gone(first)


def test_one_that_cannot_be_mounted_says_why_and_leaves_nothing(node):
    (node.node / "fails").write_text("X Exiting due to HOST_UNSUPPORTED: The host does not support filesystem 9p.\n")

    with pytest.raises(StackferryError, match="minikube cannot mount /home/me/a b: The host does not") as refused:
        node.mount(A)

    assert refused.value.hint == "without --mount, folders are copied"
    assert os.listdir(node.state) == []


def test_without_anything_to_mount_nothing_is_asked(node):
    node.programs = None

    node.mount()
    node.unmount("shop")


def _gone(process: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.01)
    raise AssertionError(f"{process} does not end")
