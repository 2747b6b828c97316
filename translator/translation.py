"""The whole back end in one pass over the model: names, shared objects, then service by service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.files import Files
from stackferry.translator.discovery.discovery import network_names
from stackferry.translator.disruption import to_budget
from stackferry.translator.environment.variables import variables
from stackferry.translator.host import Host
from stackferry.translator.jobs import origin_of_jobs, settle, with_jobs, without_jobs
from stackferry.translator.manifest.labels import annotations, of_service
from stackferry.translator.manifest.manifests import Body, Manifest, manifest, ordered
from stackferry.translator.namespace import to_namespace
from stackferry.translator.naming import Naming, plan_names
from stackferry.translator.notes import Note, Notes, Path
from stackferry.translator.options import Options
from stackferry.translator.order.access import to_access
from stackferry.translator.order.dependencies import Order, owner_path, plan_order
from stackferry.translator.order.finished import Finished
from stackferry.translator.order.restarts import restart_marks
from stackferry.translator.order.verdicts import COMPLETED, HEALTHY
from stackferry.translator.order.waits import asks_for_a_job, to_waits
from stackferry.translator.pod.container import to_container
from stackferry.translator.pod.devices import note_devices
from stackferry.translator.pod.draining import drain, rolls
from stackferry.translator.pod.fillings import filling_containers
from stackferry.translator.pod.pod import to_pod_template
from stackferry.translator.pod.restart import job_policy, note_always
from stackferry.translator.policies.network_policy import to_policies
from stackferry.translator.remarks import remarks
from stackferry.translator.renaming.project import rename
from stackferry.translator.renaming.renames import Renames
from stackferry.translator.services.doors import Door
from stackferry.translator.services.exposure import Made, expose, to_all_services
from stackferry.translator.services.ports import Listening, by_container
from stackferry.translator.services.publishing import routed
from stackferry.translator.services.readiness import to_ready
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack, stack_of
from stackferry.translator.templates.plan import plan_templates
from stackferry.translator.volumes.files import CONFIGS, SECRETS
from stackferry.translator.volumes.mounts import PodVolumes
from stackferry.translator.volumes.storage import Mountable, mounts_of, plan_mountable
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


@dataclass(frozen=True, slots=True)
class Translation:
    """What became of a project. `made` maps (`workload`, service), (`claim`, volume)… to `Kind/name`.

    `index` finds an object by `Kind/name`; `existing` are those that the cluster must have already. `silent` are
    paths of ports about which another one says all. `doors` say how each published port is reached.
    """

    project: Project
    objects: tuple[Manifest, ...]
    notes: tuple[Note, ...]
    naming: Naming
    made: Mapping[tuple[str, str], str]

    index: Mapping[str, Manifest]
    existing: frozenset[str]
    silent: frozenset[Path] = frozenset()
    doors: tuple[Door, ...] = ()


def translate(project: Project, files: Files, options: Options | None = None) -> Translation:
    """Manifests and notes for `project`. Reads through `files`, writes nothing.

    Raises StackferryError only for illegal options: whatever loads, translates.
    """
    notes = Notes()
    options = options or Options()
    options = replace(options, origin=origin_of_jobs(options.origin, project))
    whole, templates = plan_templates(with_jobs(project, notes), notes)
    naming = plan_names(whole, notes, templates.hosts_of_slots(whole))
    renames = Renames(naming.renames, naming.services, network_names(whole), naming.tasks, whole.name)
    # As services, the jobs are among what is looked at already.
    renamed = rename(replace(whole, jobs={}), renames, Host(files), notes)
    whole = replace(renamed.project, jobs=project.jobs)
    stack = stack_of(whole, Host(files, renamed.replaced), options, naming, templates)
    made: dict[tuple[str, str], str] = {}
    objects: dict[str, Manifest] = {}

    def keep(one: Manifest | None, *role: tuple[str, str]) -> None:
        if one is not None:
            objects[one.id] = one
            made.update(dict.fromkeys(role, one.id))

    keep(to_namespace(stack))
    mountable = plan_mountable(stack, notes)
    for key, backing in mountable.volumes.items():
        keep(backing.claim, ("claim", key))
    for section, held in ((CONFIGS, mountable.configs), (SECRETS, mountable.secrets)):
        for key, entry in held.items():
            keep(entry.made, (section.key, key))
    exposure = expose(stack, notes)
    remarks(whole, notes, routed(exposure.published, exposure.ports, stack))
    order = plan_order(stack, notes)
    for one in to_policies(exposure, stack, notes):
        keep(one)
    of_tasks = ((to_tasks_service(whole.services[name], stack), ()) for name in sorted(renamed.tasks))
    for one, roles in chain(of_tasks, to_all_services(exposure, stack, notes)):
        keep(one, *roles)
    for service in order.awaited(HEALTHY):
        keep(to_ready(service, exposure.ports[service.name], stack), ("ready", service.name))
    finished = Finished()
    of_pods: dict[str, Notes] = {}
    for group in order.pods:
        of_pods[group.owner.name] = own = Notes()
        for one, roles in _workload(group, exposure.ports, mountable, order, finished, stack, own):
            keep(one, *roles)
    notes.found += (note for group in stack.pods() for note in of_pods[group.owner.name])
    jobs = [finished.jobs[service.name] for service in order.awaited(COMPLETED)]
    for one in to_access([*jobs, *finished.before], stack):
        keep(one)
    settle(notes, project)
    return Translation(
        without_jobs(whole),
        ordered(objects.values()),
        tuple(notes),
        stack.naming,
        made,
        objects,
        _existing(mountable),
        frozenset(exposure.silent),
        tuple(exposure.doors),
    )


def _existing(mountable: Mountable) -> frozenset[str]:
    """What must be in the cluster before."""
    found = [one.existing for one in mountable.volumes.values()]
    found += [one.existing for one in (*mountable.configs.values(), *mountable.secrets.values())]
    return frozenset(filter(None, found))


def _workload(
    group: Group,
    ports: Mapping[str, tuple[Listening, ...]],
    mountable: Mountable,
    order: Order,
    finished: Finished,
    stack: Stack,
    notes: Notes,
) -> Made:
    """The workload that runs the services of one pod, and what its pods refer to. `finished` are those before it."""
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
        # A run of a job of the file that fails is over, whatever it came too early for.
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
