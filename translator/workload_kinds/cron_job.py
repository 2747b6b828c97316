"""CronJobs: a job of the stack, one per schedule, or a suspended CronJob to be started by hand."""

from collections.abc import Iterator

from stackferry.grammar.compose.model.job import Job, Schedule
from stackferry.translator.manifest.labels import of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.workload_kinds.cron_timing import timing

NEVER = {"schedule": "0 0 1 1 *", "suspend": True}
"""A CronJob must have a schedule. This one never matters: a suspended CronJob starts nothing by itself."""


def to_cron_jobs(
    job: Job, template: Body, stack: Stack, notes: Notes
) -> Iterator[tuple[Manifest, tuple[tuple[str, str], ...]]]:
    """Each CronJob with its roles: that of its schedule; the first one also has that of the workload."""
    path: Path = ("services", job.name)
    names = stack.naming.cron_jobs[job.name]
    timings = [
        (index, found)
        for index, one in enumerate(job.triggers.schedule)
        if not _is_repeated(index, job.triggers.schedule, path, notes)
        and (found := timing(one, (*path, "triggers", "schedule", index), notes)) is not None
    ]
    _note_manual(job, bool(timings), path, stack, notes)
    for index, _ in timings[1:]:
        notes.approximated(
            (*path, "triggers", "schedule", index),
            "kubernetes-several-schedules",
            (
                f"a separate CronJob, {names[index]}: it does not know about the runs of the others, and"
                " may overlap with them"
            ),
            "if they must not overlap, write one schedule for all",
        )
    first = timings[0][0] if timings else 0
    for index, spec in timings or [(0, NEVER)]:
        roles = [("schedule", f"{job.name}[{index}]"), *([("workload", job.name)] if index == first else [])]
        yield _cron_job(names[index], spec, job, template, stack), tuple(roles)


def _is_repeated(index: int, schedules: tuple[Schedule, ...], path: Path, notes: Notes) -> bool:
    """A line that is written twice is one schedule."""
    if schedules[index] not in schedules[:index]:
        return False
    notes.fine((*path, "triggers", "schedule", index), "kubernetes-same-schedule", "the same as one above")
    return True


def _note_manual(job: Job, scheduled: bool, path: Path, stack: Stack, notes: Notes) -> None:
    name = stack.name(stack.project.services[job.name])
    command = f"kubectl create job{stack.options.in_namespace} {name}-1 --from=cronjob/{name}"
    if not scheduled:
        message = "a suspended CronJob: start each run manually, under a new name"
        notes.approximated(path, "kubernetes-manual-job", message, command)
    if job.triggers.manual:
        notes.fine((*path, "triggers", "manual"), "kubernetes-manual-job", command)


def _cron_job(name: str, timing: Body, job: Job, template: Body, stack: Stack) -> Manifest:
    labels = of_service(stack.project.name, stack.name(stack.project.services[job.name]))
    # A failed run is over: compose does not retry it either.
    spec: Body = {**timing, "jobTemplate": {"spec": {"backoffLimit": 0, "template": template}}}
    return manifest("CronJob", name, stack.options.namespace, labels, {"spec": spec})
