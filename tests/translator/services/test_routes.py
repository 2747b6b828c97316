"""Labels of proxies as hosts and paths."""

from typing import Any

import pytest

from stackferry.translator.services.routes import routes_of
from tests.translator.making import project, service

ROUTER = "traefik.http.routers.w.rule"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"labels": {ROUTER: "Host(`a.example`)"}}, (("a.example",), "/", None)),
        ({"labels": {ROUTER: "Host(`A.example`, `b`)"}}, (("a.example", "b"), "/", None)),
        ({"labels": {ROUTER: "Host(`a`) && PathPrefix(`/x`)"}}, (("a",), "/x", None)),
        ({"labels": {ROUTER: "Host(`a`) && Method(`GET`)"}}, None),
        ({"labels": {ROUTER: "HostRegexp(`a`)"}}, None),
        (
            {"labels": {ROUTER: "Host(`a`)", "traefik.http.services.w.loadbalancer.server.port": "81"}},
            (("a",), "/", 81),
        ),
        (
            {"labels": {"caddy": "https://a", "caddy.reverse_proxy": "{{upstreams 82}}"}},
            (("a",), "/", 82),
        ),
        ({"environment": {"VIRTUAL_HOST": "a,b.c", "VIRTUAL_PORT": "83"}}, (("a", "b.c"), "/", 83)),
        ({"environment": {"VIRTUAL_HOST": "~^a"}}, None),
        ({}, None),
    ],
    ids=str,
)
def test_routes(keys: dict[str, Any], expected: tuple[tuple[str, ...], str, int | None] | None) -> None:
    found = routes_of(project(service(**keys))).get("web", [])

    assert [(route.hosts, route.path, route.port) for route in found] == ([] if expected is None else [expected])
