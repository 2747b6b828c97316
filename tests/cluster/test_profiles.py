"""Restricted clusters: a stack runs there, or the user is told exactly what it needs."""

import re
import time
from pathlib import Path

from tests.cluster.converted import convert, kube
from tests.cluster.kube import Kube, text
from tests.cluster.promises import fetch
from tests.cluster.stand_ins.policy_engine import PolicyEngine
from tests.cluster.stand_ins.single_writer import SingleWriter

CLOSED = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
NETWORK = """\
services:
  web:
    image: busybox:1
    command: sh -c 'mkdir -p /w; wget -qO /w/index.html http://db:5432/ && exec httpd -f -p 80 -h /w'
    ports: ["30797:80"]
    healthcheck: {test: "wget -qO- localhost", interval: 1s}
    depends_on: {db: {condition: service_healthy}}
    stop_grace_period: 0s
  db:
    image: busybox:1
    command: sh -c 'mkdir -p /w; echo from the database > /w/index.html; exec httpd -f -p 5432 -h /w'
    healthcheck: {test: "wget -qO- localhost:5432", interval: 1s}
    stop_grace_period: 0s
"""


def close(node: Kube) -> None:
    """Somebody's policy: nothing goes in or out of the namespace but what another policy allows."""
    body = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "default-deny"},
        "spec": CLOSED,
    }
    node.apply(text([body]))


def test_a_closed_network_is_told_with_the_words_that_open_it(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(NETWORK.replace("30797:80", "80"), "utf-8")
    close(node)
    with PolicyEngine(node):
        refused = kube(node, tmp_path, "up", "--yes")

    assert refused.returncode == 1
    assert re.search(
        r"compose\.yaml:\d+:\d+: warning\[kubernetes-closed-network\]: services\.web: nothing can"
        r" reach it and it cannot reach anything, including DNS and the rest of the stack,"
        r" because of NetworkPolicy/default-deny in the namespace\n"
        r"  hint: use --network-policies to add",
        refused.stderr,
    ), refused.stderr
    assert "error: Deployment/web cannot start" in refused.stderr
    assert "web: a network policy isolates it" in refused.stderr


def test_with_policies_of_its_own_a_stack_runs_where_the_network_is_closed(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(NETWORK, "utf-8")
    close(node)
    with PolicyEngine(node):
        done = kube(node, tmp_path, "up", "--yes", "--network-policies")

        assert done.returncode == 0, f"{done.stderr}\n{node.told()}"
        assert "kubernetes-closed-network" not in done.stderr
        assert fetch(f"http://{node.cluster.address[0]}:30797/") == "from the database\n"


DATA = """\
services:
  one:
    image: busybox:1
    command: sh -c 'echo one >> /data/log; exec sleep 100000'
    volumes: [data:/data]
    stop_grace_period: 0s
  two:
    image: busybox:1
    command: sh -c 'echo two >> /data/log; exec sleep 100000'
    volumes: [data:/data]
    stop_grace_period: 0s
volumes: {data: {}}
"""


def test_one_writer_is_enough_for_a_stack_on_one_node(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(DATA, "utf-8")
    with SingleWriter(node) as storage:
        claim_of(node, tmp_path, storage.name, "ReadWriteOnce")
        done = kube(node, tmp_path, "up", "--yes")

        assert done.returncode == 0, f"{done.stderr}\n{node.told()}"
        assert sorted(node.shell("two", "cat /data/log").out.split()) == ["one", "two"]
        assert kube(node, tmp_path, "down", "--volumes").returncode == 0


def test_a_claim_that_finds_no_volume_is_told_at_once(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(DATA, "utf-8")
    with SingleWriter(node) as storage:
        claim_of(node, tmp_path, storage.name, "ReadWriteMany")
        began = time.monotonic()
        refused = kube(node, tmp_path, "up", "--yes")

    assert refused.returncode == 1
    assert time.monotonic() - began < 60, "and not after ten minutes"
    assert re.search(
        r"compose\.yaml:\d+:\d+: (one|two): the claim data does not get a volume: failed to provision"
        r" volume with StorageClass"
        rf' "{storage.name}": .* access mode ReadWriteMany is not supported',
        refused.stderr,
    ), refused.stderr


def test_a_claim_of_a_class_that_is_not_there(node: Kube, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(DATA, "utf-8")
    claim_of(node, tmp_path, "missing", "ReadWriteOnce")

    refused = kube(node, tmp_path, "up", "--yes")

    assert refused.returncode == 1
    assert 'the claim data does not get a volume: storageclass.storage.k8s.io "missing" not found' in refused.stderr


def claim_of(node: Kube, folder: Path, storage: str, mode: str) -> None:
    """The claim of the stack as somebody has made it before, of another class than the cluster's default."""
    claim = next(one for one in convert(folder, node.namespace).objects if one["kind"] == "PersistentVolumeClaim")
    claim["metadata"] = {"name": claim["metadata"]["name"]}
    claim["spec"] |= {"storageClassName": storage, "accessModes": [mode]}
    node.apply(text([claim]))
