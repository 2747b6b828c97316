"""Two concurrent `up`s of one stack: which one was replaced, and its message."""

import os
from dataclasses import replace

import pytest

from stackferry.deploy.deploy import Ready, put_in_force
from stackferry.deploy.request import DeployRequest, ServiceSelection
from stackferry.display.progress import ProgressDisplay
from stackferry.emulator.control.change import scale_service
from stackferry.emulator.control.deployment import KEPT
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.store.store import Store
from stackferry.session import Session
from stackferry.up.replaced import replaced_by, what_replaced
from stackferry.up.summary import report
from stackferry.up.wait import follow

COMPOSE = "services: {web: {image: 'nginx:VERSION'}, api: {image: nginx}}"


@pytest.fixture
def up(here):
    """`up(version, **parts)`: what it has written."""
    os.environ.pop("COMPOSE_PROJECT_NAME", None)

    def deployed(version: int, compose: str = COMPOSE, **parts) -> Ready:
        (here / "compose.yaml").write_text(compose.replace("VERSION", str(version)))
        engine = FakeEngine(VirtualClock(), images=["nginx", "nginx:1", "nginx:2"])
        return put_in_force(Session(dict(os.environ)), engine, DeployRequest(**parts))

    return deployed


def test_the_first_is_told_of_the_second(up, here):
    first = up(1)
    assert what_replaced(first) == ""
    second = up(2)

    assert what_replaced(second) == ""
    assert what_replaced(first).startswith(
        f"this deployment was superseded by another one of {here}/compose.yaml, by process {os.getpid()} at "
    )
    assert what_replaced(first).endswith(", in web")


def test_it_fails_and_says_so(up, capsys):
    first = up(1)
    up(2)

    assert report(Session({}), first, []) == 1
    said = capsys.readouterr().err
    assert said.startswith("this deployment was superseded by another one")
    assert "stackferry -p shop ps" in said


def test_two_that_want_the_same_have_both_won(up):
    first = up(1)
    second = up(1)

    assert (what_replaced(first), what_replaced(second)) == ("", "")


def test_one_in_between_is_not_forgotten(up):
    first = up(1)
    up(2)
    third = up(2)

    assert what_replaced(first).endswith(", in web")
    assert what_replaced(third) == ""


def test_nor_one_of_very_many(up):
    first = up(1)
    for version in range(KEPT + 1):
        last = up(version % 2 + 1)

    assert "in web" in what_replaced(first)
    assert what_replaced(last) == ""


def test_services_that_were_not_meant_are_no_loss(up):
    only_api = up(1, services=ServiceSelection(("api",)))
    up(1)
    up(2)

    assert what_replaced(only_api) == ""


def test_one_that_is_removed_is(up):
    first = up(1)
    up(1, COMPOSE.replace(", api: {image: nginx}", ""))

    assert what_replaced(first).endswith(", in api")


def test_a_change_by_hand_is_no_deployment(up):
    first = up(1)
    store = Store(first.home.database)
    (web,) = (key for key, one in store.services().items() if one.spec.name == "shop_web")
    store.change(lambda cluster: scale_service(cluster, web, 3, 1.0))

    assert replaced_by(first, store) is None
    store.close()


def test_who_waits_ends_at_once(up):
    first = up(1)
    up(2)
    store = Store(first.home.database)
    asked = []

    found = follow(
        store,
        ["shop_web"],
        ProgressDisplay(live=False, quiet=True),
        over=lambda store: asked.append(store) or replaced_by(first, store),
    )

    assert len(asked) == 1
    assert [one.name for one in found] == ["shop_web"]
    store.close()


def test_a_store_that_is_gone_says_nothing(up):
    first = up(1)

    assert what_replaced(replace(first, home=replace(first.home, directory=first.home.directory / "gone"))) == ""
