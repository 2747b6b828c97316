"""Fates of a service's keys about names, ports and networks."""

from stackferry.translator.fates.fate import Section, about, action, exact, holder

FLAT = "one flat network: every pod of the cluster reaches every other; --network-policies separates them"
_ADDRESS = "the cluster assigns addresses; use the service's name"

NETWORK: Section = {
    "dns": about("used after the cluster's own DNS, which resolves the services", "pod.dnsConfig.nameservers"),
    "dns_opt": exact("pod.dnsConfig.options"),
    "dns_search": about("searched after the cluster's domains", "pod.dnsConfig.searches"),
    "domainname": about("a subdomain of the cluster's domain", "pod.subdomain"),
    "expose": exact("service.spec.ports"),
    "external_links": action("use <service>.<namespace> to reach other stacks"),
    "extra_hosts": holder(),
    "extra_hosts.*": exact("pod.hostAliases[hostnames={key}]"),
    "hostname": exact("pod.hostname", "aliases"),
    "links": about("the name resolves in the whole namespace, not for this service only", "aliases"),
    "mac_address": action("the cluster's network assigns it"),
    "network_mode": exact("pod.hostNetwork", why="a pod has a network of its own"),
    "networks": about(FLAT),
    "networks.*": about(FLAT),
    "networks.*.aliases": about("the name resolves in the whole namespace, not on one network only", "aliases"),
    "networks.*.interface_name": action("a pod's interface is eth0"),
    "networks.*.ipv4_address": action(_ADDRESS),
    "networks.*.ipv6_address": action(_ADDRESS),
    "networks.*.link_local_ips": action(_ADDRESS),
    "networks.*.mac_address": action("the cluster's network assigns it"),
    "networks.*.driver_opts": action("does not apply to the cluster's network"),
    "networks.*.driver_opts.*": action("does not apply to the cluster's network"),
    "networks.*.priority": about("a pod has one network"),
    "networks.*.use_service_name_alias": action("a Service is always reached by its name"),
    "networks.*.gw_priority": about("a pod has one network"),
    "ports": holder("container ports are on the internal Service, host ports on <service>-published"),
    "ports[]": about(
        "the container's port inside the cluster; outside, a node port, or what --publish says",
        "service.spec.ports[port={target},protocol={protocol}]",
        "published.spec.ports[targetPort={target},protocol={protocol}]",
    ),
    "ports[].target": exact(
        "service.spec.ports[port={target},protocol={protocol}]",
        "container.ports[containerPort={target},protocol={protocol}]",
    ),
    "ports[].published": about(
        "a node port, or what --publish says",
        "published.spec.ports[targetPort={target},protocol={protocol}]",
    ),
    "ports[].protocol": exact("service.spec.ports[port={target},protocol={protocol}].protocol"),
    "ports[].mode": exact(
        "container.ports[containerPort={target},protocol={protocol}].hostPort", why="ingress: every node answers"
    ),
    "ports[].host_ip": exact(why="bound to every address of the node"),
    "ports[].name": exact("service.spec.ports[port={target},protocol={protocol}].name"),
    "ports[].app_protocol": exact("service.spec.ports[port={target},protocol={protocol}].appProtocol"),
}
