"""Labels and annotations of every object.

The recommended labels of Kubernetes say what belongs to which stack; compose labels become
annotations, because their values are free text and nobody may select by accident.
"""

from collections.abc import Mapping
from functools import lru_cache

from stackferry.translator.manifest.names import dns_label, is_label_value, is_qualified
from stackferry.translator.notes import Notes, Path

NAME = "app.kubernetes.io/name"
INSTANCE = "app.kubernetes.io/instance"
PART_OF = "app.kubernetes.io/part-of"
MANAGED_BY = "app.kubernetes.io/managed-by"
OWNED = (INSTANCE, MANAGED_BY)
"""What tells a stack's own objects from all others."""
DOMAIN = "stackferry/subdomain"
"""On the pods of several services that have host names in one subdomain."""

POD_INDEX = "apps.kubernetes.io/pod-index"
"""What the cluster itself puts on each pod of a StatefulSet: its number, which is the slot."""


@lru_cache(1)
def _as_value(project: str) -> str:
    """The project's name as a label; every object has it."""
    return project if is_label_value(project) and project else dns_label(project or "default")


def of_project(project: str) -> dict[str, str]:
    """Labels of what belongs to the whole stack."""
    value = _as_value(project)
    return {INSTANCE: value, PART_OF: value, MANAGED_BY: "stackferry"}


def belongs(labels: Mapping[str, str] | None, project: str) -> bool:
    """Whether an object with these labels is one of the stack's."""
    ours, found = of_project(project), labels or {}
    return all(found.get(key) == ours[key] for key in OWNED)


def of_service(project: str, name: str) -> dict[str, str]:
    """Labels of what belongs to one service; `name` is its Kubernetes name."""
    return {NAME: name, **of_project(project)}


def selector(project: str, name: str) -> dict[str, str]:
    """The part of `of_service` that picks the pods; it can never be changed later, so it is small."""
    labels = of_service(project, name)
    return {key: labels[key] for key in (NAME, INSTANCE)}


def annotations(values: Mapping[str, str], path: Path, notes: Notes) -> dict[str, str]:
    """`values` as annotations; a key that Kubernetes cannot hold is left out, with a note."""
    kept: dict[str, str] = {}
    for key, value in values.items():
        if is_qualified(key):
            kept[key] = value
        else:
            notes.action(
                (*path, key),
                "kubernetes-annotation-key",
                "not a valid annotation key (at most 63 letters, digits, '-', '_', '.'); omitted",
                "shorten or rename the label, also where it is read",
            )
    return kept
