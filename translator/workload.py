"""Decides the kind of workload for a service: by `deploy.mode`, else a Job on evidence, else a Deployment."""

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.names import dns_label
from stackferry.translator.sharing import runs_here
from stackferry.translator.stack import Stack

_BY_MODE = {"global": "DaemonSet", "replicated-job": "Job", "global-job": "Job"}
_RESOURCES = {"Deployment": "deploy", "DaemonSet": "ds", "Job": "job", "StatefulSet": "sts", "CronJob": "cronjob"}


def has_name(service: Service, stack: Stack) -> bool:
    """Whether peers reach the service by a name; a job has none."""
    return runs_here(service) and service.name not in stack.project.jobs


def in_the_pod(service: Service) -> tuple[int, ...]:
    """The indexes of the `pre_start` containers that each pod runs."""
    several = service.replicas > 1 or (service.deploy is not None and service.deploy.mode in ("global", "global-job"))
    return tuple(index for index, one in enumerate(service.pre_start) if one.per_replica or not several)


def for_all_pods(service: Service) -> tuple[int, ...]:
    """The indexes of the `pre_start` containers that run once, before any of the pods."""
    own = in_the_pod(service)
    return tuple(index for index in range(len(service.pre_start)) if index not in own)


def workload_kind(service: Service, stack: Stack) -> str:
    """`CronJob`, `Job`, `DaemonSet`, `StatefulSet` (its tasks know their slot) or `Deployment`."""
    if service.name in stack.project.jobs:
        return "CronJob"
    mode = service.deploy.mode if service.deploy else None
    if mode in _BY_MODE:
        return _BY_MODE[mode]
    if service.name in stack.jobs:
        return "Job"
    return "StatefulSet" if stack.has_slots(service) else "Deployment"


_LONGEST_SET = 52
"""The longest name of a StatefulSet: its pods' label has the name and a hash, in 63 characters."""


def workload_name(service: Service, stack: Stack) -> str:
    """The workload's name: the service's, unless that is too long for the kind."""
    name = stack.name(service)
    return dns_label(name, _LONGEST_SET) if workload_kind(service, stack) == "StatefulSet" else name


def resource(service: Service, stack: Stack) -> str:
    """The workload as an argument for kubectl: `deploy/web`."""
    return f"{_RESOURCES[workload_kind(service, stack)]}/{workload_name(service, stack)}"


def undo_command(service: Service, stack: Stack) -> str:
    """The command that rolls the workload back to the previous revision."""
    return f"kubectl rollout undo{stack.options.in_namespace} {resource(service, stack)}"


def is_exclusive(service: Service) -> bool:
    """Whether two pods of it cannot run side by side on one node, because they need the same port."""
    return service.network_mode == "host" or any(port.mode == "host" for port in service.ports)
