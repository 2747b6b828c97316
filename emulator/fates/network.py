"""Fates of a service's keys for names, ports and networks."""

from stackferry.grammar.fates import Section, about, exact, holder, later, nothing

_LEG = "container.networks"
_PORT = "service.endpoint.ports"

NETWORK: Section = {
    "dns": exact("option.Dns"),
    "dns_opt": exact("option.DnsOptions"),
    "dns_search": exact("option.DnsSearch"),
    "domainname": exact("container.domainname"),
    "expose": exact("container.exposed"),
    "external_links": exact(_LEG),
    "extra_hosts": holder(),
    "extra_hosts.*": exact("container.hosts"),
    "hostname": exact("container.hostname"),
    "links": about("the name resolves for the whole network, not for this service only"),
    "mac_address": exact(_LEG),
    "network_mode": exact("container.network_mode"),
    "networks": exact(_LEG),
    "networks.*": exact(_LEG),
    "networks.*.aliases": exact(_LEG),
    "networks.*.interface_name": about("engines older than v28 ignore it", _LEG),
    "networks.*.ipv4_address": exact(_LEG, why="with several replicas, only one can run"),
    "networks.*.ipv6_address": exact(_LEG, why="with several replicas, only one can run"),
    "networks.*.link_local_ips": exact(_LEG),
    "networks.*.mac_address": exact(_LEG),
    "networks.*.driver_opts": exact(_LEG),
    "networks.*.driver_opts.*": exact(_LEG),
    "networks.*.priority": exact(_LEG, why="the network with the highest priority is joined first"),
    "networks.*.use_service_name_alias": later("a service is always reached by its name"),
    "networks.*.gw_priority": about("engines older than v28 ignore it", _LEG),
    "ports": holder(),
    "ports[]": exact(
        _PORT, why="tasks see the client's address, or the gate's: with --strict-swarm, or if `doctor` says so"
    ),
    "ports[].target": exact(_PORT),
    "ports[].published": exact(_PORT, why="ingress: one port for all tasks; host: one per task, on its node's address"),
    "ports[].protocol": exact(_PORT),
    "ports[].mode": exact(_PORT),
    "ports[].host_ip": exact(_PORT),
    "ports[].name": nothing("informational"),
    "ports[].app_protocol": nothing("informational"),
}
