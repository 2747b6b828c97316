"""The store when its file was removed, replaced, or is on a full disk."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest

from stackferry.emulator.cluster.event import Action, FormerEvent, ServiceEvent
from stackferry.emulator.cluster.objects import Cluster, Node
from stackferry.emulator.cluster.spec import Mode, ServiceSpec, TaskTemplate
from stackferry.emulator.control.change import create_service, remove_service
from stackferry.emulator.store.directories import Home, discard, home, stacks
from stackferry.emulator.store.store import Store, StoreError, StoreGoneError


def place(tmp_path: Path) -> Home:
    return home({"XDG_STATE_HOME": str(tmp_path)}, "shop")


def with_web(cluster: Cluster) -> Cluster:
    spec = ServiceSpec(name="shop_web", mode=Mode.REPLICATED, replicas=1, task=TaskTemplate())
    return create_service(cluster, spec, 1.0, Random(1))


def fill(store: Store) -> None:
    """From now on the file may not grow."""
    store.change(with_web)
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")


def test_what_is_written_after_the_stack_was_removed_is_refused(tmp_path: Path) -> None:
    it = place(tmp_path)
    store = Store(it.database)
    discard(it)

    with pytest.raises(StoreGoneError, match="the stack was removed in the meantime"):
        store.change(with_web)

    assert not it.directory.exists()


def test_another_file_in_the_same_place_is_not_written_for_the_old_one(tmp_path: Path) -> None:
    it = place(tmp_path)
    old = Store(it.database)
    discard(it)
    new = Store(it.database)

    with pytest.raises(StoreGoneError):
        old.change(with_web)

    assert new.services() == {}
    assert [one.spec.name for one in new.change(with_web).services.values()] == ["shop_web"]


def test_a_store_that_is_not_there_is_made_only_where_that_is_meant(tmp_path: Path) -> None:
    with pytest.raises(StoreGoneError):
        Store(place(tmp_path).database, make=False)

    assert not place(tmp_path).directory.exists()


def test_a_full_disk_is_told_in_words_and_the_store_goes_on_when_there_is_space(tmp_path: Path) -> None:
    store = Store(place(tmp_path).database)
    fill(store)
    with pytest.raises(StoreError, match="full") as caught, store.transaction():
        store.put_document("ballast", "." * 100_000)
    assert caught.value.hint == "free some disk space, then try again"

    store._db.execute("PRAGMA max_page_count = 100000")
    with store.transaction():
        store.put_document("ballast", "." * 100_000)

    assert store.document("ballast", str) == "." * 100_000


def test_a_transaction_that_cannot_be_committed_is_over(tmp_path: Path) -> None:
    """Else the next one could not begin: not even when there is space again."""
    store = Store(place(tmp_path).database)
    real = store._db

    class Failing:
        in_transaction = property(lambda _: real.in_transaction)

        def execute(self, question: str, *values: object) -> sqlite3.Cursor:
            if question == "COMMIT":
                raise sqlite3.OperationalError("database or disk is full")
            return real.execute(question, *values)

    store._db = Failing()  # type: ignore[assignment]
    with pytest.raises(StoreError, match="database or disk is full"), store.transaction():
        store.put_document("one", 1)
    store._db = real

    with store.transaction():
        store.put_document("two", 2)
    assert (store.document("one", int), store.document("two", int)) == (None, 2)


def test_folders_that_are_being_removed_are_no_stacks_and_do_not_stay(tmp_path: Path) -> None:
    it = place(tmp_path)
    died = it.directory.with_name(".shop.4711")
    Store(died / "state.db").close()
    Store(it.database).close()
    assert [*stacks({"XDG_STATE_HOME": str(tmp_path)})] == ["shop"]

    discard(it)

    assert [*it.directory.parent.iterdir()] == []


def test_a_second_connection_leaves_the_first_its_locks(tmp_path: Path) -> None:
    """A manager in the foreground looks at its own store; another process that leaves is not the last one then."""
    path = tmp_path / "state.db"
    first = Store(path)
    first.change(lambda cluster: cluster)
    Store(path).close()

    code = (
        "import sys; from pathlib import Path;"
        "from stackferry.emulator.store.store import Store; Store(Path(sys.argv[1])).close()"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)

    assert path.with_name("state.db-wal").exists()
    first.close()


def test_a_new_file_can_be_opened_by_many_at_once(tmp_path: Path) -> None:
    """Two `up`s of a new stack: of 300 rounds of six, SQLite refused somebody in six."""
    refused: list[Exception] = []

    def open_it(path: Path, together: threading.Barrier) -> None:
        together.wait()
        try:
            Store(path).close()
        except StoreError as error:
            refused.append(error)

    for number in range(100):
        together = threading.Barrier(6)
        openers = [
            threading.Thread(target=open_it, args=(tmp_path / str(number) / "state.db", together)) for _ in range(6)
        ]
        for opener in openers:
            opener.start()
        for opener in openers:
            opener.join()

    assert refused == []


def test_lines_of_a_former_version_stay_and_more_may_come(tmp_path: Path) -> None:
    """Its manager may still run when the first command of this version looks at the store."""
    former = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
    former.execute("CREATE TABLE events (number INTEGER PRIMARY KEY, at REAL NOT NULL, text TEXT NOT NULL)")
    add = "INSERT INTO events (at, text) VALUES (?, ?)"
    former.execute(add, (1.0, "service shop_web created"))

    store = Store(tmp_path / "state.db")
    store.add_events(2.0, [ServiceEvent(Action.UPDATE, "s1", "shop_web", 2)])
    former.execute(add, (3.0, "task shop_web.1.abc running"))

    assert [(one.number, one.at, one.event) for one in store.events()] == [
        (1, 1.0, FormerEvent("service", "service shop_web created", "shop_web")),
        (2, 2.0, ServiceEvent(Action.UPDATE, "s1", "shop_web", 2)),
        (3, 3.0, FormerEvent("task", "task shop_web.1.abc running", "shop_web")),
    ]
    assert [one.number for one in store.events(2)] == [3]


def test_a_command_tells_what_it_has_changed(tmp_path: Path) -> None:
    """No manager knows of it: it takes up what is there."""
    store = Store(tmp_path / "state.db")

    store.change(lambda _: with_web(Cluster({"n1": Node("n1", "node-1")})))
    store.change(lambda cluster: cluster)
    store.change(lambda cluster: remove_service(cluster, *cluster.services))

    assert [str(one.event) for one in store.events()] == [
        "node node-1 created",
        "service shop_web created",
        "service shop_web to be removed",
    ]
