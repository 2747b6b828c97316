"""Kernel settings: of the pod, of the node, and those that the kubelet must allow first."""

from typing import Any

import pytest

from tests.translator.making import codes, pod, service, translated


@pytest.mark.parametrize(
    ("name", "keys", "is_set", "noted"),
    [
        ("net.ipv4.tcp_syncookies", {}, True, []),
        ("net.core.somaxconn", {}, True, ["unsafe-sysctl"]),
        ("kernel.shmmax", {}, True, ["unsafe-sysctl"]),
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
