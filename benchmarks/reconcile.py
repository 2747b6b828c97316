"""Times a pass of `reconcile` in memory with 1,000 services of 100 tasks, and checks that it grows linearly."""

import time
from dataclasses import replace
from random import Random

from stackferry.emulator.cluster.objects import Cluster, Node, Service
from stackferry.emulator.cluster.spec import RestartPolicy, ServiceSpec, TaskTemplate
from stackferry.emulator.cluster.state import TaskState
from stackferry.emulator.orchestrator.draft import Draft
from stackferry.emulator.orchestrator.reconcile import reconcile


def cluster_of(services: int, tasks: int) -> Cluster:
    """A cluster at rest."""
    chance = Random(1)
    node = Node("n1", "n1", nano_cpus=10**12, memory=1 << 50)
    cluster = Cluster(nodes={node.id: node})
    for number in range(services):
        template = TaskTemplate(restart=RestartPolicy(max_attempts=3))
        spec = ServiceSpec(f"s{number}", replicas=tasks, task=template)
        service = Service(f"id{number}", spec)
        cluster = replace(cluster, services={**cluster.services, service.id: service}) if number < 2 else cluster
        cluster.services[service.id] = service  # type: ignore[index]
    draft = Draft(cluster, 0.0, chance)
    for service in list(draft.services.values()):
        for slot in range(1, tasks + 1):
            task = draft.create(service, slot, TaskState.RUNNING)
            draft.put(replace(task, node_id=node.id, state=TaskState.RUNNING))
    return draft.close()


def seconds(services: int, tasks: int, dead: int = 0) -> float:
    """Seconds of one pass, the best of three."""
    cluster = cluster_of(services, tasks)
    if dead:
        tasks_now = dict(cluster.tasks)
        for task_id in list(tasks_now)[:dead]:
            tasks_now[task_id] = replace(tasks_now[task_id], state=TaskState.FAILED, at=1.0)
        cluster = replace(cluster, tasks=tasks_now)
    best = float("inf")
    for _ in range(3):
        begun = time.perf_counter()
        reconcile(cluster, 1.0, Random(2))
        best = min(best, time.perf_counter() - begun)
    return best


def main() -> None:
    """Print the table."""
    print("a reconcile pass in memory")
    small, large = seconds(100, 100), seconds(1000, 100)
    print(f"    100 services x 100 tasks   {small:6.3f} s")
    print(f"  1,000 services x 100 tasks   {large:6.3f} s   (goal: under 1 s; {large / small / 10:.2f} x linear)")
    print(f"  the same, 500 tasks die      {seconds(1000, 100, 500):6.3f} s")


if __name__ == "__main__":
    main()
