"""Fates of jobs and of the containers before a start: what services have they have, too, and their own keys."""

from dataclasses import replace

from stackferry.grammar.compose.validate.schema import key_paths
from stackferry.translator.fates.fate import Fate, Section, about, action, exact, holder

_BEFORE = "services.*.pre_start"
_NO_SERVICE = "no Service leads to a job's pod: nobody finds it by a name"
_PORT = "container.ports[containerPort={target},protocol={protocol}]"

JOBS: Section = {
    "jobs": holder(),
    "jobs.*": exact("workload", why="a CronJob: suspended without a schedule, and then started by hand"),
    "jobs.*.triggers": holder(),
    "jobs.*.triggers.manual": about(
        "kubectl create job --from=cronjob/NAME starts it by hand; Kubernetes cannot forbid that"
    ),
    "jobs.*.triggers.schedule": holder("a CronJob for each"),
    "jobs.*.triggers.schedule[]": exact("schedule"),
    "jobs.*.triggers.schedule[].cron": exact("schedule.spec.schedule", why="CronJobs read it as it is meant here"),
    "jobs.*.triggers.schedule[].timezone": exact("schedule.spec.timeZone"),
    "jobs.*.triggers.schedule[].concurrency": exact(
        "schedule.spec.concurrencyPolicy", why="Forbid: never two runs at a time"
    ),
    "jobs.*.triggers.schedule[].missed_fires": exact(
        "schedule.spec.startingDeadlineSeconds", why="skip: missed is what is late by 10 s"
    ),
    "jobs.*.depends_on.*.restart": exact(why="each run is a new pod"),
    "jobs.*.expose": about(_NO_SERVICE, "container.ports"),
    "jobs.*.networks.*.aliases": about(_NO_SERVICE),
    "jobs.*.ports": holder("no Service is made for a job"),
    "jobs.*.ports[]": about(_NO_SERVICE, _PORT),
    "jobs.*.ports[].target": exact(_PORT),
    "jobs.*.ports[].published": action("not published; kubectl port-forward reaches the pod while it runs"),
    "jobs.*.ports[].protocol": exact(f"{_PORT}.protocol"),
    "jobs.*.ports[].mode": exact(f"{_PORT}.hostPort", why="ingress: not published"),
    "jobs.*.ports[].host_ip": about("not published"),
    "jobs.*.ports[].name": exact(f"{_PORT}.name"),
    "jobs.*.ports[].app_protocol": about(_NO_SERVICE),
    _BEFORE: holder("each runs to its end, one after the other; while one fails it is tried again"),
    f"{_BEFORE}[]": exact("before", "last"),
    f"{_BEFORE}[].per_replica": exact("before", why="in every pod, and again while it fails"),
}
"""The keys that services do not have, and those that mean something else there."""


def shared(of_services: Section) -> Section:
    """The keys that they have in common with services, at their own places."""
    found: dict[str, Fate] = {}
    # Of some lists the table knows the items, which are no keys of the schema.
    items = (f"{path}[]" for path in key_paths())
    for path in (*key_paths(), *items):
        if path.startswith("jobs.*."):
            fate = of_services.get(path.removeprefix("jobs.*."))
        elif path.startswith(f"{_BEFORE}[]."):
            fate = of_services.get(path.removeprefix(f"{_BEFORE}[]."))
            fate = fate and replace(fate, places=tuple(_before(fate.places)))
        else:
            continue
        if fate is not None:
            found[path] = fate
    return found


def _before(places: tuple[str, ...]) -> list[str]:
    """Where a container's fields are in one that runs before: an init container, or the last one of a Job."""
    return [
        f"{role}{place.removeprefix('container')}" if place.startswith("container.") else place
        for place in places
        for role in (("before", "last") if place.startswith("container.") else ("",))
    ]
