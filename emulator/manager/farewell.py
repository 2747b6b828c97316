"""What is left of a stack whose last service was removed in docker's words: nothing, where nobody waits to clear up.

`down` removes the state of a stack itself. `service rm` and `stack rm --detach` do not wait, as docker's: they leave
word in the stack's record, and the manager sees to it when the last task has ended.
"""

from contextlib import suppress
from dataclasses import replace

from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.store.directories import Home, discard
from stackferry.emulator.store.store import Store, StoreError, StoreGoneError


def leave_word(store: Store, stack: str, *, ends: bool = True) -> None:
    """Say that the state goes with the last service; or not, because somebody has begun to use the stack again."""
    with store.transaction():
        record = store.document("stack", StackRecord) or StackRecord(stack)
        if record.ends != ends:
            store.put_document("stack", replace(record, ends=ends))


def leave_nothing(place: Home, store: Store) -> None:
    """Remove the state if that was wanted and nothing is in it; to be called by the holder of the manager's lock.

    Secrets and configs that a deployment made stay, as they do in a swarm without services, and the state with them.
    """
    with suppress(StoreGoneError), store.transaction():
        record = store.document("stack", StackRecord)
        if record is not None and record.ends and not record.owned and store.load().gone:
            discard(place)


def discard_empty(place: Home, store: Store) -> None:
    """Remove the state of a stack that was begun and has nothing in it."""
    with suppress(StoreError), store.transaction():
        if store.load().gone:
            discard(place)
