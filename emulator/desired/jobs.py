"""Jobs of a compose file as services: scheduled jobs for the manager, a job started by hand for `run`.

Part of `stack.py`. To the engine a job is a service whose tasks end, so everything that holds for services holds here.
Nothing else starts a job: neither `up` nor docker compose does.
"""

from collections.abc import Mapping
from dataclasses import replace

from stackferry.emulator.cluster.spec import ScheduleSpec
from stackferry.emulator.desired.findings import Findings
from stackferry.grammar.compose.model.as_service import job_as_service
from stackferry.grammar.compose.model.job import Schedule
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.key_path import Path


def run_by_hand(project: Project, name: str) -> Project | None:
    """The project with a job and the jobs that it depends on as services; None if there is no job of that name.

    Of the services, only those that the job depends on are kept. Raises if the job may not be run by hand.
    """
    jobs = {**project.disabled_jobs, **project.jobs}
    if name not in jobs or name in project.services:
        return None
    known = {**project.disabled, **project.services}
    found: dict[str, Service] = {}
    waiting = [name]
    while waiting:
        key = waiting.pop()
        job = jobs.get(key)
        if job is not None and job.triggers.manual is False:
            needed = "" if key == name else f", which {name} depends on,"
            raise StackferryError(f"job {key}{needed} has manual: false, so it only runs on its schedule", _ALLOW)
        service = job_as_service(job) if job is not None else known.get(key)
        if service is not None and key not in found:
            found[key] = service
            waiting += service.depends_on
    # Builds may copy from the images of others.
    others = {key: one for key, one in known.items() if key not in found}
    return replace(project, services=found, disabled=others, jobs={})


_ALLOW = "remove `manual: false`, or wait for its next run: `stackferry job ls` shows it"


def with_scheduled(project: Project, findings: Findings) -> tuple[Project, Mapping[str, tuple[ScheduleSpec, ...]]]:
    """The project with its scheduled jobs as services, and the schedules by job name.

    A schedule that cannot be parsed is refused at its place in the file.
    """
    found: dict[str, tuple[ScheduleSpec, ...]] = {}
    services = dict(project.services)
    for name, job in project.jobs.items():
        if not job.triggers.schedule:
            continue
        found[name] = tuple(
            _schedule(one, ("jobs", name, "triggers", "schedule", index), findings)
            for index, one in enumerate(job.triggers.schedule)
        )
        services[name] = _alone(job_as_service(job), project, findings)
    return replace(project, services=services), found


def _schedule(schedule: Schedule, path: Path, findings: Findings) -> ScheduleSpec:
    # Most stacks have no job, and parsing a cron line loads time zones.
    from stackferry.grammar.schedule import problems

    for error in problems(schedule.cron, schedule.timezone or ""):
        key = "timezone" if error.in_timezone else "cron"
        findings.refuse((*path, key), "invalid-schedule", str(error), error.hint)
    return ScheduleSpec(
        schedule.cron, schedule.timezone or "", schedule.concurrency or "forbid", schedule.missed_fires or "one"
    )


def _alone(service: Service, project: Project, findings: Findings) -> Service:
    """A job's service without the jobs that it depends on: nothing runs these when the schedule fires."""
    for name in service.depends_on:
        if name not in project.services:
            path = ("jobs", service.name, "depends_on", name)
            findings.notes.approximated(path, "job-dependency", f"scheduled runs do not wait for the job {name}")
    kept = {name: one for name, one in service.depends_on.items() if name in project.services}
    return replace(service, depends_on=kept)
