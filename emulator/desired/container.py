"""From a service of the model to the container that each of its tasks runs.

Part of `stack.py`. Nothing here depends on a single task: `create_request.py` fills in templates and makes the body.
"""

from collections.abc import Mapping

from stackferry.emulator.cluster import labels
from stackferry.emulator.cluster.container import ContainerSpec, HealthSpec, HookSpec, PreStartSpec
from stackferry.emulator.desired.builds import image_of
from stackferry.emulator.desired.findings import Findings
from stackferry.emulator.desired.host_config import host_options
from stackferry.emulator.desired.networks import attachments, network_mode
from stackferry.emulator.desired.payloads import Payloads, file_mounts
from stackferry.emulator.desired.templating import checked
from stackferry.emulator.desired.volumes import mounts
from stackferry.grammar.compose.model.as_service import pre_start_as_services
from stackferry.grammar.compose.model.attachments import Hook
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.compose.model.terms import Exposed, Namespace, VolumesFrom
from stackferry.grammar.compose.syntax.units import Duration
from stackferry.grammar.files import Files

_NO_CHECK = ("NONE",)
_PORTS = range(65536)


def container_spec(
    service: Service,
    project: Project,
    payloads: Payloads,
    service_labels: Mapping[str, str],
    files: Files,
    findings: Findings,
) -> ContainerSpec:
    """The container of a service. `service_labels` are the labels of the swarm service, which templates see."""
    mode = _of_peer(network_mode(service, project), project)
    return ContainerSpec(
        image_of(service, project),
        command=service.entrypoint,
        args=service.command,
        env=_environment(service, service_labels, findings),
        labels={**service.labels, labels.NAMESPACE: project.name},
        hostname=checked(service.hostname or "", ("services", service.name, "hostname"), service_labels, findings),
        domainname=service.domainname or "",
        user=str(service.user or ""),
        working_dir=service.working_dir or "",
        groups=tuple(map(str, service.group_add)),
        tty=service.tty,
        stdin_open=service.stdin_open,
        init=service.init,
        stop_signal=service.stop_signal or "",
        health=health_spec(service),
        mounts=mounts(service, project, service_labels, findings),
        files=file_mounts(service, payloads, findings),
        networks=() if mode else attachments(service, project),
        network_mode=mode,
        # With network attachments, the first has the address; namespaces of the host or of containers have their own.
        mac_address=(service.mac_address or "") if _is_network(mode) else "",
        container_name=_container_name(service, findings),
        hosts=tuple(f"{host}:{address}" for host, addresses in service.extra_hosts.items() for address in addresses),
        pull_policy=str(service.pull_policy or ("build" if service.build else "")),
        platform=str(service.platform or ""),
        options={**host_options(service, files, findings), **_of_peers(service, project)},
        exposed=_exposed(service),
        pre_start=tuple(
            PreStartSpec(
                container_spec(before, project, payloads, service_labels, files, findings), per_replica=one.per_replica
            )
            for before, one in zip(
                pre_start_as_services(service, image_of(service, project)), service.pre_start, strict=True
            )
        ),
        post_start=_hooks(service.post_start),
        pre_stop=_hooks(service.pre_stop),
    )


def _of_peers(service: Service, project: Project) -> dict[str, object]:
    """The options that may name other services; the names become those of the swarm services."""
    options: dict[str, object] = {
        "PidMode": _of_peer(service.pid, project),
        "IpcMode": _of_peer(service.ipc, project),
        "VolumesFrom": [_source(one, project) for one in service.volumes_from],
    }
    return {key: value for key, value in options.items() if value}


def _of_peer(namespace: Namespace | None, project: Project) -> str:
    """`service:web` to `service:shop_web`; `agent/create_request.py` replaces that with a container of the service."""
    if namespace is None or namespace.service is None:
        return str(namespace or "")
    return f"service:{project.name}_{namespace.service}"


def _is_network(mode: str) -> bool:
    """Whether a network mode names a network of the engine: bridge, default, or one that a user made."""
    return mode not in ("", "host", "none") and not Namespace(mode).is_shared


def _source(source: VolumesFrom, project: Project) -> str:
    name = source.container if source.service is None else f"service:{project.name}_{source.service}"
    return f"{name}:{source.access}" if source.access else str(name)


def _environment(service: Service, service_labels: Mapping[str, str], findings: Findings) -> tuple[str, ...]:
    """`KEY=value`; a bare `KEY` where no value is given, which removes the image's variable."""
    return tuple(
        name
        if value is None
        else f"{name}={checked(value, ('services', service.name, 'environment', name), service_labels, findings)}"
        for name, value in service.environment.items()
    )


def health_spec(service: Service) -> HealthSpec | None:
    """The health check; None to use the image's."""
    check = service.healthcheck
    if check is None:
        return None
    if check.disable or check.test[:1] == _NO_CHECK:
        return HealthSpec(_NO_CHECK)

    def nanoseconds(value: Duration | None) -> int:
        return int(value or 0)

    return HealthSpec(
        check.test,
        nanoseconds(check.interval),
        nanoseconds(check.timeout),
        nanoseconds(check.start_period),
        nanoseconds(check.start_interval),
        check.retries or 0,
    )


def _hooks(hooks: tuple[Hook, ...]) -> tuple[HookSpec, ...]:
    return tuple(
        HookSpec(
            hook.command,
            str(hook.user or ""),
            hook.working_dir or "",
            tuple(name if value is None else f"{name}={value}" for name, value in hook.environment.items()),
        )
        for hook in hooks
        if hook.command
    )


def has_healthcheck(spec: ContainerSpec) -> bool:
    """Whether the spec itself asks for a health check; without one, the image may still have its own."""
    return spec.health is not None and bool(spec.health.test) and spec.health.test != _NO_CHECK


def _container_name(service: Service, findings: Findings) -> str:
    name = service.container_name or ""
    if not name or findings.strict:
        return ""
    mode = (service.deploy.mode if service.deploy else None) or "replicated"
    if service.replicas > 1 or mode.startswith("global"):
        message = f"more than one container cannot be named {name}"
        hint = "remove container_name, or run one replica"
        findings.refuse(("services", service.name, "container_name"), "container-name", message, hint)
    return name


def _exposed(service: Service) -> tuple[str, ...]:
    """Ports as the engine writes them, `80/tcp`, each on its own: engine v29 accepts no ranges."""
    written = (f"{number}/{one.protocol}" for one in service.expose if one.strip() for number in _each(one))
    published = (f"{port.target}/{port.protocol}" for port in service.ports)
    return tuple(dict.fromkeys((*written, *published)))


def _each(exposed: Exposed) -> range | tuple[str]:
    """The port numbers; text that is no port stays as written, for the engine to refuse."""
    bounds = exposed.bounds
    if bounds is None or bounds[0] > bounds[1] or bounds[1] not in _PORTS:
        return (exposed.numbers,)
    return range(bounds[0], bounds[1] + 1)
