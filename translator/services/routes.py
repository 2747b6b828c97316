"""Hosts and paths of proxies that watch Docker: labels of Traefik and Caddy, VIRTUAL_HOST.

A Gateway or an Ingress can express the same. Rules with more than host and path make no route.
"""

import re
from collections.abc import Iterator, Mapping

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.discovery.known_port import port_number
from stackferry.translator.manifest.names import SUBDOMAIN
from stackferry.translator.notes import Path

_ROUTER = regex(r"traefik\.http\.routers\.([^.]+)\.rule", re.IGNORECASE)
_TERM = regex(r"(Host|PathPrefix)\(([^)]*)\)", re.IGNORECASE)
_EITHER = regex(r"\(\s*((Host|PathPrefix)\([^)]*\)(?:\s*\|\|\s*\2\([^)]*\))*)\s*\)", re.IGNORECASE)
_QUOTED = regex(r"[`\"']([^`\"']*)[`\"']")
_PORT = regex(r"traefik\.http\.services\.([^.]+)\.loadbalancer\.server\.port", re.IGNORECASE)
_ENABLE = "traefik.enable"
_SITE = regex(r"caddy(?:_\d+)?", re.IGNORECASE)
_UPSTREAM = regex(r"caddy(?:_\d+)?\.(?:handle\.|handle_path\.)?reverse_proxy", re.IGNORECASE)
_NUMBER = regex(r"\d{1,5}")


@dataclass(frozen=True, slots=True)
class Route:
    """Requests for these hosts below this path go to that port of the service; None: the port on which it listens.

    `paths` are the keys that define the route.
    """

    service: Service
    hosts: tuple[str, ...]
    path: str
    port: int | None
    paths: tuple[Path, ...]


def routes_of(project: Project) -> dict[str, list[Route]]:
    """The routes of every service that has routes, by its name."""
    found = {name: list(_routes(service)) for name, service in project.services.items()}
    return {name: routes for name, routes in found.items() if routes}


def _routes(service: Service) -> Iterator[Route]:
    top: Path = ("services", service.name)
    labels = {label: ((*top, "labels", label), value) for label, value in service.labels.items()}
    for label, value in (service.deploy.labels if service.deploy else {}).items():
        labels[label] = ((*top, "deploy", "labels", label), value)
    yield from _of_traefik(service, labels)
    yield from _of_caddy(service, labels)
    hosts = (service.environment.get("VIRTUAL_HOST") or "").split(",")
    names = [name for name in ("VIRTUAL_HOST", "VIRTUAL_PORT", "VIRTUAL_PATH") if name in service.environment]
    port = _first_number(service.environment.get("VIRTUAL_PORT") or "")
    below = service.environment.get("VIRTUAL_PATH") or "/"
    yield from _route(service, hosts, below, port, tuple((*top, "environment", name) for name in names))


Labels = Mapping[str, tuple[Path, str]]
"""The path and the value of each label."""


def _of_traefik(service: Service, labels: Labels) -> Iterator[Route]:
    enabled = [path for label, (path, _) in labels.items() if label.lower() == _ENABLE]
    ports = {found[1].lower(): one for label, one in labels.items() if (found := _PORT.fullmatch(label))}
    for label, (path, value) in labels.items():
        router = _ROUTER.fullmatch(label)
        if router is None:
            continue
        said = [path, *enabled]
        chosen = labels.get(f"{label.removesuffix('.rule')}.service")
        name = router[1].lower()
        if chosen is not None:
            said.append(chosen[0])
            name = chosen[1].partition("@")[0].lower()
        # A router without a service uses the only one of its container.
        port = ports.get(name) or (next(iter(ports.values())) if len(ports) == 1 and chosen is None else None)
        if port is not None:
            said.append(port[0])
        number = _first_number(port[1]) if port is not None else None
        for below, hosts in _alternatives(value.strip()).items():
            yield from _route(service, hosts, below, number, tuple(said))


def _alternatives(rule: str) -> dict[str, list[str]]:
    """The hosts by the path below which they are served; empty if the rule requires more than both."""
    found: dict[str, list[str]] = {}
    for alternative in _EITHER.sub(_as_one, rule).split("||"):
        said: dict[str, list[str]] = {}
        for part in alternative.split("&&"):
            term = _TERM.fullmatch(part.strip())
            if term is None or term[1].lower() in said:
                return {}
            said[term[1].lower()] = _QUOTED.findall(term[2])
        for below in said.get("pathprefix", ["/"]):
            found.setdefault(below, []).extend(said.get("host", [""]))
    return found


def _as_one(either: re.Match[str]) -> str:
    """`(Host(`a`) || Host(`b`))` as Host(`a`, `b`), which means the same."""
    return f"{either[2]}({', '.join(f'`{one}`' for one in _QUOTED.findall(either[1]))})"


def _of_caddy(service: Service, labels: Labels) -> Iterator[Route]:
    upstreams = [one for label, one in labels.items() if _UPSTREAM.fullmatch(label)]
    port = next((_first_number(value) for _, value in upstreams), None)
    said = tuple(path for path, _ in upstreams)
    for label, (path, value) in labels.items():
        if _SITE.fullmatch(label):
            hosts = [part.removeprefix("http://").removeprefix("https://") for part in re.split(r"[,\s]+", value)]
            yield from _route(service, hosts, "/", port, (path, *said))


def _route(service: Service, hosts: list[str], path: str, port: int | None, paths: tuple[Path, ...]) -> Iterator[Route]:
    named = [host.strip().lower() for host in hosts]
    if named and all(SUBDOMAIN.fullmatch(host) for host in named) and path.startswith("/"):
        yield Route(service, tuple(dict.fromkeys(named)), path, port, paths)


def _first_number(text: str) -> int | None:
    found = _NUMBER.search(text)
    return port_number(found[0]) if found else None
