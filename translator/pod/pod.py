"""The pod template of a service: what its workload runs, for every kind of workload."""

from collections.abc import Mapping, Sequence

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.labels import DOMAIN, annotations, of_service
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.names import SUBDOMAIN
from stackferry.translator.manifest.quantities import whole_seconds
from stackferry.translator.notes import Notes
from stackferry.translator.pod.network import network
from stackferry.translator.pod.scheduling import scheduling
from stackferry.translator.pod.security import default_profile, supplemental_groups
from stackferry.translator.pod.sysctls import low_ports, sysctls
from stackferry.translator.policies.networks import network_labels
from stackferry.translator.sharing import Group
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.mounts import PodVolumes


def to_pod_template(
    group: Group,
    containers: Sequence[Body],
    init_containers: Sequence[Body],
    volumes: PodVolumes,
    fs_group: int | None,
    restart_policy: str,
    account: str | None,
    marks: Mapping[str, str],
    stack: Stack,
    notes: Notes,
) -> Body:
    """`metadata` and `spec` of every pod of the group; pod-wide settings are the owner's.

    `fs_group` is the group that its volumes get, None to leave them unchanged. `account` is the ServiceAccount that its
    init containers need, `marks` are annotations of ours.
    """
    service = group.owner
    metadata: Body = {"labels": of_service(stack.project.name, stack.name(service))}
    if service.name in stack.naming.further.domains:
        metadata["labels"][DOMAIN] = stack.naming.further.domains[service.name][1]
    if stack.options.network_policies:
        metadata["labels"].update(network_labels(group, stack.project))
    given = {**_annotations(group, notes), **marks}
    if given:
        metadata["annotations"] = given
    fields: Body = {
        **_runtime(service, notes),
        **network(service, stack, notes),
        "hostPID": service.pid == "host",
        "hostIPC": service.ipc == "host",
        "shareProcessNamespace": group.shares_processes,
        **scheduling(service, stack, notes),
        "securityContext": _security(group, containers, fs_group, stack, notes),
        "serviceAccountName": account,
        # Docker's containers have neither variables for their neighbours nor access to an API.
        "enableServiceLinks": False,
        "automountServiceAccountToken": False,
        "restartPolicy": restart_policy,
        "terminationGracePeriodSeconds": grace(group),
        "initContainers": list(init_containers),
        "containers": list(containers),
        "volumes": volumes.of_pod((*init_containers, *containers)),
    }
    return {"metadata": metadata, "spec": _without_defaults(fields)}


def _annotations(group: Group, notes: Notes) -> dict[str, str]:
    """Compose's labels and annotations of all services of the pod; the owner's win."""
    given: dict[str, str] = {}
    for service in reversed(group.services):
        path = ("services", service.name)
        given.update(annotations(service.labels, (*path, "labels"), notes))
        given.update(annotations(service.annotations, (*path, "annotations"), notes))
    return given


_MEANT_WHEN_FALSE = frozenset(("enableServiceLinks", "automountServiceAccountToken"))


def _without_defaults(fields: Mapping[str, object]) -> Body:
    return {
        key: value
        for key, value in fields.items()
        if key in _MEANT_WHEN_FALSE or not (value is None or value is False or value == [] or value == {})
    }


def grace(group: Group) -> int | None:
    """The longest grace period of the containers, in seconds; None if none sets one."""
    periods = [one.stop_grace_period for one in group.services if one.stop_grace_period is not None]
    return max((whole_seconds(one, 0) for one in periods), default=None)


def _security(group: Group, containers: Sequence[Body], fs_group: int | None, stack: Stack, notes: Notes) -> Body:
    service = group.owner
    fields: Body = {
        **default_profile(group.services),
        "supplementalGroups": supplemental_groups(service, notes),
        "sysctls": [*sysctls(service, stack, notes), *low_ports(group, containers, stack)],
    }
    context = {key: value for key, value in fields.items() if value}
    if fs_group is not None:
        # Only once: a database refuses to start if the group of its files is changed at every start.
        context.update(fsGroup=fs_group, fsGroupChangePolicy="OnRootMismatch")
    return context


def _runtime(service: Service, notes: Notes) -> Body:
    name = service.runtime
    if not name or name in ("runc", "io.containerd.runc.v2"):
        return {}
    path = ("services", service.name, "runtime")
    if not SUBDOMAIN.fullmatch(name):
        notes.action(path, "kubernetes-runtime-name", f"{name} is not a valid RuntimeClass name; not applied")
        return {}
    notes.action(
        path, "kubernetes-runtime", f"the cluster needs a RuntimeClass {name}", f"kubectl get runtimeclass {name}"
    )
    return {"runtimeClassName": name}
