from ipaddress import IPv4Address

from stackferry.emulator.webnet.leg import Leg

LEG = Leg(IPv4Address("10.0.0.128"), frozenset({"s_a"}))


def test_a_container_has_our_resolver_and_no_names_of_the_engines() -> None:
    endpoints = {"s_a": {"Aliases": ["web"], "IPAMConfig": {"IPv4Address": "10.0.0.9"}}, "other": {"Aliases": ["web"]}}
    body = {
        "Image": "i",
        "HostConfig": {"Dns": ["9.9.9.9"], "Init": True},
        "NetworkingConfig": {"EndpointsConfig": endpoints},
    }

    assert LEG.body(body) == {
        "Image": "i",
        "HostConfig": {"Dns": ["10.0.0.128"], "Init": True},
        "Labels": {"io.stackferry.resolver": "10.0.0.128"},
        "NetworkingConfig": {
            "EndpointsConfig": {"s_a": {"IPAMConfig": {"IPv4Address": "10.0.0.9"}}, "other": {"Aliases": ["web"]}}
        },
    }
    assert body["HostConfig"] == {"Dns": ["9.9.9.9"], "Init": True}


def test_further_legs() -> None:
    assert LEG.endpoint("s_a", {"Aliases": ["web"], "MacAddress": "m"}) == {"MacAddress": "m"}
    assert LEG.endpoint("other", {"Aliases": ["web"]}) == {"Aliases": ["web"]}
