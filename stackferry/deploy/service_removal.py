"""`rm`, `service rm`, `stack rm --detach`: services go from a stack's store, and its manager ends what runs for them.

Returns at once. `remove.py` is for those who wait until a whole stack is gone.
"""

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from stackferry.lookup.stacks import Found, change, changing
from stackferry.session import Session

if TYPE_CHECKING:
    from stackferry.emulator.cluster.objects import Cluster, Service


def remove_services(session: Session, found: Found, services: "Collection[Service]", *, ends: bool = False) -> None:
    """Remove services; `ends`: the stack with the last of them."""
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
    """Take a stack's secrets and configs out of its store; gives a line for each thing that goes with the stack.

    They go at once, as in docker, though tasks that run still have theirs.
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
        # Without an engine all goes the same way, later.
        with suppress(EngineError):
            staying += [one.name for one in foreign_networks(Present(connect(session)), found.stack, record.networks)]
        lines = [*farewells(found.cluster.services, record, staying)]
        disown(store)
    return lines
