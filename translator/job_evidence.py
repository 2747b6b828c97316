"""Decides which services run to completion, and why: a table of evidence, first match wins.

Compose's default is `restart: "no"`, for daemons as well, so only positive evidence makes a Job. Runs once per stack,
before any object is made: names, waits and notes depend on the kind of a workload.
"""

from collections.abc import Callable, Iterator, Mapping

from stackferry.grammar.compose.model.attachments import COMPLETED
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.health.health_checks import is_checked
from stackferry.translator.host import Host
from stackferry.translator.naming.further_names import other_names
from stackferry.translator.sharing import Group, joined

_MODES = ("replicated-job", "global-job")
_ONCE = ("no", "none")
_HOST = regex(r"(?:(?<=//)|(?<=@))[\w.-]+|(?<![\w.-])[\w.-]+(?=:\d)")
"""Text that is a host whatever the context: after `//` or `@` in a URL, or before a port."""


@dataclass(frozen=True, slots=True)
class _Peers:
    """What the rest of a project says about a service: which services wait for its end, or may talk to it."""

    awaited: frozenset[str]
    called: frozenset[str]
    host: Host


def plan_jobs(project: Project, groups: Mapping[str, Group], host: Host) -> Mapping[str, str]:
    """The evidence for each service that runs to completion, by the service's name.

    A pod ends when all its containers do, so each service of a group needs evidence of its own.
    """
    is_likely = any(_may_be_once(service, host) for service in project.services.values())
    peers = _Peers(_awaited(project), _called(project) if is_likely else _NONE, host)
    found = {name: why for name, service in project.services.items() if (why := _evidence(service, peers))}
    return {name: why for name, why in found.items() if name in groups and _all_end(groups[name], found)}


def _all_end(group: Group, found: Mapping[str, str]) -> bool:
    return _says_so(group.owner) or all(service.name in found for service in group.services)


def _evidence(service: Service, peers: _Peers) -> str | None:
    return next((why for holds, why in _EVIDENCE if holds(service, peers)), None)


def _says_so(service: Service) -> bool:
    return service.deploy is not None and service.deploy.mode in _MODES


def _is_replicated(service: Service) -> bool:
    return service.deploy is None or service.deploy.mode in (None, "replicated")


def _is_once(service: Service, peers: _Peers) -> bool:
    return _may_be_once(service, peers.host) and not _names(service) & peers.called


def _may_be_once(service: Service, host: Host) -> bool:
    """Whether nothing restarts the service, by its own keys, and it has no key that only a daemon has."""
    policy = service.deploy.restart_policy if service.deploy else None
    condition = policy.condition if policy and policy.condition else service.restart and service.restart.condition
    return (
        condition in _ONCE
        and not service.ports
        and not service.expose
        and _is_replicated(service)
        and service.replicas <= 1
        and not is_checked(service, host)
    )


_Row = tuple[Callable[[Service, _Peers], bool], str]
_EVIDENCE: tuple[_Row, ...] = (
    (lambda service, _: _says_so(service), "deploy.mode is a job mode"),
    (
        lambda service, peers: service.name in peers.awaited and _is_replicated(service),
        "another service waits for its completion",
    ),
    (
        _is_once,
        (
            "it is not restarted, and nothing connects to it: it has no ports and no health check, and no"
            " service refers to it"
        ),
    ),
)
_NONE: frozenset[str] = frozenset()


def _awaited(project: Project) -> frozenset[str]:
    return frozenset(
        name
        for service in project.services.values()
        for name, dependency in service.depends_on.items()
        if dependency.condition == COMPLETED
    )


def _called(project: Project) -> frozenset[str]:
    """Every name that some service waits for, links to, shares the namespaces of, or has as a host in its texts."""
    return frozenset(name for service in project.services.values() for name in _called_by(service))


def _called_by(service: Service) -> Iterator[str]:
    own = _names(service)
    yield from service.depends_on
    yield from (link.target for link in service.links)
    yield from (one.service for one in joined(service))
    check = service.healthcheck
    texts = [
        *filter(None, service.environment.values()),
        *(service.command or ()),
        *(service.entrypoint or ()),
        *(check.test if check else ()),
    ]
    for text in texts:
        yield from ({text.strip(), *_HOST.findall(text)} - own)


def _names(service: Service) -> frozenset[str]:
    """The names under which its peers may call the service."""
    return frozenset((service.name, *filter(None, other_names(service))))
