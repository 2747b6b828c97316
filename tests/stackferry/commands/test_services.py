"""`services --vips`: what docker shows with `inspect` alone, in the table."""

import json
import os
from dataclasses import replace

import pytest

from stackferry.emulator.cluster.objects import Service
from stackferry.emulator.cluster.spec import PublishedPort, ServiceSpec
from stackferry.render import service_rows

VIPS = {"shop_default": "10.0.0.129", "shop_back": "10.0.1.129", "shop_back+shop_default": "10.0.0.130"}
SHOWN = "shop_default:10.0.0.129, shop_back:10.0.1.129"


@pytest.fixture
def with_vips(running):
    """The stack `shop`, whose web has an address in two networks and a resolver of its own."""
    from stackferry.emulator.store.directories import home
    from stackferry.emulator.store.store import Store

    def given(cluster):
        services = {
            key: replace(one, vips=VIPS) if one.spec.name == "shop_web" else one
            for key, one in cluster.services.items()
        }
        return replace(cluster, services=services)

    store = Store(home(os.environ, "shop").database)
    store.change(given)
    store.close()


@pytest.mark.parametrize("command", [["services"], ["stack", "services", "shop"], ["service", "ls"]])
def test_the_table_has_the_addresses_on_demand(with_vips, stackferry, command):
    heading, *rows = stackferry(*command, "--vips").out.splitlines()

    assert heading.split("  ")[-1].strip() == "VIRTUAL IPS"
    assert [row.endswith(SHOWN) for row in rows] == ["shop_web" in row for row in rows]
    assert sum(row.endswith(SHOWN) for row in rows) == 1
    assert SHOWN not in stackferry(*command).out


def test_so_have_json_and_templates(with_vips, stackferry):
    found = [json.loads(line) for line in stackferry("services", "--vips", "--format", "json").out.splitlines()]

    assert {row["Name"]: row["VirtualIPs"] for row in found}["shop_web"] == SHOWN
    # Without it there are docker's own fields.
    assert "VirtualIPs" not in stackferry("services", "--format", "json").out
    asked = ("services", "--vips", "--filter", "name=shop_web", "--format", "{{.VirtualIPs}}")
    assert stackferry(*asked).out == f"{SHOWN}\n"


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ([(8000, 80), (8001, 80), (8002, 80)], "*:8000-8002->80/tcp"),
        ([(8000, 80), (8001, 81), (8003, 83)], "*:8000-8001->80-81/tcp, *:8003->83/tcp"),
        # As the docker CLI on a swarm shows them.
        ([(1, 80), (2, 81), (3, 81), (4, 79), (6, 80)], "*:1-2->80-81/tcp, *:3->81/tcp, *:4->79/tcp, *:6->80/tcp"),
    ],
)
def test_ports_side_by_side_are_a_range(published, shown):
    ports = tuple(PublishedPort(target, at) for at, target in reversed(published))

    assert service_rows.ports(Service("id", ServiceSpec("web"), published=ports)) == shown
