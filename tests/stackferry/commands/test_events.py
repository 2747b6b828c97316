"""`events` while the machine's clock is set: events are shown as they happen."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stackferry.emulator.cluster.event import Action, FormerEvent, ServiceEvent
from stackferry.emulator.store.directories import home
from stackferry.emulator.store.store import Store
from tests.stackferry.conftest import NOW, Outcome


@pytest.mark.parametrize("by", [-3600.0, 3600.0])
@pytest.mark.parametrize("words", [(), ("--since", "10s")])
def test_what_happens_after_the_clock_was_set(
    words: tuple[str, ...],
    by: float,
    running: Path,
    stackferry: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = home(os.environ, "shop")
    store = Store(place.database)
    sleeps: list[float] = []

    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        if len(sleeps) > 1:
            place.database.unlink()
        else:
            store.add_events(NOW + by, [ServiceEvent(Action.REMOVE, "sweb", "shop_web")])

    monkeypatch.setattr(time, "sleep", sleep)

    shown = stackferry("events", *words)

    assert [line.split(" ", 1)[1] for line in shown.out.splitlines()] == ["service shop_web removed"]


def test_what_is_to_begin_later_begins_later(
    running: Path, stackferry: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = home(os.environ, "shop")
    store = Store(place.database)
    later = iter([NOW + 1, NOW + 60])

    def sleep(_: float) -> None:
        at = next(later, None)
        store.add_events(at, [FormerEvent("service", f"service at {at}")]) if at else place.database.unlink()

    monkeypatch.setattr(time, "sleep", sleep)

    shown = stackferry("events", "--since", str(NOW + 30))

    assert [line.split(" ", 1)[1] for line in shown.out.splitlines()] == [f"service at {NOW + 60}"]
