"""The state of a stack whose last service was removed is deleted, unless it has content or is in use again."""

from pathlib import Path
from random import Random

import pytest

from stackferry.emulator.cluster.spec import ServiceSpec, TaskTemplate
from stackferry.emulator.control.change import create_service
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.manager.farewell import discard_empty, leave_nothing, leave_word
from stackferry.emulator.store.directories import Home, discard
from stackferry.emulator.store.store import Store
from stackferry.emulator.store.user_payloads import StoredObject


@pytest.fixture
def place(tmp_path: Path) -> Home:
    return Home(tmp_path / "shop")


def recorded(store: Store, record: StackRecord) -> None:
    with store.transaction():
        store.put_document("stack", record)


def test_it_goes_where_that_was_said(place: Home) -> None:
    store = Store(place.database)
    leave_nothing(place, store)
    assert place.database.exists()
    leave_word(store, "shop")
    leave_nothing(place, store)

    assert not place.directory.exists()
    leave_nothing(place, store)
    assert not place.directory.exists()


def test_it_stays_where_somebody_took_it_back(place: Home) -> None:
    store = Store(place.database)
    recorded(store, StackRecord("shop", directory="/srv", ends=True))
    leave_word(store, "shop", ends=False)
    leave_nothing(place, store)

    assert store.document("stack", StackRecord) == StackRecord("shop", directory="/srv")


def test_it_stays_with_what_is_in_it(place: Home) -> None:
    store = Store(place.database)
    recorded(store, StackRecord("shop", owned=(StoredObject("secret", "shop_key", "1"),), ends=True))
    leave_nothing(place, store)
    assert place.database.exists()
    recorded(store, StackRecord("shop", ends=True))
    store.change(lambda cluster: create_service(cluster, ServiceSpec("web", task=TaskTemplate()), 1.0, Random(1)))
    leave_nothing(place, store)
    discard_empty(place, store)

    assert [one.spec.name for one in store.services().values()] == ["web"]


def test_what_was_begun_and_came_to_nothing(place: Home) -> None:
    store = Store(place.database)
    discard_empty(place, store)
    assert not place.directory.exists()
    # Somebody else was faster.
    other = Store(place.database)
    discard(place)
    discard_empty(place, other)
    assert not place.directory.exists()
