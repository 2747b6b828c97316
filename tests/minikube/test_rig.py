"""The rig: the real minikube starts on it, to a node that runs images, keeps data, and leaves nothing behind."""

import json
import re
import time
import urllib.request
from pathlib import Path

import pytest

from tests.cluster import images
from tests.minikube import states
from tests.minikube.rig import Rig

HERE = Path(__file__).parent
PATIENCE = 120
"""Seconds in which a page must appear, on a machine with other work."""


def page(rig: Rig) -> str:
    """What the web server of webapp.yaml says at its node port, as soon as it says anything."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://{rig.address()}:30080/", timeout=5) as answer:
                return answer.read().decode().strip()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@pytest.fixture
def webapp(rig: Rig) -> str:
    """The page of the web server, which runs; it was written by the pod that came first."""
    rig.start()
    (busybox,) = images.system().glob("*-busybox-1.tar")
    rig.minikube("image", "load", busybox)
    rig.kubectl("apply", "-f", HERE / "webapp.yaml")
    rig.kubectl("rollout", "status", "deployment/web", f"--timeout={PATIENCE}s")
    return page(rig)


def test_a_node_is_ready_and_runs_an_image_that_was_loaded(rig, webapp):
    (node,) = json.loads(rig.kubectl("get", "nodes", "-o", "json"))["items"]
    ready = {one["type"]: one["status"] for one in node["status"]["conditions"]}["Ready"]

    assert (node["metadata"]["name"], ready, node["status"]["nodeInfo"]["kubeletVersion"]) == (
        "minikube",
        "True",
        "v1.34.4",
    )
    assert "docker.io/library/busybox:1" in rig.minikube("image", "ls").stdout.split()
    assert re.fullmatch(r"web-[a-z0-9]+-[a-z0-9]+", webapp)


def test_an_image_is_built_on_the_node(rig, tmp_path):
    rig.start()
    (busybox,) = images.system().glob("*-busybox-1.tar")
    rig.minikube("image", "load", busybox)
    (tmp_path / "Dockerfile").write_text("FROM busybox:1\nRUN echo made >/made && test -s /made\n")

    rig.minikube("image", "build", "-t", "built:1", tmp_path)

    assert "docker.io/library/built:1" in rig.minikube("image", "ls").stdout.split()


def test_a_stop_and_a_start_keep_the_data(rig, webapp):
    rig.minikube("stop")
    stopped = rig.state()["vms"]["minikube"]["state"]
    rig.start()

    assert (stopped, page(rig)) == ("poweroff", webapp)


def test_a_rig_removes_no_interface_of_another(rig, bare_rig):
    rig.start()
    (name,) = rig.state()["hostonlyifs"]
    states.adapters(bare_rig, {name: "192.168.56.1"})

    bare_rig.run("VBoxManage", "hostonlyif", "remove", name)

    assert bare_rig.state()["hostonlyifs"] == {}
    assert Path(f"/sys/class/net/{name}").exists()
    assert rig.minikube("status").returncode == 0
