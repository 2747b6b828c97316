"""Which services share a pod."""

from typing import Any

import pytest

from stackferry.translator.sharing import plan_groups
from tests.translator.making import container, ids, pod, project, service, translated


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"a": {}, "b": {}}, ["a", "b"]),
        ({"a": {"network_mode": "service:b"}, "b": {}}, ["b+a"]),
        ({"a": {"network_mode": "service:b"}, "b": {"ipc": "service:c"}, "c": {}}, ["c+a+b"]),
        ({"a": {"pid": "service:b"}, "b": {"pid": "service:a"}}, ["a", "b"]),
        ({"a": {"network_mode": "service:gone"}}, ["a"]),
    ],
    ids=str,
)
def test_groups(keys: dict[str, dict[str, Any]], expected: list[str]) -> None:
    groups = plan_groups(project(*(service(name, **said) for name, said in keys.items())))

    found = ["+".join(one.name for one in group.services) for name, group in groups.items() if group.owner.name == name]
    assert found == expected


def test_one_pod_has_all_containers_and_one_service() -> None:
    found = translated(service("vpn"), service("app", network_mode="service:vpn", environment={"A": "b"}))

    assert ids(found.objects) == ["Service/vpn", "Deployment/vpn"]
    assert [one["name"] for one in pod(found, "Deployment/vpn")["containers"]] == ["vpn", "app"]
    assert container(found, "Deployment/vpn")["name"] == "vpn"


def test_processes_are_seen_where_pid_is_shared() -> None:
    found = translated(service("web"), service("top", pid="service:web"))

    assert pod(found)["shareProcessNamespace"] is True
