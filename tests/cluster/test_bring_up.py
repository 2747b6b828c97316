"""`stackferry kube` with time limits and whole stacks: when it reports a failure, and what `down` leaves."""

import re
import subprocess
import sys
import time
from pathlib import Path

from tests.cluster.converted import ROOT, kube
from tests.cluster.kube import ALL_KINDS, Kube, wait_until
from tests.cluster.promises import fetch

BROKEN = """\
services:
  web: {image: 'busybox:1', command: sleep 100000, stop_grace_period: 0s}
  broken:
    image: busybox:1
    command: sh -c 'sleep 1; echo ended at $$(date +%s); exit 3'
    restart: always
    expose: ['80']
"""
SOON = 5.0
"""Seconds between the end of a container and the line that says so."""


def test_a_container_that_ends_is_told_soon_with_its_last_words(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(BROKEN, "utf-8")
    where = ("--context", "test", "--kubeconfig", str(node.cluster.kubeconfig), "-n", node.namespace)
    words = [sys.executable, "-m", "stackferry", "kube", "up", "--yes", *where]
    told: list[str] = []
    with subprocess.Popen(
        words, cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            told.append(line)
            if found := re.match(r"  \| ended at (\d+)", line):
                late = time.time() - int(found[1])
                break
        running.kill()
    text = "".join(told)
    assert re.search(r"compose\.yaml:4:5: broken: (ended|CrashLoopBackOff): exit code 3\n  \| ended at", text), text
    assert late < SOON, f"{late:.1f} s"


PORTS = """\
services:
  web:
    image: busybox:1
    command: sh -c 'mkdir -p /w; echo web > /w/index.html; httpd -p 8080 -h /w; exec httpd -f -p 80 -h /w'
    ports: ["80:80", "8085:8080", "127.0.0.1:9999:80"]
    healthcheck: {test: "wget -qO- localhost:8080", interval: 1s}
    stop_grace_period: 0s
  db:
    image: busybox:1
    command: sh -c 'mkdir -p /w; echo db > /w/index.html; exec httpd -f -p 5432 -h /w'
    ports: ["5432:5432"]
    stop_grace_period: 0s
"""


def test_every_published_port_answers_at_its_own_number(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(PORTS, "utf-8")
    host = node.cluster.address[0]

    done = kube(node, tmp_path, "up", "--yes", "--node-port-range", "1-65535")

    assert done.returncode == 0, f"{done.stderr}\n{node.told()}"
    assert sorted(done.stdout.splitlines()) == [
        f"db   {host}:5432",
        f"web  http://{host}:80",
        f"web  http://{host}:8085",
    ]
    assert [fetch(f"http://{host}:{port}/") for port in (80, 8085, 5432)] == ["web\n", "web\n", "db\n"]
    assert f"kubectl --context test port-forward -n {node.namespace} svc/web 9999:80" in done.stderr
    # Their numbers are given back at once: others want them, too.
    assert kube(node, tmp_path, "down", "--volumes").returncode == 0


WHOLE = """\
name: whole
services:
  web:
    image: busybox:1
    command: sleep 100000
    ports: ["80"]
    configs: [page]
    secrets: [key]
    environment: {TOKEN: s3cret}
    deploy: {replicas: 2}
    healthcheck: {test: "true", interval: 1s}
    depends_on: {task: {condition: service_completed_successfully}}
    networks: [front]
    stop_grace_period: 0s
  slots:
    image: busybox:1
    command: sleep 100000
    hostname: "slots-{{.Task.Slot}}"
    volumes: [own:/own]
    deploy: {replicas: 2}
    stop_grace_period: 0s
  everywhere: {image: 'busybox:1', command: sleep 100000, deploy: {mode: global}, stop_grace_period: 0s}
  task: {image: 'busybox:1', command: 'true', volumes: [data:/data]}
jobs:
  nightly: {image: 'busybox:1', command: 'true', triggers: {schedule: ["0 3 * * *"]}}
networks: {front: {}}
configs: {page: {content: hello}}
secrets: {key: {environment: HOME}}
volumes: {data: {}, own: {name: "own-{{.Task.Slot}}"}}
"""
KINDS = {
    *("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Service", "ConfigMap", "Secret"),
    *("PersistentVolumeClaim", "NetworkPolicy", "PodDisruptionBudget", "ServiceAccount", "Role", "RoleBinding"),
}


def test_down_leaves_nothing_of_any_kind(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(WHOLE, "utf-8")
    place = Kube(node.cluster, node.server, f"{node.namespace}-own")
    up = kube(place, tmp_path, "up", "--yes", "--network-policies")
    assert up.returncode == 0, f"{up.stderr}\n{place.told()}"
    assert {one["kind"] for one in place.everything("app.kubernetes.io/instance=whole")} >= KINDS

    kept = kube(place, tmp_path, "down")
    assert kept.returncode == 0, kept.stderr
    assert left(place) == {"PersistentVolumeClaim": 3}
    assert place.each("Pod") == []

    gone = kube(place, tmp_path, "down", "--volumes")
    assert gone.returncode == 0, gone.stderr
    wait_until(lambda: node.server.request("GET", f"/api/v1/namespaces/{place.namespace}").status == 404)
    bound = node.server.request("GET", "/api/v1/persistentvolumes").body["items"]
    assert not [one for one in bound if one["spec"]["claimRef"]["namespace"] == place.namespace]


def left(place: Kube) -> dict[str, int]:
    """How many objects of each kind are there, whoever has made them, but what every namespace has."""
    usual = ("kube-root-ca.crt", "default")
    found = {kind: [one for one in place.each(kind) if one["metadata"]["name"] not in usual] for kind in ALL_KINDS}
    return {kind: len(each) for kind, each in found.items() if each}
