"""Adds the stack's jobs to its services, so that one set of passes translates both.

`translation.py` does this first; at the end, notes about a job move to the job's own path: the loader allows no job
with the name of a service. Keys that a job cannot have in a cluster are removed here.
"""

from dataclasses import replace

from stackferry.grammar.compose.model.as_service import job_as_service
from stackferry.grammar.compose.model.job import Job
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.notes import Origin
from stackferry.translator.notes import Notes, Path
from stackferry.translator.sharing import joined


def with_jobs(project: Project, notes: Notes) -> Project:
    """The project with its jobs among its services."""
    if not project.jobs:
        return project
    jobs = {name: _by_itself(job, project, notes) for name, job in project.jobs.items()}
    return replace(project, services={**project.services, **jobs})


def without_jobs(project: Project) -> Project:
    """The project without jobs among its services."""
    if not project.jobs:
        return project
    return replace(project, services={name: one for name, one in project.services.items() if name not in project.jobs})


def written(path: Path, project: Project) -> Path:
    """The path at which a key is written that is looked up as a service's."""
    is_job = path[:1] == ("services",) and len(path) > 1 and path[1] in project.jobs
    return ("jobs", *path[1:]) if is_job else path


def origin_of_jobs(origin: Origin, project: Project) -> Origin:
    """`origin`, extended by the keys of jobs that are looked up as keys of services."""
    return (lambda path: origin(written(path, project))) if project.jobs else origin


def settle(notes: Notes, project: Project) -> None:
    """Move notes about jobs from the paths of services to those of jobs, at the end of a translation."""
    if project.jobs:
        notes.found = [replace(note, path=written(note.path, project)) for note in notes.found]


def _by_itself(job: Job, project: Project, notes: Notes) -> Service:
    """The job as a service that waits only for services, and has a pod of its own."""
    service = job_as_service(job)
    shared: set[str] = set()
    path: Path = ("services", job.name)
    for name in job.depends_on:
        if name in project.jobs:
            notes.action(
                (*path, "depends_on", name, "condition"),
                "kubernetes-job-dependency",
                f"does not wait for the job {name}: the runs of a CronJob have no fixed name to wait for",
                f"run {name} first, or combine the two into one job",
            )
    for key, namespace, other in joined(job):
        notes.action(
            (*path, key),
            "kubernetes-job-namespace",
            f"{namespace}: a job's pod cannot join the running pod of {other}; it gets its own",
            f"connect to {other} by its name",
        )
        shared.add(key)
    # Each run is a new pod, so there is none to replace.
    kept = {name: replace(one, restart=False) for name, one in job.depends_on.items() if name not in project.jobs}
    return replace(
        service,
        depends_on=kept,
        network_mode=None if "network_mode" in shared else job.network_mode,
        ipc=None if "ipc" in shared else job.ipc,
        pid=None if "pid" in shared else job.pid,
    )
