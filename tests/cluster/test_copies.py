"""Local folders in the claims of a real node: copied by `kube up`, again after changes, and after kill -9."""

import io
import os
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from tests.cluster import images
from tests.cluster.kube import wait_until
from tests.cluster.test_kube import ROOT, Place, kubeconfig_of, place, restrict

__all__ = ["place"]

STACK = """\
services:
  reader:
    image: busybox:1
    command: sleep 100000
    stop_grace_period: 0s
    volumes: ["./pages:/pages:ro"]
  writer:
    image: busybox:1
    user: "1000:1000"
    command: sleep 100000
    stop_grace_period: 0s
    volumes: ["./code:/code", "./large.bin:/large.bin"]
"""
ODD = ["a b", "q'q\"", "new\nline", "-dash", "ü", " lead", "trail ", "end\n", "back\\slash", "$(id)", "`id`", "*", "%s"]

pytestmark = pytest.mark.skipif(images.missing("curlimages/curl:8.16.0") is not None, reason="no helper image")


@pytest.fixture
def stack(place: Place) -> Place:
    place.write(STACK)
    pages, code = place.folder / "pages", place.folder / "code"
    (pages / "sub" / ("y" * 150) / ("z" * 150)).mkdir(parents=True)
    (pages / "empty").mkdir(mode=0o700)
    (pages / "five megabytes").write_bytes(os.urandom(5_000_000))
    (pages / "sub" / ("y" * 150) / ("z" * 150) / "deep").write_text("deep")
    for name in ODD:
        (pages / "sub" / name).write_text(name)
    with open(bytes(pages) + b"/bytes\xff", "w") as file:
        file.write("bytes")
    for name, target in (("inside", "sub"), ("outside", "/etc/hostname"), ("up", "../../x")):
        (pages / name).symlink_to(target)
    code.mkdir()
    (code / "app.py").write_text("one\n")
    (code / "run.sh").write_text("#!/bin/sh\necho ran\n")
    (code / "run.sh").chmod(0o750)
    (place.folder / "large.bin").write_bytes(b"x" * 1_500_000)
    return place


def seen(place: Place, service: str, folder: str) -> dict[str, tuple[int, int, bytes]]:
    """What a service sees in a folder: by path, the kind, the mode, and the content or target."""
    command = [str(place.cluster.kubectl), "--kubeconfig", str(place.cluster.kubeconfig), "-n", place.name]
    pod = place.kube.pod(service)
    done = subprocess.run([*command, "exec", pod, "--", "tar", "-C", folder, "-cf", "-", "."], capture_output=True)
    assert done.returncode == 0, done.stderr
    return shape(done.stdout)


def here(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    done = subprocess.run(["tar", "-C", folder, "-cf", "-", "."], capture_output=True, check=True)
    return shape(done.stdout)


def shape(archive: bytes) -> dict[str, tuple[int, int, bytes]]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive), errors="surrogateescape") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            held = os.fsencode(member.linkname) if member.issym() else content.read() if content else b""
            found[member.name] = (int(member.type), 0 if member.issym() else member.mode, held)
    # The folder itself is the claim's: its mode is that of the volume.
    return {name: what for name, what in found.items() if name not in (".", "./")}


def test_folders_are_there_as_they_are_here(stack: Place) -> None:
    planned = stack.ok("plan")
    first = stack.ok("up", "--yes")

    assert "copy into PersistentVolumeClaim/host-pages\n  ./pages: 19 files, 5.0 MB\n" in planned.stdout
    assert "kubernetes-host-folder" not in planned.stderr + first.stderr, "nobody has to do it by hand"
    assert seen(stack, "reader", "/pages") == here(stack.folder / "pages")
    assert seen(stack, "writer", "/code") == here(stack.folder / "code")
    assert stack.shell("writer", "stat -c %u:%g /code/app.py; /code/run.sh; wc -c < /large.bin") == (
        "1000:1000\nran\n1500000\n"
    )
    assert stack.shell("writer", "echo more >> /large.bin && echo new > /code/new && echo written") == "written\n"
    assert not [one for one in stack.kube.each("Pod") if one["metadata"]["name"].startswith("copy-")]

    again = stack.ok("up")
    assert "is in the claim" not in again.stderr
    assert stack.ok("plan").stdout == ""


def test_what_changes_here_arrives_where_it_runs(stack: Place) -> None:
    stack.ok("up", "--yes")
    pods = {one["metadata"]["name"] for one in stack.kube.each("Pod")}
    stack.shell("writer", "echo mine > /code/made; echo mine > /code/run.sh; echo more >> /large.bin")
    (stack.folder / "pages" / "sub" / "a b").write_text("changed")
    (stack.folder / "pages" / "sub" / "-dash").unlink()
    (stack.folder / "code" / "app.py").write_text("two\n")
    (stack.folder / "code" / "run.sh").write_text("changed here, too\n")
    (stack.folder / "large.bin").write_bytes(b"z" * 10)

    planned = stack.ok("plan")
    done = stack.ok("up")

    assert "copy what has changed into PersistentVolumeClaim/host-code" in planned.stdout
    assert "./pages is in the claim host-pages: 1 copied (7 B), 1 removed\n" in done.stderr
    assert "./code is in the claim host-code: 1 copied (4 B), 1 kept as the service has changed them\n" in done.stderr
    assert "./large.bin is in the claim host-large-bin: 1 kept as the service has changed them\n" in done.stderr
    assert seen(stack, "reader", "/pages") == here(stack.folder / "pages")
    assert stack.shell("writer", "cat /code/app.py /code/made /code/run.sh") == "two\nmine\nmine\n"
    assert stack.shell("writer", "wc -c < /large.bin") == "1500005\n"
    assert {one["metadata"]["name"] for one in stack.kube.each("Pod") if "writer" in one["metadata"]["name"]} <= pods

    (stack.folder / "large.bin").write_bytes(b"w" * 20)
    stack.ok("down")
    (stack.folder / "code" / "app.py").write_text("three\n")
    stack.ok("up", "--yes")
    assert stack.shell("writer", "cat /code/app.py /code/made") == "three\nmine\n"


BIG = """\
services:
  reader: {image: 'busybox:1', command: sleep 100000, stop_grace_period: 0s, volumes: ["./big:/big:ro"]}
  writer: {image: 'busybox:1', command: sleep 100000, stop_grace_period: 0s, volumes: ["./work:/work"]}
"""
SUMS = "cd {} && find . -type f | sort | xargs -n 50 sha256sum"


def sums(folder: Path) -> str:
    return subprocess.run(SUMS.format(folder), shell=True, capture_output=True, text=True, env={"LC_ALL": "C"}).stdout


def test_a_large_folder_survives_kill_9_and_is_not_sent_twice(place: Place) -> None:
    place.write(BIG)
    for folder in ("big", "work"):
        (place.folder / folder).mkdir()
        for number in range(30):
            (place.folder / folder / f"f{number}").write_bytes(os.urandom(5_000_000))
    claim = place.kube

    def arrived() -> int:
        """Bytes that lie in the claim, by the pod that takes them."""
        pods = [
            one["metadata"]["name"] for one in claim.each("Pod") if one["metadata"]["name"].startswith("copy-host-big")
        ]
        said = claim.exec_in(pods[0], "sh", "-c", "du -sk /stackferry | cut -f1").out if pods else ""
        return int(said or 0) * 1024

    words = [sys.executable, "-m", "stackferry", "-p", place.name, "kube", "up", "--yes", "--context", "test"]
    process = subprocess.Popen(
        [*words, "--kubeconfig", str(place.cluster.kubeconfig)],
        cwd=place.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: arrived() > 20_000_000 or process.poll() is not None, "a part of the copy")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL, "it was over before it could be killed"

    began = time.monotonic()
    done = place.ok("up")
    print(f"two folders of 150 MB, after kill -9: {time.monotonic() - began:.1f} s\n{done.stderr}")

    assert place.shell("reader", SUMS.format("/big")) == sums(place.folder / "big")
    assert place.shell("writer", SUMS.format("/work")) == sums(place.folder / "work")
    assert place.shell("reader", "touch /big/x 2>&1 || echo read-only").endswith("read-only\n")

    began = time.monotonic()
    assert "is in the claim" not in place.ok("up").stderr
    print(f"nothing changed: {time.monotonic() - began:.1f} s")

    (place.folder / "big" / "f7").write_bytes(os.urandom(1_000_000))
    began = time.monotonic()
    changed = place.ok("up")
    print(f"one file of 1 MB changed: {time.monotonic() - began:.1f} s")
    assert "./big is in the claim host-big: 1 copied (1.0 MB)\n" in changed.stderr
    assert "./work is in" not in changed.stderr
    assert place.shell("reader", SUMS.format("/big")) == sums(place.folder / "big")


def test_what_a_killed_copy_leaves_goes_with_the_stack(stack: Place) -> None:
    stack.ok("up", "--yes")
    labels = {"app.kubernetes.io/instance": stack.name, "app.kubernetes.io/managed-by": "stackferry"}
    container = {"name": "copy", "image": "busybox:1", "command": ["sleep", "100000"]}
    left = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "copy-left", "labels": {**labels, "stackferry/copies-into": "host-pages"}},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 1},
    }
    assert stack.kube.server.request("POST", f"/api/v1/namespaces/{stack.name}/pods", left).status == 201

    stack.ok("down", "--volumes")

    assert stack.kube.each("Pod") == []


def test_who_may_only_edit_a_namespace_can_copy(stack: Place) -> None:
    editor = kubeconfig_of(stack.kube, stack.folder, "edit")

    done = stack.run("up", "--yes", kubeconfig=editor)

    assert done.returncode == 0, done.stderr
    assert seen(stack, "reader", "/pages") == here(stack.folder / "pages")


def test_where_root_is_refused_the_copy_is_its_owners(stack: Place) -> None:
    restrict(stack)
    strict = "{cap_drop: [ALL], security_opt: ['no-new-privileges:true'], user: '1000:1000', stop_grace_period: 0s,"
    stack.write(
        f"services:\n  reader: {strict} image: 'busybox:1', command: sleep 100000, volumes: ['./pages:/pages:ro']}}\n"
        f"  writer: {strict} image: 'busybox:1', command: sleep 100000, volumes: ['./code:/code']}}\n"
    )

    stack.ok("up", "--yes")

    assert seen(stack, "writer", "/code") == here(stack.folder / "code")
    assert stack.shell("writer", "stat -c %u:%g /code/app.py; echo x > /code/x; cat /code/x") == "1000:1000\nx\n"
    assert stack.shell("reader", "cat '/pages/sub/a b'") == "a b"
