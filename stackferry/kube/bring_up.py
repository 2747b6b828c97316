"""`kube up`: inspects the cluster, confirms, applies, removes orphans, waits for workloads, prints the addresses."""

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from stackferry.grammar.diagnostics import StackferryError
from stackferry.kube import copies
from stackferry.kube.closed import closed
from stackferry.kube.target import confirm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackferry.kube.translated import Translated
    from stackferry.session import Session
    from stackferry.translator.cluster.client import KubernetesClient
    from stackferry.translator.cluster.fixed_fields import Blocked
    from stackferry.translator.cluster.held import Held, Object
    from stackferry.translator.cluster.plan import Change, Plan
    from stackferry.translator.cluster.readiness import Standing, Trouble
    from stackferry.translator.cluster.wait import Waiting
    from stackferry.translator.manifest.manifests import Manifest


class ApplyOptions(NamedTuple):
    """How objects are applied. `force`: take over fields that another manager has set.

    `patience`: seconds to wait at most. `recreate`: objects, as `Kind/name`, that may be deleted and created again if
    they cannot be changed.
    """

    force: bool = False
    patience: float = 600.0
    recreate: tuple[str, ...] = ()


def agreed(session: "Session", client: "KubernetesClient", project: str, namespace: str, *, yes: bool) -> "Held":
    """What the cluster holds of the stack; if nothing, the user has confirmed the first apply."""
    there = settled(session, client, project, namespace)
    if not there.objects:
        where = f"context {client.context} ({client.server}), namespace {namespace}"
        confirm(session, f"Apply {project} for the first time to {where}?", yes=yes)
    return there


def settled(session: "Session", client: "KubernetesClient", project: str, namespace: str) -> "Held":
    """What the cluster holds of the stack; waits for a terminating namespace to go, which accepts no new objects.

    Raises ClusterError if the namespace is still there after the timeout.
    """
    from stackferry.translator.cluster.apply import await_gone
    from stackferry.translator.cluster.held import held
    from stackferry.translator.orphans import bare

    there = held(client, project, namespace)
    if not there.namespace or "deletionTimestamp" not in there.namespace["metadata"]:
        return there
    session.note(f"Namespace/{namespace} is terminating; waiting until it is deleted")
    await_gone(client, [bare(there.namespace)], namespace, _ENDING, time.monotonic, time.sleep)
    return held(client, project, namespace)


_ENDING = 120.0
"""Seconds until a terminating namespace must be gone; a stuck one has a finalizer that no controller handles."""


def bring_up(
    session: "Session", client: "KubernetesClient", made: "Translated", there: "Held", options: ApplyOptions
) -> int:
    """Apply and wait; returns the exit code: 1 if a workload does not become ready, or not in time."""
    from stackferry.translator.cluster.wait import STABLE

    copied = copies.due(made, there)
    done = put_in_force(client, made, there, options)
    session.note(f"{made.loaded.name} on {client.context}: {done.summary()}")
    if there.unseen:
        session.note(f"you may not list {', '.join(there.unseen)} there: what the stack no longer has of these stays")
    copies.make(session, client, made, copied, options.patience)
    shut = closed(session, client, made, tell=not done.is_empty)
    return await_workloads(session, client, made, options.patience, 0.0 if done.is_empty else STABLE, shut)


def put_in_force(client: "KubernetesClient", made: "Translated", there: "Held", options: ApplyOptions) -> "Plan":
    """Apply all objects and remove those that the stack no longer has; returns what was done to each object.

    Raises StackferryError, before anything is done, if an object cannot be changed.
    """
    from stackferry.translator.cluster.apply import apply, await_gone, remove
    from stackferry.translator.cluster.plan import Change, Plan, Step, outlook

    todo = outlook(client, made.translation, there, made.namespace, recreate=options.recreate)
    if todo.blocked:
        raise _unchangeable(todo.blocked)
    replaced = {one.id for one in todo.anew}
    # A published port may move to another Service, so removed Services release their ports first.
    first = [one for one in todo.gone if one.kind == "Service" or one.id in replaced]
    for manifest in (*todo.anew, *first):
        remove(client, manifest, made.namespace, _uid(there, manifest))
    await_gone(client, todo.anew, made.namespace, options.patience, time.monotonic, time.sleep)
    steps = [Step(Change.REMOVED, one.id) for one in first]

    def told(manifest: "Manifest", after: "Object") -> None:
        before = there.namespace if manifest.kind == "Namespace" else there.objects.get(manifest.id)
        steps.append(Step(_change(before, after, manifest.id in replaced), manifest.id))

    apply(client, wanted(todo.objects, made, there), made.namespace, told, force=options.force)
    rest = (one for one in todo.gone if one not in first)
    steps += (Step(Change.REMOVED, one.id) for one in rest if remove(client, one, made.namespace, _uid(there, one)))
    return Plan(tuple(steps))


def _unchangeable(blocked: "Iterable[Blocked]") -> StackferryError:
    every = list(blocked)
    lines = [line for one in every for line in (f"{one.id} cannot be changed", *(f"  {text}" for text in one.fields))]
    ways = "; ".join(f"recreate it with {one.flag}: {one.lost}" for one in every)
    return StackferryError("\n".join(lines), f"nothing was applied. {ways}")


def wanted(objects: "Iterable[Manifest]", made: "Translated", there: "Held") -> "Iterable[Manifest]":
    """The objects to apply: without the namespace, if another user or another stack has made it."""
    is_foreign = there.namespace is not None and not there.owns_namespace(made.translation.project.name)
    return [one for one in objects if one.kind != "Namespace" or not is_foreign]


def _change(before: "Object | None", after: "Object", replaced: bool) -> "Change":
    from stackferry.translator.cluster.plan import Change

    if before is None:
        return Change.CREATED
    if replaced:
        return Change.REPLACED
    return Change.UNCHANGED if _as_applied(before) == _as_applied(after) else Change.CHANGED


_OF_THE_CLUSTER = frozenset(("resourceVersion", "managedFields", "generation"))


def _as_applied(resource: "Object") -> "Object":
    """The object without what the cluster itself writes: a controller may update the status at any time."""
    metadata = {key: value for key, value in resource["metadata"].items() if key not in _OF_THE_CLUSTER}
    return {**resource, "metadata": metadata, "status": None}


def _uid(there: "Held", manifest: "Manifest") -> str | None:
    found = there.objects.get(manifest.id)
    return found["metadata"].get("uid") if found else None


def await_workloads(
    session: "Session",
    client: "KubernetesClient",
    made: "Translated",
    patience: float,
    stable: float,
    shut: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Wait until all workloads have run for `stable` seconds, and show changes; returns the exit code.

    `shut`: workloads that NetworkPolicies cut off, by id, and how.
    """
    from stackferry.translator.cluster.readiness import WORKLOADS
    from stackferry.translator.cluster.wait import Waiting

    ids = frozenset(one.id for one in made.translation.objects if one.kind in WORKLOADS)
    project = made.translation.project.name
    waiting = Waiting(client, project, made.namespace, ids, time.monotonic, time.sleep, optional(made), shut)
    shown = _Shown(session, made, waiting)
    found = waiting.until_done(patience, shown.show, stable)
    failed = [one for one in found if one.id in waiting.failed]
    if failed:
        raise StackferryError(f"{', '.join(one.id for one in failed)} cannot start", _look(made))
    left = [one.id for one in found if not waiting.is_over(one)]
    if left:
        raise StackferryError(f"not ready within {patience:.0f} s: {', '.join(left)}", _look(made))
    return 0


def optional(made: "Translated") -> frozenset[str]:
    """Services on which others depend with `required: false` only, by their names in the cluster."""
    services = made.loaded.project.services.values()
    asked = [(key, one.required) for service in services for key, one in service.depends_on.items()]
    needed = {key for key, required in asked if required}
    names = made.translation.naming.services
    return frozenset(names[key] for key, _ in asked if key not in needed and key in names)


def _look(made: "Translated") -> str:
    return f"run kubectl -n {made.namespace} get pods,events for details; what was applied is kept"


class _Shown:
    """Progress on standard error: a line per change of a workload, and each trouble as soon as it is seen."""

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
        for standing in found:
            if self.lines.get(standing.id) != standing.text:
                self.lines[standing.id] = standing.text
                self.session.note(standing.text)
        for standing in found:
            for trouble in standing.troubles:
                self._explain(standing, trouble)

    def _explain(self, standing: "Standing", trouble: "Trouble") -> None:
        """Explain why a workload does not start: the line of the file for it, and its last output."""
        # A container that crashes repeatedly waits in between: report that as one trouble.
        kind = "" if trouble.has_output else trouble.reason
        if (standing.id, trouble.container, kind) in self.explained:
            return
        self.explained.add((standing.id, trouble.container, kind))
        key = self.services.get(standing.service)
        span = self.made.loaded.origin(("services", key)) if key else None
        where = f"{span}: " if span else ""
        self.session.note(f"{where}{key or standing.id}: {trouble}")
        if trouble.has_output:
            for line in self.waiting.last_words(trouble):
                self.session.note(f"  | {line}")
