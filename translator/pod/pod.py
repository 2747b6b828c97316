"""The pod template of a service: what its workload runs, whatever the workload's kind."""

from collections.abc import Mapping

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.labels import annotations, of_service, selector
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.names import SUBDOMAIN
from stackferry.translator.manifest.quantities import whole_seconds
from stackferry.translator.notes import Notes
from stackferry.translator.pod.network import network
from stackferry.translator.pod.scheduling import scheduling
from stackferry.translator.pod.security import supplemental_groups
from stackferry.translator.pod.sysctls import sysctls
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.mounts import Mounts


def to_pod_template(
    service: Service, container: Body, mounts: Mounts, restart_policy: str, stack: Stack, notes: Notes
) -> Body:
    """`metadata` and `spec` of every pod of the service."""
    path = ("services", service.name)
    name = stack.name(service)
    given = {
        **annotations(service.labels, (*path, "labels"), notes),
        **annotations(service.annotations, (*path, "annotations"), notes),
    }
    metadata: Body = {"labels": of_service(stack.project.name, name)}
    if given:
        metadata["annotations"] = given
    fields: Body = {
        **_runtime(service, notes),
        **network(service, notes),
        "hostPID": service.pid == "host",
        "hostIPC": service.ipc == "host",
        "shareProcessNamespace": bool(service.init) and service.pid != "host",
        **scheduling(service, selector(stack.project.name, name), notes),
        "securityContext": _security(service, notes),
        # Docker's containers see neither their neighbours in variables nor an API to talk to.
        "enableServiceLinks": False,
        "automountServiceAccountToken": False,
        "restartPolicy": restart_policy,
        "terminationGracePeriodSeconds": _grace(service),
        "containers": [container],
        "volumes": mounts.of_pod(),
    }
    return {"metadata": metadata, "spec": _without_defaults(fields)}


_MEANT_WHEN_FALSE = frozenset(("enableServiceLinks", "automountServiceAccountToken"))


def _without_defaults(fields: Mapping[str, object]) -> Body:
    return {
        key: value
        for key, value in fields.items()
        if key in _MEANT_WHEN_FALSE or not (value is None or value is False or value == [] or value == {})
    }


def _grace(service: Service) -> int | None:
    return None if service.stop_grace_period is None else whole_seconds(service.stop_grace_period, 0)


def _security(service: Service, notes: Notes) -> Body:
    fields: Body = {"supplementalGroups": supplemental_groups(service, notes), "sysctls": sysctls(service, notes)}
    return {key: value for key, value in fields.items() if value}


def _runtime(service: Service, notes: Notes) -> Body:
    name = service.runtime
    if not name or name in ("runc", "io.containerd.runc.v2"):
        return {}
    path = ("services", service.name, "runtime")
    if not SUBDOMAIN.fullmatch(name):
        notes.action(path, "kubernetes-runtime", f"{name} cannot be the name of a RuntimeClass; not in force")
        return {}
    notes.action(
        path, "kubernetes-runtime", f"the cluster needs a RuntimeClass {name}", f"kubectl get runtimeclass {name}"
    )
    return {"runtimeClassName": name}
