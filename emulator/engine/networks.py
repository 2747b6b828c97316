"""Networks and volumes on the real engine: a part of `engine.DockerEngine`."""

from collections.abc import Mapping

from stackferry.emulator.engine import decode as answer
from stackferry.emulator.engine.api import Api, filters, quoted
from stackferry.emulator.engine.resources import NetworkInfo, VolumeInfo


class NetworkCalls(Api):
    """The calls of `protocol.Engine` about networks and volumes."""

    def networks(self, labels: Mapping[str, str]) -> list[NetworkInfo]:
        """All networks with these labels."""
        return [answer.network(row) for row in self.json("GET", "/networks", {"filters": filters(labels)})]

    def create_network(self, name: str, body: Mapping[str, object]) -> str:
        """Create a network and check for duplicates: engines before 25.0 would else create a second one of the name."""
        return str(self.json("POST", "/networks/create", body={**body, "Name": name, "CheckDuplicate": True})["Id"])

    def remove_network(self, name: str) -> None:
        """Remove it."""
        self.gone(f"/networks/{quoted(name)}")

    def inspect_network(self, name: str) -> NetworkInfo | None:
        """The network, by name or id."""
        found = self.find(f"/networks/{quoted(name)}")
        return None if found is None else answer.network(found)

    def connect(self, network: str, container: str, endpoint: Mapping[str, object]) -> None:
        """Connect a container to a network."""
        body = {"Container": container, "EndpointConfig": endpoint}
        self.call("POST", f"/networks/{quoted(network)}/connect", body=body)

    def disconnect(self, network: str, container: str) -> None:
        """Disconnect it."""
        self.call("POST", f"/networks/{quoted(network)}/disconnect", body={"Container": container, "Force": True})

    def volumes(self, labels: Mapping[str, str]) -> list[VolumeInfo]:
        """All volumes with these labels."""
        rows = self.json("GET", "/volumes", {"filters": filters(labels)})["Volumes"]
        return [answer.volume(row) for row in rows or ()]

    def create_volume(
        self,
        name: str,
        driver: str = "",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        """Create a volume, unless it exists."""
        body = {"Name": name, "Driver": driver or "local", "DriverOpts": options or {}, "Labels": labels or {}}
        self.call("POST", "/volumes/create", body=body)

    def remove_volume(self, name: str) -> None:
        """Remove it."""
        self.gone(f"/volumes/{quoted(name)}")

    def inspect_volume(self, name: str) -> VolumeInfo | None:
        """The volume."""
        found = self.find(f"/volumes/{quoted(name)}")
        return None if found is None else answer.volume(found)
