"""Brings up the dependencies of a service before its one-off container runs, until their conditions hold."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackferry.deploy.deploy import put_in_force
from stackferry.deploy.request import DeployRequest, Rollout, ServiceSelection
from stackferry.emulator.control.progress import Standing
from stackferry.emulator.orchestrator.start_order import unmet
from stackferry.emulator.store.store import Store
from stackferry.session import Session
from stackferry.up.background import wait_for
from stackferry.up.summary import report
from stackferry.up.wait import LOOK, standing

if TYPE_CHECKING:
    from stackferry.deploy.deploy import Ready


def bring_up_first(session: Session, services: tuple[str, ...], depends_on: Mapping[str, str], *, quiet: bool) -> int:
    """Bring services up (keys) until conditions hold (full names to conditions); returns 1 if that fails, else 0."""
    from stackferry.engine import connect

    engine = connect(session)
    request = DeployRequest(ServiceSelection(services), rollout=Rollout(follow_images=True))
    ready = put_in_force(session, engine, request)
    engine.close()
    found = wait_for(session, ready, quiet=quiet, timeout=None, steady=0.0)
    code = report(session, ready, found) or _met(session, ready, depends_on)
    if code:
        session.note("hint: fix it, or start nothing else with run --no-deps")
    return code


def _met(session: Session, ready: "Ready", depends_on: Mapping[str, str]) -> int:
    """Wait for dependencies that have to complete and not only to run."""
    store = Store(ready.home.database, make=False)
    try:
        while True:
            cluster = store.load()
            if not unmet(cluster.tasks_of, depends_on, cluster.services.values()):
                return 0
            found = standing(cluster, {spec.name for spec in ready.desired.services})
            if any(one.standing is Standing.STUCK for one in found):
                return report(session, ready, found)
            time.sleep(LOOK)
    finally:
        store.close()
