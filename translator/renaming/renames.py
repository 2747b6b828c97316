"""Which hosts are called otherwise in the cluster: renamed services and aliases, names with a network, the machine."""

from collections.abc import Mapping
from dataclasses import dataclass

from stackferry.translator.further_names import MACHINES

HOST = "host.minikube.internal"
"""How every pod of a minikube reaches the machine that runs it."""
MACHINE: Mapping[str, str] = dict.fromkeys(MACHINES, HOST)


@dataclass(frozen=True, slots=True)
class Renames:
    """New names by old ones. `networks` follow a name in compose (`web.shop_default`), where `services` has the name.

    `tasks.web` means each task of a swarm's service; no single name says that in a cluster.
    """

    hosts: Mapping[str, str]
    services: Mapping[str, str]
    networks: frozenset[str]

    def new(self, host: str) -> str | None:
        """The name in the cluster; the old one where nobody knows a new one, None if nothing changes."""
        if host in self.hosts:
            return self.hosts[host]
        if "." not in host:
            return None
        if host in MACHINE:
            return MACHINE[host]
        first, _, rest = host.partition(".")
        if first == "tasks" and rest in self.services:
            return host
        return self.services.get(first) if rest in self.networks else None

    def __contains__(self, host: str) -> bool:
        return self.new(host) is not None
