"""The account with which a pod asks the cluster whether a Job is complete; it may only read the awaited Jobs."""

from collections.abc import Sequence

from stackferry.translator.manifest.labels import of_project
from stackferry.translator.manifest.manifests import Body, Manifest, manifest
from stackferry.translator.stack import Stack

_GROUP = "rbac.authorization.k8s.io"


def to_access(jobs: Sequence[str], stack: Stack) -> tuple[Manifest, ...]:
    """ServiceAccount, Role and RoleBinding of the stack for reading `jobs`; nothing if there are none."""
    if not jobs:
        return ()
    name, namespace = stack.naming.waiter, stack.options.namespace
    subject: Body = {"kind": "ServiceAccount", "name": name}
    if namespace is not None:
        subject["namespace"] = namespace
    rule: Body = {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get"], "resourceNames": sorted(jobs)}
    parts: dict[str, Body] = {
        "ServiceAccount": {"automountServiceAccountToken": False},
        "Role": {"rules": [rule]},
        "RoleBinding": {"subjects": [subject], "roleRef": {"apiGroup": _GROUP, "kind": "Role", "name": name}},
    }
    labels = of_project(stack.project.name)
    return tuple(manifest(kind, name, namespace, labels, body) for kind, body in parts.items())


def awaited_jobs(role: Manifest) -> frozenset[str]:
    """The Jobs that a Role of ours allows to read."""
    return frozenset(name for rule in role.body["rules"] for name in rule["resourceNames"])
