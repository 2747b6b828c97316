"""`stackferry top`: the processes of running tasks, as `docker compose top`."""

import sys

from stackferry.options.common import SomeServices
from stackferry.options.own_letters import verb
from stackferry.session import Session


@verb
def top(session: Session, services: SomeServices = None) -> int:
    """Show the processes of running tasks."""
    from stackferry.engine import connect
    from stackferry.lookup.containers import running_tasks
    from stackferry.render.columns import columns

    found, tasks = running_tasks(session, services)
    engine = connect(session)
    rows: list[tuple[str, ...]] = []
    heading: tuple[str, ...] = ()
    for task in tasks:
        service = found.cluster.services[task.service_id]
        heading, processes = engine.top(task.container_id)
        rows += [(found.short(service), str(task.slot or task.node_id), *process) for process in processes]
    if rows:
        sys.stdout.write(columns([("SERVICE", "#", *heading), *rows]))
    return 0
