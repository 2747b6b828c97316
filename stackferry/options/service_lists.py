"""The flags of `service create` and `service update` that hold several values: how each is added and removed."""

import csv
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from stackferry.emulator.cluster.container import ContainerSpec, FileMount, MountSpec, NetworkAttachmentSpec
from stackferry.emulator.cluster.spec import PublishedPort, ServiceSpec
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.options.service_values import address, constraint, host, is_host, moved

if TYPE_CHECKING:
    from stackferry.lookup.payloads import StoredPayloads


@dataclass(frozen=True, slots=True)
class PayloadLookup:
    """Where secrets and configs are found; `taken` collects what the stack's store must have: name to content."""

    holdings: "StoredPayloads"
    taken: dict[str, bytes] = field(default_factory=dict)


Add = Callable[[ServiceSpec, str, PayloadLookup], ServiceSpec]
Remove = Callable[[ServiceSpec, str], ServiceSpec]


class Listed(NamedTuple):
    """A flag with several values. `remove` None: update has it under the same name, and only adds."""

    add: Add
    remove: Remove | None
    metavar: str
    summary: str
    key: str = "KEY"
    letter: str = ""


def _container(spec: ServiceSpec, **changed: Any) -> ServiceSpec:
    container = spec.task.container or ContainerSpec("")
    return replace(spec, task=replace(spec.task, container=replace(container, **changed)))


def _of(spec: ServiceSpec) -> ContainerSpec:
    return spec.task.container or ContainerSpec("")


def _key(text: str) -> str:
    return text.partition("=")[0]


def _with(items: Iterable[str], text: str, key: Callable[[str], str] = _key) -> tuple[str, ...]:
    """One more, instead of that of the same key."""
    kept = tuple(items)
    if any(key(one) == key(text) for one in kept):
        return tuple(text if key(one) == key(text) else one for one in kept)
    return (*kept, text)


def _without(items: Iterable[str], key_text: str, key: Callable[[str], str] = _key) -> tuple[str, ...]:
    return tuple(one for one in items if key(one) != key_text)


def _same(text: str) -> str:
    return text


def _pairs(text: str) -> dict[str, str]:
    """`source=a,readonly,target=b`; a word alone is true."""
    fields = next(csv.reader([text]))
    return {
        name.strip().lower(): value if found else "true" for name, found, value in (x.partition("=") for x in fields)
    }


def _split(labels: Mapping[str, str], text: str) -> dict[str, str]:
    name, _, value = text.partition("=")
    return {**labels, name: value}


def _minus(labels: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in labels.items() if key != name}


def _variable(text: str) -> str:
    """`KEY` alone takes the value that it has here."""
    return text if "=" in text or text not in os.environ else f"{text}={os.environ[text]}"


def _placement(spec: ServiceSpec, **changed: Any) -> ServiceSpec:
    return replace(spec, task=replace(spec.task, placement=replace(spec.task.placement, **changed)))


def _spread(text: str) -> str:
    kind, found, label = text.partition("=")
    if kind != "spread" or not found:
        raise ValueError(f"unsupported placement preference {kind!r}: only spread=LABEL")
    return label


def _option(name: str, key: Callable[[str], str] = _same) -> tuple[Add, Remove]:
    """A list of texts in the engine's HostConfig."""

    def items(spec: ServiceSpec) -> Iterable[str]:
        found = _of(spec).options.get(name)
        return [str(one) for one in found] if isinstance(found, list | tuple) else ()

    def put(spec: ServiceSpec, value: Iterable[str]) -> ServiceSpec:
        return _container(spec, options={**_of(spec).options, name: list(value)})

    return (
        lambda spec, text, _: put(spec, _with(items(spec), text, key)),
        lambda spec, text: put(spec, _without(items(spec), text, key)),
    )


def _capability(name: str, opposite: str) -> Add:
    def add(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
        options = dict(_of(spec).options)
        mine: Any = options.pop(name, ())
        others: Any = options.pop(opposite, ())
        lists = zip((name, opposite), moved(mine, others, text), strict=True)
        return _container(spec, options={**options, **{key: value for key, value in lists if value}})

    return add


def _mapping(name: str, inner: str = "") -> tuple[Add, Remove]:
    """A mapping in HostConfig, or in an object of it."""

    def change(spec: ServiceSpec, edit: Callable[[Mapping[str, str]], Mapping[str, str]]) -> ServiceSpec:
        options = dict(_of(spec).options)
        outer: Any = options.get(name) or {}
        options[name] = {**outer, inner: edit(outer.get(inner) or {})} if inner else edit(outer)
        return _container(spec, options=options)

    return (
        lambda spec, text, _: change(spec, lambda labels: _split(labels, text)),
        lambda spec, text: change(spec, lambda labels: _minus(labels, text)),
    )


def _add_ulimit(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    name, _found, limits = text.partition("=")
    soft, _found, hard = limits.partition(":")
    kept = _ulimits(spec, name)
    kept.append({"Name": name, "Soft": int(soft), "Hard": int(hard or soft)})
    return _container(spec, options={**_of(spec).options, "Ulimits": kept})


def _ulimits(spec: ServiceSpec, without: str) -> list[dict[str, Any]]:
    found: Any = _of(spec).options.get("Ulimits") or []
    return [dict(one) for one in found if one["Name"] != without]


def _add_port(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    if "=" in text:
        given = _pairs(text)
        port = PublishedPort(
            int(given["target"] if "target" in given else given.get("target-port", "0")),
            int(given.get("published", given.get("published-port", "0"))),
            given.get("protocol", "tcp"),
            given.get("mode", "ingress"),
        )
        if not port.target:
            raise ValueError("a target port is needed")
        ports = [port]
    else:
        from stackferry.grammar.compose.syntax.port import parse_port

        ports = [
            PublishedPort(int(one["target"]), int(one.get("published") or 0), str(one.get("protocol") or "tcp"))
            for one in parse_port(text)
        ]
    taken = {(port.target, port.protocol) for port in ports}
    kept = tuple(one for one in spec.endpoint.ports if (one.target, one.protocol) not in taken)
    return replace(spec, endpoint=replace(spec.endpoint, ports=(*kept, *ports)))


def _remove_port(spec: ServiceSpec, text: str) -> ServiceSpec:
    number, _, protocol = text.partition("/")
    kept = tuple(
        one
        for one in spec.endpoint.ports
        if str(one.target) != number.rpartition(":")[2] or one.protocol != (protocol or "tcp")
    )
    return replace(spec, endpoint=replace(spec.endpoint, ports=kept))


def _add_mount(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    given = _pairs(text)
    target = given.get("target") or given.get("destination") or given.get("dst") or ""
    if not target:
        raise ValueError("a target is needed")
    mount = MountSpec(
        given.get("type", "volume"),
        target,
        given.get("source") or given.get("src") or "",
        read_only=given.get("readonly", given.get("ro", "false")) in ("true", "1"),
        propagation=given.get("bind-propagation", ""),
        nocopy=given.get("volume-nocopy", "false") in ("true", "1"),
        driver=given.get("volume-driver", ""),
        tmpfs_size=_bytes(given.get("tmpfs-size", "0")),
        tmpfs_mode=int(given.get("tmpfs-mode", "0"), 8),
    )
    return _container(spec, mounts=(*(one for one in _of(spec).mounts if one.target != target), mount))


def _bytes(text: str) -> int:
    from stackferry.grammar.compose.syntax.quantities import size

    return int(size(text))


def _add_network(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    given = _pairs(text) if "=" in text else {"name": text}
    network = given.get("name", "")
    if not network:
        raise ValueError("a name is needed")
    aliases = (given["alias"],) if "alias" in given else ()
    if any(one.network == network for one in _of(spec).networks):
        raise ValueError(f"service is already attached to network {network}")
    return _container(spec, networks=(*_of(spec).networks, NetworkAttachmentSpec(network, aliases)))


def _add_generic(spec: ServiceSpec, text: str, _: PayloadLookup) -> ServiceSpec:
    kind, _found, count = text.partition("=")
    generic = (*(one for one in spec.task.reservations.generic if one[0] != kind), (kind, int(count)))
    return replace(spec, task=replace(spec.task, reservations=replace(spec.task.reservations, generic=generic)))


def _remove_generic(spec: ServiceSpec, kind: str) -> ServiceSpec:
    generic = tuple(one for one in spec.task.reservations.generic if one[0] != kind)
    return replace(spec, task=replace(spec.task, reservations=replace(spec.task.reservations, generic=generic)))


def _file(kind: str, folder: str) -> tuple[Add, Remove]:
    def add(spec: ServiceSpec, text: str, payloads: PayloadLookup) -> ServiceSpec:
        given = _pairs(text) if "=" in text else {"source": text}
        found = payloads.holdings.find(kind, given.get("source") or given.get("src") or "")
        content = payloads.holdings.content(found) or b""
        digest = hashlib.sha256(content).hexdigest()
        payloads.taken[f"{kind}/{found.name}/{digest}"] = content
        target = given.get("target") or given.get("dst") or found.name
        mount = FileMount(
            kind,
            found.name,
            digest,
            target if target.startswith("/") else folder + target,
            int(given.get("uid", "0")),
            int(given.get("gid", "0")),
            int(given.get("mode", "0444"), 8),
            templated=found.template == "golang",
        )
        return _container(spec, files=(*(old for old in _of(spec).files if old.target != mount.target), mount))

    def remove(spec: ServiceSpec, name: str) -> ServiceSpec:
        return _container(spec, files=tuple(one for one in _of(spec).files if (one.kind, one.key) != (kind, name)))

    return add, remove


LISTS: Mapping[str, Listed] = {
    "cap-add": Listed(_capability("CapAdd", "CapDrop"), None, "NAME", "Add a Linux capability."),
    "cap-drop": Listed(_capability("CapDrop", "CapAdd"), None, "NAME", "Drop a Linux capability."),
    "config": Listed(*_file("config", "/"), "NAME", "Grant access to a config: a name, or source=…,target=…,mode=…."),
    "constraint": Listed(
        lambda spec, text, _: _placement(
            spec, constraints=_with(spec.task.placement.constraints, constraint(text), _same)
        ),
        lambda spec, text: _placement(spec, constraints=_without(spec.task.placement.constraints, text, _same)),
        "TEXT",
        "Placement constraint: node.role == worker.",
        "TEXT",
    ),
    "container-label": Listed(
        lambda spec, text, _: _container(spec, labels=_split(_of(spec).labels, text)),
        lambda spec, text: _container(spec, labels=_minus(_of(spec).labels, text)),
        "KEY=VALUE",
        "Label of the containers.",
    ),
    "dns": Listed(
        lambda spec, text, _: _option("Dns")[0](spec, address(text), _), _option("Dns")[1], "IP", "DNS server.", "IP"
    ),
    "dns-option": Listed(*_option("DnsOptions"), "TEXT", "DNS option.", "TEXT"),
    "dns-search": Listed(*_option("DnsSearch"), "DOMAIN", "DNS search domain.", "DOMAIN"),
    "env": Listed(
        lambda spec, text, _: _container(spec, env=_with(_of(spec).env, _variable(text))),
        lambda spec, text: _container(spec, env=_without(_of(spec).env, text)),
        "KEY=VALUE",
        "Environment variable.",
        letter="-e",
    ),
    "generic-resource": Listed(_add_generic, _remove_generic, "KIND=N", "Reserve a generic resource.", "KIND"),
    "group": Listed(
        lambda spec, text, _: _container(spec, groups=_with(_of(spec).groups, text, _same)),
        lambda spec, text: _container(spec, groups=_without(_of(spec).groups, text, _same)),
        "GROUP",
        "Supplementary group.",
        "GROUP",
    ),
    "host": Listed(
        lambda spec, text, _: _container(spec, hosts=_with(_of(spec).hosts, host(text), _same)),
        lambda spec, text: _container(spec, hosts=tuple(one for one in _of(spec).hosts if not is_host(one, text))),
        "HOST:IP",
        "Host-to-IP mapping.",
        "HOST:IP",
    ),
    "label": Listed(
        lambda spec, text, _: replace(spec, labels=_split(spec.labels, text)),
        lambda spec, text: replace(spec, labels=_minus(spec.labels, text)),
        "KEY=VALUE",
        "Label of the service.",
        letter="-l",
    ),
    "log-opt": Listed(_mapping("LogConfig", "Config")[0], None, "KEY=VALUE", "Option of the logging driver."),
    "mount": Listed(
        _add_mount,
        lambda spec, text: _container(spec, mounts=tuple(one for one in _of(spec).mounts if one.target != text)),
        "type=…,source=…,target=…",
        "Mount a volume, a directory of the host or a tmpfs.",
        "TARGET",
    ),
    "network": Listed(
        _add_network,
        lambda spec, text: _container(spec, networks=tuple(one for one in _of(spec).networks if one.network != text)),
        "NAME",
        "Network, by its name on the engine.",
        "NAME",
    ),
    "placement-pref": Listed(
        lambda spec, text, _: _placement(spec, spread=_with(spec.task.placement.spread, _spread(text), _same)),
        lambda spec, text: _placement(spec, spread=_without(spec.task.placement.spread, _spread(text), _same)),
        "spread=LABEL",
        "Spread tasks over the values of a node label.",
        "spread=LABEL",
    ),
    "publish": Listed(
        _add_port,
        _remove_port,
        "PORT",
        "Publish a port: 8080:80, or published=8080,target=80,mode=host.",
        "TARGET",
        "-p",
    ),
    "secret": Listed(
        *_file("secret", "/run/secrets/"), "NAME", "Grant access to a secret: a name, or source=…,target=…,mode=…."
    ),
    "sysctl": Listed(*_mapping("Sysctls"), "KEY=VALUE", "Kernel parameter."),
    "ulimit": Listed(
        _add_ulimit,
        lambda spec, text: _container(spec, options={**_of(spec).options, "Ulimits": _ulimits(spec, text)}),
        "NAME=SOFT[:HARD]",
        "Limit of processes.",
        "NAME",
    ),
}
