"""A table of the rights that `kube up` and `kube down` need, and the parser of a server's answers about them. Pure.

A server lists all rights in a namespace at once; it is asked one by one about rights missing there, since the list
may be incomplete.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.cluster.resources import VERSIONS, collection
from stackferry.translator.manifest.manifests import Manifest
from stackferry.translator.orphans import REMOVED

OBJECTS = ("list", "create", "patch", "delete")
"""The verbs used on every kind that a stack has."""
CLAIM = "PersistentVolumeClaim"
_COMMON = frozenset(("Deployment", "Service", "ConfigMap", "Secret", CLAIM))
"""The kinds of nearly every stack: asked about if there is no stack here to look at."""


@dataclass(frozen=True, slots=True)
class Right:
    """One thing that a user may do. `group` is empty for the core group; `namespace` None means the whole cluster."""

    verb: str
    group: str
    resource: str
    namespace: str | None

    @property
    def attributes(self) -> Mapping[str, str]:
        """The attributes, as in a SelfSubjectAccessReview."""
        resource, _, below = self.resource.partition("/")
        named = {"verb": self.verb, "group": self.group, "resource": resource, "subresource": below}
        return {key: value for key, value in (*named.items(), ("namespace", self.namespace or "")) if value}

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}"


@dataclass(frozen=True, slots=True)
class Need:
    """A right, and what fails without it. If not `required`, the stack runs all the same."""

    right: Right
    required: bool
    without: str


def needs(objects: Iterable[Manifest], namespace: str, *, copies: bool, is_there: bool | None) -> list[Need]:
    """All rights that an `up` and a `down` of these objects need; without objects, those of nearly every stack.

    `copies`: folders of this machine go into claims. `is_there`: whether the namespace exists, None if unknown.
    """
    kinds = {one.kind for one in objects} or set(_COMMON)
    found = [one for kind in (*REMOVED, CLAIM) for one in _of_kind(kind, namespace, required=kind in kinds)]
    found.append(Need(_right("list", "Pod", namespace), True, "stackferry cannot tell when the stack is ready"))
    found += [
        Need(Right("get", "", "pods/log", namespace), False, "the logs of failing containers are not shown"),
        Need(_right("list", "Event", namespace), False, "less is known about why a pod does not start"),
        Need(_right("list", "Node", None), False, "the address of node ports is guessed"),
        Need(_right("get", "Namespace", None), False, "whether the namespace belongs to the stack is unknown"),
    ]
    for verb, resource in (("create", "pods"), ("delete", "pods"), ("create", "pods/exec")) if copies else ():
        found.append(Need(Right(verb, "", resource, namespace), True, "nothing can be copied into claims"))
    if is_there is False:
        without = f"the namespace {namespace} does not exist: somebody with permission must create it"
        found += [Need(_right(verb, "Namespace", None), True, without) for verb in ("create", "patch")]
    return found


def _of_kind(kind: str, namespace: str, *, required: bool) -> Iterator[Need]:
    for verb in OBJECTS:
        if required:
            yield Need(_right(verb, kind, namespace), True, "the stack contains such objects")
        elif verb in ("list", "delete"):
            yield Need(
                _right(verb, kind, namespace),
                False,
                "objects of this kind that are no longer in the stack are not deleted",
            )


def _right(verb: str, kind: str, namespace: str | None) -> Right:
    group = VERSIONS[kind].rpartition("/")[0]
    return Right(verb, group, collection(kind, None).rpartition("/")[2], namespace)


def is_granted(right: Right, rules: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the rules of a SelfSubjectRulesReview grant the right; a rule for certain resource names does not."""
    return right.namespace is not None and any(
        not one.get("resourceNames")
        and _names(one.get("verbs"), right.verb)
        and _names(one.get("apiGroups"), right.group)
        and _names(one.get("resources"), right.resource)
        for one in rules
    )


def _names(listed: Iterable[str] | None, name: str) -> bool:
    words = tuple(listed or ())
    return name in words or "*" in words
