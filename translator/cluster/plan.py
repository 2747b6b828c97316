"""What an apply would do to a cluster: the server's answers to a dry run beside what it holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from stackferry.translator.cluster.apply import applied
from stackferry.translator.cluster.client import Client, together
from stackferry.translator.cluster.held import Held, Object, is_ours
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.orphans import orphans
from stackferry.translator.translation import Translation


class Change(Enum):
    """What becomes of an object."""

    CREATED = "create"
    CHANGED = "change"
    REPLACED = "replace"
    REMOVED = "remove"
    UNCHANGED = "leave"


@dataclass(frozen=True, slots=True)
class Step:
    """One object, what becomes of it, and the fields that change: `spec.replicas: 2 -> 3`."""

    change: Change
    id: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.change.value} {self.id}" + "".join(f"\n  {one}" for one in self.fields)


@dataclass(frozen=True, slots=True)
class Plan:
    """Every object of the stack, and those that it no longer has: what would be done to each, or what was."""

    steps: tuple[Step, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return all(step.change is Change.UNCHANGED for step in self.steps)

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
    Change.UNCHANGED: "unchanged",
}


def plan(client: Client, translation: Translation, there: Held, namespace: str, *, force: bool = False) -> Plan:
    """Ask the server what it would make of each object. Raises ClusterError with the first that it would refuse."""
    gone, anew = left_over(translation, there, namespace)
    replaced = {one.id for one in anew}
    known = [one for one in translation.objects if one.id in there.objects and one.id not in replaced]
    asked = known if there.namespace is not None else []
    answers = together([partial(applied, client, one, namespace, dry_run=True, force=force) for one in asked])
    after = {one.id: answer for one, answer in zip(asked, answers, strict=True)}
    steps = [_step(one, there, after, replaced) for one in translation.objects]
    return Plan((*steps, *(Step(Change.REMOVED, one.id) for one in gone)))


def left_over(
    translation: Translation, there: Held, namespace: str
) -> tuple[tuple[Manifest, ...], tuple[Manifest, ...]]:
    """What the stack no longer has, and what it has otherwise than any apply could make it: both are to be deleted."""
    ours = [one for one in there.objects.values() if is_ours(one)]
    found = orphans({"items": ours}, translation, namespace)
    gone = tuple(one for one in found if one.id not in translation.index)
    return gone, tuple(one for one in found if one.id in translation.index)


def _step(one: Manifest, there: Held, after: Mapping[str, Object], replaced: set[str]) -> Step:
    if one.id in replaced:
        return Step(Change.REPLACED, one.id)
    if one.kind == "Namespace":
        return Step(Change.CREATED if there.namespace is None else Change.UNCHANGED, one.id)
    before = there.objects.get(one.id)
    if before is None:
        return Step(Change.CREATED, one.id)
    fields = tuple(differences(before, after[one.id])) if one.id in after else ()
    return Step(Change.CHANGED if fields else Change.UNCHANGED, one.id, fields)


_NOT_COMPARED = frozenset(("managedFields", "resourceVersion", "generation", "creationTimestamp", "uid"))


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """The fields that are not the same, as people write them. What a Secret holds is never shown."""
    if path in ("status", "kind", "apiVersion"):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        secret = path in ("data", "stringData")
        for key in sorted({*before, *after}):
            if path == "metadata" and key in _NOT_COMPARED:
                continue
            below = f"{path}.{key}" if path else str(key)
            if secret:
                if before.get(key) != after.get(key):
                    yield below
            else:
                yield from differences(before.get(key), after.get(key), below)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{path}[{index}]")
    elif before != after:
        yield f"{path}: {_short(before)} -> {_short(after)}"


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
