"""Fates of jobs and of `pre_start` containers: the keys that they share with services, and their own."""

from dataclasses import replace

from stackferry.grammar.compose.validate.schema import key_paths
from stackferry.translator.fates.fate import Fate, Section, about, action, exact, holder

_BEFORE = "services.*.pre_start"
_NO_SERVICE = "a job's pod has no Service, so its name does not resolve"
_PORT = "container.ports[containerPort={target},protocol={protocol}]"

JOBS: Section = {
    "jobs": holder(),
    "jobs.*": exact("workload", why="a CronJob; without a schedule it is suspended and started by hand"),
    "jobs.*.triggers": holder(),
    "jobs.*.triggers.manual": about("Kubernetes cannot forbid a manual start: kubectl create job --from=cronjob/NAME"),
    "jobs.*.triggers.schedule": holder("one CronJob per schedule"),
    "jobs.*.triggers.schedule[]": exact("schedule"),
    "jobs.*.triggers.schedule[].cron": exact("schedule.spec.schedule", why="the same syntax"),
    "jobs.*.triggers.schedule[].timezone": exact("schedule.spec.timeZone"),
    "jobs.*.triggers.schedule[].concurrency": exact("schedule.spec.concurrencyPolicy", why="Forbid: one run at a time"),
    "jobs.*.triggers.schedule[].missed_fires": exact(
        "schedule.spec.startingDeadlineSeconds", why="skip: a run more than 10 s late is missed"
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
    _BEFORE: holder("each runs to completion, in order; a failure is retried"),
    f"{_BEFORE}[]": exact("before", "last"),
    f"{_BEFORE}[].per_replica": exact("before", why="in every pod; retried while it fails"),
}
"""The keys that services do not have, and those that mean something else for services."""


def shared(of_services: Section) -> Section:
    """The keys shared with services, with places of their own."""
    found: dict[str, Fate] = {}
    # For some lists the table has the items, which are not keys of the schema.
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
    """The places of a container's fields in one that runs before: an init container, or a Job's last container."""
    return [
        f"{role}{place.removeprefix('container')}" if place.startswith("container.") else place
        for place in places
        for role in (("before", "last") if place.startswith("container.") else ("",))
    ]
