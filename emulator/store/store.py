"""The store: one SQLite file per stack in the user's state directory, with specs, tasks, update statuses and events.

Every change is one transaction: a pass of the manager, or the change of one command. The manager keeps the
cluster in memory and learns from SQLite's own counter when another process has written.
Losing the file loses only history: running containers are adopted again by their labels.
"""

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from stackferry.emulator.cluster.objects import Cluster, Node, RestartHistory, Service, Task
from stackferry.emulator.cluster.serialize import decode, encode
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from stackferry.emulator.cluster.event import Event

# The `text` of an event is a JSON document; in rows that an earlier version wrote, it is a line of prose. A manager
# of that version may still run and write more such rows, so the table keeps its layout.
_TABLES = """
CREATE TABLE IF NOT EXISTS nodes (id TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS services (id TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (id TEXT PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS history
    (service TEXT, slot TEXT, record TEXT NOT NULL, PRIMARY KEY (service, slot)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS payloads (name TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (number INTEGER PRIMARY KEY, at REAL NOT NULL, text TEXT NOT NULL);
"""

KEPT_EVENTS = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """An event, as `events` shows it: `number` grows by one, `at` is the time of day in seconds."""

    number: int
    at: float
    event: "Event"


class StoreError(StackferryError):
    """The file cannot be read or written right now; the transaction was rolled back."""


class StoreGoneError(StoreError):
    """The file was removed or replaced by another: the stack was removed meanwhile."""


_PATIENCE = 30
"""Seconds to wait while other processes have the file locked."""

_HINTS = ("full", "free some disk space, then try again"), ("locked", "another command is using it: try again")


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into messages for a user."""
    try:
        yield
    except sqlite3.OperationalError as error:
        hint = next((hint for word, hint in _HINTS if word in str(error)), "")
        raise StoreError(f"{path}: {error}", hint or "check the disk and the permissions of the file") from error


class Store:
    """The file of one stack, for one thread at a time. With `make` False, a missing file raises StoreGoneError."""

    def __init__(self, path: Path, *, make: bool = True) -> None:
        self.path = path
        if make:
            self._made()
        elif not path.exists():
            raise _gone(path)
        # Remember which file this is: another may take its place.
        self._file = _identity(path)
        try:
            address = f"file:{quote(str(path))}?mode=rw"
            self._db = sqlite3.connect(
                address, uri=True, isolation_level=None, timeout=_PATIENCE, check_same_thread=False
            )
            self._log_ahead()
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_TABLES)
        except sqlite3.OperationalError as error:
            if not path.exists():
                raise _gone(path) from error
            with _told(path):
                raise
        except sqlite3.DatabaseError as error:
            raise StackferryError(
                f"{path}: {error}", "move the file away: the next `up` adopts the running tasks"
            ) from error
        self._seen = -1

    def _made(self) -> None:
        """Create the file with its mode, before SQLite would create it with another mode."""
        for attempt in range(10):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                # Create only a new file: closing an existing file by hand would drop the locks of this process's other
                # connections, and the next process to exit would delete their write-ahead log.
                with contextlib.suppress(FileExistsError):
                    os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
                break
            except FileNotFoundError:
                # `down` removes the whole folder at once.
                if attempt == 9:
                    raise

    def _log_ahead(self) -> None:
        """Use a write-ahead log. SQLite does not wait here: if two processes open a new file at once, one fails."""
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                self._db.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, while nobody else writes. Raises StoreGoneError if the file is no longer the stack's."""
        with _told(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                if _identity(self.path) != self._file:
                    raise _gone(self.path)
                yield
                self._db.execute("COMMIT")
            except BaseException:
                # A full disk may or may not end the transaction, even if COMMIT is what fails.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def written_by_others(self) -> bool:
        """Whether another connection has written since this was last asked; true the first time."""
        now: int = self._read("PRAGMA data_version")[0][0]
        seen, self._seen = self._seen, now
        return now != seen

    # The cluster.

    def load(self) -> Cluster:
        """The cluster as stored."""
        return Cluster(self.nodes(), self.services(), self._tasks(), self._history())

    def nodes(self) -> dict[str, Node]:
        """The nodes alone, for commands that change only nodes."""
        return self._records("nodes", Node)

    def services(self) -> dict[str, Service]:
        """The services alone, for commands that change only services."""
        return self._records("services", Service)

    def _records(self, table: str, kind: type[Any]) -> dict[str, Any]:
        rows = self._read(f"SELECT id, record FROM {table} ORDER BY rowid")  # noqa: S608 - our own names
        return {key: decode(kind, json.loads(record)) for key, record in rows}

    def _read(self, question: str, *values: object) -> list[Any]:
        with _told(self.path):
            return self._db.execute(question, values).fetchall()

    def _tasks(self) -> dict[str, Task]:
        return self._records("tasks", Task)

    def _history(self) -> dict[tuple[str, int | str], RestartHistory]:
        rows = self._read("SELECT service, slot, record FROM history")
        return {
            (service, json.loads(slot)): decode(RestartHistory, json.loads(record)) for service, slot, record in rows
        }

    def save(self, before: Cluster, after: Cluster) -> None:
        """Write the differences. Call it inside a transaction."""
        self._save("nodes", before.nodes, after.nodes)
        self._save("services", before.services, after.services)
        self._save("tasks", before.tasks, after.tasks)
        for key in before.history.keys() - after.history.keys():
            self._db.execute("DELETE FROM history WHERE service = ? AND slot = ?", (key[0], json.dumps(key[1])))
        for key, value in after.history.items():
            if before.history.get(key) is not value:
                row = (key[0], json.dumps(key[1]), json.dumps(encode(value)))
                self._db.execute("INSERT OR REPLACE INTO history VALUES (?, ?, ?)", row)

    def _save(self, table: str, before: Mapping[str, object], after: Mapping[str, object]) -> None:
        gone = [(key,) for key in before if key not in after]
        self._db.executemany(f"DELETE FROM {table} WHERE id = ?", gone)  # noqa: S608
        changed = [(key, json.dumps(encode(value))) for key, value in after.items() if before.get(key) is not value]
        # An update in place keeps the row's number, and with it the order of creation.
        self._db.executemany(
            f"INSERT INTO {table} VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record",  # noqa: S608
            changed,
        )

    def change(self, change: Callable[[Cluster], Cluster]) -> Cluster:
        """Apply a command's change and store its events, in one transaction."""
        with self.transaction():
            before = self.load()
            after = change(before)
            self.save(before, after)
            self.tell(time.time(), before, after)
        return after

    # The other contents of the store.

    def document(self, name: str, kind: type[Any]) -> Any:
        """A stored value of the given type; None if there is none."""
        rows = self._read("SELECT record FROM documents WHERE name = ?", name)
        return decode(kind, json.loads(rows[0][0])) if rows else None

    def put_document(self, name: str, value: object) -> None:
        """Store one value under a name."""
        self._db.execute("INSERT OR REPLACE INTO documents VALUES (?, ?)", (name, json.dumps(encode(value))))

    def payload(self, name: str) -> bytes | None:
        """The content of a secret or config."""
        rows = self._read("SELECT content FROM payloads WHERE name = ?", name)
        return bytes(rows[0][0]) if rows else None

    def put_payloads(self, payloads: Mapping[str, bytes]) -> None:
        """Store contents of secrets and configs."""
        self._db.executemany("INSERT OR REPLACE INTO payloads VALUES (?, ?)", list(payloads.items()))

    def tell(self, at: float, before: Cluster, after: Cluster) -> None:
        """Append the events between two clusters. Call it inside a transaction."""
        # Most commands cause no event, and the code that finds events takes time to load.
        if (before.nodes, before.services, before.tasks) != (after.nodes, after.services, after.tasks):
            from stackferry.emulator.cluster.happenings import happenings

            self.add_events(at, happenings(before, after))

    def add_events(self, at: float, events: "Iterable[Event]") -> None:
        """Append events; the oldest are forgotten."""
        from stackferry.emulator.cluster.event import stored

        rows = [(at, stored(event)) for event in events]
        if not rows:
            return
        self._db.executemany("INSERT INTO events (at, text) VALUES (?, ?)", rows)
        self._db.execute("DELETE FROM events WHERE number <= (SELECT max(number) FROM events) - ?", (KEPT_EVENTS,))

    def events(self, after: int = 0) -> list[Entry]:
        """The events after the given number, oldest first."""
        from stackferry.emulator.cluster.event import from_store

        rows = self._read("SELECT number, at, text FROM events WHERE number > ? ORDER BY number", after)
        return [Entry(number, at, from_store(text)) for number, at, text in rows]


def _gone(path: Path) -> StoreGoneError:
    return StoreGoneError(f"{path}: the stack was removed in the meantime", "start it again with `stackferry up`")


def _identity(path: Path) -> tuple[int, int]:
    """Identifies the file at a path; zeros if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_dev, found.st_ino)
