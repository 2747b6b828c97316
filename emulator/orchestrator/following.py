"""`depends_on: {db: {restart: true}}`: a service is restarted after an update has replaced one of its dependencies.

This is docker compose's; a swarm drops it. The updater reports when all tasks of a service are new (`announce`); the
services that follow it are restarted in the same pass, or when its condition holds (`follow`), as their update_config
says. Until then their own updates wait (`is_held`), so that no task is replaced twice.

Only updates count, by hand or by a deployment: not tasks that crashed, were scaled, or moved to another node.
"""

from dataclasses import replace

from stackferry.emulator.cluster.objects import Service
from stackferry.emulator.cluster.state import UpdateState
from stackferry.emulator.orchestrator.dirty import is_dirty, is_slot_dirty
from stackferry.emulator.orchestrator.draft import Draft
from stackferry.emulator.orchestrator.start_order import CONDITIONS

_PAUSED = (UpdateState.PAUSED, UpdateState.ROLLBACK_PAUSED)


def announce(draft: Draft, service: Service) -> None:
    """An update has nothing left to replace: mark services that follow this one as behind, if all its tasks are new."""
    rollout = service.rollout
    if rollout is None or not rollout.made or service.alone == rollout.version:
        return
    slots = draft.slots(service).values()
    if any(is_slot_dirty(service, [one for one in tasks if one.wanted], draft.nodes) for tasks in slots):
        return
    for other in list(draft.services.values()):
        if service.spec.name in other.spec.follows and not (other.removed or other.stopped or other.awaiting):
            behind = {**other.behind, service.spec.name: rollout.version}
            draft.services[other.id] = replace(other, behind=behind)


def follow(draft: Draft) -> list[Service]:
    """Restart the services whose dependencies are ready; returns them, for the rest of this pass."""
    found = []
    for service in list(draft.services.values()):
        if not service.behind:
            continue
        if service.removed or service.stopped:
            # Its next tasks are new ones anyway.
            draft.services[service.id] = replace(service, behind={})
        elif not _is_paused(service) and all(
            _holds(draft, service, name, since) for name, since in service.behind.items()
        ):
            # The same as the command `restart` (control/change.py).
            draft.services[service.id] = replace(service.with_spec(service.spec.forced()), behind={})
            found.append(draft.services[service.id])
    return found


def is_held(draft: Draft, service: Service) -> bool:
    """Whether an update of this service has to wait, because the service will be restarted in a moment."""
    if not service.spec.follows:
        return False
    return bool(service.behind) or any(
        one.spec.name in service.spec.follows and not one.removed and _is_updating(draft, one)
        for one in draft.services.values()
    )


def _is_updating(draft: Draft, service: Service) -> bool:
    """Whether an update has tasks left to replace, or is about to begin."""
    if service.spec.mode.is_job or service.stopped or service.awaiting or _is_paused(service):
        return False
    if service.rollout is not None and service.rollout.version == service.version:
        return service.rollout.finish_at is None
    tasks = (task for task in draft.of(service.id) if task.wanted)
    return any(is_dirty(service, task, draft.nodes.get(task.node_id)) for task in tasks)


def _is_paused(service: Service) -> bool:
    return service.update is not None and service.update.state in _PAUSED


def _holds(draft: Draft, service: Service, name: str, since: int) -> bool:
    """Whether the condition holds for the new tasks alone."""
    dependency = next((one for one in draft.services.values() if one.spec.name == name and not one.removed), None)
    condition = service.spec.depends_on.get(name)
    if dependency is None or condition is None:
        return True
    return CONDITIONS[condition]([task for task in draft.of(dependency.id) if task.version >= since], dependency)
