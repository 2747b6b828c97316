"""Volumes that each slot of a service has of its own: `data-{{.Task.Slot}}` as the name of a volume, or in a host path.

A swarm makes one volume for each name that it fills in. Here it is a claim of the StatefulSet's for each pod, which
stays when the pod goes, and is the same slot's again.
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
    """The source of a top-level volume that each slot has of its own; None if it is one for all."""
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
    """The source of a host path that is another one for each slot; None if it is one for all."""
    if stack.templates.of(*path) is None:
        return None
    if not _is_set(service, stack):
        notes.action(path, CODE, LEFT, HINT)
        return None
    message = "a claim for each slot, initially empty: a cluster does not have the host's folders"
    notes.approximated(path, CODE, message)
    return source_of_slot(source, stack)


def source_of_slot(volume: str, stack: Stack) -> Body:
    """What `Mounts.add` takes for it; `volume` tells it from others of the pod."""
    claim = {"metadata": {"labels": of_project(stack.project.name)}, "spec": claim_spec(stack)}
    return {OF_SLOT: claim, "volume": volume}


def _is_set(service: Service, stack: Stack) -> bool:
    return workload_kind(stack.owner(service), stack) == "StatefulSet"


def _mounts(service: Service, key: str, project: Project) -> bool:
    if any(mount.type == "volume" and mount.source == key for mount in service.volumes):
        return True
    taken = [project.services.get(one.service or "") for one in service.volumes_from]
    return any(other is not None and other is not service and _mounts(other, key, project) for other in taken)
