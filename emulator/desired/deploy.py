"""The `deploy` section in swarm's terms: mode, restart, updates, placement, reservations, endpoint.

Part of `stack.py`. Defaults are swarmkit's (api/defaults/service.go); refusals use swarm's wording.
"""

from collections.abc import Mapping
from dataclasses import replace

from stackferry.emulator.cluster.constraint import parse
from stackferry.emulator.cluster.port_conflicts import refuse_twice
from stackferry.emulator.cluster.spec import (
    EndpointSpec,
    Mode,
    Placement,
    PublishedPort,
    Reservations,
    RestartCondition,
    RestartPolicy,
    UpdateConfig,
    enough_memory,
)
from stackferry.emulator.desired.findings import Findings
from stackferry.emulator.desired.host_config import cpus
from stackferry.grammar.compose.model.attachments import Port
from stackferry.grammar.compose.model.deploy import Deploy, Resource, UpdatePolicy
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.key_path import Path

_MODES = {
    "": Mode.REPLICATED,
    "replicated": Mode.REPLICATED,
    "global": Mode.GLOBAL,
    "replicated-job": Mode.REPLICATED_JOB,
    "global-job": Mode.GLOBAL_JOB,
}
_CONDITIONS = {
    "": RestartCondition.ANY,
    "any": RestartCondition.ANY,
    "on-failure": RestartCondition.ON_FAILURE,
    "none": RestartCondition.NONE,
}
_COMPOSE_CONDITIONS = {
    "always": RestartCondition.ANY,
    "unless-stopped": RestartCondition.ANY,
    "no": RestartCondition.NONE,
}
_UPDATE_ACTIONS = ("pause", "continue", "rollback")
_ROLLBACK_ACTIONS = ("pause", "continue")
_ORDERS = ("stop-first", "start-first")


def _below(service: Service, *keys: str | int) -> Path:
    return ("services", service.name, *keys)


def mode(service: Service, findings: Findings) -> Mode:
    """The service mode."""
    deploy = service.deploy or Deploy()
    found = _MODES.get(deploy.mode or "")
    if found is None:
        known = ", ".join(name for name in _MODES if name)
        findings.refuse(_below(service, "deploy", "mode"), "mode", f"Unknown mode: {deploy.mode}", f"one of {known}")
        return Mode.REPLICATED
    if found.is_global and (deploy.replicas is not None or service.scale is not None):
        message = "replicas can only be used with replicated or replicated-job mode"
        findings.refuse(_below(service, "deploy", "replicas"), "replicas", message, "remove one of them")
    if found.is_job and (deploy.update_config or deploy.rollback_config):
        key = "update_config" if deploy.update_config else "rollback_config"
        message = "job-mode services cannot have an update or rollback configuration"
        findings.refuse(_below(service, "deploy", key), "job-update", message, "remove it")
    return found


def restart_policy(service: Service, findings: Findings) -> RestartPolicy:
    """`deploy.restart_policy`, else `restart`, else swarm's default: any, after 5 s, without a limit."""
    policy = service.deploy.restart_policy if service.deploy else None
    if policy is None:
        return _from_restart(service, findings)
    path = _below(service, "deploy", "restart_policy", "condition")
    condition = _CONDITIONS.get(policy.condition or "")
    if condition is None and not findings.strict:
        condition = _COMPOSE_CONDITIONS.get(policy.condition or "")
        if condition is not None:
            message = f"unknown restart condition {policy.condition!r}; using {condition.value}"
            findings.notes.approximated(path, "restart-condition", message, f"write {condition.value}")
    if condition is None:
        findings.refuse(
            path, "restart-condition", f"invalid RestartCondition: {policy.condition!r}", "use any, on-failure or none"
        )
        condition = RestartCondition.ANY
    return RestartPolicy(
        condition,
        5.0 if policy.delay is None else policy.delay.seconds,
        policy.max_attempts or 0,
        policy.window.seconds if policy.window else 0.0,
    )


def _from_restart(service: Service, findings: Findings) -> RestartPolicy:
    """`restart` in swarm's terms. A swarm reads `no` as any (docker/cli convertRestartPolicy), which nobody means."""
    condition = service.restart.condition if service.restart else ""
    if service.restart and condition == "on-failure":
        return RestartPolicy(RestartCondition.ON_FAILURE, max_attempts=service.restart.max_attempts or 0)
    if condition == "no" and findings.strict:
        return RestartPolicy()
    return RestartPolicy(_COMPOSE_CONDITIONS.get(condition, RestartCondition.ANY))


def update_config(service: Service, key: str, findings: Findings) -> UpdateConfig:
    """`deploy.update_config` or, with that key, `deploy.rollback_config`."""
    policy: UpdatePolicy | None = getattr(service.deploy, key) if service.deploy else None
    if policy is None:
        return UpdateConfig()
    path = _below(service, "deploy", key)
    actions = _UPDATE_ACTIONS if key == "update_config" else _ROLLBACK_ACTIONS
    ratio = float(str(policy.max_failure_ratio or 0))
    if not 0 <= ratio <= 1:
        message = f"invalid max_failure_ratio {ratio}"
        findings.refuse((*path, "max_failure_ratio"), "failure-ratio", message, "it must be between 0 and 1")
    return UpdateConfig(
        1 if policy.parallelism is None else policy.parallelism,
        policy.delay.seconds if policy.delay else 0.0,
        _one_of(policy.failure_action, actions, (*path, "failure_action"), findings),
        (policy.monitor.seconds if policy.monitor else 0.0) or 5.0,
        ratio,
        _one_of(policy.order, _ORDERS, (*path, "order"), findings),
    )


def _one_of(value: str | None, choices: tuple[str, ...], path: Path, findings: Findings) -> str:
    if not value or value in choices:
        return value or choices[0]
    findings.refuse(
        path, str(path[-1]).replace("_", "-"), f"unknown {path[-1]} {value!r}", f"one of {', '.join(choices)}"
    )
    return choices[0]


def placement(service: Service, findings: Findings) -> Placement:
    """Where tasks may run."""
    wanted = service.deploy.placement if service.deploy else None
    if wanted is None:
        return Placement()
    for index, constraint in enumerate(wanted.constraints):
        try:
            parse(str(constraint))
        except StackferryError as error:
            path = _below(service, "deploy", "placement", "constraints", index)
            findings.refuse(path, "constraint", str(error), error.hint)
    return Placement(
        tuple(map(str, wanted.constraints)),
        tuple(one.spread for one in wanted.preferences if one.spread),
        wanted.max_replicas_per_node or 0,
    )


def reservations(service: Service, findings: Findings) -> Reservations:
    """The resources that the scheduler reserves."""
    resources = service.deploy.resources if service.deploy else None
    if resources is None:
        return Reservations()
    _check_memory(service, "limits", resources.limits, findings)
    _check_memory(service, "reservations", resources.reservations, findings)
    wanted = resources.reservations or Resource()
    generic = (one.discrete_resource_spec for one in wanted.generic_resources)
    return Reservations(
        cpus(wanted.cpus, _below(service, "deploy", "resources", "reservations", "cpus"), findings),
        int(wanted.memory or 0),
        tuple((one.kind, one.value) for one in generic if one is not None),
    )


def _check_memory(service: Service, side: str, resource: Resource | None, findings: Findings) -> None:
    try:
        enough_memory(int((resource and resource.memory) or 0))
    except ValueError as error:
        findings.refuse(_below(service, "deploy", "resources", side, "memory"), "memory", str(error))


def endpoint(service: Service, findings: Findings) -> EndpointSpec:
    """The endpoint: its mode and published ports."""
    wanted = (service.deploy.endpoint_mode if service.deploy else None) or "vip"
    if wanted not in ("vip", "dnsrr"):
        path = _below(service, "deploy", "endpoint_mode")
        findings.refuse(path, "endpoint-mode", f"unknown endpoint mode {wanted!r}", "use vip or dnsrr")
    ports = tuple(one for index, port in enumerate(service.ports) for one in _published(service, index, port, findings))
    try:
        refuse_twice(ports)
    except StackferryError as error:
        findings.refuse(_below(service, "ports"), "port-twice", str(error), error.hint)
    if wanted == "dnsrr" and any(port.mode == "ingress" for port in ports):
        message = "EndpointSpec: port published with ingress mode can't be used with dnsrr mode"
        findings.refuse(_below(service, "ports"), "dnsrr-ingress", message, "add mode: host to the ports")
    return EndpointSpec(wanted, ports)


def _published(service: Service, index: int, port: Port, findings: Findings) -> list[PublishedPort]:
    path = _below(service, "ports", index, "published")
    found = published(port)
    if port.bounds[1] > port.bounds[0] and port.mode == "host":
        message = f"published on {found[0].published}, the first port of the range"
        findings.notes.approximated(path, "port-range", message, f"write published: {found[0].published}")
        if findings.strict:
            findings.refuse(path, "port-range", "must be a integer")
    if port.host_ip and findings.strict:
        message = f"ignoring IP-address {port.host_ip}: the service will listen on '0.0.0.0'"
        findings.notes.approximated(_below(service, "ports", index, "host_ip"), "host-ip", message)
        found = [replace(one, host_ip="") for one in found]
    return found


def published(port: Port) -> list[PublishedPort]:
    """One entry per port of a range, as docker stack deploy reads `8000-8010:80`; in host mode only the first."""
    first, last = port.bounds
    mode = port.mode if port.mode == "host" else "ingress"
    numbers = range(first, (first if mode == "host" else last) + 1)
    return [PublishedPort(port.target, number, port.protocol, mode, port.host_ip or "") for number in numbers]


def dependencies(service: Service, names: Mapping[str, str]) -> dict[str, str]:
    """Maps names of swarm services to the condition that each has to meet first."""
    return {names[key]: one.condition or "service_started" for key, one in service.depends_on.items() if key in names}


def followed(service: Service, names: Mapping[str, str]) -> tuple[str, ...]:
    """The dependencies whose updates restart this service, including those that loading made of `links` etc."""
    return tuple(names[key] for key, one in service.depends_on.items() if one.restart and key in names)
