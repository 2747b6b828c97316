"""The final report of `up`: the URLs, or why a service has not converged, with a hint."""

import re
from typing import TYPE_CHECKING

from stackferry.emulator.control.progress import Standing
from stackferry.emulator.control.urls import urls
from stackferry.emulator.engine.context import engine_address
from stackferry.emulator.store.store import Store
from stackferry.images.pull import NO_IMAGE, PULL_HINT
from stackferry.session import Session
from stackferry.up.replaced import what_replaced

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackferry.deploy.deploy import Ready
    from stackferry.emulator.cluster.spec import ServiceSpec
    from stackferry.emulator.control.progress import Progress


def report(session: Session, ready: "Ready", found: "list[Progress]") -> int:
    """Print the report; returns the exit code."""
    if lost := what_replaced(ready):
        session.note(
            f"{lost}\n  hint: see what is running with `stackferry -p {ready.stack} ps`; run `up` again to deploy this"
            " version"
        )
        return 1
    missing = sorted({spec.name for spec in ready.desired.services} - {one.name for one in found})
    for name in missing:
        session.note(f"{name}: removed in the meantime")
    if missing:
        return 1
    failed = [one for one in found if one.standing is not Standing.CONVERGED]
    for service in failed:
        tell(session, ready.stack, service, [spec for spec in ready.desired.services if spec.name == service.name])
    if failed:
        session.note(f"show the tasks with stackferry -p {ready.stack} ps")
        return 1
    store = Store(ready.home.database)
    cluster = store.load()
    store.close()
    names = {spec.name for spec in ready.desired.services}
    shown = (one for one in cluster.services.values() if one.spec.name in names and not one.removed)
    for url in urls(shown, cluster, engine_address(session.environment).machine):
        session.note(url)
    return 0


def tell(session: Session, stack: str, service: "Progress", specs: "Iterable[ServiceSpec]" = ()) -> None:
    """Report why a service has not converged, with a hint; `specs` has its image, to ask the engine about it."""
    reason = str(service.waits_for or "did not converge in time")
    session.note(f"{service.name}: {reason}")
    if service.standing not in (Standing.STUCK, Standing.ROLLED_BACK):
        return
    if NO_IMAGE in reason:
        from stackferry.images.pull import why_missing

        for container in filter(None, (spec.task.container for spec in specs)):
            session.note(f"  {why_missing(session, container)}")
    if hint := advice(reason, stack, service.name):
        session.note(f"  hint: {hint}")


_ADVICE = (
    (NO_IMAGE, PULL_HINT),
    (r"port '\d+' is already in use by .* of the stack (\S+)", "remove that stack with `stackferry -p {0} down`"),
    (
        r"port '\d+' is already in use|address already in use|port is already allocated",
        "find out what uses the port with `docker ps` and `ss -ltnp`: stop it, or publish another port",
    ),
    (r"bind source path does not exist: (\S+)", "create {0}, or set bind: {{create_host_path: true}}"),
    (r"network \S+ already exists", "set `external: true` to use it; otherwise remove it, or set another `name:`"),
    ("no secret may be stored there", "remove it, or set XDG_RUNTIME_DIR to a folder that you own, and run `up` again"),
    (r"executable file not found", "check that the program in `command` or `entrypoint` is in the image"),
    (r"^rolled back: by hand", "the service is as it was before this deployment; deploy again to change it"),
    (
        r"^rolled back",
        "the service is as it was before; see the logs of the new tasks with `stackferry -p {stack} logs {service}`",
    ),
    (
        r"^(?:update|rollback) paused",
        "see its logs with `stackferry -p {stack} logs {service}`; fix the problem, then deploy again",
    ),
    (r"non-zero exit|unhealthy", "see its logs with `stackferry -p {stack} logs {service}`"),
)


def advice(reason: str, stack: str, service: str) -> str:
    """A hint for a reason; empty if we have none. `service` is its full name."""
    for pattern, text in _ADVICE:
        found = re.search(pattern, reason)
        if found:
            return text.format(*found.groups(), stack=stack, service=service.removeprefix(f"{stack}_"))
    return ""
