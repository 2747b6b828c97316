"""Jobs with schedules: each firing is one more run of the service, a job that swarm's job orchestrator runs.

A pass calls this instead of `job.py` alone. The cluster of a pass, with its firings and their tasks, is saved before
any operation starts: so no firing is lost with its manager, and none has two tasks.
"""

from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from stackferry.emulator.cluster.firing import Firing, PastRun
from stackferry.emulator.cluster.objects import Service, Task
from stackferry.emulator.cluster.spec import ScheduleSpec
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator import job
from stackferry.emulator.orchestrator.draft import Draft
from stackferry.emulator.orchestrator.firings.decide import Skipped, decide
from stackferry.emulator.orchestrator.firings.history import begun, ended
from stackferry.emulator.orchestrator.firings.trigger import Concurrency, Job, MissedFires, Trigger
from stackferry.grammar.schedule import parse

REMEMBERED = 50
"""Runs of a job that are kept in its history, skipped ones included."""

LOOK = 60.0
"""Seconds between two looks at the time of day, which somebody may set."""

_WAITING = 1
"""Firings that wait for the current run if `concurrency` is queue: Docker starts a single one, however many came."""


def orchestrate(draft: Draft, service: Service, now: datetime) -> None:
    """One pass over a job with schedules, at an aware time of day."""
    if service.iteration:
        job.orchestrate(draft, service)
    asked = job_of(service.spec.name, service.spec.schedules)
    service = _settled(draft, service)
    if not service.firings.job:
        service = replace(service, firings=begun(asked, now))
    decision = decide(asked, service.firings, now)
    service = replace(service, firings=decision.history)
    for skipped in decision.skipped:
        service = _remembered(service, _skipped_run(skipped))
    if decision.start:
        service = _fired(draft, service)
    draft.services[service.id] = service
    if decision.next_look is not None:
        draft.wake(draft.now + min(max((decision.next_look - now).total_seconds(), 0.0), LOOK))


@lru_cache(maxsize=256)
def job_of(name: str, schedules: tuple[ScheduleSpec, ...]) -> Job:
    """The schedules of a job, parsed. Invalid schedules were refused at deployment."""
    return Job(
        name,
        tuple(
            Trigger(
                parse(one.cron, one.timezone), Concurrency(one.concurrency), MissedFires(one.missed_fires), _WAITING
            )
            for one in schedules
        ),
    )


def _fired(draft: Draft, service: Service) -> Service:
    service = replace(service, iteration=service.iteration + 1, version=service.version + 1)
    job.orchestrate(draft, service)
    return service


def _settled(draft: Draft, service: Service) -> Service:
    """The service with its ended run moved from the current runs to the past ones."""
    tasks = [task for task in draft.of(service.id) if task.iteration == service.iteration]
    if not service.firings.runs or not all(task.ended for task in tasks):
        return service
    for run in service.firings.runs:
        service = _remembered(service, _past_run(run.firing, tasks))
        service = replace(service, firings=ended(service.firings, run.firing))
    return service


def _past_run(firing: Firing, tasks: list[Task]) -> PastRun:
    if not tasks:
        # A job that is scaled to 0 has nothing to do.
        return PastRun(firing.moment, firing.schedule, "complete")
    last = tasks[-1]
    return PastRun(
        firing.moment,
        firing.schedule,
        "complete" if last.state == TaskState.COMPLETE else "failed",
        last.id,
        last.exit_code,
        last.error,
        seconds=last.at - tasks[0].created_at,
    )


def _skipped_run(skipped: Skipped) -> PastRun:
    return PastRun(
        skipped.firing.moment, skipped.firing.schedule, "skipped", error=skipped.reason.value, count=skipped.count
    )


def _remembered(service: Service, run: PastRun) -> Service:
    return replace(service, past=(*service.past, run)[-REMEMBERED:])
