"""`inspect` of a service with addresses: with an engine that knows the networks, and without."""

import json
import os

import pytest

from stackferry.emulator.engine.protocol import EngineError
from stackferry.emulator.engine.resources import NetworkInfo
from tests.stackferry.conftest import identity


class Networks:
    def inspect_network(self, name):
        return NetworkInfo("f00d", name, "bridge", {}, ("fd00::/64", "10.0.1.0/24")) if name == "shop_default" else None


@pytest.fixture
def addressed(running, monkeypatch):
    """shop_web with virtual addresses, and a resolver that is none. Gives what the engine is asked through."""
    from dataclasses import replace

    from stackferry import engine
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    def edit(cluster):
        web = cluster.services[identity("sweb")]
        vips = {"shop_default": "10.0.1.130", "gone": "10.0.2.130", "gone+shop_default": "10.0.1.131"}
        return replace(cluster, services={**cluster.services, web.id: replace(web, vips=vips)})

    store = Store(home(os.environ, "shop").database)
    store.change(edit)
    store.close()
    monkeypatch.setattr(engine, "connect", lambda _session: Networks())
    return lambda connect: monkeypatch.setattr(engine, "connect", connect)


def test_virtual_addresses_as_docker_has_them(stackferry, addressed):
    (found,) = json.loads(stackferry("service", "inspect", "web").out)

    assert found["Endpoint"]["VirtualIPs"] == [
        {"NetworkID": "f00d", "Addr": "10.0.1.130/24"},
        {"NetworkID": "gone", "Addr": "10.0.2.130"},
    ]
    assert "InRotation" not in found["Endpoint"]


def test_of_ports_that_there_are_none_of_nothing_is_said(stackferry, addressed):
    (found,) = json.loads(stackferry("service", "inspect", "job").out)

    assert "Ports" not in found["Endpoint"]


def test_without_an_engine_networks_have_names(stackferry, addressed):
    def refuse(_session):
        raise EngineError("no engine answers")

    addressed(refuse)
    form = "{{range .Endpoint.VirtualIPs}}{{.NetworkID}} {{.Addr}};{{end}}"
    done = stackferry("service", "inspect", "-f", form, "web")

    assert (done.code, done.out, done.err) == (0, "shop_default 10.0.1.130;gone 10.0.2.130;\n", "")


def test_our_own_inspect_says_who_is_in_rotation(stackferry, addressed):
    """shop_web.2 runs, too, and has no address yet."""
    (found,) = json.loads(stackferry("inspect", "web").out)

    assert found["Endpoint"]["InRotation"] == [{"NetworkID": "f00d", "TaskID": identity("t1"), "Addr": "10.0.1.2"}]
    assert f"In Rotation:\n shop_default: 10.0.1.2 {identity('t1')}\n" in stackferry("inspect", "--pretty", "web").out
    assert "In Rotation" not in stackferry("service", "inspect", "--pretty", "web").out
    assert len(json.loads(stackferry("inspect").out)) == 3
