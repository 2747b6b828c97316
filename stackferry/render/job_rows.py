"""Rows of `job ls` and `job runs`: scheduled jobs, their next runs, and the results of past runs."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo

from stackferry.emulator.cluster.firing import PastRun
from stackferry.emulator.cluster.objects import Cluster, Service, Task
from stackferry.emulator.orchestrator.firings.due import following
from stackferry.emulator.orchestrator.firings.orchestrate import job_of
from stackferry.grammar.compose.model.job import Job
from stackferry.render.durations import human
from stackferry.render.format import Row, Shape
from stackferry.render.task_rows import SHORT_ID

JOBS = Shape(
    {
        "Name": "NAME",
        "Schedule": "SCHEDULE",
        "LastRun": "LAST RUN",
        "Result": "RESULT",
        "NextRun": "NEXT RUN",
    },
    ("Name", "Schedule", "LastRun", "Result", "NextRun"),
)
RUNS = Shape(
    {
        "ID": "ID",
        "Moment": "MOMENT",
        "Schedule": "SCHEDULE",
        "Result": "RESULT",
        "ExitCode": "EXIT CODE",
        "Duration": "DURATION",
        "Error": "ERROR",
    },
    ("ID", "Moment", "Schedule", "Result", "ExitCode", "Duration", "Error"),
)


def job_rows(services: Iterable[Service], names: Mapping[str, str], now: float, zone: tzinfo) -> list[Row]:
    """One row per job. `names`: the jobs' names in the file; `zone`: the machine's time zone."""
    return [
        {
            "Name": names[service.id],
            "Schedule": ", ".join(_schedule(one.cron, one.timezone) for one in service.spec.schedules),
            "LastRun": _last_run(service, now),
            "Result": _result(service),
            "NextRun": _next_run(service, now, zone),
        }
        for service in services
    ]


def undeployed_rows(jobs: Mapping[str, Job]) -> list[Row]:
    """One row for each job of the files that no manager knows: jobs run by hand, and jobs of a stack not deployed."""
    return [
        {
            "Name": name,
            "Schedule": ", ".join(_schedule(one.cron, one.timezone or "") for one in job.triggers.schedule)
            or "by hand",
            "LastRun": "",
            "Result": "",
            "NextRun": "not deployed" if job.triggers.schedule else "",
        }
        for name, job in jobs.items()
    ]


def _schedule(cron: str, timezone: str) -> str:
    return f"{cron} {timezone}".rstrip()


def _last_run(service: Service, now: float) -> str:
    moments = [one.firing.moment for one in service.firings.runs]
    moments += [one.moment for one in service.past if one.result != "skipped"]
    return f"{human(max(now - max(moments), 0.0)).lower()} ago" if moments else ""


def _result(service: Service) -> str:
    if service.firings.runs:
        return "running"
    done = [one for one in service.past if one.result != "skipped"]
    if not done:
        return ""
    return done[-1].result if done[-1].exit_code in (0, None) else f"{done[-1].result} ({done[-1].exit_code})"


def _next_run(service: Service, now: float, zone: tzinfo) -> str:
    """`2026-03-29 02:00 (in 3 hours)`; waits if the clock was set back to before the last run."""
    if service.stopped:
        return "stopped"
    considered = {one.schedule: one.moment for one in service.firings.considered}
    coming = []
    for trigger in job_of(service.spec.name, service.spec.schedules).triggers:
        since = max(considered.get(trigger.key, 0), int(now))
        found = following(trigger.schedule, since, zone)
        if found is not None:
            coming.append(found)
    if not coming:
        return "never"
    first = min(coming)
    return f"{_local(first, zone)} (in {human(max(first - now, 0.0)).lower()})"


def _local(moment: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


def run_rows(cluster: Cluster, service: Service, now: float, zone: tzinfo, *, trunc: bool = True) -> list[Row]:
    """The runs of a job, newest first: waiting, current and past ones."""
    return [
        {
            "ID": run.task_id[:SHORT_ID] if trunc else run.task_id,
            "Moment": _local(run.moment, zone),
            "Schedule": run.schedule,
            "Result": f"{run.result} x{run.count}" if run.count > 1 else run.result,
            "ExitCode": "" if run.exit_code is None else str(run.exit_code),
            "Duration": human(run.seconds).lower() if run.task_id else "",
            "Error": run.error,
        }
        for run in sorted(_all_runs(cluster, service, now), key=lambda one: -one.moment)
    ]


def _all_runs(cluster: Cluster, service: Service, now: float) -> Iterator[PastRun]:
    yield from (PastRun(one.moment, one.schedule, "waiting") for one in service.firings.queue)
    tasks = [task for task in cluster.tasks_of(service.id) if task.iteration == service.iteration]
    for run in service.firings.runs:
        last: Task | None = tasks[-1] if tasks else None
        seconds = max(now - last.created_on, 0.0) if last else 0.0
        yield PastRun(run.firing.moment, run.firing.schedule, "running", last.id if last else "", seconds=seconds)
    yield from service.past
