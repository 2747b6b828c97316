"""Labels and annotations of every object.

The recommended labels of Kubernetes say which stack an object belongs to; compose labels become
annotations, because their values are free text and no selector should match them by accident.
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
"""The label that marks a stack's own objects."""
DOMAIN = "stackferry/subdomain"
"""Label of the pods of several services that have host names in one subdomain."""

POD_INDEX = "apps.kubernetes.io/pod-index"
"""The label that the cluster sets on each pod of a StatefulSet: its ordinal, which is the slot."""


@lru_cache(1)
def _as_value(project: str) -> str:
    """The project's name as a label value; every object has it."""
    return project if is_label_value(project) and project else dns_label(project or "default")


def of_project(project: str) -> dict[str, str]:
    """Labels of an object of the whole stack."""
    value = _as_value(project)
    return {INSTANCE: value, PART_OF: value, MANAGED_BY: "stackferry"}


def belongs(labels: Mapping[str, str] | None, project: str) -> bool:
    """Whether an object with these labels belongs to the stack."""
    ours, found = of_project(project), labels or {}
    return all(found.get(key) == ours[key] for key in OWNED)


def of_service(project: str, name: str) -> dict[str, str]:
    """Labels of an object of one service; `name` is its Kubernetes name."""
    return {NAME: name, **of_project(project)}


def selector(project: str, name: str) -> dict[str, str]:
    """The labels of `of_service` that select the pods; a selector is immutable, so it is small."""
    labels = of_service(project, name)
    return {key: labels[key] for key in (NAME, INSTANCE)}


def annotations(values: Mapping[str, str], path: Path, notes: Notes) -> dict[str, str]:
    """`values` as annotations; a key that is illegal in Kubernetes is left out, with a note."""
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
