"""From the model of a stack to the desired state that `up` and `stack deploy` give the manager. Pure but for `files`.

First step of the emulator; the parts are made by `container.py`, `deploy.py`, `networks.py`, `volumes.py`,
`payloads.py`, `builds.py` and `nodes.py`. What cannot run is refused here, all of it at once.
"""

from collections.abc import Mapping
from dataclasses import field, replace
from graphlib import CycleError, TopologicalSorter

from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.spec import Mode, ScheduleSpec, ServiceSpec, TaskTemplate
from stackferry.emulator.desired import deploy as policies
from stackferry.emulator.desired.builds import BuildSpec, build_specs, image_of
from stackferry.emulator.desired.container import container_spec, has_healthcheck
from stackferry.emulator.desired.findings import Findings
from stackferry.emulator.desired.jobs import with_scheduled
from stackferry.emulator.desired.networks import NetworkSpec, network_specs
from stackferry.emulator.desired.nodes import KEY, NodeSpec, node_specs
from stackferry.emulator.desired.payloads import Payload, Payloads, Stored, payload_key, read_payloads
from stackferry.emulator.desired.remarks import remark
from stackferry.emulator.desired.strict import check_strict, without_ignored
from stackferry.emulator.desired.volumes import VolumeSpec, volume_specs
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.text import describe
from stackferry.grammar.diagnostics import Diagnostic
from stackferry.grammar.files import Files
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.notes import Note, Origin, nowhere


@dataclass(frozen=True, slots=True)
class DesiredOptions:
    """`strict_swarm`: refuse what a swarm refuses; `bug_compatible`: reproduce its bugs.

    `unused`: include secrets and configs that no service uses, if the model has them.
    `origin`: where keys were written (`Loaded.origin`).
    """

    strict_swarm: bool = False
    bug_compatible: bool = False
    unused: bool = False
    origin: Origin = nowhere


@dataclass(frozen=True, slots=True)
class DesiredStack:
    """The whole desired state of a stack. `services` come after those that they depend on.

    `names` maps a service's key in the file to its name, `<stack>_<key>`. `contents` maps (kind, name) to the bytes of
    payloads; it is the only place with secrets in clear text, and the text form omits it.
    `warnings` and `notes` say the same, with and without places in files.
    """

    name: str
    services: tuple[ServiceSpec, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    networks: tuple[NetworkSpec, ...] = ()
    volumes: tuple[VolumeSpec, ...] = ()
    payloads: tuple[Payload, ...] = ()
    builds: tuple[BuildSpec, ...] = ()
    nodes: tuple[NodeSpec, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    notes: tuple[Note, ...] = ()
    contents: Mapping[tuple[str, str], bytes] = field(default_factory=dict, repr=False)

    def stored_contents(self) -> dict[str, bytes]:
        """The contents by their keys in the store."""
        return {payload_key(one.kind, one.name, one.digest): self.contents[one.kind, one.name] for one in self.payloads}

    def __str__(self) -> str:
        notes = "".join(f"{note}\n" for note in self.notes)
        builds = tuple(one.to_show() for one in self.builds)
        return describe(replace(self, builds=builds, warnings=(), notes=(), contents={})) + notes


def _nothing_stored(kind: str, name: str) -> bytes | None:
    return None


_AS_USUAL = DesiredOptions()


def desired(
    project: Project, files: Files, *, stored: Stored = _nothing_stored, options: DesiredOptions = _AS_USUAL
) -> DesiredStack:
    """The desired state of a stack; raises SourceError with everything that cannot be run.

    `files` is read for secrets, configs and seccomp profiles; `stored` finds external payloads.
    """
    findings = Findings(options.origin, options.strict_swarm, project.jobs)
    if options.strict_swarm:
        check_strict(project, findings)
        project = without_ignored(project)
    nodes = node_specs(project.extensions.get(KEY), findings)
    project, schedules = with_scheduled(project, findings)
    remark(project, findings)
    project = _runnable(project)
    payloads = read_payloads(project, files, stored, findings, unused=options.unused)
    names = {key: f"{project.name}_{key}" for key in project.services}
    services = tuple(
        _service(project.services[key], project, names, payloads, files, findings, options, schedules.get(key, ()))
        for key in _in_order(project)
    )
    networks = network_specs(project, findings)
    findings.stop_if_refused()
    findings.settle()
    return DesiredStack(
        project.name,
        services,
        names,
        networks,
        volume_specs(project),
        tuple(payloads.by_key.values()),
        build_specs(project, options.origin),
        nodes,
        findings.warnings(),
        tuple(findings.notes),
        payloads.contents,
    )


def _runnable(project: Project) -> Project:
    """The project without services that something other than the engine provides."""
    services = {name: service for name, service in project.services.items() if service.provider is None}
    return replace(project, services=services)


def _in_order(project: Project) -> list[str]:
    """Services after those they depend on, otherwise as in the file."""
    graph = {
        key: [other for other in service.depends_on if other in project.services]
        for key, service in project.services.items()
    }
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError:
        # The loader refuses cycles; where it was told not to check, the order of the file must do.
        return list(graph)


def _service(
    service: Service,
    project: Project,
    names: Mapping[str, str],
    payloads: Payloads,
    files: Files,
    findings: Findings,
    options: DesiredOptions,
    schedules: tuple[ScheduleSpec, ...],
) -> ServiceSpec:
    deploy_labels = service.deploy.labels if service.deploy else {}
    mode = Mode.REPLICATED_JOB if schedules else policies.mode(service, findings)
    image = {labels.IMAGE: image_of(service, project)}
    service_labels = {**deploy_labels, **image, labels.NAMESPACE: project.name}
    container = container_spec(service, project, payloads, service_labels, files, findings)
    grace = service.stop_grace_period
    return ServiceSpec(
        names[service.name],
        mode,
        service.replicas,
        service.replicas if mode is Mode.REPLICATED_JOB else 0,
        TaskTemplate(
            container,
            policies.restart_policy(service, findings),
            policies.placement(service, findings),
            policies.reservations(service, findings),
            tuple(leg.network for leg in container.networks),
            has_healthcheck=has_healthcheck(container),
            stop_grace=10.0 if grace is None else grace.seconds,
        ),
        policies.endpoint(service, findings),
        policies.update_config(service, "update_config", findings),
        policies.update_config(service, "rollback_config", findings),
        service_labels,
        policies.dependencies(service, names),
        () if mode.is_job else policies.followed(service, names),
        options.bug_compatible,
        schedules,
    )
