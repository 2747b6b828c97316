"""The heart of the emulator: (cluster, now, chance) -> cluster. Pure; one call is one pass.

    observe (agent.py) -> reconcile -> operations (agent.py) -> execute (execute.py)

A pass writes only what swarm's manager writes: new tasks, desired states, nodes of tasks, update
statuses. It is idempotent: a second pass at the same time changes nothing.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

from stackferry.emulator import everywhere, job, replicated
from stackferry.emulator.cluster import Cluster, Service
from stackferry.emulator.dependency import admit
from stackferry.emulator.draft import Draft
from stackferry.emulator.enforcer import enforce
from stackferry.emulator.reaper import RETENTION, reap
from stackferry.emulator.scheduler import schedule
from stackferry.emulator.spec import Mode
from stackferry.emulator.state import TaskState

ORCHESTRATORS: Mapping[Mode, Callable[[Draft, Service], None]] = {
    Mode.REPLICATED: replicated.orchestrate,
    Mode.GLOBAL: everywhere.orchestrate,
    Mode.REPLICATED_JOB: job.orchestrate,
    Mode.GLOBAL_JOB: job.orchestrate,
}


class Reconciled(NamedTuple):
    """The cluster after a pass, and when the next one is due though nothing happens (None: never)."""

    cluster: Cluster
    wake_at: float | None


def reconcile(cluster: Cluster, now: float, chance: Random, retention: int = RETENTION) -> Reconciled:
    """One pass over everything."""
    draft = Draft(cluster, now, chance)
    enforce(draft)
    admit(draft)
    for service_id in list(draft.services):
        service = draft.services[service_id]
        if service.removed:
            draft.tell(draft.of(service_id), TaskState.REMOVE)
        elif service.awaiting:
            continue
        elif not service.stopped:
            ORCHESTRATORS[service.spec.mode](draft, service)
        else:
            draft.tell((task for task in draft.of(service_id) if task.wanted), TaskState.SHUTDOWN)
    schedule(draft)
    reap(draft, retention)
    return Reconciled(draft.close(), draft.wake_at)
