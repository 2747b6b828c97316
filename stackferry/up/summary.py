"""The last words of `up`: the URLs, or why a service is not there, and what to do about it."""

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
    """Tell them; gives the exit code."""
    if lost := what_replaced(ready):
        session.note(f"{lost}\n  hint: `stackferry -p {ready.stack} ps` shows what runs; `up` again has this one")
        return 1
    missing = sorted({spec.name for spec in ready.desired.services} - {one.name for one in found})
    for name in missing:
        session.note(f"{name}: was removed meanwhile")
    if missing:
        return 1
    failed = [one for one in found if one.standing is not Standing.CONVERGED]
    for service in failed:
        tell(session, ready.stack, service, [spec for spec in ready.desired.services if spec.name == service.name])
    if failed:
        session.note(f"stackferry -p {ready.stack} ps shows the tasks")
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
    """Say why a service has not converged, and what to do; `specs` has what is wanted of it, to ask for its image."""
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
    (r"port '\d+' is already in use by .* of the stack (\S+)", "`stackferry -p {0} down` ends that stack"),
    (
        r"port '\d+' is already in use|address already in use|port is already allocated",
        "`docker ps` and `ss -ltnp` show who has the port: end that, or publish another",
    ),
    (r"bind source path does not exist: (\S+)", "make {0}, or say bind: {{create_host_path: true}}"),
    (r"network \S+ is there already", "say `external: true` to use it; else remove it, or take another `name:`"),
    (r"no secret may lie there", "remove it, or set XDG_RUNTIME_DIR to a folder that is yours, and `up` again"),
    (r"executable file not found", "is the program of `command` or `entrypoint` in the image?"),
    (r"^rolled back: by hand", "it is as it was before this deployment; deploy again for what you want"),
    (
        r"^rolled back",
        "it is as it was before; `stackferry -p {stack} logs {service}` shows what the new tasks wrote",
    ),
    (
        r"^(?:update|rollback) paused",
        "`stackferry -p {stack} logs {service}` shows what it wrote; mend that, then deploy again",
    ),
    (r"non-zero exit|unhealthy", "`stackferry -p {stack} logs {service}` shows what it wrote"),
)


def advice(reason: str, stack: str, service: str) -> str:
    """A hint for a reason; empty if we have none. `service` is its full name."""
    for pattern, text in _ADVICE:
        found = re.search(pattern, reason)
        if found:
            return text.format(*found.groups(), stack=stack, service=service.removeprefix(f"{stack}_"))
    return ""
