"""Kernel settings: of the pod, of the node, and those that a kubelet refuses unless it is told otherwise."""

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
