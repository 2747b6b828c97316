"""Names and addresses inside a pod."""

from typing import Any

import pytest

from tests.translator.making import codes, pod, service, translated


def test_host_network_still_finds_services() -> None:
    found = pod(translated(service(network_mode="host")))

    assert found["hostNetwork"] is True
    assert found["dnsPolicy"] == "ClusterFirstWithHostNet"


def test_extra_hosts_are_grouped_by_address() -> None:
    found = translated(service(extra_hosts={"A.lan": ("10.0.0.1", "fd00::1"), "b": ("10.0.0.1",), "c": ("[fd00::1]",)}))

    assert pod(found)["hostAliases"] == [
        {"ip": "10.0.0.1", "hostnames": ["a.lan", "b"]},
        {"ip": "fd00::1", "hostnames": ["a.lan", "c"]},
    ]


@pytest.mark.parametrize(
    ("hosts", "code"),
    [({"host.docker.internal": ("host-gateway",)}, "host-gateway"), ({"a_b": ("10.0.0.1",)}, "extra-host")],
)
def test_extra_hosts_that_cannot_be(hosts: dict[str, tuple[str, ...]], code: str) -> None:
    found = translated(service(extra_hosts=hosts))

    assert "hostAliases" not in pod(found)
    assert codes(found) == [code]


def test_dns() -> None:
    found = translated(
        service(dns=("1.1.1.1", "::1", "1.1.1.1", "8.8.8.8"), dns_search=("lan", "a_b"), dns_opt=("ndots:2", "rotate"))
    )

    assert pod(found)["dnsConfig"] == {
        "nameservers": ["1.1.1.1", "::1"],
        "searches": ["lan"],
        "options": [{"name": "ndots", "value": "2"}, {"name": "rotate"}],
    }
    assert codes(found) == ["dns-servers", "dns-search"]
    assert "dnsPolicy" not in pod(found)


@pytest.mark.parametrize(
    ("keys", "expected", "noted"),
    [
        ({"hostname": "shop"}, {"hostname": "shop"}, []),
        ({"hostname": "shop.lan"}, {"hostname": "shop", "subdomain": "lan"}, ["alias-domain"]),
        ({"hostname": "shop.a.lan"}, {"hostname": "shop"}, ["alias", "hostname"]),
        ({"hostname": "My_Shop"}, {"hostname": "my-shop"}, ["alias", "hostname"]),
        ({"domainname": "lan"}, {"subdomain": "lan"}, []),
        ({"domainname": "a.lan"}, {}, ["domainname"]),
    ],
    ids=str,
)
def test_hostname(keys: dict[str, Any], expected: dict[str, str], noted: list[str]) -> None:
    found = translated(service(**keys))

    assert {key: pod(found)[key] for key in ("hostname", "subdomain") if key in pod(found)} == expected
    assert codes(found) == noted


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("none", "network-none"),
        ("container:db", "shared-network"),
        ("container:x", "shared-network"),
        ("host", "host-network"),
    ],
)
def test_modes_that_are_not_a_pods_are_told(mode: str, code: str) -> None:
    assert codes(translated(service(network_mode=mode), service("db"))) == [code]
