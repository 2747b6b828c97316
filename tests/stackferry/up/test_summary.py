"""The final report of `up`."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stackferry.emulator.cluster.container import ContainerSpec
from stackferry.emulator.control.progress import Kind, Progress, Reason, Standing
from stackferry.emulator.fake.clock import VirtualClock
from stackferry.emulator.fake.engine import FakeEngine
from stackferry.emulator.store.directories import Home
from stackferry.session import Session
from stackferry.up.summary import advice, report

NOWHERE = Home(Path("/dev/null/home"))


def test_a_service_that_was_removed_meanwhile_has_not_converged(capsys: pytest.CaptureFixture[str]) -> None:
    services = (SimpleNamespace(name="shop_web"),)
    ready: Any = SimpleNamespace(home=NOWHERE, stack="shop", desired=SimpleNamespace(services=services))

    assert report(Session({}), ready, []) == 1
    assert capsys.readouterr().err == "shop_web: removed in the meantime\n"


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (None, "pull access denied for nosuch, repository does not exist"),
        ("never", "the image is not pulled, because its pull_policy is never"),
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
    ready: Any = SimpleNamespace(home=NOWHERE, stack="shop", desired=SimpleNamespace(services=(spec,)))
    reason = Reason(Kind.CRASH_LOOP, task="shop_web.1", detail="No such image: nosuch")
    found = Progress("shop_web", Standing.STUCK, 0, 1, reason)

    assert report(Session({}), ready, [found]) == 1
    said = capsys.readouterr().err
    assert says in said
    assert "  hint: check the name" in said


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("shop_web.1 keeps exiting: No such image: app:1", "check the name; for a private registry"),
        ("web.1 keeps exiting: port '8080' is already in use on this host", "find out what uses the port"),
        ("Error starting userland proxy: listen tcp4 127.0.0.1:80: bind: address already in use", "publish another"),
        ("Bind for 0.0.0.0:80 failed: port is already allocated", "publish another"),
        ("bind source path does not exist: /srv/a", "create /srv/a, or set bind: {create_host_path: true}"),
        ("network shop_back already exists, and was not created by stackferry", "set `external: true` to use it"),
        (
            (
                "/dev/shm/stackferry-1 is a folder of eve (uid 2), not a folder that you own: no secret"
                " may be stored there"
            ),
            "remove it",
        ),
        ('exec: "run": executable file not found in $PATH: unknown', "is in the image"),
        (
            "shop_web.1 has exited and is not restarted: task: non-zero exit (3)",
            "see its logs with `stackferry -p shop logs web`",
        ),
        (
            "rolled back: shop_web.2: task: non-zero exit (1)",
            "see the logs of the new tasks with `stackferry -p shop logs web`",
        ),
        ("rolled back: by hand", "the service is as it was before this deployment"),
        ("update paused due to failure or early termination of task x", "fix the problem, then deploy again"),
        ("no suitable node (insufficient resources on 1 node)", ""),
    ],
)
def test_what_to_do(reason: str, says: str) -> None:
    found = advice(reason, "shop", "shop_web")

    assert says in found
    assert bool(says) == bool(found)
