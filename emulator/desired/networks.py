"""From networks of the model to networks of the engine, and the attachments of services to them.

Part of `stack.py`. What is an overlay in a swarm is a bridge here: all nodes are on one engine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.container import NetworkAttachmentSpec
from stackferry.emulator.desired.findings import Findings
from stackferry.emulator.engine.resources import Pool
from stackferry.grammar.compose.model.attachments import NetworkAttachment
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.resources import Network
from stackferry.grammar.compose.model.terms import Namespace
from stackferry.grammar.lazy_dataclass import dataclass

PREDEFINED = ("host", "none", "bridge")
"""Networks that every engine has; a service in one of them alone has that network mode."""

_INTERFACE_NAME = "com.docker.network.endpoint.ifname"


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """One network by its engine `name`. An external network exists already; other fields are what the file asks for."""

    key: str
    name: str
    external: bool = False
    driver: str = "bridge"
    options: Mapping[str, str] = field(default_factory=dict)
    ipam_driver: str = ""
    ipam_options: Mapping[str, str] = field(default_factory=dict)
    pools: tuple[Pool, ...] = ()
    internal: bool = False
    ipv4: bool | None = None
    ipv6: bool | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """The body for the engine's POST /networks/create, without the name."""
        body: dict[str, object] = {
            "Driver": self.driver,
            "CheckDuplicate": True,
            "Internal": self.internal,
            "Attachable": False,
            "Options": dict(self.options),
            "Labels": dict(self.labels),
            "EnableIPv6": bool(self.ipv6),
        }
        if self.ipv4 is not None:
            body["EnableIPv4"] = self.ipv4
        if self.pools or self.ipam_driver or self.ipam_options:
            config = [pool.body() for pool in self.pools]
            ipam = {"Driver": self.ipam_driver or "default", "Config": config}
            body["IPAM"] = {**ipam, "Options": dict(self.ipam_options)} if self.ipam_options else ipam
        return body


def network_specs(project: Project, findings: Findings) -> tuple[NetworkSpec, ...]:
    """The networks that enabled services use."""
    used = {key for service in project.services.values() for key in _keys(service)}
    return tuple(
        _network(key, entry, project, findings)
        for key, entry in project.networks.items()
        if key in used and not is_predefined(entry)
    )


def is_predefined(entry: Network) -> bool:
    """Whether it is one of the networks that every engine has."""
    return entry.external and entry.name in PREDEFINED


def _keys(service: Service) -> Mapping[str, NetworkAttachment | None]:
    return {} if service.network_mode else service.networks


def _network(key: str, entry: Network, project: Project, findings: Findings) -> NetworkSpec:
    name = entry.name or f"{project.name}_{key}"
    driver, options = entry.driver or ("" if entry.external else "default"), dict(entry.driver_opts)
    if driver in ("default", "overlay"):
        if options and driver == "overlay":
            message = "a bridge is used instead of an overlay, and has no such options"
            findings.notes.approximated(("networks", key, "driver_opts"), "overlay-options", message)
            options = {}
        driver = "bridge"
    elif findings.strict and not entry.external:
        message = f"The network {name} cannot be used with services. Only networks scoped to the swarm can be used"
        findings.refuse(("networks", key, "driver"), "network-scope", message, "use driver: overlay, or omit it")
    ipam = entry.ipam
    return NetworkSpec(
        key,
        name,
        entry.external,
        driver=driver,
        options=options,
        ipam_driver=(ipam.driver or "") if ipam else "",
        ipam_options=dict(ipam.options) if ipam else {},
        pools=tuple(
            Pool(pool.subnet or "", pool.ip_range or "", pool.gateway or "", dict(pool.aux_addresses))
            for pool in (ipam.config if ipam else ())
        ),
        internal=entry.internal,
        ipv4=entry.enable_ipv4,
        ipv6=entry.enable_ipv6,
        labels=dict(entry.labels) if entry.external else {**entry.labels, **labels.of_stack(project.name)},
    )


def attachments(service: Service, project: Project) -> tuple[NetworkAttachmentSpec, ...]:
    """The network attachments of a service, in the order of creation: highest priority first, then by key."""
    extra = _link_names(service, project)
    legs = [
        _attachment(service, key, attachment or NetworkAttachment(), project, extra)
        for key, attachment in sorted(_keys(service).items())
        if key in project.networks and not is_predefined(project.networks[key])
    ]
    legs.sort(key=lambda leg: -leg.priority)
    if legs and not legs[0].mac_address:
        # The service's address belongs to its first attachment: the same address on two would confuse other hosts.
        legs[0] = replace(legs[0], mac_address=service.mac_address or "")
    return tuple(legs)


def network_mode(service: Service, project: Project) -> Namespace:
    """The engine's network mode for a service in none of the stack's networks; empty for others."""
    if service.network_mode:
        return service.network_mode
    entries = [project.networks[key] for key in service.networks if key in project.networks]
    if entries and all(map(is_predefined, entries)):
        return Namespace(entries[0].name or "")
    return Namespace("" if entries else "none")


def _attachment(
    service: Service, key: str, attachment: NetworkAttachment, project: Project, extra: tuple[str, ...]
) -> NetworkAttachmentSpec:
    options = dict(attachment.driver_opts)
    if attachment.interface_name:
        options[_INTERFACE_NAME] = attachment.interface_name
    return NetworkAttachmentSpec(
        project.networks[key].name or f"{project.name}_{key}",
        tuple(dict.fromkeys((*attachment.aliases, *extra, service.name))),
        ipv4_address=attachment.ipv4_address or "",
        ipv6_address=attachment.ipv6_address or "",
        mac_address=attachment.mac_address or "",
        priority=attachment.priority or 0,
        links=tuple(map(str, service.external_links)),
        link_local_ips=attachment.link_local_ips,
        driver_opts=options,
        gw_priority=attachment.gw_priority or 0,
    )


def _link_names(service: Service, project: Project) -> tuple[str, ...]:
    """Names that other services' `links` give this service: they become aliases, which outlive any single container."""

    def found() -> Iterator[str]:
        for other in project.services.values():
            for link in other.links:
                if link.target == service.name and link.alias:
                    yield link.alias

    return tuple(found())
