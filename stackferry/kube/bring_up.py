"""`kube up`: look at what the cluster holds, confirm, apply, remove what is left over, wait, say where it answers."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.diagnostics import StackferryError
from stackferry.kube.target import confirm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackferry.kube.translated import Translated
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient
    from stackferry.translator.cluster.held import Held, Object
    from stackferry.translator.cluster.plan import Change, Plan
    from stackferry.translator.cluster.readiness import Standing, Trouble
    from stackferry.translator.cluster.wait import Waiting
    from stackferry.translator.manifest.manifests import Manifest


class Wish(NamedTuple):
    """What the command line says of an apply. `patience` is for how many seconds it waits at most."""

    force: bool = False
    patience: float = 600.0


def agreed(session: "Session", client: "KubernetesClient", project: str, namespace: str, *, yes: bool) -> "Held":
    """What the cluster holds of the stack; if that is nothing yet, somebody has agreed to the first apply."""
    from stackferry.translator.cluster.held import held

    there = held(client, project, namespace)
    if not there.objects:
        where = f"the context {client.context} ({client.server}), namespace {namespace}"
        confirm(session, f"Apply {project} for the first time to {where}?", yes=yes)
    return there


def bring_up(session: "Session", client: "KubernetesClient", made: "Translated", there: "Held", wish: Wish) -> int:
    """The exit code: 1 if a workload cannot come right, or not in time."""
    from stackferry.translator.cluster.wait import STABLE

    done = put_in_force(client, made, there, force=wish.force)
    session.note(f"{made.loaded.name} on {client.context}: {done.summary()}")
    if there.unseen:
        session.note(f"you may not list {', '.join(there.unseen)} there: what the stack no longer has of these stays")
    return await_workloads(session, client, made, wish.patience, stable=0.0 if done.is_empty else STABLE)


def put_in_force(client: "KubernetesClient", made: "Translated", there: "Held", *, force: bool) -> "Plan":
    """Apply everything, and remove what the stack no longer has; what was done to each object."""
    from stackferry.translator.cluster.apply import apply, remove
    from stackferry.translator.cluster.plan import Change, Plan, Step, left_over

    gone, anew = left_over(made.translation, there, made.namespace)
    # A published port may move to another Service, so those that are left over let theirs go first.
    doors = [one for one in gone if one.kind == "Service"]
    for one in (*anew, *doors):
        remove(client, one, made.namespace, _uid(there, one))
    replaced = {one.id for one in anew}
    steps = [Step(Change.REMOVED, one.id) for one in doors]

    def told(one: "Manifest", after: "Object") -> None:
        before = there.namespace if one.kind == "Namespace" else there.objects.get(one.id)
        steps.append(Step(_change(before, after, one.id in replaced), one.id))

    apply(client, wanted(made, there), made.namespace, told, force=force)
    rest = (one for one in gone if one not in doors)
    steps += (Step(Change.REMOVED, one.id) for one in rest if remove(client, one, made.namespace, _uid(there, one)))
    return Plan(tuple(steps))


def wanted(made: "Translated", there: "Held") -> "Iterable[Manifest]":
    """The objects to apply: not the namespace, where somebody else has made it, or another stack."""
    is_foreign = there.namespace is not None and not there.owns_namespace(made.translation.project.name)
    return [one for one in made.translation.objects if one.kind != "Namespace" or not is_foreign]


def _change(before: "Object | None", after: "Object", replaced: bool) -> "Change":
    from stackferry.translator.cluster.plan import Change

    if before is None:
        return Change.CREATED
    if replaced:
        return Change.REPLACED
    same = before["metadata"].get("resourceVersion") == after["metadata"].get("resourceVersion")
    return Change.UNCHANGED if same else Change.CHANGED


def _uid(there: "Held", one: "Manifest") -> str | None:
    found = there.objects.get(one.id)
    return found["metadata"].get("uid") if found else None


def await_workloads(
    session: "Session", client: "KubernetesClient", made: "Translated", patience: float, stable: float
) -> int:
    """Wait until all has run for `stable` seconds, showing what changes. The exit code."""
    from stackferry.translator.cluster.readiness import WORKLOADS
    from stackferry.translator.cluster.wait import Waiting

    ids = frozenset(one.id for one in made.translation.objects if one.kind in WORKLOADS)
    project = made.translation.project.name
    waiting = Waiting(client, project, made.namespace, ids, time.monotonic, time.sleep)
    shown = _Shown(session, made, waiting)
    found = waiting.until_done(patience, shown.show, stable)
    failed = [one for one in found if one.id in waiting.failed]
    if failed:
        raise StackferryError(f"{', '.join(one.id for one in failed)} cannot start", _look(made))
    left = [one.id for one in found if not one.is_done]
    if left:
        raise StackferryError(f"not ready within {patience:.0f} s: {', '.join(left)}", _look(made))
    return 0


def _look(made: "Translated") -> str:
    return f"kubectl -n {made.namespace} get pods,events shows more; what was applied stays"


class _Shown:
    """Progress on standard error: a line for each workload whenever it changes, and a trouble as soon as it is seen."""

    def __init__(self, session: "Session", made: "Translated", waiting: "Waiting") -> None:
        self.session, self.made, self.waiting = session, made, waiting
        self.lines: dict[str, str] = {}
        self.explained: set[tuple[str, str, str]] = set()
        self.services: Mapping[str, str] = {
            name: key for key, name in made.translation.naming.services.items() if key in made.loaded.project.services
        }

    def show(self, found: "list[Standing]") -> None:
        if self.session.silent:
            return
        for one in found:
            if self.lines.get(one.id) != one.text:
                self.lines[one.id] = one.text
                self.session.note(one.text)
        for one in found:
            for trouble in one.troubles:
                self._explain(one, trouble)

    def _explain(self, one: "Standing", trouble: "Trouble") -> None:
        """Why it does not start: the line of the file that it came from, and what it wrote last."""
        # A container that ends again and again waits in between: that is one trouble.
        kind = "" if trouble.has_output else trouble.reason
        if (one.id, trouble.container, kind) in self.explained:
            return
        self.explained.add((one.id, trouble.container, kind))
        key = self.services.get(one.service)
        span = self.made.loaded.origin(("services", key)) if key else None
        where = f"{span}: " if span else ""
        self.session.note(f"{where}{key or one.id}: {trouble}")
        if trouble.has_output:
            for line in self.waiting.last_words(trouble):
                self.session.note(f"  | {line}")
