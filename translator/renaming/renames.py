"""Hosts with another name in the cluster: renamed services and aliases, names with a network, the host machine."""

from collections.abc import Mapping
from dataclasses import field

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.naming.further_names import MACHINES

HOST = "host.minikube.internal"
"""The name by which every pod of a minikube reaches the machine that runs it."""
MACHINE: Mapping[str, str] = dict.fromkeys(MACHINES, HOST)


TASKS = "tasks."
"""A swarm's prefix of a service's name for all its tasks."""


@dataclass(frozen=True, slots=True)
class Renames:
    """New names by old ones. `networks` follow a name in compose (`web.shop_default`), for a name in `services`.

    `tasks` are the Services that resolve to each pod of a service, which a swarm calls `tasks.web`; `project` is the
    prefix of a swarm's services (`shop_web`) and compose's containers (`shop-web-1`).
    """

    hosts: Mapping[str, str]
    services: Mapping[str, str]
    networks: frozenset[str]
    tasks: Mapping[str, str] = field(default_factory=dict)
    project: str = ""

    def new(self, host: str) -> str | None:
        """The name in the cluster, None if nothing changes."""
        if host in self.hosts:
            return self.hosts[host]
        if host in self.services:
            return None
        if "." not in host:
            service = self._of_project(host)
            return self.services[service] if service is not None else None
        if host in MACHINE:
            return MACHINE[host]
        service = self.of_tasks(host)
        if service is not None:
            return self.tasks.get(service)
        first, _, rest = host.partition(".")
        return self.services.get(first) if rest in self.networks else None

    def of_tasks(self, host: str) -> str | None:
        """The service whose tasks the name means in a swarm."""
        name = host.removeprefix(TASKS)
        if name == host:
            return None
        return name if name in self.services else self._of_project(name)

    def is_sure(self, host: str) -> bool:
        """Whether the name, as a whole value, is a host: with `tasks.` or the project it may mean other things."""
        return host in self.hosts or (self.of_tasks(host) is None and self._of_project(host) is None)

    def _of_project(self, host: str) -> str | None:
        """The service of a swarm's `shop_web`, of compose's containers `shop-web-1` and `shop_web_1`."""
        for mark in "_-" if self.project and host.startswith(self.project) else "":
            name = host.removeprefix(self.project + mark)
            number = name.removesuffix(f"{mark}1")
            if name != host and mark == "_" and name in self.services:
                return name
            if name not in (host, number) and number in self.services:
                return number
        return None

    def __contains__(self, host: str) -> bool:
        return self.new(host) is not None
