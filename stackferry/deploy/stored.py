"""Reads and makes the stored state of a stack: its cluster, and its record of networks, volumes and the like."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from stackferry.emulator.cluster.objects import Cluster
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.store.directories import Home
from stackferry.emulator.store.store import Store
from stackferry.emulator.store.user_payloads import owned

if TYPE_CHECKING:
    from stackferry.grammar.compose.load import Loaded


def stored_cluster(place: Home) -> Cluster:
    """The stored cluster of a stack; empty if it has no store."""
    if not place.database.exists():
        return Cluster()
    store = Store(place.database)
    try:
        return store.load()
    finally:
        store.close()


def record(
    stack: DesiredStack, loaded: "Loaded | None", known: StackRecord | None = None, *, strict: bool = False
) -> StackRecord:
    """The record of a stack, which holds all but its services; `known` is the previous record."""
    return StackRecord(
        stack.name,
        stack.networks,
        stack.volumes,
        {f"{one.kind}/{one.name}": one.digest for one in stack.payloads},
        loaded.directory if loaded else "",
        tuple(str(file) for file in loaded.files) if loaded else (),
        strict,
        owned(stack.name, stack.payloads, known.owned if known else (), time.time()),
        known.deployments if known else (),
    )


def whole(stack: DesiredStack, known: StackRecord) -> DesiredStack:
    """A part of a stack with the networks and volumes of its other services, which keep running."""
    networks, volumes = {one.name for one in stack.networks}, {one.name for one in stack.volumes}
    return replace(
        stack,
        networks=(*stack.networks, *(one for one in known.networks if one.name not in networks)),
        volumes=(*stack.volumes, *(one for one in known.volumes if one.name not in volumes)),
    )
