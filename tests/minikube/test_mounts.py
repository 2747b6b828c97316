"""Bind mounts on a real minikube's node: its shared home, copies in other cases, and 9p, which it refuses."""

import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackferry.grammar.diagnostics import StackferryError
from stackferry.minikube import mounting
from stackferry.session import Session
from stackferry.translator.minikube.mounts import Wanted
from stackferry.translator.minikube.programs import HostPrograms
from tests.cluster import images
from tests.minikube.rig import Rig
from tests.minikube.stack import NAME, Stack

HELPER = "curlimages/curl:8.16.0"
STACK = """\
name: PROJECT
services:
  app:
    image: busybox:1
    command: sleep 100000
    stop_grace_period: 0s
    volumes: ["./code:/code", "./conf:/conf:ro"]
  db:
    image: busybox:1
    command: sleep 100000
    stop_grace_period: 0s
    volumes: ["./data:/var/lib/mysql"]
"""

pytestmark = pytest.mark.skipif(images.missing(HELPER) is not None, reason="no helper image")


@pytest.fixture
def stack(rig: Rig) -> Iterator[Stack]:
    """A stack below /home, which the node has as /hosthome."""
    rig.start()
    for name in ("busybox:1", HELPER):
        (archive,) = images.system().glob(f"*-{re.sub('[/:]', '-', name)}.tar")
        rig.minikube("image", "load", archive)
    folder = Path("/home") / f"stackferry-{uuid.uuid4().hex[:8]}"
    for name in ("code", "conf", "data"):
        (folder / name).mkdir(parents=True)
    (folder / "code" / "app.py").write_text("one\n")
    (folder / "conf" / "app.conf").write_text("conf\n")
    (folder / "data" / "ibdata1").write_bytes(b"x" * 2_000_000)
    found = Stack(rig, folder)
    found.write(STACK.replace("PROJECT", folder.name))
    yield found
    found.run("down", "--volumes")
    shutil.rmtree(folder)
    shutil.rmtree(found.temporary, ignore_errors=True)


def shell(stack: Stack, service: str, script: str) -> str:
    where = ("-n", stack.folder.name, "exec", f"deployment/{service}", "-c", service)
    return stack.rig.kubectl(*where, "--", "sh", "-c", script)


def test_a_folder_below_the_home_is_the_pods_own_and_a_database_is_not(stack: Stack) -> None:
    first = stack.ok("up")
    again = stack.ok("up")
    (stack.folder / "code" / "app.py").write_text("two\n")
    (stack.folder / "data" / "ibdata1").write_bytes(b"changed here")

    assert shell(stack, "app", "cat /code/app.py /conf/app.conf; echo three > /code/of-the-pod") == "two\nconf\n"
    assert (stack.folder / "code" / "of-the-pod").read_text() == "three\n"
    assert "./code is in the claim" not in first.err, "nothing of it is copied"
    assert "./data is in the claim host-data: 1 copied (2.0 MB)" in first.err
    assert "is in the claim" not in again.err + stack.ok("up").err, "a database is filled once"
    assert shell(stack, "db", "wc -c < /var/lib/mysql/ibdata1; echo x >> /var/lib/mysql/ibdata1") == "2000000\n"
    assert (stack.folder / "data" / "ibdata1").read_bytes() == b"changed here"
    stack.ok("down", "--volumes")
    assert (stack.folder / "code" / "of-the-pod").exists()


def test_where_the_node_has_no_9p_it_is_told(rig: Rig, tmp_path: Path) -> None:
    rig.start()
    session, programs = Session(rig.environment), HostPrograms(rig.environment)

    with pytest.raises(StackferryError, match=r"minikube cannot mount .*does not support filesystem 9p") as refused:
        mounting.mount(session, programs, NAME, tmp_path / "mounts", [Wanted(str(tmp_path), "/minikube-host/x/y")])

    assert refused.value.hint == "without --mount, folders are copied"
    assert list((tmp_path / "mounts").iterdir()) == []
