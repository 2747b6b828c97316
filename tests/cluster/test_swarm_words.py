"""Swarm features on a node: slots, placement, hooks and signals."""

import time

from tests.cluster.kube import Kube
from tests.cluster.promises import Promises
from tests.cluster.test_stacks import started


def test_tasks_know_their_slot_and_keep_what_is_theirs(node: Kube) -> None:
    started(node, "slots", unready=["Deployment/crowd"])
    stack = Promises(node)
    pods = [f"broker-{slot}" for slot in (1, 2, 3)]
    stack.soon("three slots, from one", lambda: sorted(node.ready("broker")) == pods, 120)

    def lines(pod: str, count: int) -> bool:
        slot = pod.rpartition("-")[2]
        folder = node.exec_in(pod, "cat", "/data/starts").out
        return folder.splitlines() == [f"{slot} 5$(ID) slots_broker/{slot} {pod}"] * count

    for pod in pods:
        stack.now(f"variables and host name of {pod}", lambda pod=pod: lines(pod, 1))
        stack.now(f"the node of {pod}", lambda pod=pod: "NODE=node" in node.exec_in(pod, "env").out)
    node.delete_pods("broker")
    stack.soon("all are back", lambda: sorted(node.ready("broker")) == pods, 120)
    for pod in pods:
        stack.soon(f"{pod} has its own volume again", lambda pod=pod: lines(pod, 2))
    # The cluster's DNS hears of the new address a moment after the pod is ready.
    stack.soon("peers find one task", lambda: node.exec_in(pods[1], "ping", "-c1", "broker-1.broker-tasks").code == 0)
    stack.now("two on a node and no more", lambda: len(node.ready("crowd")) == 2 and len(node.pods("crowd")) == 4)
    stack.kept()


def test_hooks_run_and_the_signal_is_the_one_that_is_asked_for(node: Kube) -> None:
    started(node, "lifecycle")
    stack = Promises(node)

    def recorded(service: str) -> list[str]:
        return node.shell("reader", f"cat /log/{service}").out.splitlines()

    def ended(service: str) -> list[str]:
        return [line for line in recorded(service) if not line.startswith("started ")]

    for service in ("plain", "signalled", "hooked", "refused", "reader"):
        node.pod(service)
    stack.now("after the start", lambda: recorded("hooked") == ["started it's $(X) in /tmp"])
    stack.now("no storm of pods", lambda: len(node.each("Pod", "app.kubernetes.io/name=refused")) == 1)
    began = time.monotonic()
    for service in ("plain", "signalled", "hooked"):
        node.delete_pods(service)
    stack.soon("SIGTERM", lambda: recorded("plain") == ["TERM"])
    stack.soon("the signal", lambda: recorded("signalled") == ["USR1"])
    # The pod that follows writes its start into the same file, at any moment.
    stack.soon("hooks, then the signal", lambda: ended("hooked") == ["stopping", "QUIT"])
    stack.now("nobody waits for the whole grace period", lambda: time.monotonic() - began < 20)
    stack.now("what follows a failed hook does not run", lambda: "never" not in recorded("hooked"))
    stack.kept()
