"""The node, while it runs."""

from dataclasses import replace

import pytest

from stackferry.translator.minikube.doctor.checks import node
from stackferry.translator.minikube.doctor.facts.minikube import Config, Node, Status
from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError, Unknown
from stackferry.translator.minikube.doctor.facts.virtualbox import Machine
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from stackferry.translator.minikube.drivers import DOCKER
from tests.translator.minikube.doctor.made import MACHINE, NEW, RUNNING, found, on, stopped

HUNG = replace(RUNNING, node=Unknown("minikube ssh did not finish within 5 s"))


@pytest.mark.parametrize("check", [node.api_server, node.clock, node.disk])
def test_nothing_is_asked_where_no_node_runs(check) -> None:
    assert check(NEW) is None
    assert check(stopped()) is None


@pytest.mark.parametrize("check", [node.clock, node.disk])
def test_a_node_that_does_not_answer(check) -> None:
    with pytest.raises(NotTriedError, match="minikube ssh did not finish within 5 s"):
        check(HUNG)


def status(*states: str) -> Status:
    return Status("Running", *states, "Configured")


def test_kubernetes_runs() -> None:
    assert found(node.api_server(RUNNING)).message == "Kubernetes of minikube is running"
    assert found(node.api_server(replace(RUNNING, node=Node()))).verdict == "ok"


def test_kubernetes_is_paused() -> None:
    answer = found(node.api_server(on(RUNNING, "minikube", status=status("Stopped", "Paused"))))

    assert answer.verdict == "warn"
    assert answer.hint == "minikube unpause"


def test_kubernetes_does_not_run() -> None:
    answer = found(node.api_server(on(RUNNING, "minikube", status=status("Running", "Stopped"))))

    assert answer.verdict == "warn"
    assert answer.message == "minikube is running, but Kubernetes is not: kubelet running, API server stopped"
    assert "109 or 80 after 9 minutes" in answer.hint
    assert "journalctl -u kubelet" in answer.hint


def test_kubernetes_cannot_be_reached() -> None:
    answer = found(node.api_server(replace(RUNNING, node=Node(0.0, answers=False))))

    assert answer.verdict == "FAIL"
    assert answer.message == "the API server of minikube is running, but its port is not reachable from this machine"
    assert answer.hint.startswith("check for a firewall, a VPN")


def test_minikube_hangs_where_kubernetes_cannot_be_reached() -> None:
    late = on(RUNNING, "minikube", status=Unknown("minikube status did not finish within 5 s"))
    answer = found(node.api_server(replace(late, node=Node(0.0, answers=False))))

    assert answer.verdict == "FAIL"
    assert answer.message == "the API server of minikube does not respond, and minikube status hangs"
    with pytest.raises(NotTriedError, match="did not finish within 5 s"):
        node.api_server(late)


@pytest.mark.parametrize(
    ("ahead", "verdict", "message"),
    [
        (0.3, "ok", "the node's clock is correct"),
        (-4.4, "ok", "the node's clock is correct"),
        (-20.2, "warn", "the node's clock is 20 s behind"),
        (30, "warn", "the node's clock is 30 s ahead"),
        (-7200, "FAIL", "the node's clock is 7200 s behind: certificates may be not yet valid, or expired"),
        (None, "warn", "not tried: the node did not report its time"),
    ],
)
def test_its_clock(ahead: float | None, verdict: str, message: str) -> None:
    answer = found(node.clock(replace(RUNNING, node=Node(ahead))))

    assert (answer.verdict, answer.message) == (verdict, message)


def test_the_share_is_there() -> None:
    assert found(node.share(RUNNING)).message == "/home is available as /hosthome on the node"
    assert found(node.share(stopped())).message == "the machine has a share of /home"
    assert found(node.share(HUNG)).message == "the machine has a share of /home"
    assert found(node.share(NEW)).message == "the machine will have a share of /home"


def test_the_share_is_turned_off() -> None:
    by_flag = replace(NEW, wanted=Wanted(has_mounts=False))
    by_profile = on(RUNNING, "minikube", configs={"minikube": Config(has_mounts=False)})

    for facts in (by_flag, by_profile):
        answer = found(node.share(facts))
        assert answer.verdict == "ok"
        assert answer.message.startswith("turned off by --disable-driver-mounts")


def test_the_share_is_not_there() -> None:
    bare = Machine({key: value for key, value in MACHINE.values.items() if not key.startswith("Shared")})
    cases = {
        "/home does not exist on this computer": on(NEW, "host", folders=frozenset()),
        "the machine was created without a share of /home": on(RUNNING, "virtualbox", machine=bare),
        "the machine has a share of /home, but the node does not": replace(RUNNING, node=Node(0.0, has_share=False)),
    }
    for message, facts in cases.items():
        answer = found(node.share(facts))
        assert answer.verdict == "warn"
        assert answer.message.startswith(message)
        assert "copied into claims" in answer.hint


def test_other_drivers_share_nothing() -> None:
    assert node.share(replace(NEW, driver=DOCKER)) is None
    assert node.share(on(NEW, "virtualbox", program=None)) is None


@pytest.mark.parametrize(
    ("full", "room", "verdict", "message"),
    [
        (20, 14000, "ok", "the node's disk is 20 % full, 14000 MiB left"),
        (92, 160, "warn", "the node's disk is 92 % full, 160 MiB left"),
        (99, None, "FAIL", "the node's disk is 99 % full; minikube would exit with 100 K8S_INSTALL_FAILED"),
        (None, None, "warn", "not tried: the node did not report its disk usage"),
    ],
)
def test_its_disk(full: int | None, room: int | None, verdict: str, message: str) -> None:
    answer = found(node.disk(replace(RUNNING, node=Node(0.0, disk=full, room=room))))

    assert (answer.verdict, answer.message) == (verdict, message)
