"""The heart of the emulator: (cluster, now, chance) -> cluster. Pure; one call is one pass.

    observe (agent/lifecycle.py) -> reconcile -> operations (agent/lifecycle.py) -> execute (agent/executor.py)

A pass writes only what swarm's manager writes: new tasks, desired states, nodes of tasks, update
statuses. It is idempotent: a second pass at the same time changes nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import NamedTuple

from stackferry.emulator.cluster.objects import Cluster, Service
from stackferry.emulator.cluster.spec import Mode
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator import global_service as everywhere
from stackferry.emulator.orchestrator import job, replicated
from stackferry.emulator.orchestrator.draft import Draft
from stackferry.emulator.orchestrator.enforcer import enforce
from stackferry.emulator.orchestrator.following import follow
from stackferry.emulator.orchestrator.reaper import RETENTION, reap
from stackferry.emulator.orchestrator.scheduler import schedule
from stackferry.emulator.orchestrator.start_order import admit

ORCHESTRATORS: Mapping[Mode, Callable[[Draft, Service], None]] = {
    Mode.REPLICATED: replicated.orchestrate,
    Mode.GLOBAL: everywhere.orchestrate,
    Mode.REPLICATED_JOB: job.orchestrate,
    Mode.GLOBAL_JOB: job.orchestrate,
}


class Reconciled(NamedTuple):
    """The cluster after a pass, and when the next pass is due if nothing happens until then (None: never)."""

    cluster: Cluster
    wake_at: float | None


def reconcile(
    cluster: Cluster, now: float, chance: Random, retention: int = RETENTION, day: datetime | None = None
) -> Reconciled:
    """One pass over everything. `day` is the aware time of day, for schedules; without it no schedule fires."""
    draft = Draft(cluster, now, chance)
    enforce(draft)
    admit(draft)
    for service_id in list(draft.services):
        _orchestrate(draft, draft.services[service_id], day)
    for service in follow(draft):
        _orchestrate(draft, service, day)
    schedule(draft)
    reap(draft, retention)
    return Reconciled(draft.close(), draft.wake_at)


def _orchestrate(draft: Draft, service: Service, day: datetime | None) -> None:
    if service.removed:
        draft.tell(draft.of(service.id), TaskState.REMOVE)
    elif service.awaiting:
        return
    elif service.spec.schedules and not service.stopped:
        if day is not None:
            # Few stacks have schedules, and cron lines with time zones take a while to load.
            from stackferry.emulator.orchestrator.firings.orchestrate import orchestrate

            orchestrate(draft, service, day)
    elif not service.stopped:
        ORCHESTRATORS[service.spec.mode](draft, service)
    else:
        draft.tell((task for task in draft.of(service.id) if task.wanted), TaskState.SHUTDOWN)
