"""Volumes that each slot of a service has for itself: `data-{{.Task.Slot}}` in a volume's name or a host path.

A swarm makes one volume for each name that it fills in. Here it is a claim of the StatefulSet for each pod, which stays
when the pod goes, and returns to the same slot.
"""

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.translator.manifest.labels import of_project
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.templates.plan import CODE, HINT, LEFT
from stackferry.translator.volumes.mounts import OF_SLOT
from stackferry.translator.volumes.persistent_volume_claim import claim_spec
from stackferry.translator.workload import workload_kind


def volume_of_slot(key: str, stack: Stack, notes: Notes) -> Body | None:
    """The source of a top-level volume with one claim per slot; None if all tasks share one."""
    path: Path = ("volumes", key, "name")
    if stack.templates.of(*path) is None:
        return None
    users = [service for service in stack.project.services.values() if _mounts(service, key, stack.project)]
    if not all(_is_set(service, stack) for service in users):
        notes.action(
            path,
            CODE,
            f"{LEFT}; all replicas share one volume",
            "only services of mode replicated have slots",
        )
        return None
    if len(users) > 1:
        notes.action(
            path,
            CODE,
            f"a claim for each slot of {' and of '.join(service.name for service in users)}: they share no claim",
            "move shared data into one service, or into a volume without a slot",
        )
    else:
        notes.fine(path, CODE, "a claim for each slot, from volumeClaimTemplates of the StatefulSet")
    return source_of_slot(key, stack)


def bind_of_slot(service: Service, source: str, path: Path, stack: Stack, notes: Notes) -> Body | None:
    """The source of a host path that differs per slot; None if all tasks share one."""
    if stack.templates.of(*path) is None:
        return None
    if not _is_set(service, stack):
        notes.action(path, CODE, LEFT, HINT)
        return None
    message = "a claim for each slot, initially empty: a cluster does not have the host's folders"
    notes.approximated(path, CODE, message)
    return source_of_slot(source, stack)


def source_of_slot(volume: str, stack: Stack) -> Body:
    """The source for `Mounts.add`; `volume` distinguishes it from other sources of the pod."""
    claim = {"metadata": {"labels": of_project(stack.project.name)}, "spec": claim_spec(stack)}
    return {OF_SLOT: claim, "volume": volume}


def _is_set(service: Service, stack: Stack) -> bool:
    return workload_kind(stack.owner(service), stack) == "StatefulSet"


def _mounts(service: Service, key: str, project: Project) -> bool:
    if any(mount.type == "volume" and mount.source == key for mount in service.volumes):
        return True
    taken = [project.services.get(one.service or "") for one in service.volumes_from]
    return any(other is not None and other is not service and _mounts(other, key, project) for other in taken)
