"""The workload that runs the services of one pod, of any kind, and all objects that its pods refer to."""

from collections.abc import Callable, Mapping
from functools import partial

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.disruption import to_budget
from stackferry.translator.environment.variables import variables
from stackferry.translator.manifest.labels import annotations, of_service
from stackferry.translator.manifest.manifests import Body, manifest
from stackferry.translator.notes import Notes
from stackferry.translator.order.dependencies import Order, owner_path
from stackferry.translator.order.finished import Finished
from stackferry.translator.order.restarts import restart_marks
from stackferry.translator.order.waits import asks_for_a_job, to_waits
from stackferry.translator.pod.container import to_container
from stackferry.translator.pod.devices import note_devices
from stackferry.translator.pod.draining import drain, rolls
from stackferry.translator.pod.fillings import filling_containers
from stackferry.translator.pod.pod import to_pod_template
from stackferry.translator.pod.restart import job_policy, note_always
from stackferry.translator.services.exposure import Made
from stackferry.translator.services.ports import Listening, by_container
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.mounts import PodVolumes
from stackferry.translator.volumes.storage import Mountable, mounts_of
from stackferry.translator.workload import is_exclusive, workload_kind
from stackferry.translator.workload_kinds.cron_job import to_cron_jobs
from stackferry.translator.workload_kinds.daemonset import daemonset_spec
from stackferry.translator.workload_kinds.deployment import deployment_spec
from stackferry.translator.workload_kinds.job import job_spec
from stackferry.translator.workload_kinds.pre_start import own_steps, pre_start
from stackferry.translator.workload_kinds.statefulset import statefulset_spec, to_slot_services, to_tasks_service

_SPECS: dict[str, Callable[[Service, Body, bool, Stack, Notes], Body]] = {
    "Deployment": deployment_spec,
    "StatefulSet": statefulset_spec,
    "DaemonSet": daemonset_spec,
}


def to_workload(
    group: Group,
    ports: Mapping[str, tuple[Listening, ...]],
    mountable: Mountable,
    order: Order,
    finished: Finished,
    stack: Stack,
    notes: Notes,
) -> Made:
    """The workload for the services of one pod, and the objects it refers to. `finished` are earlier workloads."""
    owner = group.owner
    volumes = PodVolumes()
    containers: list[Body] = []
    before: list[Body] = []
    pod = owner_path(owner, stack)
    awaits = partial(to_waits, order.waits.get(pod, ()), ports, finished.jobs, stack=stack)
    listed = by_container(ports[service.name] for service in group.services)
    for service, own in zip(group.services, listed, strict=True):
        given = variables(service, stack, notes)
        mounts = mounts_of(service, volumes, mountable, stack, notes)
        yield from ((one, ((role, service.name),)) for role, one in given.objects.items())
        note_devices(service, stack, notes)
        container = to_container(service, own, given.fields, mounts, stack, notes)
        containers.append(container)
        before += yield from pre_start(service, container, mounts, awaits, mountable, finished, stack, notes)
    yield from ((one, ()) for one in volumes.objects)
    init_containers = [*filling_containers(group, containers, volumes, stack), *awaits(volumes), *before]
    kind = workload_kind(owner, stack)
    policy, retries = "Always", 0
    if kind in ("Job", "CronJob"):
        # A failed run of a job in the file is over, even if it came too early for a dependency.
        policy, retries = job_policy(owner, kind == "CronJob" or pod in order.certain, notes)
    marks = restart_marks(group, finished, stack, notes)
    account = stack.naming.waiter if any(map(asks_for_a_job, init_containers)) else None
    fs_group = mountable.hosts.owners.fs_group(volumes.written)
    template = to_pod_template(
        group, containers, init_containers, volumes, fs_group, policy, account, marks, stack, notes
    )
    if kind == "CronJob":
        yield from to_cron_jobs(stack.project.jobs[owner.name], template, stack, notes)
        return
    if kind != "Job":
        for service in group.services:
            note_always(service, group, notes)
    exclusive = bool(volumes.written) or any(map(is_exclusive, group.services))
    labels = owner.deploy.labels if owner.deploy else {}
    if kind == "Job":
        spec = job_spec(owner, template, retries, stack, notes)
    else:
        spec = _SPECS[kind](owner, template, exclusive, stack, notes)
    if rolls(kind, spec):
        drain(template["spec"], group, ports, stack, notes)
    budget = to_budget(kind, group, stack)
    if budget is not None:
        yield budget, (("budget", owner.name),)
    if kind == "StatefulSet":
        yield to_tasks_service(owner, stack), ()
        yield from ((one, ()) for one in to_slot_services(owner, stack))
        spec.update(volumes.claims_of_slots())
    made = manifest(
        kind,
        finished.name(group, kind, spec, stack),
        stack.options.namespace,
        of_service(stack.project.name, stack.name(owner)),
        {"spec": spec},
        annotations(labels, ("services", owner.name, "deploy", "labels"), notes),
    )
    roles = [("workload", service.name) for service in group.services]
    yield made, (*roles, *(("before", name) for service in group.services for name in own_steps(service)))
