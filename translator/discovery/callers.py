"""Finds which services call which, and on which port, as far as the texts of the stack say."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.discovery.known_port import KnownPort, port_number
from stackferry.translator.discovery.mentions import Mention, mentions
from stackferry.translator.discovery.texts import Text, Texts
from stackferry.translator.naming.further_names import other_names

_PAIR = regex(r"(.*?)_?(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS|NAME)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Callers:
    """`ports` of each service that its peers call, and in `by` the services that name it as a host; keys are names.

    A service may name itself. `unsure` are services that name it only as the whole value of a variable.
    """

    ports: dict[str, list[KnownPort]] = field(default_factory=dict)
    by: dict[str, dict[str, None]] = field(default_factory=dict)
    unsure: dict[str, dict[str, None]] = field(default_factory=dict)

    def of(self, service: str) -> tuple[str, ...]:
        """The others that name a service, in the order of the file."""
        found = {**self.by.get(service, {}), **self.unsure.get(service, {})}
        return tuple(name for name in found if name != service)


def host_names(project: Project, services: Mapping[str, str]) -> dict[str, str]:
    """The service behind every name that resolves: keys, Kubernetes names (`services`), aliases, links, host names."""
    found = {name: name for name in project.services}
    for name, label in services.items():
        found.setdefault(label, name)
    for name, service in project.services.items():
        for other in other_names(service):
            found.setdefault(other, name)
        for link in service.links:
            if link.alias and link.target in project.services:
                found.setdefault(link.alias, link.target)
    return found


@dataclass(frozen=True, slots=True)
class Names:
    """Resolves the names in texts: a known name, `tasks.name` as in a swarm, `name.network` as in compose."""

    known: Mapping[str, str]
    networks: frozenset[str]

    def service(self, host: str) -> str | None:
        """The service to which the name resolves."""
        if host in self.known or "." not in host:
            return self.known.get(host)
        bare = host.removeprefix("tasks.")
        if bare in self.known:
            return self.known[bare]
        first, dot, rest = bare.partition(".")
        return self.known.get(first) if dot and rest in self.networks else None

    def __contains__(self, host: str) -> bool:
        return self.service(host) is not None


def find_callers(project: Project, names: Names, texts: Texts) -> Callers:
    """Read every text of every service and job once."""
    callers = Callers()
    for name, service in project.services.items():
        _read(name, texts.of(service, ("services", name)), names, callers)
        _pairs(name, service, names, callers)
    for name, job in project.jobs.items():
        _read(name, texts.of(job, ("jobs", name)), names, callers)
    return callers


def _read(caller: str, found: Iterable[Text], names: Names, callers: Callers) -> None:
    for text in found:
        for mention in mentions(text.text, text.key, names.__contains__):
            target = names.service(mention.name)
            if target is not None and mention.is_host:
                _keep(caller, target, mention, text, callers)


def _keep(caller: str, target: str, mention: Mention, text: Text, callers: Callers) -> None:
    sure = mention.strength == "address"
    (callers.by if sure else callers.unsure).setdefault(target, {})[caller] = None
    if mention.port is not None:
        evidence = f"{text.called} of {caller}" if text.path[0] != "configs" else text.called
        callers.ports.setdefault(target, []).append(KnownPort(mention.port, "TCP", evidence))


def _pairs(caller: str, service: Service, names: Names, callers: Callers) -> None:
    """Pairs of variables such as `DB_HOST: db` beside `DB_PORT: 5432`."""
    for key, value in service.environment.items():
        target = names.service(value) if value else None
        pair = _PAIR.fullmatch(key) if target is not None else None
        if target is None or pair is None:
            continue
        for other in (f"{pair[1]}_PORT", f"{pair[1]}PORT"):
            port = port_number(service.environment.get(other) or "")
            if port is not None:
                callers.ports.setdefault(target, []).append(KnownPort(port, "TCP", f"{other} of {caller}"))
