"""Removes what is left of a stack whose last service was removed by a docker-style command that does not wait.

`down` removes the state of a stack itself. `service rm` and `stack rm --detach` do not wait, as in docker: they leave
a note in the stack's record, and the manager removes the state when the last task has ended.
"""

from contextlib import suppress
from dataclasses import replace

from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.store.directories import Home, discard
from stackferry.emulator.store.store import Store, StoreError, StoreGoneError


def leave_word(store: Store, stack: str, *, ends: bool = True) -> None:
    """Note that the state goes with the last service; or not, because the stack is in use again."""
    with store.transaction():
        record = store.document("stack", StackRecord) or StackRecord(stack)
        if record.ends != ends:
            store.put_document("stack", replace(record, ends=ends))


def leave_nothing(place: Home, store: Store) -> None:
    """Remove the state if that was asked for and it is empty; only the holder of the manager's lock may call this.

    Secrets and configs that a deployment created stay, as in a swarm without services, and the state with them.
    """
    with suppress(StoreGoneError), store.transaction():
        record = store.document("stack", StackRecord)
        if record is not None and record.ends and not record.owned and store.load().gone:
            discard(place)


def discard_empty(place: Home, store: Store) -> None:
    """Remove the state of a new stack that has nothing in it."""
    with suppress(StoreError), store.transaction():
        if store.load().gone:
            discard(place)
