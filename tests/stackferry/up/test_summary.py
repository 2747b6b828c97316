"""The last words of `up`."""

from types import SimpleNamespace
from typing import Any

import pytest

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.control.convergence import Progress, Standing
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.session import Session
from stackferry.up.summary import report


def test_a_service_that_was_removed_meanwhile_has_not_converged(capsys: pytest.CaptureFixture[str]) -> None:
    services = (SimpleNamespace(name="shop_web"),)
    ready: Any = SimpleNamespace(stack="shop", desired=SimpleNamespace(services=services))

    assert report(Session({}), ready, []) == 1
    assert capsys.readouterr().err == "shop_web: was removed meanwhile\n"


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (None, "pull access denied for nosuch, repository does not exist"),
        ("never", "it is not fetched: its pull_policy is never"),
    ],
)
def test_the_engine_says_why_there_is_no_image(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], policy: str | None, says: str
) -> None:
    """A task keeps no more than a swarm's: that there is none."""
    from stackferry import engine

    monkeypatch.setattr(engine, "connect", lambda _session: FakeEngine(VirtualClock()))
    spec = SimpleNamespace(
        name="shop_web", task=SimpleNamespace(container=ContainerSpec("nosuch", pull_policy=policy or ""))
    )
    ready: Any = SimpleNamespace(stack="shop", desired=SimpleNamespace(services=(spec,)))
    found = Progress("shop_web", Standing.STUCK, 0, 1, "shop_web.1 ends again and again: No such image: nosuch")

    assert report(Session({}), ready, [found]) == 1
    said = capsys.readouterr().err
    assert says in said
    assert "  hint: check the name" in said
