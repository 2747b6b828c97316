"""What a task's container needs in the load-balanced network: our resolver, and no aliases of the engine's. Pure.

The engine's own names would also resolve to unhealthy tasks, so they are dropped; the engine asks our resolver for all
names it does not know. Adapts what `agent/create_request.py` made; `controller.py` gives it to `agent/executor.py`.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address

from stackferry.emulator.cluster.labels import RESOLVER
from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Leg:
    """How a task is attached: its resolver, and the load-balanced `networks` among its own.

    Without a resolver, it uses the engine's, and still has no aliases in these networks.
    """

    resolver: IPv4Address | None
    networks: frozenset[str]

    @property
    def mark(self) -> str:
        """The value of the label that tells for which resolver a container was created."""
        return str(self.resolver or "")

    def body(self, body: Mapping[str, object]) -> dict[str, object]:
        """The body for POST /containers/create, adapted."""
        host = body.get("HostConfig")
        asks = {"Dns": [str(self.resolver)]} if self.resolver else {}
        labels = body.get("Labels")
        made = {**body, "HostConfig": {**(host if isinstance(host, Mapping) else {}), **asks}}
        made["Labels"] = {**(labels if isinstance(labels, Mapping) else {}), RESOLVER: self.mark}
        config = body.get("NetworkingConfig")
        legs = config.get("EndpointsConfig") if isinstance(config, Mapping) else None
        if isinstance(legs, Mapping):
            made["NetworkingConfig"] = {
                "EndpointsConfig": {name: self.endpoint(name, leg) for name, leg in legs.items()}
            }
        return made

    def endpoint(self, network: str, endpoint: Mapping[str, object]) -> dict[str, object]:
        """The EndpointConfig of one network, adapted."""
        mine = network in self.networks
        return {key: value for key, value in endpoint.items() if not mine or key != "Aliases"}
