"""Further names of services: container names, aliases, links, host names. Each becomes a Service, if possible.

A Service's name is one DNS label. For an alias of two labels (`api.local`) the pods get a host name (`api`) in a
subdomain (`local`): the DNS of the cluster resolves it if a headless Service has the subdomain's name, since every pod
searches its own namespace.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.manifest.names import LABEL, SERVICE, Allocator, service_label
from stackferry.translator.notes import Notes, Path

GATEWAY = "host-gateway"
"""Compose's name for the machine that runs it."""
MACHINES = ("host.docker.internal", "gateway.docker.internal")
"""Docker's name for it; `renaming/` replaces it by minikube's name."""


@dataclass(frozen=True, slots=True)
class FurtherNames:
    """`aliases` of each service; `renamed` maps the aliases that get another name to their new names.

    `domains` are the host name and the subdomain of a service's pods; `gateways` are names of the machine outside.
    """

    aliases: Mapping[str, tuple[str, ...]]
    renamed: Mapping[str, str]
    domains: Mapping[str, tuple[str, str]]
    gateways: tuple[str, ...]


def plan_further_names(
    project: Project, services: Mapping[str, str], allocator: Allocator, notes: Notes
) -> FurtherNames:
    """Decide on them; the first service to ask gets a name. `services` are the names of the services themselves."""
    plan = _Plan(project, services, allocator, notes)
    for path, alias, owner in _wanted(project):
        plan.take(path, alias, owner)
    for path, name in _gateways(project):
        plan.take_gateway(path, name)
    aliases: dict[str, list[str]] = {}
    for alias, owner in plan.owners.items():
        aliases.setdefault(owner, []).append(alias)
    return FurtherNames(
        {owner: tuple(found) for owner, found in aliases.items()}, plan.renamed, plan.domains, tuple(plan.gateways)
    )


@dataclass(slots=True)
class _Plan:
    project: Project
    services: Mapping[str, str]
    allocator: Allocator
    notes: Notes
    owners: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    domains: dict[str, tuple[str, str]] = field(default_factory=dict)
    gateways: dict[str, None] = field(default_factory=dict)

    def take(self, path: Path, alias: str, owner: str) -> None:
        """Register a name that shall resolve to the service `owner`."""
        label = service_label(alias)
        if alias in (owner, self.services[owner]) or self.owners.get(label) == owner:
            self.renamed.update({alias: label} if alias != label and alias != owner and "." not in alias else {})
        elif "." in alias:
            self._take_domain(path, alias, owner)
        elif label == self.services[owner]:
            self._rename(path, alias, label)
        elif label in self.allocator.taken:
            message = f"another Service is named {label}; the name does not resolve to this one"
            self.notes.action(
                path,
                "kubernetes-alias-clash",
                message,
                f"use {self.services[owner]} in the services that connect to it",
            )
        else:
            self.owners[self.allocator.take(label, alias)] = owner
            if label != alias:
                self._rename(path, alias, label)

    def _rename(self, path: Path, alias: str, label: str) -> None:
        self.renamed[alias] = label
        message = f"not a valid Service name; renamed to {label}, also where other services refer to it as a host"
        self.notes.approximated(path, "kubernetes-alias", message)

    def _take_domain(self, path: Path, alias: str, owner: str) -> None:
        host, _, domain = alias.partition(".")
        known = self.domains.get(owner)
        if known == (host, domain):
            return
        service = self.project.services[owner]
        is_free = domain not in self.allocator.taken or domain in {taken for _, taken in self.domains.values()}
        if known is None and is_free and LABEL.fullmatch(host) and SERVICE.fullmatch(domain) and _may(service, alias):
            self.allocator.taken.add(domain)
            self.domains[owner] = (host, domain)
            message = f"its pods are named {host} in the subdomain {domain}, which all pods of the namespace search"
            self.notes.approximated(path, "kubernetes-alias-domain", message)
            return
        self.renamed[alias] = self.services[owner]
        self.notes.action(
            path,
            "kubernetes-alias",
            (
                f"{alias} does not resolve; where other services refer to it as a host, it is replaced by"
                f" {self.services[owner]}"
            ),
            f"use {self.services[owner]} in the services that connect to it",
        )

    def take_gateway(self, path: Path, name: str) -> None:
        """Register a name in `extra_hosts` for the machine that runs compose."""
        if name in MACHINES:
            message = (
                f"{name} is replaced by host.minikube.internal where it is used as a host: your machine, on minikube"
            )
            self.notes.approximated(path, "kubernetes-host-gateway", message)
        elif SERVICE.fullmatch(name) and (name in self.gateways or name not in self.allocator.taken):
            self.allocator.taken.add(name)
            self.gateways[name] = None
            message = f"a Service {name} that resolves to host.minikube.internal: your machine, on minikube"
            hint = "on other clusters, set it to the address of your machine"
            self.notes.approximated(path, "kubernetes-host-gateway", message, hint)
        else:
            self.notes.action(
                path,
                "kubernetes-host-gateway",
                f"the address of your machine is only known in the cluster; {name} does not resolve",
                "use host.minikube.internal instead, which every pod on minikube can resolve",
            )


def _may(service: Service, alias: str) -> bool:
    """Whether the pods may have this host name: not if they get another one, or have their node's."""
    if service.network_mode is not None and (service.network_mode == "host" or service.network_mode.is_shared):
        return False
    full = ".".join(filter(None, (service.hostname, service.domainname)))
    return full in ("", alias, alias.partition(".")[0])


def _wanted(project: Project) -> Iterator[tuple[Path, str, str]]:
    """The path of the key, the alias, and the service that it resolves to."""
    for name, service in project.services.items():
        path: Path = ("services", name)
        if service.hostname and service.domainname:
            yield (*path, "domainname"), f"{service.hostname}.{service.domainname}", name
        if service.container_name:
            yield (*path, "container_name"), service.container_name, name
        for network, attachment in service.networks.items():
            for index, alias in enumerate(attachment.aliases if attachment else ()):
                yield (*path, "networks", network, "aliases", index), alias, name
        for index, link in enumerate(service.links):
            if link.target in project.services:
                yield (*path, "links", index), link.alias or link.target, link.target
        if service.hostname:
            yield (*path, "hostname"), service.hostname, name


def other_names(service: Service) -> Iterator[str]:
    """The names of a service besides its key."""
    if service.container_name:
        yield service.container_name
    for attachment in service.networks.values():
        yield from attachment.aliases if attachment else ()
    if service.hostname:
        yield service.hostname


def _gateways(project: Project) -> Iterator[tuple[Path, str]]:
    for name, service in project.services.items():
        for host, addresses in service.extra_hosts.items():
            if any(address.strip("[]") == GATEWAY for address in addresses):
                yield ("services", name, "extra_hosts", host), host.lower()
