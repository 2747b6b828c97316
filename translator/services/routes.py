"""Hosts and paths under which proxies that watch Docker serve a service: labels of Traefik and Caddy, VIRTUAL_HOST.

A Gateway or an Ingress says the same. Rules that say more than host and path make no route.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.translator.manifest.names import SUBDOMAIN
from stackferry.translator.notes import Path

_ROUTER = re.compile(r"traefik\.http\.routers\.([^.]+)\.rule", re.IGNORECASE)
_RULE = re.compile(r"(?:Host\(([^)]*)\))(?:\s*&&\s*PathPrefix\(([^)]*)\))?", re.IGNORECASE)
_QUOTED = re.compile(r"[`\"']([^`\"']*)[`\"']")
_PORT = re.compile(r"traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port", re.IGNORECASE)
_SITE = re.compile(r"caddy(?:_\d+)?", re.IGNORECASE)
_UPSTREAM = re.compile(r"caddy(?:_\d+)?\.(?:handle\.|handle_path\.)?reverse_proxy", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,5}")


@dataclass(frozen=True, slots=True)
class Route:
    """Requests for these hosts and below this path go to the service, to that port; None: the one it listens on.

    `paths` are the keys that say so.
    """

    service: Service
    hosts: tuple[str, ...]
    path: str
    port: int | None
    paths: tuple[Path, ...]


def routes_of(project: Project) -> dict[str, list[Route]]:
    """The routes of every service that has some, by its name."""
    found = {name: list(_routes(service)) for name, service in project.services.items()}
    return {name: routes for name, routes in found.items() if routes}


def _routes(service: Service) -> Iterator[Route]:
    top: Path = ("services", service.name)
    labels = {label: ((*top, "labels", label), value) for label, value in service.labels.items()}
    for label, value in (service.deploy.labels if service.deploy else {}).items():
        labels[label] = ((*top, "deploy", "labels", label), value)
    ports = [
        (path, value) for label, (path, value) in labels.items() if _PORT.fullmatch(label) or _UPSTREAM.fullmatch(label)
    ]
    port = next((_first_number(value) for _, value in ports), None)
    said = tuple(path for path, _ in ports)
    for label, (path, value) in labels.items():
        if _ROUTER.fullmatch(label) and (rule := _RULE.fullmatch(value.strip())):
            prefix = _QUOTED.findall(rule[2] or "")
            yield from _route(service, _QUOTED.findall(rule[1]), prefix[0] if prefix else "/", port, (path, *said))
        elif _SITE.fullmatch(label):
            hosts = [part.removeprefix("http://").removeprefix("https://") for part in re.split(r"[,\s]+", value)]
            yield from _route(service, hosts, "/", port, (path, *said))
    hosts = (service.environment.get("VIRTUAL_HOST") or "").split(",")
    names = [name for name in ("VIRTUAL_HOST", "VIRTUAL_PORT", "VIRTUAL_PATH") if name in service.environment]
    port = _first_number(service.environment.get("VIRTUAL_PORT") or "")
    below = service.environment.get("VIRTUAL_PATH") or "/"
    yield from _route(service, hosts, below, port, tuple((*top, "environment", name) for name in names))


def _route(service: Service, hosts: list[str], path: str, port: int | None, paths: tuple[Path, ...]) -> Iterator[Route]:
    named = [host.strip().lower() for host in hosts]
    if named and all(SUBDOMAIN.fullmatch(host) for host in named) and path.startswith("/"):
        yield Route(service, tuple(dict.fromkeys(named)), path, port, paths)


def _first_number(text: str) -> int | None:
    found = _NUMBER.search(text)
    return int(found[0]) if found and 0 < int(found[0]) < 65536 else None
