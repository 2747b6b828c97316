"""The last validation: checks that need the whole stack.

After `compose/phases/profiles.py`, on the typed tree of the enabled services. One small function per rule yields
its objections; the rules are those of compose-go's `checkConsistency`. Dependency cycles are in `cycle.py`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.validate.cycle import find_cycle
from stackferry.grammar.diagnostics import Diagnostics


class Objection(NamedTuple):
    """What is wrong, the node with the error, the remedy."""

    code: str
    message: str
    node: Node
    hint: str = ""


class Off(NamedTuple):
    """Services and jobs that no active profile enables."""

    services: Mapping[str, Node]
    jobs: Mapping[str, Node]


class Known(NamedTuple):
    """What a service may refer to. `broken` are services with an error already reported; `suggest` gives hints."""

    services: Mapping[str, Node]
    jobs: Mapping[str, Node]
    disabled: Mapping[str, Node]
    resources: Mapping[str, Mapping[str, Node]]
    broken: frozenset[str]
    suggest: Callable[[str, Collection[str]], str]


Rule = Callable[[str, Node, Known], Iterator[Objection]]
_EMPTY = Node({})


def check_consistency(root: Node, off: Off, broken: frozenset[str], report: Diagnostics) -> None:
    """Report every inconsistency."""
    services, jobs = ((root.get(section) or _EMPTY).value for section in ("services", "jobs"))
    disabled = off.services
    resources = {
        kind: (root.get(kind) or _EMPTY).value for kind in ("networks", "volumes", "configs", "secrets", "models")
    }
    known = Known(services, jobs, disabled, resources, broken, report.did_you_mean)
    for name, service in services.items():
        for rule in _rules(tuple(service.value)):
            for found in rule(name, service, known):
                report.error(found.code, f"service {name!r}: {found.message}", place(found.node, service), found.hint)
    for name, job in {**jobs, **off.jobs}.items():
        if name in services or name in disabled:
            report.error(
                "contradiction", f"job {name!r}: a service has the same name", job.key_span, "rename one of them"
            )
    for name, job in jobs.items():
        for found in _job(name, job, known):
            report.error(found.code, f"job {name!r}: {found.message}", place(found.node, job), found.hint)
    for name, secret in resources["secrets"].items():
        if not _value(secret, "external") and not _value(secret, "file") and not _value(secret, "environment"):
            report.error("secret-source", f"secret {name!r}: file or environment is required", secret.key_span)
    cycle = find_cycle(
        {name: list(child.value["depends_on"].value) for name, child in services.items() if "depends_on" in child.value}
    )
    if cycle:
        first = services[cycle[0]].at(("depends_on", cycle[1])) or _EMPTY
        report.error(
            "dependency-cycle",
            f"services depend on each other in a cycle: {' -> '.join(cycle)}",
            # A dependency implied by links has no place of its own.
            place(first, services[cycle[0]]),
        )


def place(node: Node, service: Node) -> Any:
    """Where an objection is reported."""
    return node.key_span or service.key_span


def _value(node: Node, *path: str) -> Any:
    child = node.at(path)
    return None if child is None else child.value


def _items(node: Node, *path: str) -> list[Node]:
    return _value(node, *path) or []


def _undefined(kind: str, name: str | None, node: Node, known: Known, where: str) -> Objection:
    if name is None:
        return Objection(f"undefined-{kind}", f"uses a {kind} without naming it", node, "add its source:")
    hint = known.suggest(name, known.resources[where]) or f"define it under the top-level {where}:"
    return Objection(f"undefined-{kind}", f"refers to undefined {kind} {name!r}", node, hint)


def _service_like(name: str, known: Known) -> str:
    return known.suggest(name, (*known.services, *known.disabled))


def _source(name: str, service: Node, known: Known) -> Iterator[Objection]:
    if name not in known.broken:
        yield Objection("no-image", "has neither an image nor a build context", service, "add image: or build:")


def _build(name: str, service: Node, known: Known) -> Iterator[Objection]:
    build = service.get("build")
    if build is None:
        return
    if _value(build, "dockerfile") and _value(build, "dockerfile_inline"):
        yield Objection(
            "exclusive",
            "build.dockerfile and build.dockerfile_inline are mutually exclusive",
            build.value["dockerfile_inline"],
        )
    for context, child in (_value(build, "additional_contexts") or {}).items():
        if child.value.startswith("service:"):
            target = child.value.removeprefix("service:")
            other = known.services.get(target) or known.disabled.get(target)
            if other is None:
                yield Objection(
                    "undefined-service",
                    f"additional context {context} refers to unknown service {target!r}",
                    child,
                    _service_like(target, known),
                )
            elif other.get("build") is None:
                yield Objection("undefined-service", f"additional context {context}: {target!r} has no build", child)
    platforms, platform = [item.value for item in _items(build, "platforms")], service.get("platform")
    if platforms and platform is not None and platform.value not in platforms:
        yield Objection(
            "platform", f"build.platforms does not include the service's platform {platform.value}", platform
        )
    for secret in _items(build, "secrets"):
        source = _value(secret, "source")
        if source not in known.resources["secrets"]:
            yield _undefined("secret", source, secret, known, "secrets")


def _networks(name: str, service: Node, known: Known) -> Iterator[Objection]:
    networks, mode = service.get("networks"), service.get("network_mode")
    if networks is None:
        return
    if mode is not None and networks.value:
        yield Objection("exclusive", "network_mode and networks are mutually exclusive", mode, "remove one of them")
    for network, child in networks.value.items():
        if network not in known.resources["networks"]:
            yield _undefined("network", network, child, known, "networks")


def _health(name: str, service: Node, known: Known) -> Iterator[Objection]:
    test = _items(service, "healthcheck", "test")
    if test and test[0].value not in ("CMD", "CMD-SHELL", "NONE"):
        yield Objection(
            "health-test",
            f"healthcheck.test starts with {test[0].value!r}",
            test[0],
            'start it with "CMD", "CMD-SHELL" or "NONE", or write the command as one string',
        )


def dependencies(name: str, service: Node, known: Known) -> Iterator[Objection]:
    """Dependencies that the stack does not have."""
    for target, child in (_value(service, "depends_on") or {}).items():
        if target in known.services:
            continue
        if target in known.jobs:
            yield Objection(
                "undefined-service",
                f"depends on {target!r}, which is a job",
                child,
                "a service can only depend on services; put what must run before it under pre_start:",
            )
        elif target in known.disabled:
            if _value(child, "required") is not False:
                profiles = ", ".join(item.value for item in _items(known.disabled[target], "profiles"))
                yield Objection(
                    "disabled-service",
                    f"depends on {target!r}, which is not enabled by any active profile",
                    child,
                    f"activate one of its profiles ({profiles}), or set required: false on the dependency",
                )
        else:
            hint = _service_like(target, known)
            yield Objection("undefined-service", *_reference(target, child, service), hint)


def _job(name: str, job: Node, known: Known) -> Iterator[Objection]:
    """Dependencies of a job, on services and on other jobs; its other keys are not checked for consistency."""
    left = {key: child for key, child in (_value(job, "depends_on") or {}).items() if key not in known.jobs}
    yield from dependencies(name, Node({**job.value, "depends_on": Node(left)}), known)


_REFERRING = ("links", "volumes_from", "network_mode", "ipc", "pid", "uts", "cgroup")


def _reference(target: str, child: Node, service: Node) -> tuple[str, Node]:
    """The message for a dependency on an unknown service, and its place; another key may have implied it."""
    if child.key_span is None:
        for key in _REFERRING:
            said = service.get(key)
            for node in said.value if said is not None and type(said.value) is list else filter(None, [said]):
                if target in str(node.value).split(":"):
                    return f"{key} refers to unknown service {target!r}", node
    return f"depends on undefined service {target!r}", child


def _shared_network(name: str, service: Node, known: Known) -> Iterator[Objection]:
    mode = service.get("network_mode")
    if mode is not None and mode.value.startswith("service:"):
        target = mode.value.removeprefix("service:")
        if target not in known.services and target not in (_value(service, "depends_on") or {}):
            hint = _service_like(target, known)
            yield Objection("undefined-service", f"network_mode refers to unknown service {target!r}", mode, hint)


def _volumes(name: str, service: Node, known: Known) -> Iterator[Objection]:
    for mount in _items(service, "volumes"):
        source = _value(mount, "source")
        if _value(mount, "type") == "volume" and source and source not in known.resources["volumes"]:
            yield _undefined("volume", source, mount, known, "volumes")


def _files(name: str, service: Node, known: Known) -> Iterator[Objection]:
    for kind in ("configs", "secrets"):
        for file in _items(service, kind):
            source = _value(file, "source")
            if source not in known.resources[kind]:
                yield _undefined(kind[:-1], source, file, known, kind)


def _models(name: str, service: Node, known: Known) -> Iterator[Objection]:
    for model, child in (_value(service, "models") or {}).items():
        if model not in known.resources["models"]:
            yield _undefined("model", model, child, known, "models")


def _scale(name: str, service: Node, known: Known) -> Iterator[Objection]:
    scale, replicas = service.get("scale"), service.at(("deploy", "replicas"))
    if scale is not None and replicas is not None and scale.value != replicas.value:
        yield Objection("contradiction", f"scale {scale.value} contradicts deploy.replicas {replicas.value}", scale)
    for said in (scale, replicas):
        if said is not None and said.value < 0:
            yield Objection("wrong-value", f"{said.value} replicas: the number must be 0 or more", said)
    count = scale if scale is not None else replicas
    container = service.get("container_name")
    if container is not None and count is not None and count.value > 1:
        yield Objection(
            "contradiction",
            f"container_name must be unique, so it cannot be used with {count.value} replicas",
            container,
            "remove container_name",
        )


_TWICE = (
    ("cpus", ("deploy", "resources", "limits"), "cpus"),
    ("mem_limit", ("deploy", "resources", "limits"), "memory"),
    ("mem_reservation", ("deploy", "resources", "reservations"), "memory"),
    ("pids_limit", ("deploy", "resources", "limits"), "pids"),
)


def _limits(name: str, service: Node, known: Known) -> Iterator[Objection]:
    """A limit may be written in two places, but must be equal there; absent counts as 0 if the other is set."""
    for key, section, inner in _TWICE:
        old, new = service.get(key), service.at(section)
        if old is not None and old.value and new is not None and (_value(new, inner) or 0) != old.value:
            said = f"{'.'.join(section)}.{inner}"
            yield Objection(
                "contradiction",
                f"{key} {old.value} contradicts {said} {_value(new, inner) or '(unset)'}",
                old,
                f"write it once, as {said}",
            )


def _watch(name: str, service: Node, known: Known) -> Iterator[Objection]:
    for watch in _items(service, "develop", "watch"):
        action = _value(watch, "action")
        if not _value(watch, "target") and action not in ("rebuild", "restart"):
            yield Objection("watch-target", f"develop.watch: action {action} requires a target", watch)


def _targets(name: str, service: Node, known: Known) -> Iterator[Objection]:
    """Two mounts cannot share a target."""
    taken: dict[str, Node] = {}
    mounts = [(item.value.partition(":")[0], item) for item in _items(service, "tmpfs")]
    mounts += [(_value(item, "target") or "", item) for item in _items(service, "volumes")]
    for target, item in mounts:
        if target in taken:
            first = taken[target].span
            where = f" at {first}" if first else ""
            yield Objection("duplicate-mount", f"{target} is already mounted{where}", item)
        taken.setdefault(target, item)


_SOURCES = frozenset({"image", "build", "provider"})

RULES: Mapping[Rule, frozenset[str]] = {
    _build: frozenset({"build"}),
    _networks: frozenset({"networks"}),
    _health: frozenset({"healthcheck"}),
    dependencies: frozenset({"depends_on"}),
    _shared_network: frozenset({"network_mode"}),
    _volumes: frozenset({"volumes"}),
    _files: frozenset({"configs", "secrets"}),
    _models: frozenset({"models"}),
    _scale: frozenset({"scale", "deploy"}),
    _limits: frozenset(key for key, *_ in _TWICE),
    _watch: frozenset({"develop"}),
    _targets: frozenset({"tmpfs", "volumes"}),
}
"""Each rule with the keys that can break it: a service needs at least one. `_source` is broken if all are missing."""


@lru_cache(maxsize=256)
def _rules(keys: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules that a service with these keys can break: few, and the same for most services of a stack."""
    sourceless = (_source,) if _SOURCES.isdisjoint(keys) else ()
    return (*sourceless, *(rule for rule, needed in RULES.items() if not needed.isdisjoint(keys)))
