"""The canonical document: what `docker compose config` prints for a loaded stack.

From the typed tree to plain values, for `render.py`. YAML and JSON differ as they do in Docker Compose:
JSON names some empty values, and leaves out the `x-` keys of everything but the project.
"""

from typing import Any

from grammar.compose.codec import Extension
from grammar.compose.node import Node
from grammar.compose.scalars import Timestamp
from grammar.compose.units import Bytes, Duration, FileMode, Float32

_PLAIN: dict[type, Any] = {
    **dict.fromkeys((Bytes, Duration, FileMode), str),
    Timestamp: lambda value: value.normal(),
    # The shortest decimal of the 32 bits, not what 64 bits make of them.
    Float32: lambda value: float(str(value)),
}

_RESOLVED = ("env_file", "label_file", "pull_refresh_after")
"""Keys of a service that are spent once a stack is loaded (or, the last, that Docker Compose ignores)."""


def canonical(root: Node, name: str) -> dict[str, Any]:
    """The document as YAML shows it. `name` is the project's."""
    return _document(root, name, extensions=True)


def canonical_json(root: Node, name: str) -> dict[str, Any]:
    """The document as JSON shows it. `name` is the project's."""
    document = _document(root, name, extensions=False)
    for service in document["services"].values():
        _name_empty(service)
    for network in document.get("networks", {}).values():
        network.setdefault("ipam", {})
    return document


def _document(root: Node, name: str, extensions: bool) -> dict[str, Any]:
    document: dict[str, Any] = {"name": name, "services": {}}
    for key, child in root.value.items():
        if key not in ("name", "include"):
            document[key] = _shown(child, extensions or type(child) is Extension)
    for service in document["services"].values():
        for key in _RESOLVED:
            service.pop(key, None)
        _as_lists(service)
    for network in document.get("networks", {}).values():
        _hide_ipam_options(network)
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


def _as_lists(service: dict[str, Any]) -> None:
    """Mappings of the model that Docker Compose prints as lists."""
    build = service.get("build") or {}
    if "ssh" in build:
        build["ssh"] = [name if path is None else f"{name}={path}" for name, path in build["ssh"].items()]
    for section in (service, build):
        if "extra_hosts" in section:
            hosts = section["extra_hosts"].items()
            section["extra_hosts"] = sorted(f"{name}={address}" for name, several in hosts for address in several)


def _hide_ipam_options(network: dict[str, Any]) -> None:
    """Docker Compose reads `ipam.options` and forgets them."""
    if "options" in network.get("ipam", {}):
        del network["ipam"]["options"]
        if not network["ipam"]:
            del network["ipam"]


def _name_empty(service: dict[str, Any]) -> None:
    """What Go's JSON encoder cannot leave out."""
    for key in ("command", "entrypoint"):
        service.setdefault(key, None)
    deploy = service.get("deploy")
    if deploy is not None:
        deploy.setdefault("resources", {})
        deploy.setdefault("placement", {})
    for watch in (service.get("develop") or {}).get("watch", ()):
        watch.setdefault("exec", {}).setdefault("command", None)
    for section in (service, service.get("build") or {}):
        for name, limit in section.get("ulimits", {}).items():
            if type(limit) is dict:
                section["ulimits"][name] = {side: value for side, value in limit.items() if value}
    for hook in (*service.get("post_start", ()), *service.get("pre_stop", ())):
        hook.setdefault("command", None)
