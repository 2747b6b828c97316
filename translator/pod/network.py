"""Names and addresses inside a pod: host name, DNS settings, extra hosts, host networking."""

import ipaddress

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.names import LABEL, SUBDOMAIN, dns_label
from stackferry.translator.naming.further_names import GATEWAY
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack
from stackferry.translator.templates.plan import CODE
from stackferry.translator.templates.template import Field
from stackferry.translator.workload import workload_kind, workload_name

MOST_NAMESERVERS = 3
MOST_SEARCHES = 32


def network(service: Service, stack: Stack, notes: Notes) -> Body:
    """The pod's fields for all of these; empty if none is set."""
    found: Body = {}
    if service.network_mode == "host":
        # By default, a pod on the node's network asks the node's DNS, which knows no Services.
        found.update(hostNetwork=True, dnsPolicy="ClusterFirstWithHostNet")
    found["dnsConfig"] = _dns(service, notes)
    found["hostAliases"] = _host_aliases(service, notes)
    found.update(_hostname(service, stack, notes))
    _note_mode(service, stack, notes)
    return {key: value for key, value in found.items() if value}


def _note_mode(service: Service, stack: Stack, notes: Notes) -> None:
    mode = service.network_mode
    path = ("services", service.name, "network_mode")
    if mode == "host":
        notes.approximated(
            path, "kubernetes-host-network", "the host is the cluster's node: reach it at the address of `minikube ip`"
        )
    elif mode == "none" and not stack.options.network_policies:
        notes.action(
            path,
            "kubernetes-network-none",
            "a pod always has a network",
            "convert with --network-policies (and a CNI that enforces them: minikube start --cni=calico)",
        )
    elif mode and mode.container:
        notes.action(
            path, "kubernetes-shared-network", f"{mode} is not a service of the stack; the pod has its own network"
        )


def _hostname(service: Service, stack: Stack, notes: Notes) -> Body:
    path = ("services", service.name)
    if workload_kind(service, stack) == "StatefulSet" or stack.templates.of(*path, "hostname"):
        _note_own_names(service, stack, notes)
        return {}
    if service.name in stack.naming.further.domains:
        host, domain = stack.naming.further.domains[service.name]
        return {"hostname": host, "subdomain": domain}
    found: Body = {}
    name = (service.hostname or "").partition(".")[0]
    if name:
        found["hostname"] = dns_label(name)
        if found["hostname"] != service.hostname:
            notes.approximated(
                (*path, "hostname"), "kubernetes-hostname", f"the host name is {found['hostname']}, a single DNS label"
            )
    if LABEL.fullmatch(service.domainname or ""):
        found["subdomain"] = service.domainname
    elif service.domainname:
        notes.action(
            (*path, "domainname"), "kubernetes-domainname", "a pod's domain must be a single DNS label; not set"
        )
    return found


def _note_own_names(service: Service, stack: Stack, notes: Notes) -> None:
    """A pod with a slot has its own name as host name: `web-1`. Only a template can ask for the same."""
    path = ("services", service.name, "hostname")
    template = stack.templates.of(*path)
    is_set = workload_kind(service, stack) == "StatefulSet"
    own = f"its host name is its own ({workload_name(service, stack)}-1 and so on)" if is_set else "it has its own name"
    if template and is_set and template.parts == (f"{workload_name(service, stack)}-", Field.SLOT):
        notes.fine(path, CODE, "the pods of a StatefulSet have these names, with a Service for each slot")
    elif template and Field.NODE in template.fields:
        hint = "use network_mode: host, or a variable with the same template, to get the node's name"
        notes.action(path, CODE, f"a pod cannot be named after its node; {own}", hint)
    elif template and is_set and stack.naming.slots.get(service.name):
        first = next(iter(stack.naming.slots[service.name].values()))
        notes.approximated(
            path, CODE, f"other services reach the first pod as {first}, with a Service for each slot; {own}"
        )
    elif template:
        notes.action(
            path, CODE, f"a pod cannot have this name; {own}", "read it from a variable with the same template"
        )
    elif service.hostname:
        notes.approximated(path, "kubernetes-hostname", f"a pod with a slot cannot have this name; {own}")
    if service.domainname:
        message = f"the domain of tasks with slots is {stack.naming.tasks.get(service.name)}"
        notes.approximated((*path[:2], "domainname"), "kubernetes-domainname", message)


def _dns(service: Service, notes: Notes) -> Body:
    path = ("services", service.name)
    servers: list[str] = []
    for index, server in enumerate(service.dns):
        if not _is_ip(server):
            notes.action((*path, "dns", index), "kubernetes-dns-server", f"{server!r} is not an IP address; omitted")
        elif len(servers) == MOST_NAMESERVERS:
            notes.action(
                (*path, "dns", index), "kubernetes-dns-servers", "a pod can have at most three name servers; omitted"
            )
        else:
            servers.append(server)
    searches = [domain for domain in service.dns_search if SUBDOMAIN.fullmatch(domain.rstrip("."))][:MOST_SEARCHES]
    if len(searches) < len(service.dns_search):
        notes.action(
            (*path, "dns_search"), "kubernetes-dns-search", "not a valid DNS name for a search domain; omitted"
        )
    options: list[Body] = [
        {"name": option.name} if option.value is None else {"name": option.name, "value": option.value}
        for option in service.dns_opt
        if option.name
    ]
    if len(options) < len(service.dns_opt):
        notes.action((*path, "dns_opt"), "kubernetes-dns-option", "the option has no name; omitted", "remove it")
    found: Body = {"nameservers": list(dict.fromkeys(servers)), "searches": searches, "options": options}
    return {key: value for key, value in found.items() if value}


def _host_aliases(service: Service, notes: Notes) -> list[Body]:
    """One entry per address, as Kubernetes groups them; compose groups by name."""
    names: dict[str, list[str]] = {}
    for name, addresses in service.extra_hosts.items():
        for address in addresses:
            bare = address.strip("[]")
            path = ("services", service.name, "extra_hosts", name)
            if bare == GATEWAY:
                # `further_names.py` handles this name and its note.
                continue
            if not _is_ip(bare) or not SUBDOMAIN.fullmatch(name.lower()):
                notes.action(
                    path, "kubernetes-extra-host", f"{name}={address} is not a DNS name with an IP address; omitted"
                )
            else:
                names.setdefault(bare, []).append(name.lower())
    return [{"ip": address, "hostnames": list(dict.fromkeys(given))} for address, given in names.items()]


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
