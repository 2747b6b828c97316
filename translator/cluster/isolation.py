"""Finds pods that a foreign NetworkPolicy cuts off: a namespace that is closed by default lets nothing in or out.

Pure. Policies add up, so a pod is cut off in a direction if a policy selects it there and no policy has a rule for it.
What the rules of others allow in detail is not examined: with a single rule, a pod does not count as cut off.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.held import Object
from stackferry.translator.cluster.readiness import WORKLOADS
from stackferry.translator.manifest.labels import NAME, belongs
from stackferry.translator.manifest.manifests import Manifest

_WORDS = {
    "Ingress": "nothing can reach it",
    "Egress": "it cannot reach anything, including DNS and the rest of the stack",
}


@dataclass(frozen=True, slots=True)
class CutOff:
    """The pods of a workload, `id`: `service` is its name in the cluster, `policies` are those that cut it off."""

    id: str
    service: str
    policies: tuple[str, ...]
    directions: tuple[str, ...]

    def __str__(self) -> str:
        names = ", ".join(f"NetworkPolicy/{one}" for one in self.policies)
        return f"{' and '.join(_WORDS[one] for one in self.directions)}, because of {names} in the namespace"


def cut_off(policies: Iterable[Object], objects: Iterable[Manifest], project: str) -> Iterator[CutOff]:
    """The workloads among `objects` that policies of others cut off, if no policy of the stack opens the direction."""
    theirs = [one for one in policies if not belongs(one["metadata"].get("labels"), project)]
    every = list(objects)
    ours = [one.body for one in every if one.kind == "NetworkPolicy"]
    for workload in every:
        template = (workload.body.get("spec") or {}).get("template") or {}
        if workload.kind not in WORKLOADS or (template.get("spec") or {}).get("hostNetwork"):
            continue
        labels = (template.get("metadata") or {}).get("labels") or {}
        closing = {direction: _closing(direction, labels, theirs, ours) for direction in _WORDS}
        directions = tuple(direction for direction, found in closing.items() if found)
        names = dict.fromkeys(name for direction in directions for name in closing[direction])
        if names:
            yield CutOff(workload.id, str(labels.get(NAME, workload.name)), tuple(names), directions)


def _closing(
    direction: str, labels: Mapping[str, str], theirs: Iterable[Object], ours: Iterable[Object]
) -> tuple[str, ...]:
    """The names of the policies that close a direction; empty if a rule opens it, or no policy selects it."""
    picking = [one for one in theirs if direction in _types(one) and _is_picked(one["spec"], labels)]
    opening = [one for one in (*picking, *ours) if direction in _types(one) and _is_picked(one["spec"], labels)]
    if any(one["spec"].get(direction.lower()) for one in opening):
        return ()
    return tuple(str(one["metadata"]["name"]) for one in picking)


def _types(policy: Object) -> tuple[str, ...]:
    spec = policy["spec"]
    # A server always sets it.
    return tuple(spec.get("policyTypes") or ("Ingress", *(("Egress",) if "egress" in spec else ())))


def _is_picked(spec: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    selector = spec.get("podSelector") or {}
    exactly = (selector.get("matchLabels") or {}).items() <= labels.items()
    return exactly and all(_is_met(one, labels) for one in selector.get("matchExpressions") or ())


def _is_met(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value, operator = labels.get(expression["key"]), expression["operator"]
    met = {
        "In": value in (expression.get("values") or ()),
        "NotIn": value not in (expression.get("values") or ()),
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }
    return met[operator]
