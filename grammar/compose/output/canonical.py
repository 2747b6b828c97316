"""The canonical document: what `docker compose config` prints for a loaded stack.

From the typed tree to plain values, for `render.py`. YAML and JSON differ as they do in Docker Compose:
JSON names some empty values, sorts names by their bytes, and leaves out the `x-` keys of everything but
the project.
"""

from collections.abc import Mapping
from typing import Any

from stackferry.grammar.compose.phases.codec import Extension, in_order
from stackferry.grammar.compose.phases.typed import (
    DEPLOY_KEYS,
    HOOK_KEYS,
    JOB_KEYS,
    NETWORK_KEYS,
    PRE_START_KEYS,
    SERVICE_KEYS,
    WATCH_KEYS,
)
from stackferry.grammar.compose.syntax.units import Bytes, Duration, FileMode, Float32
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.scalars import Timestamp

_PLAIN: dict[type, Any] = {
    **dict.fromkeys((Bytes, Duration, FileMode), str),
    Timestamp: lambda value: Timestamp(value.normal()),
    # The shortest decimal of the 32-bit value, not of its 64-bit form.
    Float32: lambda value: float(str(value)),
}

_SPENT = "env_file"
"""A service key that loading uses up."""

_NAMES = frozenset(
    (
        *("services", "jobs", "networks", "volumes", "secrets", "configs", "models", "environment", "labels"),
        *("annotations", "args", "depends_on", "driver_opts", "options", "sysctls", "ulimits", "storage_opt"),
        *("additional_contexts", "aux_addresses"),
    )
)
"""Keys of mappings with user-chosen names, which JSON sorts by their bytes."""


def canonical(root: Node, name: str, resolved: bool = True) -> dict[str, Any]:
    """The document for YAML. `name` is the project's; unless `resolved`, env files are still in it."""
    return _document(root, name, extensions=True, resolved=resolved)


def canonical_json(root: Node, name: str, resolved: bool = True) -> dict[str, Any]:
    """The document for JSON."""
    document = _document(root, name, extensions=False, resolved=resolved)
    for key, service in document["services"].items():
        document["services"][key] = _service_json(service)
    for key, job in document.get("jobs", {}).items():
        document["jobs"][key] = _container_json(job, JOB_KEYS)
    for key, network in document.get("networks", {}).items():
        document["networks"][key] = _with(network, NETWORK_KEYS, ipam={})
    return {
        key: _sorted(document[key]) if key.startswith("x-") else _by_bytes(document[key], key in _NAMES)
        for key in sorted(document)
    }


def raw(root: Node) -> Any:
    """The document of a tree that was not interpolated, whose values have no types yet."""
    return _shown(in_order(root), extensions=True)


def raw_json(root: Node) -> Any:
    """The same for JSON: in Docker Compose a Go map, whose keys the encoder sorts."""
    return _sorted(raw(root))


def _sorted(value: Any) -> Any:
    if type(value) is dict:
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if type(value) is list else _number(value)


def _number(value: Any) -> Any:
    """Go prints a number without a fraction as a whole number, unless that is very long."""
    return int(value) if type(value) is float and value.is_integer() and abs(value) < 1e21 else value


def _document(root: Node, name: str, extensions: bool, resolved: bool) -> dict[str, Any]:
    document: dict[str, Any] = {"name": name, "services": {}}
    for key, child in root.value.items():
        if key not in ("name", "include"):
            document[key] = _shown(child, extensions or type(child) is Extension)
    for service in document["services"].values():
        for container in (service, *service.get("pre_start", ())):
            if resolved:
                container.pop(_SPENT, None)
            _as_printed(container)
    for job in document.get("jobs", {}).values():
        _as_printed(job)
    for network in document.get("networks", {}).values():
        _hide_pools_keys(network)
    for config in document.get("configs", {}).values():
        if config.get("environment"):
            config.pop("content", None)
    return document


def _shown(node: Node, extensions: bool) -> Any:
    value = node.value
    kind = type(value)
    if kind is str:
        return value
    if kind is dict:
        return {
            name: _shown(child, extensions)
            for name, child in value.items()
            if extensions or type(child) is not Extension
        }
    if kind is list:
        return [_shown(child, extensions) for child in value]
    convert = _PLAIN.get(kind)
    return value if convert is None else convert(value)


def _as_printed(container: dict[str, Any]) -> None:
    """Make a service, a job or a `pre_start` container look as Docker Compose prints it."""
    _as_lists(container)
    _say_zeros(container)
    _hide_defaults(container)


def _hide_defaults(container: dict[str, Any]) -> None:
    """Keys that are true by default are printed only if they are false."""
    for file in container.get("env_file") or ():
        if file.get("required"):
            del file["required"]
    for mount in container.get("volumes") or ():
        if "bind" in mount and mount["bind"].pop("create_host_path", False) is not True:
            bind = {**mount["bind"], "create_host_path": False}
            mount["bind"] = {**_with(bind, _BIND_KEYS), **bind}


_BIND_KEYS = ("selinux", "propagation", "create_host_path", "recursive")


def _as_lists(service: dict[str, Any]) -> None:
    """Turn mappings into lists where Docker Compose prints lists."""
    build = service.get("build") or {}
    if "ssh" in build:
        build["ssh"] = [name if path is None else f"{name}={path}" for name, path in build["ssh"].items()]
    for section in (service, build):
        if "extra_hosts" in section:
            hosts = section["extra_hosts"].items()
            section["extra_hosts"] = sorted(f"{name}={address}" for name, several in hosts for address in several)


def _say_zeros(service: dict[str, Any]) -> None:
    """Add zeros for keys missing from these records: Docker Compose prints and hashes them."""
    for key, devices in (service.get("blkio_config") or {}).items():
        if type(devices) is list:
            amount = {"weight": 0} if key == "weight_device" else {"rate": "0"}
            devices[:] = [{"path": "", **amount, **device} for device in devices]
    resources = (service.get("deploy") or {}).get("resources") or {}
    for generic in (resources.get("reservations") or {}).get("generic_resources") or ():
        if "discrete_resource_spec" in generic:
            generic["discrete_resource_spec"] = {"kind": "", "value": 0, **generic["discrete_resource_spec"]}


def _hide_pools_keys(network: dict[str, Any]) -> None:
    """Drop the address pools' own `x-` keys: Docker Compose reads but does not keep them."""
    ipam = network.get("ipam") or {}
    for pool in ipam.get("config") or ():
        for key in [key for key in pool if key.startswith("x-")]:
            del pool[key]


def _container_json(container: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """A container with the empty values that Go's JSON encoder writes, without those it omits."""
    container = _with(container, keys, command=None, entrypoint=None)
    for section in (container, container.get("build") or {}):
        for name, limit in section.get("ulimits", {}).items():
            if type(limit) is dict:
                section["ulimits"][name] = {side: value for side, value in limit.items() if value}
    return container


def _service_json(service: dict[str, Any]) -> dict[str, Any]:
    service = _container_json(service, SERVICE_KEYS)
    if "pre_start" in service:
        service["pre_start"] = [_container_json(hook, PRE_START_KEYS) for hook in service["pre_start"]]
    if service.get("deploy") is not None:
        service["deploy"] = _with(service["deploy"], DEPLOY_KEYS, resources={}, placement={})
    watches = (service.get("develop") or {}).get("watch", ())
    for index, watch in enumerate(watches):
        hook = _with(watch.get("exec") or {}, HOOK_KEYS, command=None)
        watches[index] = {**_with(watch, WATCH_KEYS, exec={}), "exec": hook}
    for key in ("post_start", "pre_stop"):
        if key in service:
            service[key] = [_with(hook, HOOK_KEYS, command=None) for hook in service[key]]
    return service


def _with(entries: Mapping[str, Any], order: tuple[str, ...], **said: Any) -> dict[str, Any]:
    """`entries`, completed with missing keys from `said`, in the order of the table."""
    merged = {**said, **entries}
    return {key: merged[key] for key in order if key in merged}


def _by_bytes(value: Any, named: bool) -> Any:
    if type(value) is dict:
        keys = sorted(value) if named else value
        return {key: _by_bytes(value[key], key in _NAMES and not named) for key in keys}
    if type(value) is list:
        return [_by_bytes(item, named=False) for item in value]
    return _number(value)
