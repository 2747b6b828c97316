"""Refuses what a swarm refuses of a service made from flags: bad names and images, taken ports, unknown networks.

Single values are checked in `service_values.py`, compose files in the emulator's `deploy.py`.
"""

import re

from stackferry.emulator.cluster.objects import Service
from stackferry.emulator.cluster.port_conflicts import refuse_taken, refuse_twice
from stackferry.emulator.cluster.spec import ServiceSpec
from stackferry.emulator.control.deployment import StackRecord
from stackferry.emulator.desired.stack import DesiredStack
from stackferry.emulator.store.directories import home, stacks
from stackferry.emulator.store.store import Store
from stackferry.grammar.diagnostics import StackferryError
from stackferry.grammar.regex import regex
from stackferry.lookup.stacks import look
from stackferry.session import Session

_NAME = regex(r"[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?")
_LONGEST = 63
_PAYLOAD = regex(r"[a-zA-Z0-9](?:[a-zA-Z0-9_.-]{0,62}[a-zA-Z0-9])?")
_PATH = regex(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*")
_TAG = regex(r"\w[\w.-]{0,127}", re.ASCII)


def admit(session: Session, spec: ServiceSpec, before: Service | None = None) -> None:
    """Raises StackferryError where a swarm would; `before` is the service before an update, None for a new one."""
    if before is None:
        _refuse_name(spec.name, f"{spec.name}: ")
    _refuse_image(spec)
    if spec.endpoint.mode == "dnsrr" and any(port.mode == "ingress" for port in spec.endpoint.ports):
        raise StackferryError(
            "port published with ingress mode can't be used with dnsrr mode", "publish it with mode=host"
        )
    if before is None or spec.endpoint.ports != before.spec.endpoint.ports:
        refuse_twice(spec.endpoint.ports)
        _refuse_taken(session, spec, before.id if before else "")
    _refuse_unknown(session, set(spec.task.networks) - set(before.spec.task.networks if before else ()))


def admit_names(stack: DesiredStack) -> None:
    """Raises StackferryError for the first name in a stack that a swarm refuses, in the order of creation."""
    for network in stack.networks:
        if not network.external:
            _refuse_name(network.name, f"failed to create network {network.name}: ")
    for kind in ("secret", "config"):
        for payload in stack.payloads:
            if payload.kind == kind and not payload.external:
                refuse_payload_name(payload.name, f"failed to create {kind} {payload.name}: ")
    for spec in stack.services:
        _refuse_name(spec.name, f"failed to create service {spec.name}: ")


def _refuse_name(name: str, failed: str) -> None:
    if not _NAME.fullmatch(name):
        raise StackferryError(f"{failed}name must be valid as a DNS name component", "use letters, digits, - and _")
    if len(name) > _LONGEST:
        raise StackferryError(f"{failed}name must be {_LONGEST} characters or fewer", f"it has {len(name)}")


def refuse_payload_name(name: str, failed: str = "") -> None:
    """Raises StackferryError for a name that a secret or config cannot have."""
    if not _PAYLOAD.fullmatch(name):
        raise StackferryError(
            f"{failed}invalid name, only 64 [a-zA-Z0-9-_.] characters allowed,"
            " and the start and end character must be [a-zA-Z0-9]",
            f"not {name!r}",
        )


def admit_images(stack: DesiredStack) -> None:
    """Raises StackferryError for an invalid image name in a stack."""
    keys = {name: key for key, name in stack.names.items()}
    for spec in stack.services:
        _refuse_image(spec, f"invalid image reference for service {keys[spec.name]}: ")


def _refuse_image(spec: ServiceSpec, failed: str = "") -> None:
    image = spec.task.container.image if spec.task.container else ""
    if not is_image(image):
        raise StackferryError(f'{failed}"{image}" is not a valid repository/tag', "write image names in lowercase")


def is_image(image: str) -> bool:
    """Whether this is a valid image name."""
    name, _, digest = image.partition("@")
    host, slash, rest = name.partition("/")
    if slash and ("." in host or ":" in host or host == "localhost"):
        name = rest
    name, colon, tag = name.partition(":")
    legal = not digest or re.fullmatch(r"[a-z0-9]+:[0-9a-f]{32,}", digest)
    return bool(_PATH.fullmatch(name) and (not colon or _TAG.fullmatch(tag)) and legal)


def _refuse_taken(session: Session, spec: ServiceSpec, own: str) -> None:
    found = filter(None, (look(session, stack) for stack in stacks(session.environment)))
    refuse_taken(spec, (other for one in found for other in one.services() if other.id != own))


def _refuse_unknown(session: Session, names: set[str]) -> None:
    unknown = names - {name for stack in stacks(session.environment) for name in _networks(session, stack)}
    if not unknown:
        return
    from stackferry.engine import connect

    engine = connect(session)
    for name in sorted(unknown):
        if engine.inspect_network(name) is None:
            raise StackferryError(f"network {name} not found", f"docker network create {name}")


def _networks(session: Session, stack: str) -> set[str]:
    """The networks that a stack makes for its tasks, even if they do not exist yet; the engine knows all others."""
    store = Store(home(session.environment, stack).database)
    try:
        record = store.document("stack", StackRecord)
        used = {name for one in store.services().values() if not one.removed for name in one.spec.task.networks}
    finally:
        store.close()
    return {one.name for one in record.networks if not one.external} & used if record else set()
