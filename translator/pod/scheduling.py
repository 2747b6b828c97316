"""Which nodes a pod may run on: platform and placement."""

from stackferry.grammar.compose.model.deploy import Placement
from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.compose.model.terms import Constraint, Platform
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.manifest.names import is_label_value, is_qualified
from stackferry.translator.notes import Notes

_ARCHITECTURES = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "armhf": "arm", "i386": "386"}
_LABEL_OF = {
    "node.hostname": "kubernetes.io/hostname",
    "node.platform.os": "kubernetes.io/os",
    "node.platform.arch": "kubernetes.io/arch",
    "engine.labels.operatingsystem": "kubernetes.io/os",
}
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


def scheduling(service: Service, selector: dict[str, str], notes: Notes) -> Body:
    """The pod's `nodeSelector`, `affinity` and `topologySpreadConstraints`."""
    found: Body = {"nodeSelector": _platform(service.platform)}
    placement = service.deploy.placement if service.deploy else None
    if placement:
        affinity = _node_affinity(service, placement, notes)
        affinity.update(_one_per_node(service, placement, selector, notes))
        found["affinity"] = affinity
        found["topologySpreadConstraints"] = _spread(service, placement, selector, notes)
    return {key: value for key, value in found.items() if value}


def _platform(platform: Platform | None) -> Body:
    if not platform:
        return {}
    architecture = _ARCHITECTURES.get(platform.architecture, platform.architecture)
    selected = {"kubernetes.io/os": platform.system, "kubernetes.io/arch": architecture}
    return {key: value for key, value in selected.items() if value and is_label_value(value)}


def _node_affinity(service: Service, placement: Placement, notes: Notes) -> Body:
    required: list[Body] = []
    preferred: list[Body] = []
    for index, constraint in enumerate(placement.constraints):
        path = ("services", service.name, "deploy", "placement", "constraints", index)
        expression = _expression(constraint)
        if expression is None:
            notes.action(
                path,
                "kubernetes-constraint",
                f"{constraint} has no counterpart in node labels; not in force",
                "label the nodes and constrain node.labels.<name>",
            )
        elif expression == {"key": CONTROL_PLANE, "operator": "DoesNotExist"}:
            preferred.append(expression)
            notes.approximated(
                path,
                "kubernetes-worker-preferred",
                f"{constraint} is a preference: the one node of minikube is no worker, the pod would wait forever",
            )
        else:
            required.append(expression)
            if "node-role" not in expression["key"] and "kubernetes.io/" not in expression["key"]:
                notes.action(
                    path,
                    "kubernetes-node-label",
                    f"the pod waits until a node satisfies {constraint}",
                    f"kubectl label node minikube {expression['key']}=<value>",
                )
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


def _expression(constraint: Constraint) -> Body | None:
    """One swarm constraint as a node selector requirement; None if nodes have no label for it."""
    if not constraint.operator:
        return None
    key, equal, value = constraint.key, constraint.operator == "==", constraint.value
    if key == "node.role" and value in ("manager", "worker"):
        return {"key": CONTROL_PLANE, "operator": "Exists" if equal == (value == "manager") else "DoesNotExist"}
    label = key.removeprefix("node.labels.") if key.startswith("node.labels.") else _LABEL_OF.get(key)
    if label == "kubernetes.io/arch":
        value = _ARCHITECTURES.get(value, value)
    if label is None or not is_qualified(label) or not is_label_value(value):
        return None
    return {"key": label, "operator": "In" if equal else "NotIn", "values": [value]}


def _one_per_node(service: Service, placement: Placement, selector: dict[str, str], notes: Notes) -> Body:
    most = placement.max_replicas_per_node
    path = ("services", service.name, "deploy", "placement", "max_replicas_per_node")
    if not most:
        return {}
    if most > 1:
        notes.action(path, "kubernetes-replicas-per-node", f"Kubernetes knows at most one a node, not {most}")
        return {}
    if service.replicas > 1:
        notes.approximated(
            path, "kubernetes-one-per-node", f"on one node, one of the {service.replicas} pods runs and the rest wait"
        )
    term = {"labelSelector": {"matchLabels": selector}, "topologyKey": "kubernetes.io/hostname"}
    return {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}


def _spread(service: Service, placement: Placement, selector: dict[str, str], notes: Notes) -> list[Body]:
    keys: list[str] = []
    for index, preference in enumerate(placement.preferences):
        key = (preference.spread or "").removeprefix("node.labels.")
        if key and is_qualified(key):
            keys.append(key)
        elif preference.spread is not None:
            notes.action(
                ("services", service.name, "deploy", "placement", "preferences", index, "spread"),
                "kubernetes-spread",
                f"cannot spread over {preference.spread}: not a node label",
            )
    return [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": selector},
        }
        for key in dict.fromkeys(keys)
    ]
