"""What an apply would do to a cluster: compares the server's answers to a dry run with the existing objects."""

from collections.abc import Collection, Mapping
from enum import Enum
from functools import partial

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.apply import applied, found
from stackferry.translator.cluster.client import Client, together
from stackferry.translator.cluster.differences import differences
from stackferry.translator.cluster.fixed_fields import CLAIM, Blocked, as_there, blocked, users_of
from stackferry.translator.cluster.held import Held, Object, id_of, is_ours
from stackferry.translator.manifest.manifests import Manifest, ordered
from stackferry.translator.orphans import bare, orphans
from stackferry.translator.translation import Translation


class Change(Enum):
    """What happens to an object."""

    CREATED = "create"
    CHANGED = "change"
    REPLACED = "replace"
    REMOVED = "remove"
    BLOCKED = "cannot change"
    UNCHANGED = "leave"


@dataclass(frozen=True, slots=True)
class Step:
    """One object, what happens to it, and the fields that change: `spec.replicas: 2 -> 3`."""

    change: Change
    id: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.change.value} {self.id}" + "".join(f"\n  {one}" for one in self.fields)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every object of the stack, and those that the stack no longer has, with what would be or was done to each."""

    steps: tuple[Step, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return all(step.change is Change.UNCHANGED for step in self.steps)

    @property
    def is_blocked(self) -> bool:
        """Whether an object cannot be changed, so that nothing would be done."""
        return any(step.change is Change.BLOCKED for step in self.steps)

    def __str__(self) -> str:
        return "".join(f"{step}\n" for step in self.steps if step.change is not Change.UNCHANGED)

    def summary(self) -> str:
        """One line: `3 to create, 1 to change, 12 unchanged`."""
        counts = [(word, sum(step.change is change for step in self.steps)) for change, word in _WORDS.items()]
        return ", ".join(f"{count} {word}" for word, count in counts if count) or "nothing to do"


_WORDS = {
    Change.CREATED: "to create",
    Change.CHANGED: "to change",
    Change.REPLACED: "to replace",
    Change.REMOVED: "to remove",
    Change.BLOCKED: "that cannot be changed",
    Change.UNCHANGED: "unchanged",
}


def plan(
    client: Client,
    translation: Translation,
    there: Held,
    namespace: str,
    *,
    force: bool = False,
    recreate: Collection[str] = (),
) -> Plan:
    """Ask the server what it would make of each object; `recreate` are those that may be deleted and created again.

    Raises ClusterError for the first object that the server refuses for another reason than an immutable field.
    """
    todo = outlook(client, translation, there, namespace, recreate=recreate)
    replaced = {one.id for one in todo.anew}
    stuck = {one.id: one for one in todo.blocked}
    settled = {*replaced, *stuck}
    known = [one for one in todo.objects if one.id in there.objects and one.id not in settled]
    asked = known if there.namespace is not None else []
    answers = together([partial(applied, client, one, namespace, dry_run=True, force=force) for one in asked])
    after = {one.id: answer for one, answer in zip(asked, answers, strict=True)}
    steps = [
        Step(Change.BLOCKED, one.id, stuck[one.id].lines) if one.id in stuck else _step(one, there, after, replaced)
        for one in todo.objects
    ]
    return Plan((*steps, *(Step(Change.REMOVED, one.id) for one in todo.gone)))


@dataclass(frozen=True, slots=True)
class Outlook:
    """The work of an apply: objects to apply, objects to remove, and objects to remove first, to be recreated.

    `blocked` are objects that cannot be changed, and that the user did not allow to recreate.
    """

    objects: tuple[Manifest, ...]
    gone: tuple[Manifest, ...]
    anew: tuple[Manifest, ...]
    blocked: tuple[Blocked, ...]


def outlook(
    client: Client,
    translation: Translation,
    there: Held,
    namespace: str,
    *,
    recreate: Collection[str] = (),
) -> Outlook:
    """What an apply has to do. The server is asked only about objects that appear to be impossible to change."""
    gone, anew = left_over(translation, there, namespace)
    foreign = _claims_of_others(client, translation, there, namespace)
    objects = tuple(as_there(one, there.objects.get(one.id) or foreign.get(one.id)) for one in translation.objects)
    replaced = {one.id for one in anew}
    stuck = blocked(client, (one for one in objects if one.id not in replaced), there, namespace)
    allowed = {one.id for one in stuck if one.id in recreate}
    claims = {one.name for one in objects if one.kind == CLAIM and one.id in allowed}
    # A claim is gone only after the workloads that mount it.
    away = allowed | ({id_of(one) for one in users_of(claims, there)} - replaced)
    more = ordered(bare(there.objects[one]) for one in away)
    return Outlook(objects, gone, (*anew, *reversed(more)), tuple(one for one in stuck if one.id not in allowed))


def _claims_of_others(client: Client, translation: Translation, there: Held, namespace: str) -> dict[str, Object]:
    """The stack's claims that somebody else created, with another class or mode: lists by our labels lack them."""
    if there.namespace is None:
        return {}
    sought = [one for one in translation.objects if one.kind == CLAIM and one.id not in there.objects]
    answers = together([partial(found, client, one, namespace) for one in sought])
    return {one.id: answer for one, answer in zip(sought, answers, strict=True) if answer is not None}


def left_over(
    translation: Translation, there: Held, namespace: str
) -> tuple[tuple[Manifest, ...], tuple[Manifest, ...]]:
    """Objects that the stack no longer has, and objects that no apply can change into the stack's: both are to go.

    The first are removed only if we applied them; the second belong to the stack by their labels, whoever applied them.
    """
    orphaned = orphans({"items": list(there.objects.values())}, translation, namespace)
    gone = tuple(one for one in orphaned if one.id not in translation.index and is_ours(there.objects[one.id]))
    return gone, tuple(one for one in orphaned if one.id in translation.index)


def _step(manifest: Manifest, there: Held, after: Mapping[str, Object], replaced: set[str]) -> Step:
    if manifest.id in replaced:
        return Step(Change.REPLACED, manifest.id)
    if manifest.kind == "Namespace":
        return Step(Change.CREATED if there.namespace is None else Change.UNCHANGED, manifest.id)
    before = there.objects.get(manifest.id)
    if before is None:
        return Step(Change.CREATED, manifest.id)
    fields = tuple(differences(before, after[manifest.id])) if manifest.id in after else ()
    return Step(Change.CHANGED if fields else Change.UNCHANGED, manifest.id, fields)
