"""Ports that a service itself names as its own: in its command, health check, variables and proxy labels."""

import re
from collections.abc import Iterator

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.regex import regex
from stackferry.translator.discovery.known_port import KnownPort, port_number
from stackferry.translator.discovery.protocol_ports import port_of_scheme
from stackferry.translator.health.health_checks import health_check
from stackferry.translator.host import Host

_CHECKED = regex(
    r"(?:([a-z][a-z0-9+.-]*)://)?(?:[^\s/@\"']*@)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::(\d{1,5}))?(?![\w.:-])"
)
_BOUND = regex(r"(?:0\.0\.0\.0|\[::\]|(?<=[\s=\"'])\*?):(\d{2,5})(?![\w.:-])")
_OPTION = regex(
    r"(?:^|\s)--?(?:port|http-port|http\.port|server\.port|listen-port|http[.-]listen-port|web\.port)[=\s]+[\"']?(\d{2,5})\b"
)
_SERVERS = (
    re.compile(
        r"\b(?:httpd|http-server|serve|flask\s+run|rails\s+s(?:erver)?|nc|ncat|netcat)\b"
        r"[^;&|\n]*?\s-(?:l\w*)?p[=\s]*(?:[\d.]+:)?(\d{2,5})\b"
    ),
    re.compile(r"\b(?:nc|ncat|netcat)\b[^;&|\n]*?\s-\w*l\w*\s+(\d{2,5})\b"),
    re.compile(r"\bhttp\.server\s+(\d{2,5})\b"),
    re.compile(r"(?i)\bsocat\b[^;&|\n]*?\b(?:TCP[46]?|OPENSSL)-L(?:ISTEN)?:(\d{2,5})\b"),
)
"""Programs that listen, each with its option for the port; for others, `-p` may mean anything."""
_ADDRESSES = ("ASPNETCORE_URLS", "LISTEN", "LISTEN_ADDR", "BIND", "BIND_ADDR", "HTTP_ADDR", "ADDRESS")
_ANY = regex(r"(?:\A|//|[;,])(?:0\.0\.0\.0|\[::\]|[*+])?:(\d{2,5})(?![\w.:-])")
_VARIABLES = frozenset(("PORT", "HTTP_PORT", "SERVER_PORT", "LISTEN_PORT", "APP_PORT", "VIRTUAL_PORT", "NGINX_PORT"))
_LABEL = regex(r"traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port|traefik\.port|traefik\.tcp\..*server\.port")


def ports_of_itself(service: Service, host: Host) -> Iterator[KnownPort]:
    """The ports in the order in which they are found; a port may occur several times."""
    found = [
        *((text, "its health check") for text in _checked(service, host)),
        *((text, "its command") for text in _bound(service)),
        *((value, name) for name, value in service.environment.items() if name in _VARIABLES and value),
        *((port, name) for name in _ADDRESSES for port in _ANY.findall(service.environment.get(name) or "")),
        *((value, label) for label, value in _labels(service) if _LABEL.fullmatch(label)),
    ]
    for text, evidence in found:
        number = port_number(text)
        if number is not None:
            yield KnownPort(number, "TCP", evidence)


def _checked(service: Service, host: Host) -> Iterator[str]:
    check = health_check(service, host)
    if check is None or check.disable:
        return
    for scheme, port in _CHECKED.findall(" ".join(check.test)):
        yield port or str(port_of_scheme(scheme) or "")


def _bound(service: Service) -> Iterator[str]:
    line = " ".join((*(service.entrypoint or ()), *(service.command or ())))
    for pattern in (_BOUND, _OPTION, *_SERVERS):
        yield from pattern.findall(line)


def _labels(service: Service) -> Iterator[tuple[str, str]]:
    yield from service.labels.items()
    yield from service.deploy.labels.items() if service.deploy else ()
