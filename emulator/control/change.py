"""Changes by users: services are created, updated, rolled back, removed; nodes are drained. Pure.

Each function returns the cluster after the command, for the next pass to act on, and refuses in swarm's own words
(swarmkit controlapi/service.go). Commands call them inside one transaction of the store.
"""

from dataclasses import replace
from random import Random

from stackferry.emulator.cluster.ids import new_id
from stackferry.emulator.cluster.objects import Cluster, Grace, Node, Service, UpdateStatus
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.cluster.state import UpdateState
from stackferry.grammar.diagnostics import StackferryError


def create_service(cluster: Cluster, spec: ServiceSpec, now: float, chance: Random) -> Cluster:
    """Create a service. It waits for its dependencies."""
    if any(one.spec.name == spec.name and not one.removed for one in cluster.services.values()):
        raise StackferryError(f"service {spec.name} already exists", "update it, or remove it first")
    service = Service(new_id(chance), spec, created_at=now, updated_at=now, awaiting=bool(spec.depends_on))
    return replace(cluster, services={**cluster.services, service.id: service})


def update_service(cluster: Cluster, service_id: str, spec: ServiceSpec, now: float) -> Cluster:
    """Give a service another spec. A running update is abandoned; a job runs again."""
    service = cluster.services[service_id]
    if service.spec.mode is not spec.mode:
        raise StackferryError(
            "service mode change is not allowed", f"remove {service.spec.name} first, then deploy it again"
        )
    if service.spec.name != spec.name:
        raise StackferryError("renaming services is not supported", "")
    # A scheduled job runs only when its schedules fire.
    runs_again = spec.mode.is_job and not spec.schedules
    if spec == service.spec and not runs_again and not service.stopped:
        return cluster
    changed = replace(
        service.with_spec(spec),
        updated_at=now,
        iteration=service.iteration + runs_again,
        stopped=False,
        revived=service.version + 1 if service.stopped else service.revived,
    )
    return with_service(cluster, changed)


def rollback_service(cluster: Cluster, service_id: str, now: float) -> Cluster:
    """Restore the previous spec. A second rollback undoes the first."""
    # No other function here needs the updater, and loading it would delay `down`.
    from stackferry.emulator.orchestrator.update import roll_back

    service = cluster.services[service_id]
    if service.previous is None:
        raise StackferryError(
            f"service {service.spec.name} does not have a previous spec",
            "the service was not updated since it was created",
        )
    status = UpdateStatus(UpdateState.ROLLBACK_STARTED, "manually requested rollback", now)
    return with_service(cluster, replace(roll_back(service, status), previous=service.spec))


def force(cluster: Cluster, service_id: str, now: float) -> Cluster:
    """Replace all tasks although nothing changed."""
    return update_service(cluster, service_id, cluster.services[service_id].spec.forced(), now)


def alone(cluster: Cluster, service_id: str) -> Cluster:
    """`--no-deps`: the service's latest update restarts none of the services that depend on it."""
    service = cluster.services[service_id]
    return with_service(cluster, replace(service, alone=service.version))


def remove_service(cluster: Cluster, service_id: str) -> Cluster:
    """Remove a service; its record stays until its last task has ended."""
    return with_service(cluster, replace(cluster.services[service_id], removed=True, rollout=None))


def with_service(cluster: Cluster, service: Service) -> Cluster:
    """The cluster with a service added or replaced."""
    return replace(cluster, services={**cluster.services, service.id: service})


def with_node(cluster: Cluster, node: Node) -> Cluster:
    """The cluster with a node added or replaced."""
    return replace(cluster, nodes={**cluster.nodes, node.id: node})


def stop_service(cluster: Cluster, service_id: str) -> Cluster:
    """End all tasks; no new ones start until the service is started or updated."""
    return with_service(cluster, replace(cluster.services[service_id], stopped=True, rollout=None))


def start_service(cluster: Cluster, service_id: str) -> Cluster:
    """Run a stopped service again, even if its restart policy restarts nothing."""
    service = cluster.services[service_id]
    if not service.stopped:
        return cluster
    version = service.version + 1
    return with_service(cluster, replace(service, stopped=False, version=version, revived=version))


def scale_service(cluster: Cluster, service_id: str, replicas: int, now: float) -> Cluster:
    """Change the number of tasks; for a job, of completions. Running tasks are left alone."""
    return update_service(cluster, service_id, scaled(cluster.services[service_id].spec, replicas), now)


def scaled(spec: ServiceSpec, replicas: int) -> ServiceSpec:
    """A service's spec with another number of tasks; raises if its mode has no number, or not this one."""
    if spec.mode.is_global:
        raise StackferryError(
            f"{spec.name}: scale can only be used with replicated or replicated-job mode",
            "a global service has one task on each node",
        )
    name = spec.task.container.container_name if spec.task.container else ""
    if name and replicas > 1:
        raise StackferryError(
            f"{spec.name}: more than one container cannot be named {name}",
            "remove container_name, or run one replica",
        )
    # As in docker, a scaled job also runs that many tasks at a time (cli/command/service/scale.go).
    return replace(spec, replicas=replicas, max_concurrent=replicas if spec.mode.is_job else spec.max_concurrent)


def change_node(cluster: Cluster, node: Node) -> Cluster:
    """Change a node's role, availability or labels, or mark it lost or found. The last manager stays manager."""
    if node.leaving and node.availability != "drain":
        raise StackferryError(f"node {node.hostname} is leaving the stack", "deploy the stack with it again")
    managers = [one for one in cluster.nodes.values() if one.role == "manager"]
    if node.role != "manager" and [one.id for one in managers] == [node.id]:
        raise StackferryError("attempting to demote the last manager of the swarm", "make another node a manager first")
    return with_node(cluster, node)


def remove_node(cluster: Cluster, node: Node, *, force: bool = False) -> Cluster:
    """Remove a node, once its last task has ended. Refuses managers; a node that is up needs `force`."""
    if node.role == "manager":
        raise StackferryError(
            f"node {node.id} is a cluster manager and is a member of the raft cluster."
            " It must be demoted to worker before removal",
            f"stackferry node demote {node.hostname}",
        )
    if node.ready and not force:
        raise StackferryError(f"node {node.id} is not down and can't be removed", "use --force to remove it anyway")
    return with_node(cluster, replace(node, availability="drain", leaving=True))


def with_grace(cluster: Cluster, service_id: str, seconds: float | None) -> Cluster:
    """Give the existing tasks another time to end in before they are killed; None restores their own."""
    service = cluster.services[service_id]
    grace = None if seconds is None else Grace(seconds, service.version)
    return with_service(cluster, replace(service, grace=grace))
