"""Networks and volumes of the fake engine, and its containers' endpoints in them: a part of `fake.FakeEngine`."""

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any

from stackferry.emulator.engine import decode as answer
from stackferry.emulator.engine.protocol import EngineError, EngineEvent
from stackferry.emulator.engine.resources import NetworkInfo, Pool, VolumeInfo
from stackferry.emulator.fake.addressing import Addresses
from stackferry.emulator.fake.box import Box, mounts_of
from stackferry.emulator.fake.core import FakeCore, digest, has_labels

PREDEFINED = {"bridge": "172.17.0.0/16", "host": "", "none": ""}


class FakeNetworks(FakeCore):
    """The calls of `protocol.Engine` about networks and volumes."""

    def networks(self, labels: Mapping[str, str]) -> list[NetworkInfo]:
        """All networks with these labels."""
        with self._call("networks"):
            return [one.info for one in self._networks.values() if has_labels(one.info.labels, labels)]

    def create_network(self, name: str, body: Mapping[str, object]) -> str:
        """Create a network; returns its id."""
        with self._call("create_network", name):
            return self._create_network(name, body)

    def _create_network(self, name: str, body: Mapping[str, Any]) -> str:
        if name in PREDEFINED:
            raise EngineError("operation is not permitted on predefined " + name + " network ", status=403)
        if name in self._networks:
            raise EngineError(f"network with name {name} already exists", status=409)
        return self._add_network(name, body).id

    def _add_network(self, name: str, body: Mapping[str, Any]) -> NetworkInfo:
        pools = (body.get("IPAM") or {}).get("Config") or ()
        used = [IPv4Network(one) for network in self._networks.values() for one in network.info.subnets]
        asked = [IPv4Network(pool["Subnet"]) for pool in pools if pool.get("Subnet") and ":" not in pool["Subnet"]]
        if any(one.overlaps(other) for one in asked for other in used):
            raise EngineError("Pool overlaps with other one on this address space", status=403)
        if not asked and name not in {"host", "none"}:
            free = (IPv4Network(f"172.{number}.0.0/16") for number in range(18, 256))
            asked = [next(one for one in free if not any(one.overlaps(other) for other in used))]
        self._count += 1
        info = NetworkInfo(
            id=digest(f"network {self._count} {name}"),
            name=name,
            driver=str(body.get("Driver") or "bridge"),
            labels=dict(body.get("Labels") or {}),
            subnets=tuple(map(str, asked)),
            ip_ranges=tuple(pool["IPRange"] for pool in pools if pool.get("IPRange")),
            gateways=tuple(pool["Gateway"] for pool in pools if pool.get("Gateway")),
            internal=bool(body.get("Internal", False)),
            options=dict(body.get("Options") or {}),
            pools=tuple(map(answer.pool, pools)) or tuple(Pool(str(one)) for one in asked),
            ipam_driver=str((body.get("IPAM") or {}).get("Driver") or "default"),
            ipam_options=dict((body.get("IPAM") or {}).get("Options") or {}),
            ipv4=bool(body.get("EnableIPv4", True)) if self._modern else None,
            ipv6=bool(body.get("EnableIPv6", False)),
            attachable=bool(body.get("Attachable", False)),
        )
        self._networks[name] = Addresses(info)
        return info

    def remove_network(self, name: str) -> None:
        """Remove it."""
        with self._call("remove_network", name):
            self._remove_network(name)

    def _remove_network(self, name: str) -> None:
        found = self._network(name)
        if found is None:
            return
        info = found.info
        if info.name in PREDEFINED:
            raise EngineError(f"{info.name} is a pre-defined network and cannot be removed", status=403)
        if any(info.name in box.addresses for box in self.boxes.values()):
            raise EngineError(
                f"error while removing network: network {info.name} id {info.id} has active endpoints", status=403
            )
        del self._networks[info.name]
        self._deliver(EngineEvent("network destroy", "", info.name, at=self.clock.now))

    def inspect_network(self, name: str) -> NetworkInfo | None:
        """The network, by name or id."""
        with self._call("inspect_network", name):
            found = self._network(name)
            if found is None:
                return None
            name = found.info.name
            return replace(found.info, legs=tuple(box.name for box in self.boxes.values() if name in box.addresses))

    def connect(self, network: str, container: str, endpoint: Mapping[str, object]) -> None:
        """Connect a container to a network."""
        with self._call("connect", network):
            self._connect(network, container, endpoint)

    def _connect(self, network: str, container: str, endpoint: Mapping[str, Any]) -> None:
        box, found = self._box(container), self._network(network)
        # As in the engine: whether the network exists is checked when the container starts.
        name = found.info.name if found else network
        if box.running:
            if found is None:
                raise EngineError(f"network {network} not found", status=404)
            if name in box.addresses:
                raise EngineError(f"endpoint with name {box.name} already exists in network {name}", status=403)
        # As in the engine: the request is kept even if it failed.
        box.legs[name] = endpoint
        if box.running:
            self._give_leg(box, name, endpoint)

    def disconnect(self, network: str, container: str) -> None:
        """Disconnect it."""
        with self._call("disconnect", network):
            self._disconnect(network, container)

    def _disconnect(self, network: str, container: str) -> None:
        box, found = self._box(container), self._network(network)
        name = found.info.name if found else network
        if name not in box.legs:
            raise EngineError(f"container {box.id} is not connected to the network {name}", status=500)
        del box.legs[name]
        self._take_leg(box, name)

    def volumes(self, labels: Mapping[str, str]) -> list[VolumeInfo]:
        """All volumes with these labels."""
        with self._call("volumes"):
            return [one for one in self._volumes.values() if has_labels(one.labels, labels)]

    def create_volume(
        self,
        name: str,
        driver: str = "",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        """Create a volume, unless it exists."""
        with self._call("create_volume", name):
            self._create_volume(name, driver, options, labels)

    def _create_volume(
        self,
        name: str,
        driver: str = "",
        options: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        made = VolumeInfo(name, driver or "local", dict(labels or {}), dict(options or {}), f"/volumes/{name}/_data")
        self._volumes.setdefault(name, made)

    def remove_volume(self, name: str) -> None:
        """Remove it."""
        with self._call("remove_volume", name):
            users = [box.id for box in self.boxes.values() if name in mounts_of(box.body)[1]]
            if users:
                raise EngineError(f"remove {name}: volume is in use - [{', '.join(users)}]", status=409)
            if self._volumes.pop(name, None) is not None:
                self._deliver(EngineEvent("volume destroy", "", name, at=self.clock.now))

    def inspect_volume(self, name: str) -> VolumeInfo | None:
        """The volume."""
        with self._call("inspect_volume", name):
            return self._volumes.get(name)

    def _give_legs(self, box: Box) -> None:
        for name, endpoint in box.legs.items():
            if name not in self._networks:
                raise EngineError(f"network {name} not found", status=404)
            self._give_leg(box, name, endpoint)

    def _give_leg(self, box: Box, name: str, endpoint: Mapping[str, Any]) -> None:
        wanted = (endpoint.get("IPAMConfig") or {}).get("IPv4Address") or ""
        box.addresses[name] = self._networks[name].take(wanted)
        self._tell_network("connect", box, name)

    def _take_legs(self, box: Box, *, silent: bool = False) -> None:
        for name in list(box.addresses):
            self._take_leg(box, name, silent=silent)
        self._ports.give_back(box.id)
        box.ports = {}

    def _take_leg(self, box: Box, name: str, *, silent: bool = False) -> None:
        if name in box.addresses:
            self._networks[name].give_back(box.addresses.pop(name))
            if not silent:
                self._tell_network("disconnect", box, name)

    def _network(self, name: str) -> Addresses | None:
        return self._networks.get(name) or next((one for one in self._networks.values() if one.info.id == name), None)
