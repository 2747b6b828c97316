"""`stackferry kube …` on a node: first deployment, repetition, changes, failures, removal."""

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.kube import Kube, wait_until
from tests.cluster.promises import fetch
from tests.cluster.server import Object
from tests.cluster.session import Cluster

ROOT = Path(__file__).resolve().parents[2]
STACK = """\
services:
  web:
    image: busybox:1
    command: sh -c 'mkdir -p /w; echo "$$WORD" > /w/index.html; exec httpd -f -p 80 -h /w'
    environment: {WORD: one}
    ports: ["30791:80"]
    healthcheck: {test: "wget -qO- localhost", interval: 1s}
    stop_grace_period: 0s
  store:
    image: busybox:1
    command: sh -c 'echo line >> /data/log; exec sleep 100000'
    volumes: ["data:/data"]
    stop_grace_period: 0s
  once:
    image: busybox:1
    command: ["true"]
    restart: "no"
volumes: {data: }
"""


class Place:
    """A stack in a folder, and the namespace that it gets on the node."""

    def __init__(self, node: Kube, folder: Path) -> None:
        self.name = f"kube{uuid.uuid4().hex[:8]}"
        self.folder = folder
        self.cluster: Cluster = node.cluster
        self.kube = Kube(node.cluster, node.server, self.name)
        self.write(STACK)

    def write(self, text: str) -> None:
        (self.folder / "compose.yaml").write_text(text, "utf-8")

    def run(self, *words: str, kubeconfig: Path | None = None) -> "subprocess.CompletedProcess[str]":
        where = ("--context", "test", "--kubeconfig", str(kubeconfig or self.cluster.kubeconfig))
        return subprocess.run(
            [sys.executable, "-m", "stackferry", "-p", self.name, "kube", *words, *where],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=240,
            check=False,
        )

    def ok(self, *words: str) -> "subprocess.CompletedProcess[str]":
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stderr}\n{self.kube.told()}"
        return done

    def shell(self, service: str, script: str) -> str:
        return self.kube.shell(service, script).out

    def everything(self) -> list[Object]:
        return self.kube.everything(f"app.kubernetes.io/instance={self.name}")


@pytest.fixture
def place(node: Kube, tmp_path: Path) -> Iterator[Place]:
    found = Place(node, tmp_path)
    yield found
    found.kube.delete_namespace()


def test_from_nothing_to_an_answer_and_away(place: Place) -> None:
    host = f"http://{place.cluster.address[0]}:30791/"
    refused = place.run("up")
    assert (refused.returncode, place.everything()) == (1, [])
    assert "for the first time" in refused.stderr

    first = place.ok("up", "--yes")
    assert first.stdout == f"web  {host.rstrip('/')}\n"
    assert fetch(host) == "one\n"
    assert place.ok("status").stdout.count("✔") == 3
    assert place.ok("plan").stdout == ""

    again = place.ok("up")
    assert f"{place.name} on test: {len(place.everything()) + 1} unchanged" in again.stderr

    place.write(STACK.replace("WORD: one", "WORD: two"))
    changed = place.ok("up")
    # The pod of before still answers until it has ended.
    wait_until(lambda: fetch(host) == "two\n", "the new page", 30)
    assert place.shell("store", "cat /data/log") == "line\n", "only what changed came again"
    assert " to change" in changed.stderr

    place.ok("down")
    assert [one["kind"] for one in place.everything()] == ["PersistentVolumeClaim"]
    place.ok("up", "--yes")
    assert place.shell("store", "cat /data/log") == "line\nline\n"

    place.ok("down", "--volumes")
    assert place.everything() == []


def test_what_the_stack_no_longer_has_goes(place: Place) -> None:
    place.write(STACK.replace("30791:80", "80"))
    place.ok("up", "--yes")
    place.write("services: {web: {image: 'busybox:1', command: sleep 100000, stop_grace_period: 0s}}\n")

    assert "to remove" in place.ok("plan").stderr
    done = place.ok("up")

    assert "to remove" in done.stderr
    assert place.ok("plan").stdout == ""
    names = {f"{one['kind']}/{one['metadata']['name']}" for one in place.everything()}
    assert names == {"Deployment/web", "Service/web", "PersistentVolumeClaim/data"}


MOVING = """\
services:
  a: {image: 'busybox:1', command: sleep 100000, stop_grace_period: 0s, ports: [PORT_A]}
  b: {image: 'busybox:1', command: sleep 100000, stop_grace_period: 0s, ports: [PORT_B]}
"""


def test_a_published_port_moves_to_another_service(place: Place) -> None:
    place.write(MOVING.replace("PORT_A", "'30793:80'").replace("PORT_B", "'30792:80'"))
    place.ok("up", "--yes")

    place.write(MOVING.replace("PORT_A", "'30792:80'").replace("PORT_B", "'30794:80'"))
    moved = place.ok("up").stdout.splitlines()
    place.write(MOVING.replace("PORT_A", "").replace("PORT_B", "'30792:80'"))
    alone = place.ok("up").stdout.splitlines()

    assert [line.split()[0] + line.split()[1][-6:] for line in moved] == ["a:30792", "b:30794"]
    assert [line.split()[0] + line.split()[1][-6:] for line in alone] == ["b:30792"]


def test_a_pod_that_cannot_start_says_why_and_where(place: Place) -> None:
    place.write(
        "services:\n  web: {image: 'busybox:1', command: sleep 100000, stop_grace_period: 0s}\n"
        "  broken: {image: 'busybox:1', command: sh -c 'echo no table; exit 3', restart: always, ports: ['80']}\n"
    )

    done = place.run("up", "--yes", "--wait-timeout", "120")

    assert done.returncode == 1
    assert re.search(r"compose\.yaml:3:11: broken: (ended|CrashLoopBackOff): exit code 3\n  \| no table\n", done.stderr)
    assert "error: Deployment/broken cannot start" in done.stderr
    assert place.run("status").returncode == 1


def test_an_image_that_is_nowhere(place: Place) -> None:
    place.write("services: {web: {image: 'UPPER/case:1'}}\n")

    done = place.run("up", "--yes", "--wait-timeout", "120")

    assert done.returncode == 1
    assert re.search(r"compose.yaml:1:\d+: web: (InvalidImageName|ErrImagePull|ImagePullBackOff)", done.stderr)


RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted"}
STRICT = """\
x-strict: &strict
  image: busybox:1
  user: "1000"
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]
  stop_grace_period: 0s
services:
  web:
    <<: *strict
    command: sh -c 'mkdir -p /tmp/w; echo strict > /tmp/w/index.html; exec httpd -f -p 80 -h /tmp/w'
    ports: ["80"]
    depends_on: {db: {condition: service_healthy}, once: {condition: service_completed_successfully}}
  db:
    <<: *strict
    command: sh -c 'mkdir -p /tmp/w; exec httpd -f -p 5432 -h /tmp/w'
    healthcheck: {test: "nc -w 1 localhost 5432 </dev/null", interval: 1s}
    volumes: ["data:/data"]
  once:
    <<: *strict
    command: ["true"]
    restart: "no"
volumes: {data: }
"""


def restrict(place: Place) -> None:
    """The namespace is somebody else's, and takes restricted pods only."""
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": place.name, "labels": RESTRICTED}}
    assert place.kube.server.request("POST", "/api/v1/namespaces", body).status == 201


def test_a_stack_that_asks_for_little_runs_where_little_is_allowed(place: Place) -> None:
    restrict(place)
    place.write(STRICT)

    done = place.ok("up", "--yes")

    assert fetch(done.stdout.split()[1]) == "strict\n"
    place.ok("down", "--volumes")
    assert place.kube.server.request("GET", f"/api/v1/namespaces/{place.name}").status == 200, "it is not ours"


def test_where_little_is_allowed_the_refusal_is_told(place: Place) -> None:
    restrict(place)
    place.write("services:\n  web: {image: 'busybox:1', command: sleep 100000, privileged: true}\n")

    done = place.run("up", "--yes", "--wait-timeout", "120")

    assert done.returncode == 1
    assert re.search(r"compose\.yaml:2:8: web: its pods are rejected: .*violates PodSecurity", done.stderr), done.stderr


def test_a_quota_that_is_full_is_told(place: Place) -> None:
    spec = {"hard": {"pods": "0"}}
    name = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": place.name}}
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}, "spec": spec}
    for path, body in (("", name), (f"/{place.name}/resourcequotas", quota)):
        assert place.kube.server.request("POST", f"/api/v1/namespaces{path}", body).status == 201
    place.write("services: {web: {image: 'busybox:1', command: sleep 100000}}\n")

    done = place.run("up", "--yes", "--wait-timeout", "120")

    assert done.returncode == 1
    assert "its pods are rejected: " in done.stderr
    assert "exceeded quota" in done.stderr


def kubeconfig_of(kube: Kube, folder: Path, role: str) -> Path:
    """The kubeconfig of somebody who has a ClusterRole in the namespace, and may not look at the cluster."""
    ask, inside = kube.server.request, f"/api/v1/namespaces/{kube.namespace}"
    ask("POST", "/api/v1/namespaces", {"metadata": {"name": kube.namespace}})
    ask("POST", f"{inside}/serviceaccounts", {"metadata": {"name": role}})
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    who = [{"kind": "ServiceAccount", "name": role, "namespace": kube.namespace}]
    binding = {"metadata": {"name": role}, "roleRef": reference, "subjects": who}
    ask("POST", f"/apis/rbac.authorization.k8s.io/v1/namespaces/{kube.namespace}/rolebindings", binding)
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = ask("POST", f"{inside}/serviceaccounts/{role}/token", body).body["status"]["token"]
    server = "https://{}:{}".format(*kube.cluster.address)
    cluster = {"server": server, "certificate-authority": str(kube.cluster.run / "pki" / "ca.crt")}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": {"token": token}}],
        "contexts": [{"name": "test", "context": {"cluster": "c", "user": "u"}}],
    }
    path = folder / f"{role}.kubeconfig"
    path.write_text(json.dumps(config), "utf-8")
    return path


def test_who_may_only_edit_a_namespace_needs_no_more(place: Place) -> None:
    editor = kubeconfig_of(place.kube, place.folder, "edit")
    place.write(STACK.replace("30791:80", "80"))

    done = place.run("up", "--yes", kubeconfig=editor)

    assert done.returncode == 0, done.stderr
    assert "you may not list Role" in done.stderr
    assert fetch(done.stdout.split()[1]) == "one\n"
    assert place.run("up", kubeconfig=editor).returncode == 0
    away = place.run("down", "--volumes", kubeconfig=editor)
    assert away.returncode == 0, away.stderr
    assert place.everything() == []
