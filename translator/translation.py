"""The whole back end in one pass over the model: names, shared objects, then service by service."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from stackferry.grammar.compose.model.attachments import COMPLETED, HEALTHY
from stackferry.grammar.compose.model.model import Project
from stackferry.grammar.files import Files
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.discovery.discovery import network_names
from stackferry.translator.host import Host
from stackferry.translator.jobs import origin_of_jobs, settle, with_jobs, without_jobs
from stackferry.translator.manifest.manifests import Manifest, ordered
from stackferry.translator.namespace import to_namespace
from stackferry.translator.naming.naming import Naming, plan_names
from stackferry.translator.notes import Note, Notes, Path
from stackferry.translator.options import Options
from stackferry.translator.order.access import to_access
from stackferry.translator.order.dependencies import plan_order
from stackferry.translator.order.finished import Finished
from stackferry.translator.policies.network_policy import to_policies
from stackferry.translator.remarks.remarks import remarks
from stackferry.translator.renaming.project import rename
from stackferry.translator.renaming.renames import Renames
from stackferry.translator.services.doors import Door
from stackferry.translator.services.exposure import expose, to_all_services
from stackferry.translator.services.readiness import to_ready
from stackferry.translator.stack import stack_of
from stackferry.translator.templates.plan import plan_templates
from stackferry.translator.volumes.binds.bind_mounts import BindMount, bind_mounts
from stackferry.translator.volumes.files import CONFIGS, SECRETS
from stackferry.translator.volumes.filling.copies import Copy
from stackferry.translator.volumes.storage import Mountable, plan_mountable
from stackferry.translator.workload_kinds.of_pod import to_workload
from stackferry.translator.workload_kinds.statefulset import to_tasks_service


@dataclass(frozen=True, slots=True)
class Translation:
    """The result for a project. `made` maps (`workload`, service), (`claim`, volume)… to `Kind/name`.

    `index` finds an object by `Kind/name`; `existing` are objects that the cluster must have already. `silent` are
    paths of ports that another port's note covers. `doors` say how each published port is reached. `bind_mounts` are
    all mounts of paths of this machine; `copies` are the files to copy into claims once the manifests are applied.
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
    bind_mounts: tuple[BindMount, ...] = ()
    copies: tuple[Copy, ...] = ()


def translate(project: Project, files: Files, options: Options | None = None) -> Translation:
    """Manifests and notes for `project`. Reads through `files`, writes nothing.

    Raises StackferryError only for illegal options: every project that loads can be translated.
    """
    notes = Notes()
    options = options or Options()
    options = replace(options, origin=origin_of_jobs(options.origin, project))
    whole, templates = plan_templates(with_jobs(project, notes), notes)
    naming = plan_names(whole, notes, templates.hosts_of_slots(whole))
    renames = Renames(naming.renames, naming.services, network_names(whole), naming.tasks, whole.name)
    # The jobs are among the services already, so they are not renamed twice.
    renamed = rename(replace(whole, jobs={}), renames, Host(files), notes)
    whole = replace(renamed.project, jobs=project.jobs)
    stack = stack_of(whole, Host(files, renamed.replaced), options, naming, templates)
    made: dict[tuple[str, str], str] = {}
    objects: dict[str, Manifest] = {}

    def keep(manifest: Manifest | None, *role: tuple[str, str]) -> None:
        if manifest is not None:
            objects[manifest.id] = manifest
            made.update(dict.fromkeys(role, manifest.id))

    keep(to_namespace(stack))
    mountable = plan_mountable(stack, notes)
    for key, backing in mountable.volumes.items():
        keep(backing.claim, ("claim", key))
    for section, held in ((CONFIGS, mountable.configs), (SECRETS, mountable.secrets)):
        for key, entry in held.items():
            keep(entry.made, (section.key, key))
    exposure = expose(stack, notes)
    remarks(stack, notes, exposure.routed_keys)
    order = plan_order(stack, notes)
    for manifest in to_policies(exposure, stack, notes):
        keep(manifest)
    of_tasks = ((to_tasks_service(whole.services[name], stack), ()) for name in sorted(renamed.tasks))
    for manifest, roles in chain(of_tasks, to_all_services(exposure, stack, notes)):
        keep(manifest, *roles)
    for service in order.awaited(HEALTHY):
        keep(to_ready(service, exposure.ports[service.name], stack), ("ready", service.name))
    finished = Finished()
    of_pods: dict[str, Notes] = {}
    for group in order.pods:
        of_pods[group.owner.name] = own = Notes()
        for manifest, roles in to_workload(group, exposure.ports, mountable, order, finished, stack, own):
            keep(manifest, *roles)
    notes.found += (note for group in stack.pods() for note in of_pods[group.owner.name])
    jobs = [finished.jobs[service.name] for service in order.awaited(COMPLETED)]
    for manifest in to_access([*jobs, *finished.before], stack):
        keep(manifest)
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
        tuple(bind_mounts(mountable.hosts.paths, stack)),
        tuple(mountable.hosts.copies.values()),
    )


def _existing(mountable: Mountable) -> frozenset[str]:
    """The objects that must be in the cluster already."""
    found = [one.existing for one in mountable.volumes.values()]
    found += [one.existing for one in (*mountable.configs.values(), *mountable.secrets.values())]
    return frozenset(filter(None, found))
