"""Fates of jobs and of the containers before a start: what services have they have, too, and their own keys."""

from dataclasses import replace

from stackferry.grammar.compose.validate.schema import key_paths
from stackferry.grammar.fates import Fate, Section, exact, holder

_BEFORE = "services.*.pre_start"
_JOBS = "jobs.*"

TRIGGERS: Section = {
    "jobs": holder(),
    "jobs.*": exact("service", why="`run` starts it by hand; the manager starts it by its schedule, and `up` never"),
    "jobs.*.triggers": holder(),
    "jobs.*.triggers.manual": exact(why="false: `run` refuses it"),
    "jobs.*.triggers.schedule": exact("service.schedules", why="the manager starts it; docker compose 5 refuses to"),
    "jobs.*.triggers.schedule[].cron": exact("service.schedules", why="its moments are those of a CronJob"),
    "jobs.*.triggers.schedule[].timezone": exact("service.schedules", why="that of the machine if it is left out"),
    "jobs.*.triggers.schedule[].concurrency": exact(
        "service.schedules", why="with queue one firing waits, however many come while a run is under way"
    ),
    "jobs.*.triggers.schedule[].missed_fires": exact("service.schedules", why="missed is what is late by a minute"),
    _BEFORE: exact(
        "container.pre_start", why="each runs to its end, one after the other, before the task's own container"
    ),
    f"{_BEFORE}[].per_replica": exact("container.pre_start", why="docker compose 5.6 refuses it"),
}
"""The keys that services do not have; their paths begin at the top."""


def shared(of_services: Section) -> Section:
    """The keys that they have in common with services, at their own places."""
    found: dict[str, Fate] = {}
    for path in key_paths():
        for begin, place in ((f"{_JOBS}.", ""), (f"{_BEFORE}[].", "container.pre_start")):
            fate = of_services.get(path.removeprefix(begin)) if path.startswith(begin) else None
            if fate is not None:
                found[path] = replace(fate, places=(place,)) if place and fate.places else fate
    return found
