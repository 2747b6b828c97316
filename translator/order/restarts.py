"""`depends_on.*.restart`: restarts dependents when a dependency is replaced.

Compose restarts the dependents of a container that it replaced. A pod is replaced when its template changes; so the
template of a dependent has an annotation that changes with the templates of its dependencies.
"""

from stackferry.translator.notes import Notes, Path
from stackferry.translator.order.finished import Finished
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack

MARK = "io.stackferry.restarted-with"
"""The annotation: a digest of the pod templates whose change replaces the pod."""


def restart_marks(group: Group, finished: Finished, stack: Stack, notes: Notes) -> dict[str, str]:
    """The annotations of the group's pod template, empty if it restarts with no other pod."""
    followed: dict[str, None] = {}
    own = {service.name for service in group.services}
    for service in group.services:
        for name, dependency in service.depends_on.items():
            if not dependency.restart:
                continue
            path: Path = ("services", service.name, "depends_on", name, "restart")
            if name in own:
                notes.fine(path, "kubernetes-restart-together", f"runs in the same pod as {name}: both are replaced")
            elif name in finished.templates:
                followed[name] = None
                notes.approximated(
                    path,
                    "kubernetes-restart-after",
                    f"replaced when a change of {name} is applied, but not by kubectl rollout restart of {name}",
                )
            elif name in stack.groups:
                message = f"a change of {name} does not restart it: their pods depend on each other"
                notes.approximated(path, "kubernetes-restart-after", message)
            else:
                notes.fine(path, "kubernetes-restart-nobody", f"{name} has no pod that could be replaced")
    return {MARK: finished.digest(followed)} if followed else {}
