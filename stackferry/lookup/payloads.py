"""Secrets and configs as docker's commands see them: those that users stored for all stacks, and those of stacks.

A stack's own payloads are in its store with their content; they are created and removed with the stack.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from stackferry.emulator.cluster.objects import Service
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.desired.payloads import payload_key
from stackferry.emulator.store.directories import home, stacks
from stackferry.emulator.store.store import Store
from stackferry.emulator.store.user_payloads import StoredObject, named, objects
from stackferry.grammar.diagnostics import StackferryError
from stackferry.lookup.stacks import look
from stackferry.session import Session

Found = TypeVar("Found")


class StoredPayloads:
    """All payloads that the commands of a session see; with `-p`, only those of that stack and the shared ones."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.shared = objects(session.environment)
        chosen = session.stack.project_name
        self._stacks = [one for one in stacks(session.environment) if chosen in (None, one)]

    def all(self, kind: str) -> list[StoredObject]:
        """The payloads of a kind. Those of stacks have a digest, the others not."""
        return [*self.shared.all(kind), *(one for stack in self._stacks for one in self._owned(stack, kind))]

    def find(self, kind: str, word: str) -> StoredObject:
        """The payload with a name or id. A shared one precedes one of the same name in a stack."""
        return named(kind, word, self.shared.all(kind) if self._is_shared(kind, word) else self.all(kind))

    def _is_shared(self, kind: str, word: str) -> bool:
        return any(word == one.name for one in self.shared.all(kind))

    def content(self, payload: StoredObject) -> bytes | None:
        """The content of a payload."""
        if not payload.digest:
            return self.shared.content(payload.kind, payload.name)
        key = payload_key(payload.kind, payload.name, payload.digest)
        return self._in_store(self._stack(payload), lambda store: store.payload(key))

    def remove(self, payload: StoredObject) -> None:
        """Remove a payload; refused while a service uses it."""
        users = self._users(payload)
        if users:
            plural = "s" if len(users) > 1 else ""
            raise StackferryError(
                f"{payload.kind} '{payload.name}' is in use by the following service{plural}: {', '.join(users)}",
                f"stackferry service update --{payload.kind}-rm {payload.name} {users[0]}",
            )
        if payload.digest:
            self._in_store(self._stack(payload), lambda store: disown(store, lambda other: other.id == payload.id))
        else:
            self.shared.remove(payload)

    def _users(self, payload: StoredObject) -> list[str]:
        mine = [self._stack(payload)] if payload.digest else [*stacks(self.session.environment)]
        found = (look(self.session, name) for name in mine)
        return [
            service.spec.name
            for stack in found
            if stack is not None
            for service in stack.services()
            if service.spec.task.container
            and any((file.kind, file.key) == (payload.kind, payload.name) for file in service.spec.task.container.files)
        ]

    def _stack(self, payload: StoredObject) -> str:
        return next(
            stack for stack in self._stacks if payload.id in {other.id for other in self._owned(stack, payload.kind)}
        )

    def _owned(self, stack: str, kind: str) -> list[StoredObject]:
        return [one for one in self._in_store(stack, _made_by) if one.kind == kind]

    def _in_store(self, stack: str, act: Callable[[Store], Found]) -> Found:
        store = Store(home(self.session.environment, stack).database)
        try:
            return act(store)
        finally:
            store.close()


def _made_by(store: Store) -> tuple[StoredObject, ...]:
    record = store.document("stack", StackRecord)
    return record.owned if isinstance(record, StackRecord) else ()


def disown(store: Store, which: Callable[[StoredObject], bool] = lambda _: True) -> list[StoredObject]:
    """Remove secrets and configs from a stack's record; returns them. Contents stay for tasks that still run."""
    with store.transaction():
        record = store.document("stack", StackRecord)
        if not isinstance(record, StackRecord):
            return []
        gone = [one for one in record.owned if which(one)]
        store.put_document("stack", replace(record, owned=tuple(one for one in record.owned if one not in gone)))
    return gone


def farewells(services: Mapping[str, Service], record: StackRecord, staying: Collection[str] = ()) -> Iterator[str]:
    """A line for each object that is removed, in docker's order and words; `staying` are foreign networks."""
    for name in sorted(one.spec.name for one in services.values() if not one.removed):
        yield f"Removing service {name}"
    for kind in ("secret", "config"):
        for payload in record.owned:
            if payload.kind == kind:
                yield f"Removing {kind} {payload.name}"
    for network in record.networks:
        if not network.external and network.name not in staying:
            yield f"Removing network {network.name}"
