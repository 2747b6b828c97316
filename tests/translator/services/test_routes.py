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
        ({"labels": {ROUTER: "PathPrefix(`/x`)"}}, None),
        ({"labels": {ROUTER: "Host(`a`) || Host(`b`)"}}, (("a", "b"), "/", None)),
        ({"labels": {ROUTER: "(Host(`a`) || Host(`b`)) && PathPrefix(`/x`)"}}, (("a", "b"), "/x", None)),
        ({"labels": {ROUTER: "PathPrefix(`/x`) && Host(`a`)"}}, (("a",), "/x", None)),
        ({"labels": {ROUTER: "Host(`a`) || Method(`GET`)"}}, None),
        ({"labels": {ROUTER: "!Host(`a`)"}}, None),
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


def test_every_path_of_a_rule() -> None:
    rule = "Host(`a`) && (PathPrefix(`/x`) || PathPrefix(`/y`)) || Host(`b`)"

    found = routes_of(project(service(labels={ROUTER: rule})))["web"]

    assert [(route.hosts, route.path) for route in found] == [(("a",), "/x"), (("a",), "/y"), (("b",), "/")]


def test_each_router_has_the_port_of_its_service() -> None:
    labels = {
        "traefik.enable": "true",
        ROUTER: "Host(`w`)",
        "traefik.http.routers.r.rule": "Host(`r`)",
        "traefik.http.routers.r.service": "registry@docker",
        "traefik.http.services.w.loadbalancer.server.port": "80",
        "traefik.http.services.registry.loadbalancer.server.port": "5000",
    }

    found = routes_of(project(service(labels=labels)))["web"]

    assert [(route.hosts, route.port) for route in found] == [(("w",), 80), (("r",), 5000)]
    assert {path[-1] for route in found for path in route.paths} == set(labels)
