"""`rm`, `service rm`, `stack rm --detach`: removes services from a stack's store; its manager ends their tasks.

Returns at once. `remove.py` waits until a whole stack is gone.
"""

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from stackferry.lookup.stacks import Found, change, changing
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster, Service


def remove_services(session: Session, found: Found, services: "Collection[Service]", *, ends: bool = False) -> None:
    """Remove services; `ends`: the stack ends with its last service."""
    from stackferry.emulator.control.change import remove_service

    going = {one.id for one in services}
    if ends and all(one.id in going for one in found.services()):
        from stackferry.emulator.manager.farewell import leave_word

        with changing(found) as store:
            leave_word(store, found.stack)

    def edit(cluster: "Cluster") -> "Cluster":
        for service in services:
            cluster = remove_service(cluster, service.id)
        return cluster

    change(session, found, edit)


def disown_payloads(session: Session, found: Found) -> list[str]:
    """Remove a stack's secrets and configs from its store; returns a line per object that is removed with the stack.

    They are removed at once, as in docker, although running tasks keep theirs.
    """
    from stackferry.deploy.present import Present
    from stackferry.deploy.surroundings import foreign_networks
    from stackferry.emulator.control.deployment import StackRecord
    from stackferry.emulator.engine.protocol import EngineError
    from stackferry.engine import connect
    from stackferry.lookup.payloads import disown, farewells

    with changing(found) as store:
        record = store.document("stack", StackRecord) or StackRecord(found.stack)
        staying: list[str] = []
        # Without an engine, the objects are removed later.
        with suppress(EngineError):
            staying += [one.name for one in foreign_networks(Present(connect(session)), found.stack, record.networks)]
        lines = [*farewells(found.cluster.services, record, staying)]
        disown(store)
    return lines
