"""`stackferry job …`: the jobs of a stack: their schedules, their runs, and what these wrote."""

import sys
from typing import TYPE_CHECKING, Annotated

from stackferry.options.common import Format, NoTrunc, Quiet
from stackferry.options.declaration import Argument, Option
from stackferry.options.log_flags import Follow, Since, Tail, Timestamps, Until
from stackferry.options.own_letters import verb
from stackferry.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackferry.emulator.cluster.objects import Service
    from stackferry.grammar.compose.model.job import Job
    from stackferry.lookup.stacks import Found

JobName = Annotated[str, Argument(metavar="JOB")]


@verb
def ls(session: Session, form: Format = None, quiet: Quiet = False) -> int:
    """List the jobs of the stack.

    With their schedules, the last run and its result, and the next run.
    """
    import time

    from stackferry.emulator.manager.local_zone import local_zone
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.stacks import chosen
    from stackferry.render.columns import natural
    from stackferry.render.format import listing
    from stackferry.render.job_rows import JOBS, job_rows, undeployed_rows

    written = _of_files(session)
    try:
        found = chosen(session)
    except StackferryError:
        if not written:
            raise
        rows = undeployed_rows(written)
    else:
        jobs = [one for one in found.services() if one.spec.schedules]
        names = {one.id: found.short(one) for one in jobs}
        rows = job_rows(jobs, names, time.time(), local_zone(session.environment))
        rows += undeployed_rows({name: job for name, job in written.items() if name not in names.values()})
    rows.sort(key=lambda row: natural(str(row["Name"])))
    sys.stdout.write(listing(JOBS, rows, form, quiet=quiet))
    return 0


@verb
def runs(session: Session, job: JobName, form: Format = None, quiet: Quiet = False, no_trunc: NoTrunc = False) -> int:
    """List the runs of a job.

    Newest first, including runs that were skipped.
    """
    import time

    from stackferry.emulator.manager.local_zone import local_zone
    from stackferry.render.format import listing
    from stackferry.render.job_rows import RUNS, run_rows

    found, service = _job(session, job)
    rows = run_rows(found.cluster, service, time.time(), local_zone(session.environment), trunc=not no_trunc)
    sys.stdout.write(listing(RUNS, rows, form, quiet=quiet))
    return 0


@verb
def logs(
    session: Session,
    job: JobName,
    follow: Follow = False,
    since: Since = None,
    until: Until = None,
    tail: Tail = "all",
    timestamps: Timestamps = False,
    run: Annotated[str, Option("--run", metavar="ID", help="Only the run with this id, as `job runs` shows it.")] = "",
) -> int:
    """Show the output of the last runs of a job.

    Of those whose containers still exist.
    """
    from stackferry.containers.log_output import part, show

    found, service = _job(session, job)
    return show(
        session,
        found,
        [service],
        lambda task: task.service_id == service.id and task.id.startswith(run),
        part(since, until, tail),
        lambda line: f"{line.at} " if timestamps else "",
        follow=follow,
    )


def _of_files(session: Session) -> "Mapping[str, Job]":
    """The jobs of the compose files that are chosen; none where there are no files, or they do not load."""
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.options.stack_options import load_stack, requested

    try:
        return load_stack(session, requested(session)).project.jobs
    except StackferryError:
        return {}


def _job(session: Session, word: str) -> "tuple[Found, Service]":
    """The job of a word; raises where it is a service without schedules."""
    from stackferry.grammar.diagnostics import StackferryError
    from stackferry.lookup.lookup import find_service

    found, service = find_service(session, word)
    if not service.spec.schedules:
        raise StackferryError(f"{word} is not a job with a schedule", f"show its tasks with `stackferry ps {word}`")
    return found, service
