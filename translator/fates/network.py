"""Fates of the keys of a service about names, ports and networks."""

from stackferry.translator.fates.fate import Section, about, action, exact, holder

FLAT = "one flat network: everybody in the cluster reaches everybody, unless --network-policies keeps them apart"
_ADDRESS = "the cluster gives out addresses; use the service's name"

NETWORK: Section = {
    "dns": about("asked after the cluster's DNS, which knows the services", "pod.dnsConfig.nameservers"),
    "dns_opt": exact("pod.dnsConfig.options"),
    "dns_search": about("searched after the cluster's own domains", "pod.dnsConfig.searches"),
    "domainname": about("a subdomain of the cluster's domain", "pod.subdomain"),
    "expose": exact("service.spec.ports"),
    "external_links": action("other stacks are reached by <service>.<namespace>"),
    "extra_hosts": holder(),
    "extra_hosts.*": exact("pod.hostAliases[hostnames={key}]"),
    "hostname": exact("pod.hostname", "aliases"),
    "links": about("the name holds for the whole namespace, not for this service alone", "aliases"),
    "mac_address": action("the cluster's network decides"),
    "network_mode": exact("pod.hostNetwork", why="a pod has a network of its own"),
    "networks": about(FLAT),
    "networks.*": about(FLAT),
    "networks.*.aliases": about("the name holds for the whole namespace, not for one network", "aliases"),
    "networks.*.interface_name": action("a pod's interface is eth0"),
    "networks.*.ipv4_address": action(_ADDRESS),
    "networks.*.ipv6_address": action(_ADDRESS),
    "networks.*.link_local_ips": action(_ADDRESS),
    "networks.*.mac_address": action("the cluster's network decides"),
    "networks.*.driver_opts": action("the cluster's network has other settings"),
    "networks.*.driver_opts.*": action("the cluster's network has other settings"),
    "networks.*.priority": about("a pod has one network"),
    "networks.*.use_service_name_alias": action("a Service is always reached by its name"),
    "networks.*.gw_priority": about("a pod has one network"),
    "ports": holder("the internal Service has the container's ports, <service>-published those of the host"),
    "ports[]": about(
        "inside: the container's port; outside: a port of the node, or what --publish says",
        "service.spec.ports[port={target},protocol={protocol}]",
        "published.spec.ports[targetPort={target},protocol={protocol}]",
    ),
    "ports[].target": exact(
        "service.spec.ports[port={target},protocol={protocol}]",
        "container.ports[containerPort={target},protocol={protocol}]",
    ),
    "ports[].published": about(
        "a port of the node, or what --publish says",
        "published.spec.ports[targetPort={target},protocol={protocol}]",
    ),
    "ports[].protocol": exact("service.spec.ports[port={target},protocol={protocol}].protocol"),
    "ports[].mode": exact(
        "container.ports[containerPort={target},protocol={protocol}].hostPort", why="ingress: any node answers"
    ),
    "ports[].host_ip": exact(why="every address of the node"),
    "ports[].name": exact("service.spec.ports[port={target},protocol={protocol}].name"),
    "ports[].app_protocol": exact("service.spec.ports[port={target},protocol={protocol}].appProtocol"),
}
