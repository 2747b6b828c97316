"""This computer: its user, its resources, and obstacles between it and the node."""

from dataclasses import replace

import pytest

from stackferry.translator.minikube.doctor.checks import host
from stackferry.translator.minikube.doctor.facts.host import Folder, Memory
from stackferry.translator.minikube.doctor.facts.unknown import NotTriedError, Unknown
from stackferry.translator.minikube.doctor.facts.wanted import Wanted
from stackferry.translator.minikube.drivers import DOCKER, QEMU2, driver
from tests.translator.minikube.doctor.made import GIB, NEW, RUNNING, found, on

ROOT = on(NEW, "host", uid=0)


def test_root_is_refused() -> None:
    answer = found(host.root(ROOT))

    assert answer.verdict == "FAIL"
    assert answer.message == (
        "you are root, and minikube does not run virtualbox as root; minikube would exit with 57 DRV_AS_ROOT"
    )
    assert "stackferry minikube up -- --force" in answer.hint
    assert "docker" in found(host.root(replace(ROOT, driver=DOCKER))).message


def test_root_is_not_refused() -> None:
    assert found(host.root(replace(ROOT, wanted=Wanted(force=True)))).verdict == "ok"
    assert host.root(replace(ROOT, driver=driver("none"))) is None
    assert host.root(NEW) is None


@pytest.mark.parametrize(
    ("there", "asked", "verdict", "message"),
    [
        (8, None, "ok", "8 CPUs"),
        (2, 2, "ok", "2 CPUs"),
        (1, None, "FAIL", "this computer has 1 CPU, and Kubernetes needs 2"),
        (8, 1, "FAIL", "--cpus=1 is less than the 2 that Kubernetes needs"),
        (4, 6, "FAIL", "--cpus=6 is more than the 4 of this computer"),
    ],
)
def test_cpus(there: int, asked: int | None, verdict: str, message: str) -> None:
    answer = found(host.cpus(replace(on(NEW, "host", cpus=there), wanted=Wanted(cpus=asked))))

    assert answer.verdict == verdict
    assert answer.said == message
    assert ("minikube would exit with 29 RSRC_INSUFFICIENT_CORES" in answer.message) == (verdict == "FAIL")


def test_nobody_says_how_many_cpus() -> None:
    assert host.cpus(on(NEW, "host", cpus=0)) is None


@pytest.mark.parametrize(
    ("total", "available", "asked", "verdict", "message"),
    [
        (16000, 9000, None, "ok", "9000 of 16000 MiB are free"),
        (16000, 2000, None, "warn", "2000 of 16000 MiB are free, and the machine needs 2200"),
        (16000, 5000, 6000, "warn", "5000 of 16000 MiB are free, and the machine needs 6000"),
        (1700, 1000, None, "FAIL", "this computer has 1700 MiB, and minikube needs 1800"),
        (16000, 9000, 1000, "FAIL", "--memory=1000 is less than the 1800 MiB that minikube needs"),
        (4000, 3000, 8000, "FAIL", "8000 MiB are requested, and this computer has 4000"),
    ],
)
def test_memory(total: int, available: int, asked: int | None, verdict: str, message: str) -> None:
    facts = on(NEW, "host", memory=Memory(total, available))
    answer = found(host.memory(replace(facts, wanted=Wanted(memory=asked))))

    assert (answer.verdict, answer.said) == (verdict, message)
    assert ("minikube would exit with 23 RSRC_" in answer.message) == (verdict == "FAIL")


def test_memory_of_a_machine_that_is_made() -> None:
    little = Memory(16000, 300)

    assert found(host.memory(on(RUNNING, "host", memory=little))).message == "300 MiB free besides the machine"
    waiting = on(on(RUNNING, "host", memory=little), "minikube", status=Unknown("it hung"))
    assert found(host.memory(waiting)).said == "300 of 16000 MiB are free, and the machine needs 4096"
    with pytest.raises(NotTriedError, match="no /proc"):
        host.memory(on(NEW, "host", memory=Unknown("no /proc")))


@pytest.mark.parametrize(
    ("facts", "free", "verdict"),
    [
        (NEW, 20 * GIB, "ok"),
        (NEW, 5 * GIB, "warn"),
        (RUNNING, 5 * GIB, "ok"),
        (RUNNING, 2 * GIB, "warn"),
        (RUNNING, GIB // 2, "FAIL"),
    ],
)
def test_disk(facts, free: int, verdict: str) -> None:
    answer = found(host.disk(on(facts, "host", folder=Folder("/home/me", free))))

    assert answer.verdict == verdict
    assert answer.message == f"{free / GIB:.1f} GiB free at /home/me"


SPARED = "localhost,192.168.59.0/24, 10.96.0.0/12,10.0.0.0/8"


@pytest.mark.parametrize(
    ("no_proxy", "lacking"),
    [
        ("", "192.168.59.0/24,10.96.0.0/12,10.244.0.0/16"),
        ("localhost,192.168.59.0/24", "10.96.0.0/12,10.244.0.0/16"),
        ("192.168.0.0/16,10.96.0.0/12", "10.244.0.0/16"),
        ("192.168.59.100,.example.com,10.0.0.0/8,::1", "192.168.59.0/24"),
        (SPARED, ""),
        ("*", ""),
    ],
)
def test_a_proxy(no_proxy: str, lacking: str) -> None:
    answer = found(host.proxy(on(NEW, "host", proxies={"https_proxy": "http://proxy:3128", "NO_PROXY": no_proxy})))

    assert answer.verdict == ("warn" if lacking else "ok")
    if lacking:
        assert f"NO_PROXY does not exclude {lacking}: " in answer.message
        assert f",{lacking}" in answer.hint
        assert ("$NO_PROXY" in answer.hint) == bool(no_proxy)


def test_no_proxy_at_all() -> None:
    assert host.proxy(NEW) is None
    assert host.proxy(on(NEW, "host", proxies={"NO_PROXY": "localhost"})) is None


def test_the_network_of_the_node_depends_on_the_driver() -> None:
    facts = on(NEW, "host", proxies={"HTTP_PROXY": "http://proxy:3128"})

    assert "192.168.49.0/24" in found(host.proxy(replace(facts, driver=DOCKER))).hint
    assert "192.168.60.0/24" in found(host.proxy(replace(facts, wanted=Wanted(host_only_cidr="192.168.60.1/24")))).hint


def test_sudo() -> None:
    answer = found(host.sudo(on(NEW, "host", programs=frozenset())))

    assert answer.verdict == "warn"
    assert "minikube tunnel silently adds no route" in answer.message
    assert found(host.sudo(NEW)).verdict == "ok"
    assert host.sudo(on(NEW, "host", system="windows", programs=frozenset())) is None
    assert host.sudo(replace(NEW, driver=QEMU2)) is None


def test_downloads() -> None:
    answer = found(host.downloads(on(NEW, "host", downloads="storage.googleapis.com:443: timed out")))

    assert answer.verdict == "warn"
    assert (
        "cannot be downloaded: storage.googleapis.com:443: timed out; minikube would exit with 80 or 48"
        in answer.message
    )
    assert "--iso-url" in answer.hint
    assert found(host.downloads(on(NEW, "host", downloads=""))).verdict == "ok"
    assert host.downloads(NEW) is None
    assert host.downloads(replace(on(NEW, "host", downloads="no"), driver=DOCKER)) is None
