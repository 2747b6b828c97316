"""Kernel settings: of the pod, of the node, and those that a kubelet refuses by default."""

from typing import Any

import pytest

from stackferry.translator import Kind, Options
from tests.translator.making import codes, note, pod, service, translated


@pytest.mark.parametrize(
    ("name", "keys", "is_set", "noted"),
    [
        ("net.ipv4.tcp_syncookies", {}, True, []),
        ("net.core.somaxconn", {}, False, ["unsafe-sysctl"]),
        ("kernel.shmmax", {}, False, ["unsafe-sysctl"]),
        ("vm.max_map_count", {}, False, ["node-sysctl"]),
        ("net.core.somaxconn", {"network_mode": "host"}, False, ["node-sysctl", "host-network"]),
        ("kernel.shmmax", {"ipc": "host"}, False, ["node-sysctl"]),
    ],
)
def test_sysctl(name: str, keys: dict[str, Any], is_set: bool, noted: list[str]) -> None:
    found = translated(service(sysctls={name: "1"}, **keys))

    expected = [{"name": name, "value": "1"}] if is_set else []
    assert pod(found).get("securityContext", {}).get("sysctls", []) == expected
    assert sorted(codes(found)) == sorted(noted)


def test_what_the_nodes_are_said_to_allow_is_set() -> None:
    found = translated(service(sysctls={"net.core.somaxconn": "1"}), options=Options(unsafe_sysctls=True))

    assert pod(found)["securityContext"]["sysctls"] == [{"name": "net.core.somaxconn", "value": "1"}]
    assert note(found, "unsafe-sysctl").kind is Kind.APPROXIMATED


LOW = [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"expose": ("80",)}, LOW),
        ({"expose": ("80",), "user": "1000"}, LOW),
        ({"expose": ("8080",), "user": "1000"}, None),
        ({"expose": ("80",), "user": "root"}, None),
        ({"expose": ("80",), "user": "0", "cap_drop": ("ALL",)}, LOW),
        ({"expose": ("80",), "user": "0", "cap_drop": ("net_bind_service",)}, LOW),
        ({"expose": ("80",), "privileged": True}, None),
        ({"expose": ("80",), "network_mode": "host"}, None),
    ],
    ids=["nobody knows", "1000", "a high port", "root", "root without", "as well", "privileged", "the host's network"],
)
def test_who_is_not_root_may_listen_on_a_low_port_as_with_docker(keys: dict[str, Any], expected: Any) -> None:
    assert pod(translated(service(**keys))).get("securityContext", {}).get("sysctls") == expected


def test_the_users_own_setting_stands() -> None:
    own = {"net.ipv4.ip_unprivileged_port_start": "512"}

    found = pod(translated(service(expose=("80",), sysctls=own)))["securityContext"]["sysctls"]

    assert found == [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "512"}]


def test_one_container_of_a_pod_is_enough() -> None:
    door = service("door", user="0", expose=("80",))
    behind = service("behind", user="1000", network_mode="service:door", expose=("443",))

    assert pod(translated(door, behind), "Deployment/door")["securityContext"]["sysctls"] == LOW
