"""Drivers by name: the facts about each, and about an unknown one."""

import pytest

from stackferry.translator.minikube.drivers import DRIVERS, Driver, Share, driver


def test_virtualbox_shares_the_home_of_each_system() -> None:
    found = driver("virtualbox")

    assert found.is_virtualbox
    assert found.share("linux") == Share("/home", "/hosthome")
    assert found.share("darwin") == Share("/Users", "/Users")
    assert found.share("windows") == Share("C:\\Users", "/c/Users")
    assert found.share("freebsd") is None


@pytest.mark.parametrize(("alias", "name"), [("kvm", "kvm2"), ("qemu", "qemu2"), ("native", "none")])
def test_other_names_of_theirs(alias: str, name: str) -> None:
    assert driver(alias) is DRIVERS[name]


def test_an_unknown_one_is_plain() -> None:
    assert driver("hyperkit") == Driver("hyperkit")
    assert not driver("hyperkit").is_virtualbox


def test_only_virtualbox_is_checked_as_virtualbox() -> None:
    assert [name for name, one in DRIVERS.items() if one.is_virtualbox] == ["virtualbox"]
    assert [name for name, one in DRIVERS.items() if not one.refuses_root] == ["none"]


def test_a_container_of_docker_has_an_address_on_linux_alone() -> None:
    assert driver("docker").reachable == {"linux"}
    assert driver("qemu2").reachable == frozenset()
    assert {"linux", "darwin", "windows"} == driver("virtualbox").reachable


def test_the_name_of_virtualbox_is_compared_nowhere() -> None:
    """What is special about it is said by its value."""
    from pathlib import Path

    root = Path(__file__).parents[3]
    files = [*(root / "translator/minikube").rglob("*.py"), *(root / "stackferry/minikube").rglob("*.py")]
    where = [path.name for path in files if '"virtualbox"' in path.read_text(encoding="utf-8")]

    assert where == ["drivers.py"]
