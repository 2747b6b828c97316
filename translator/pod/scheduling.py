"""The nodes on which a pod may run: platform and placement."""

from stackferry.grammar.compose.model.deploy import Placement
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.terms import Constraint, Platform
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.names import is_label_value, is_qualified
from stackferry.translator.notes import Notes, Path
from stackferry.translator.stack import Stack
from stackferry.translator.workload import workload_kind

_ARCHITECTURES = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "armhf": "arm", "i386": "386"}
_HOSTNAME = "kubernetes.io/hostname"
_LABEL_OF = {
    "node.hostname": _HOSTNAME,
    "node.platform.os": "kubernetes.io/os",
    "node.platform.arch": "kubernetes.io/arch",
    "engine.labels.operatingsystem": "kubernetes.io/os",
}
_ATTRIBUTES = ("node.", "engine.")
"""Prefixes of a swarm's node attributes; other text is taken for a label."""
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
_SET_BY_KUBELET = frozenset((CONTROL_PLANE, "kubernetes.io/os", "kubernetes.io/arch"))
_MANY = 2**31 - 1
"""More nodes than any cluster has: the largest number that the field holds."""


def scheduling(service: Service, stack: Stack, notes: Notes) -> Body:
    """The pod's `nodeSelector`, `affinity` and `topologySpreadConstraints`."""
    found: Body = {"nodeSelector": _platform(service.platform)}
    placement = service.deploy.placement if service.deploy else None
    if placement:
        selector = stack.selector(service)
        _note_most(service, placement, notes)
        found["affinity"] = {
            **_node_affinity(service, placement, stack, notes),
            **_one_per_node(placement, selector),
        }
        found["topologySpreadConstraints"] = [
            *_spread(service, placement, selector, notes),
            *_most_per_node(placement, selector),
        ]
    return {key: value for key, value in found.items() if value}


def _platform(platform: Platform | None) -> Body:
    if not platform:
        return {}
    architecture = _ARCHITECTURES.get(platform.architecture, platform.architecture)
    selected = {"kubernetes.io/os": platform.system, "kubernetes.io/arch": architecture}
    return {key: value for key, value in selected.items() if value and is_label_value(value)}


def _node_affinity(service: Service, placement: Placement, stack: Stack, notes: Notes) -> Body:
    required: list[Body] = []
    preferred: list[Body] = []
    for index, constraint in enumerate(placement.constraints):
        path = ("services", service.name, "deploy", "placement", "constraints", index)
        expression = _expression(constraint)
        if expression is None:
            notes.action(
                path,
                "kubernetes-constraint",
                f"{constraint} has no equivalent in node labels; not applied",
                "label the nodes and constrain node.labels.<name>",
            )
        elif expression["key"] == CONTROL_PLANE and not stack.options.node_roles:
            preferred.append(expression)
            _note_role(constraint, workload_kind(service, stack), path, notes)
        else:
            required.append(expression)
            _note_label(constraint, expression, path, notes)
    affinity: Body = {}
    if required:
        affinity["requiredDuringSchedulingIgnoredDuringExecution"] = {
            "nodeSelectorTerms": [{"matchExpressions": required}]
        }
    if preferred:
        affinity["preferredDuringSchedulingIgnoredDuringExecution"] = [
            {"weight": 100, "preference": {"matchExpressions": [one]}} for one in preferred
        ]
    return {"nodeAffinity": affinity} if affinity else {}


def _note_role(constraint: Constraint, kind: str, path: Path, notes: Notes) -> None:
    """A cluster of one node has no workers, and many clusters do not label a control plane node."""
    if kind == "DaemonSet":
        notes.action(
            path,
            "kubernetes-role",
            (
                f"{constraint} is not applied: a pod runs on every node, since not every cluster labels"
                " the roles of its nodes"
            ),
            f"if kubectl get nodes -l {CONTROL_PLANE} lists the managers, convert with --node-roles",
        )
        return
    notes.approximated(
        path,
        "kubernetes-role",
        f"{constraint} is only a preference: if no node had that role, the pod would wait forever",
        "make it a requirement with --node-roles",
    )


def _note_label(constraint: Constraint, expression: Body, path: Path, notes: Notes) -> None:
    key = expression["key"]
    if expression["operator"] != "In" or key in _SET_BY_KUBELET:
        return
    notes.action(
        path,
        "kubernetes-node-label",
        f"the pod waits until a node satisfies {constraint}",
        f"constrain node.labels.<name>, or replace {constraint.value} by the value that kubectl get nodes shows"
        if key == _HOSTNAME
        else f"kubectl label node <name> {key}={expression['values'][0]}",
    )


def _label_of(attribute: str) -> str | None:
    """The Kubernetes node label that corresponds to a swarm's attribute."""
    prefix, labels, name = attribute.partition("node.labels.")
    return name if labels and not prefix else _LABEL_OF.get(attribute)


def _expression(constraint: Constraint) -> Body | None:
    """One swarm constraint as a node selector requirement; None if nodes have no label for it."""
    if not constraint.operator:
        return None
    key, equal, value = constraint.key, constraint.operator == "==", constraint.value
    if key == "node.role" and value in ("manager", "worker"):
        return {"key": CONTROL_PLANE, "operator": "Exists" if equal == (value == "manager") else "DoesNotExist"}
    label = _label_of(key)
    if label == "kubernetes.io/arch":
        value = _ARCHITECTURES.get(value, value)
    if label is None or not is_qualified(label) or not is_label_value(value):
        return None
    return {"key": label, "operator": "In" if equal else "NotIn", "values": [value]}


def _note_most(service: Service, placement: Placement, notes: Notes) -> None:
    most = placement.max_replicas_per_node
    if most and service.replicas > most:
        path = ("services", service.name, "deploy", "placement", "max_replicas_per_node")
        notes.approximated(
            path,
            "kubernetes-replicas-per-node",
            f"at most {most} of the {service.replicas} pods run on a single node; the others wait",
        )


def _one_per_node(placement: Placement, selector: dict[str, str]) -> Body:
    if placement.max_replicas_per_node != 1:
        return {}
    term = {"labelSelector": {"matchLabels": selector}, "topologyKey": _HOSTNAME}
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


def _most_per_node(placement: Placement, selector: dict[str, str]) -> list[Body]:
    """A limit above 1: `maxSkew` counts from the node with the fewest pods, but from 0 below `minDomains` nodes."""
    most = placement.max_replicas_per_node
    if not most or most == 1:
        return []
    spread = _constraint(_HOSTNAME, selector, min(most, _MANY), "DoNotSchedule")
    return [{**spread, "minDomains": _MANY}]


def _spread(service: Service, placement: Placement, selector: dict[str, str], notes: Notes) -> list[Body]:
    keys: list[str] = []
    for index, preference in enumerate(placement.preferences):
        wanted = preference.spread or ""
        key = _label_of(wanted) or ("" if wanted.startswith(_ATTRIBUTES) else wanted)
        if key and is_qualified(key):
            keys.append(key)
        elif preference.spread is not None:
            notes.action(
                ("services", service.name, "deploy", "placement", "preferences", index, "spread"),
                "kubernetes-spread",
                f"cannot spread over {preference.spread}: not a node label",
                "label the nodes and spread over node.labels.<name>",
            )
    return [_constraint(key, selector, 1, "ScheduleAnyway") for key in dict.fromkeys(keys)]


def _constraint(key: str, selector: dict[str, str], skew: int, otherwise: str) -> Body:
    return {
        "maxSkew": skew,
        "topologyKey": key,
        "whenUnsatisfiable": otherwise,
        "labelSelector": {"matchLabels": selector},
    }
