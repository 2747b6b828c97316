"""Secrets and configs that users store for all stacks: what `external: true` refers to. One SQLite file, mode 0600.

`secret create` and `config create` write it; a deployment reads it with `stored`.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from stackferry.emulator.cluster.ids import id_of
from stackferry.emulator.cluster.labels import NAMESPACE
from stackferry.emulator.desired.payloads import PAYLOAD_LIMITS, Payload
from stackferry.emulator.store.directories import state_root
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.suggest import did_you_mean

_TABLE = """
CREATE TABLE IF NOT EXISTS objects
    (kind TEXT NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL, labels TEXT NOT NULL, template TEXT NOT NULL,
     created REAL NOT NULL, content BLOB NOT NULL, PRIMARY KEY (kind, name));
"""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A secret or config without its content. `kind` is secret or config; `template` the driver that expands it.

    One that a stack created also has the `digest` of its content, by which the stack's store finds the content, and
    `updated_at` may differ from its time of creation.
    """

    kind: str
    name: str
    id: str
    labels: Mapping[str, str] = field(default_factory=dict)
    template: str = ""
    created_at: float = 0.0
    updated_at: float = 0.0
    digest: str = ""


class UserPayloads:
    """The file of all secrets and configs. It is created on the first write."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.path.exists():
            # Create the file with its mode, before SQLite would create it with another mode.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        try:
            base = sqlite3.connect(self.path, isolation_level=None, timeout=30)
            base.executescript(_TABLE)
        except sqlite3.DatabaseError as error:
            raise StackferryError(
                f"{self.path}: {error}", "move the file away, and create its secrets and configs again"
            ) from error
        return base

    def _rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        if not self.path.exists():
            return []
        base = self._open()
        try:
            return base.execute(query, values).fetchall()
        finally:
            base.close()

    def all(self, kind: str) -> list[StoredObject]:
        """All objects of a kind, by name."""
        rows = self._rows(
            "SELECT kind, name, id, labels, template, created FROM objects WHERE kind = ? ORDER BY name", kind
        )
        return [
            StoredObject(
                str(row[0]), str(row[1]), str(row[2]), json.loads(str(row[3])), str(row[4]), float(str(row[5]))
            )
            for row in rows
        ]

    def find(self, kind: str, word: str) -> StoredObject:
        """The object with that name or id, or the only object whose id begins with `word`."""
        return named(kind, word, self.all(kind))

    def content(self, kind: str, name: str) -> bytes | None:
        """The object's content; None if no object has that name."""
        rows = self._rows("SELECT content FROM objects WHERE kind = ? AND name = ?", kind, name)
        return bytes(rows[0][0]) if rows else None  # type: ignore[call-overload]

    def create(self, payload: StoredObject, content: bytes) -> None:
        """Store an object. Refuses a name that is taken and content that is too large."""
        if len(content) > PAYLOAD_LIMITS[payload.kind]:
            most = PAYLOAD_LIMITS[payload.kind] // 1024
            raise StackferryError(f"{payload.kind} data must be at most {most} KiB", "use a volume for larger data")
        base = self._open()
        try:
            base.execute(
                "INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    payload.kind,
                    payload.name,
                    payload.id,
                    json.dumps(dict(payload.labels)),
                    payload.template,
                    payload.created_at,
                    content,
                ),
            )
        except sqlite3.IntegrityError:
            raise StackferryError(
                f"{payload.kind} {payload.name} already exists",
                f"remove it first: stackferry {payload.kind} rm {payload.name}",
            ) from None
        finally:
            base.close()

    def remove(self, payload: StoredObject) -> None:
        """Remove an object. Running containers keep their copy."""
        self._rows("DELETE FROM objects WHERE kind = ? AND name = ?", payload.kind, payload.name)


def objects(environment: Mapping[str, str]) -> UserPayloads:
    """The objects of this user."""
    return UserPayloads(state_root(environment) / "objects.db")


def stored(environment: Mapping[str, str]) -> Callable[[str, str], bytes | None]:
    """Maps (secret or config, name) to the content; None if there is none."""
    return objects(environment).content


def named(kind: str, word: str, known: Sequence[StoredObject]) -> StoredObject:
    """The object with that name or id, or the only object whose id begins with `word`."""
    for found in (
        [one for one in known if one.name == word],
        [one for one in known if one.id == word],
        [one for one in known if word and one.id.startswith(word)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            raise StackferryError(
                f"{kind} {word} is ambiguous ({len(found)} matches found)",
                "one of " + ", ".join(one.id for one in found),
            )
    raise StackferryError(f"{kind} {word} not found", did_you_mean(word, (one.name for one in known)))


def owned(
    stack: str, payloads: Iterable[Payload], known: Iterable[StoredObject], now: float
) -> tuple[StoredObject, ...]:
    """The secrets and configs that a stack created itself, after a deployment of `payloads`.

    As in a swarm, an object that the file no longer mentions stays; `known` are the objects from before. Ids are
    derived from the names, so that they stay the same if the store is lost.
    """
    found = {(one.kind, one.name): one for one in known}
    for payload in payloads:
        if payload.external:
            continue
        made = StoredObject(
            payload.kind,
            payload.name,
            id_of(f"{stack}/{payload.kind}/{payload.name}"),
            {**payload.labels, NAMESPACE: stack},
            "golang" if payload.templated else "",
            now,
            now,
            payload.digest,
        )
        before = found.get((payload.kind, payload.name))
        if before is not None:
            same = replace(before, updated_at=now) == replace(made, created_at=before.created_at)
            made = replace(made, created_at=before.created_at, updated_at=before.updated_at if same else now)
        found[payload.kind, payload.name] = made
    return tuple(found.values())
