"""Which kind of workload runs a service: a table of evidence, first match wins.

Compose's default is `restart: "no"`, for daemons as well; only positive evidence makes a Job.
"""

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.stack import Stack

_BY_MODE = {"global": "DaemonSet", "replicated-job": "Job", "global-job": "Job"}
_RESOURCES = {"Deployment": "deploy", "DaemonSet": "ds", "Job": "job"}


def runs_here(service: Service) -> bool:
    """Whether there is a container to run; a provider's service has none."""
    return service.provider is None


def workload_kind(service: Service, stack: Stack) -> str:
    """`Job`, `DaemonSet` or `Deployment`."""
    mode = service.deploy.mode if service.deploy else None
    if mode in _BY_MODE:
        return _BY_MODE[mode]
    return "Job" if service.name in stack.awaited else "Deployment"


def resource(service: Service, stack: Stack) -> str:
    """How kubectl takes the workload: `deploy/web`."""
    return f"{_RESOURCES[workload_kind(service, stack)]}/{stack.name(service)}"


def undo_command(service: Service, stack: Stack) -> str:
    """What takes the workload back to the version before."""
    namespace = f" -n {stack.options.namespace}" if stack.options.namespace else ""
    return f"kubectl rollout undo{namespace} {resource(service, stack)}"


def is_exclusive(service: Service) -> bool:
    """Whether two pods of it cannot run side by side on one node: they would want the same port."""
    return service.network_mode == "host" or any(port.mode == "host" for port in service.ports)
