"""Variables that a pod fills in: a swarm's templates, by the downward API.

A variable that consists of one field gets its value from there. Text around a field is joined by Kubernetes' own
expansion (`web-$(STACKFERRY_SLOT)`); the field is then a variable of its own, defined before all that use it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from stackferry.grammar.compose.model.model import Service
from stackferry.translator.manifest.escape import literal
from stackferry.translator.manifest.labels import POD_INDEX
from stackferry.translator.manifest.manifests import Body
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack
from stackferry.translator.templates.plan import CODE, HINT, LEFT
from stackferry.translator.templates.template import Field, Template
from stackferry.translator.workload import workload_kind

_PREFIX = "STACKFERRY_"
_ALWAYS = {Field.TASK: "metadata.uid", Field.NODE: "spec.nodeName"}
_SLOT = {"StatefulSet": f"metadata.labels['{POD_INDEX}']", "DaemonSet": "spec.nodeName"}
"""The field for a slot, by kind of workload. In a swarm, a global task's slot is the id of its node."""
_STANDS_FOR = {
    Field.TASK: "the pod's UID replaces the task's ID",
    Field.NODE: "the node's name replaces its ID and host name",
    Field.SLOT: "the node's name replaces its ID, which is the slot of a global task",
}


def filled_by_pod(service: Service, stack: Stack, notes: Notes) -> Mapping[str, Template]:
    """The templates of the service's variables that its pods can fill in, by name; each variable gets a note."""
    found: dict[str, Template] = {}
    references = _references(service, stack)
    for name in service.environment:
        path = ("services", service.name, "environment", name)
        template = stack.templates.of(*path)
        if template is None:
            continue
        if _is_single(service, stack):
            template = replace(template, parts=tuple("1" if part is Field.SLOT else part for part in template.parts))
        if not template.fields <= references.keys():
            notes.action(path, CODE, LEFT, HINT)
            continue
        found[name] = template
        unlike = template.fields - ({Field.SLOT} if references.get(Field.SLOT) != _ALWAYS[Field.NODE] else set())
        stands = [_STANDS_FOR[one] for one in Field if one in unlike]
        if stands:
            notes.approximated(path, CODE, "; ".join(stands))
        else:
            notes.fine(path, CODE, "expanded for each pod")
    return found


def _references(service: Service, stack: Stack) -> Mapping[Field, str]:
    slot = _SLOT.get(workload_kind(stack.owner(service), stack))
    return {**_ALWAYS, Field.SLOT: slot} if slot else _ALWAYS


def _is_single(service: Service, stack: Stack) -> bool:
    """Whether the service is a single task that runs to completion: a swarm numbers slots from 1."""
    mode = service.deploy.mode if service.deploy else None
    is_job = workload_kind(stack.owner(service), stack) in ("Job", "CronJob")
    return is_job and mode in (None, "replicated") and service.replicas <= 1


def helpers(templates: Iterable[Template], service: Service, stack: Stack) -> list[Body]:
    """The variables to which the other variables refer."""
    used = {one for template in templates if len(template.parts) > 1 for one in template.fields}
    references = _references(service, stack)
    return [_field(f"{_PREFIX}{one.value}", references[one]) for one in Field if one in used]


def entry(name: str, template: Template, service: Service, stack: Stack) -> Body:
    """The entry of `env` for a variable that the pod fills in."""
    first = template.parts[0] if len(template.parts) == 1 else ""
    if isinstance(first, Field):
        return _field(name, _references(service, stack)[first])
    return {"name": name, "value": "".join(map(_expanded, template.parts))}


def _field(name: str, place: str) -> Body:
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": place}}}


def _expanded(part: str | Field) -> str:
    if isinstance(part, Field):
        return f"$({_PREFIX}{part.value})"
    # A trailing dollar would escape the reference that follows it.
    return literal(f"{part}(")[:-1]
