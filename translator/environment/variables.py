"""The environment of one container: `env`, `envFrom`, and the ConfigMap and Secrets that they refer to.

Objects are named after their content like those of configs, so that a changed value rolls out new pods.
"""

from collections.abc import Callable, Mapping

from stackferry.grammar.compose.model.model import Service
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.translator.environment.environment import Way, environment
from stackferry.translator.environment.fields import entry, filled_by_pod, helpers
from stackferry.translator.manifest.escape import literal, utf8
from stackferry.translator.manifest.manifests import Body, Manifest
from stackferry.translator.manifest.names import data_key
from stackferry.translator.notes import Notes
from stackferry.translator.stack import Stack
from stackferry.translator.volumes.configmap import note_large, to_configmap, to_secret


@dataclass(frozen=True, slots=True)
class Holder:
    """The object for the variables of one way: its name's suffix, its role, the field of `envFrom`, compose's key."""

    suffix: str
    role: str
    reference: str
    key: str
    make: Callable[[str, Mapping[str, bytes], Stack], Manifest]


_HOLDERS = {
    Way.FILE: Holder("env-file", "env_file", "configMapRef", "env_file", to_configmap),
    Way.FILE_SECRET: Holder("env-file", "env_file_secret", "secretRef", "env_file", to_secret),
    Way.ENV_SECRET: Holder("env", "environment", "", "environment", to_secret),
}
"""In the order of `envFrom`; without a reference, `env` names every variable."""


@dataclass(frozen=True, slots=True)
class Variables:
    """The fields for the container, and the objects that they refer to, by role."""

    fields: Body
    objects: Mapping[str, Manifest]


def variables(service: Service, stack: Stack, notes: Notes) -> Variables:
    """The environment of the service's container."""
    by_pod = filled_by_pod(service, stack, notes)
    ways = environment(service, stack, notes, by_pod)
    objects: dict[str, Manifest] = {}
    sources: list[Body] = []
    for way, holder in _HOLDERS.items():
        content = {
            data_key(name): utf8(service.environment[name] or "") for name, taken in ways.items() if taken is way
        }
        if content:
            made = holder.make(f"{stack.name(service)}-{holder.suffix}", content, stack)
            note_large(made, ("services", service.name, holder.key), notes)
            objects[holder.role] = made
            if holder.reference:
                sources.append({holder.reference: {"name": made.name}})
    secret = objects.get(_HOLDERS[Way.ENV_SECRET].role)
    entries = helpers(by_pod.values(), service, stack) + [
        entry(name, by_pod[name], service, stack)
        if name in by_pod
        else _entry(name, service.environment[name] or "", secret if way is Way.ENV_SECRET else None)
        for name, way in ways.items()
        if way in (Way.ENV, Way.ENV_SECRET)
    ]
    return Variables({"envFrom": sources, "env": entries}, objects)


def _entry(name: str, value: str, secret: Manifest | None) -> Body:
    """One entry of `env`. Values from `envFrom` are not expanded by Kubernetes, so only values here are escaped."""
    if secret is None:
        return {"name": name, "value": literal(value)}
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret.name, "key": data_key(name)}}}
