"""Fates of `services.*.deploy.*`, the keys made for swarm."""

from stackferry.grammar.fates import Section, exact, holder

_RESERVED = "used for placement only, as in a swarm; not set on the container"
_DEVICES = "deploy.resources.reservations.devices"
_GENERIC = "deploy.resources.reservations.generic_resources"
_SPEC = f"{_GENERIC}[].discrete_resource_spec"
_REQUEST = "option.DeviceRequests"


def _update(key: str, role: str) -> Section:
    return {
        f"deploy.{key}": holder(),
        **{
            f"deploy.{key}.{part}": exact(f"service.{role}.{part}")
            for part in ("parallelism", "delay", "failure_action", "monitor", "max_failure_ratio", "order")
        },
    }


DEPLOY: Section = {
    "deploy": holder(),
    "deploy.mode": exact("service.mode"),
    "deploy.endpoint_mode": exact("service.endpoint.mode"),
    "deploy.replicas": exact("service.replicas"),
    "deploy.labels": holder("labels of the service"),
    "deploy.labels.*": exact("service.labels"),
    **_update("update_config", "update"),
    **_update("rollback_config", "rollback"),
    "deploy.resources": holder(),
    "deploy.resources.limits": holder(),
    "deploy.resources.limits.cpus": exact("option.NanoCpus"),
    "deploy.resources.limits.memory": exact("option.Memory"),
    "deploy.resources.limits.pids": exact("option.PidsLimit"),
    "deploy.resources.reservations": holder(),
    "deploy.resources.reservations.cpus": exact("service.task.reservations.nano_cpus", why=_RESERVED),
    "deploy.resources.reservations.memory": exact("service.task.reservations.memory", why=_RESERVED),
    _GENERIC: exact("service.task.reservations.generic", why=_RESERVED),
    _SPEC: exact("service.task.reservations.generic", why=_RESERVED),
    f"{_SPEC}.kind": exact("service.task.reservations.generic", why=_RESERVED),
    f"{_SPEC}.value": exact("service.task.reservations.generic", why=_RESERVED),
    **{
        f"{_DEVICES}{part}": exact(_REQUEST)
        for part in (
            "",
            "[]",
            "[].capabilities",
            "[].count",
            "[].driver",
            "[].device_ids",
            "[].options",
            "[].options.*",
        )
    },
    "deploy.restart_policy": holder(),
    "deploy.restart_policy.condition": exact("service.task.restart.condition"),
    "deploy.restart_policy.delay": exact("service.task.restart.delay"),
    "deploy.restart_policy.max_attempts": exact("service.task.restart.max_attempts"),
    "deploy.restart_policy.window": exact("service.task.restart.window"),
    "deploy.placement": holder(),
    "deploy.placement.constraints": exact("service.task.placement.constraints"),
    "deploy.placement.preferences": holder(),
    "deploy.placement.preferences[]": exact("service.task.placement.spread"),
    "deploy.placement.preferences[].spread": exact("service.task.placement.spread"),
    "deploy.placement.max_replicas_per_node": exact("service.task.placement.max_replicas"),
}
