"""Fates of jobs and init containers: they share the keys of services and have some of their own."""

from dataclasses import replace

from stackferry.grammar.compose.validate.schema import key_paths
from stackferry.grammar.fates import Fate, Section, exact, holder

_BEFORE = "services.*.pre_start"
_JOBS = "jobs.*"

TRIGGERS: Section = {
    "jobs": holder(),
    "jobs.*": exact("service", why="started by `run` or by its schedule, never by `up`"),
    "jobs.*.triggers": holder(),
    "jobs.*.triggers.manual": exact(why="false: `run` refuses it"),
    "jobs.*.triggers.schedule": exact("service.schedules", why="docker compose 5 refuses schedules"),
    "jobs.*.triggers.schedule[].cron": exact("service.schedules", why="fires at the same times as a CronJob"),
    "jobs.*.triggers.schedule[].timezone": exact("service.schedules", why="default: the machine's"),
    "jobs.*.triggers.schedule[].concurrency": exact(
        "service.schedules", why="queue: at most one firing waits for the current run"
    ),
    "jobs.*.triggers.schedule[].missed_fires": exact("service.schedules", why="missed: over a minute late"),
    _BEFORE: exact("container.pre_start", why="each runs to completion, in order, before the task's own container"),
    f"{_BEFORE}[].per_replica": exact("container.pre_start", why="docker compose 5.6 refuses it"),
}
"""The keys that services do not have; their paths are absolute."""


def shared(of_services: Section) -> Section:
    """The keys that they share with services, moved to their own paths."""
    found: dict[str, Fate] = {}
    for path in key_paths():
        for begin, place in ((f"{_JOBS}.", ""), (f"{_BEFORE}[].", "container.pre_start")):
            fate = of_services.get(path.removeprefix(begin)) if path.startswith(begin) else None
            if fate is not None:
                found[path] = replace(fate, places=(place,)) if place and fate.places else fate
    return found
