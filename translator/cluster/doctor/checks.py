"""Turns facts about a cluster into findings: one function per check, in the order of the report. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from stackferry.translator.cluster.doctor.facts import Asking, Facts
from stackferry.translator.cluster.doctor.finding import Finding, fail, ok, warn
from stackferry.translator.cluster.doctor.quotas import quotas
from stackferry.translator.cluster.isolation import cut_off
from stackferry.translator.cluster.provisioners import StorageClass
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.options import VERSIONS

CLAIM = "PersistentVolumeClaim"
Check = Callable[[Facts, Asking], Iterator[Finding]]


def findings(facts: Facts, asking: Asking) -> Iterator[Finding]:
    """The findings of all checks."""
    for check in CHECKS:
        yield from check(facts, asking)


def version(facts: Facts, asking: Asking) -> Iterator[Finding]:
    """Whether manifests can be made for the server's version."""
    found = re.match(r"v?1\.(\d+)", facts.version)
    known = f"1.{VERSIONS[0]} to 1.{VERSIONS[-1]}"
    if found is None or int(found[1]) not in VERSIONS:
        yield warn("version", f"{facts.version or 'unknown'}; the manifests are made for {known}")
    else:
        yield ok("version", facts.version)


def namespace(facts: Facts, asking: Asking) -> Iterator[Finding]:
    """Whether the namespace exists."""
    said = {True: "exists", False: "does not exist yet", None: "cannot be read"}[facts.is_there]
    yield ok("namespace", f"{asking.namespace} {said}")


def rights(facts: Facts, asking: Asking) -> Iterator[Finding]:
    """The rights in the namespace that the user lacks."""
    for required in (True, False):
        missing = [one for one in facts.missing if one.required is required]
        for without in dict.fromkeys(one.without for one in missing):
            verbs: dict[str, list[str]] = {}
            for lack in missing:
                if lack.without == without:
                    verbs.setdefault(lack.right.resource, []).append(lack.right.verb)
            text = "; ".join(f"{', '.join(each)} {resource}" for resource, each in verbs.items())
            made = fail if required else warn
            yield made("rights", f"you are not allowed to {text}: {without}", _hint(asking) if required else "")
    if not any(one.required for one in facts.missing):
        yield ok("rights", f"you have all permissions that `kube up` and `kube down` need in {asking.namespace}")


def _hint(asking: Asking) -> str:
    return f"ask for a RoleBinding to the ClusterRole edit in {asking.namespace}"


def nodes(facts: Facts, asking: Asking) -> Iterator[Finding]:
    """Whether a node can take pods."""
    if facts.nodes is None:
        yield warn("nodes", "you are not allowed to list nodes: their number and addresses are unknown")
        return
    ready = [one for one in facts.nodes if _is_ready(one)]
    text = f"{len(ready)} of {len(facts.nodes)} ready"
    if ready:
        yield ok("nodes", text)
    else:
        yield fail("nodes", text, "no pod can run; find out why with kubectl describe nodes")


def _is_ready(node: Mapping[str, Any]) -> bool:
    conditions = (node.get("status") or {}).get("conditions", ())
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def storage(facts: Facts, asking: Asking) -> Iterator[Finding]:
    """Which volumes the claims of the stack would get."""
    claims = [one for one in asking.objects if one.kind == CLAIM]
    if facts.classes is None:
        yield warn("storage", "you are not allowed to list StorageClasses: whether claims get volumes is unknown")
        return
    default = next((one for one in facts.classes if one.is_default), None)
    if default is None:
        names = ", ".join(one.name for one in facts.classes) or "none"
        made = fail if claims or not asking.objects else warn
        hint = "mark one as the default, or create the claims of the stack beforehand with the class that you want"
        yield made(
            "storage", f"no StorageClass is the default (available: {names}), so claims would wait forever", hint
        )
        return
    yield ok("storage", f"claims get {default.name} ({default.provisioner}){_modes(default)}")
    if default.is_of_one_node and facts.nodes is not None and len(facts.nodes) > 1:
        for claim, users in _shared(asking.objects):
            message = f"{claim} is mounted by {', '.join(users)}, {default.name} attaches it to one node at a time, "
            hint = (
                f"create {claim} beforehand with a class that supports ReadWriteMany, or give each"
                " service its own volume"
            )
            yield warn("storage", f"{message}and there are {len(facts.nodes)} nodes", hint)


def _modes(storage_class: StorageClass) -> str:
    growth = "" if storage_class.grows else "; claims cannot be expanded later"
    return f", attached to one node at a time{growth}" if storage_class.is_of_one_node else growth


def _shared(objects: Iterable[Manifest]) -> Iterator[tuple[str, list[str]]]:
    """Claims that more than one workload mounts."""
    users: dict[str, list[str]] = {}
    for resource in objects:
        pod = ((resource.body.get("spec") or {}).get("template") or {}).get("spec") or {}
        for volume in pod.get("volumes") or ():
            if "persistentVolumeClaim" in volume:
                users.setdefault(volume["persistentVolumeClaim"]["claimName"], []).append(resource.id)
    yield from ((claim, each) for claim, each in users.items() if len(each) > 1)


def security(facts: Facts, asking: Asking) -> Iterator[Finding]:
    """Whether the server accepts the stack's pods: Pod Security, and any other admission control of the cluster."""
    level = (facts.labels or {}).get("pod-security.kubernetes.io/enforce")
    for name, why in facts.refused.items():
        yield fail("pods", f"{name}: {why}", "change the service to request less, or use another namespace")
    if not facts.refused:
        yield ok("pods", f"Pod Security: {level}" if level else "nothing found that would reject them")


def network(facts: Facts, asking: Asking) -> Iterator[Finding]:
    """Whether NetworkPolicies of others leave the stack its network."""
    if facts.policies is None:
        yield warn("network", "you are not allowed to list NetworkPolicies: whether one isolates the stack is unknown")
        return
    hint = "use --network-policies to add policies that allow the traffic that compose allows"
    found = list(cut_off(facts.policies, asking.objects, asking.project))
    for storage_class in found:
        yield fail("network", f"{storage_class.id}: {storage_class}", hint)
    if not asking.objects:
        closing = [one["metadata"]["name"] for one in facts.policies if not one["spec"].get("podSelector")]
        if closing:
            yield warn("network", f"NetworkPolicy/{', '.join(closing)} selects every pod in {asking.namespace}", hint)
            return
    if not found:
        yield ok("network", "no other policy isolates the stack")


def images(facts: Facts, asking: Asking) -> Iterator[Finding]:
    """Whether the stack builds images, which the cluster cannot pull."""
    if asking.builds:
        yield warn(
            "images",
            f"{', '.join(asking.builds)}: built here",
            (
                "push them with --registry HOST/PATH; for kind, and for k3s on this machine, they are"
                " loaded by its own program"
            ),
        )


CHECKS: tuple[Check, ...] = (version, namespace, rights, nodes, storage, security, quotas, network, images)
