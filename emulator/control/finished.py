"""Has a service come to its end: a job that is complete, one that gave up or was stopped? For `wait` and `logs`."""

from stackferry.emulator.cluster.objects import Cluster, Service


def is_over(cluster: Cluster, service: Service) -> bool:
    """Whether no task of the service runs or is to run; also if the service is gone."""
    now = cluster.services.get(service.id)
    tasks = [
        task
        for task in cluster.tasks_of(service.id)
        if now is None or task.iteration == now.iteration or not task.ended
    ]
    if any(task.runnable or not task.ended for task in tasks):
        return False
    if now is None or now.removed or now.stopped:
        return True
    if now.awaiting or (now.spec.mode.is_job and not tasks):
        return False
    return bool(tasks) or now.spec.replicas == 0
