"""A stack as `docker stack config` writes it: in the version 3 schema, so that `docker stack deploy -c -` reads it.

Keys that the schema writes differently from docker compose are converted; keys that it does not know stay, and docker
reports them.
"""

from collections.abc import Callable, Mapping
from typing import Any

from stackferry.grammar.compose.model.terms import PortRange

Tree = dict[str, Any]

VERSION = "3.13"
_SECTIONS = ("networks", "volumes", "secrets", "configs")


def stack_file(document: Mapping[str, Any], stack: str) -> Tree:
    """The canonical tree of a stack in docker's schema, without the names that docker adds itself."""
    rest = {key: value for key, value in document.items() if key != "name"}
    for section in _SECTIONS:
        entries = rest.pop(section, None) or {}
        named = {key: _unnamed(entry, f"{stack}_{key}") for key, entry in entries.items()}
        if section == "networks" and not named.get("default", True):
            del named["default"]
        if named:
            rest[section] = named
    rest["services"] = {key: _service(service) for key, service in (document.get("services") or {}).items()}
    return {"version": VERSION, "services": rest.pop("services"), **rest}


def _unnamed(entry: Any, name: str) -> Any:
    if not isinstance(entry, Mapping):
        return {} if entry is None else entry
    return {key: value for key, value in entry.items() if (key, value) != ("name", name)}


def _service(service: Mapping[str, Any]) -> Tree:
    found = {key: _KEYS[key](value) if key in _KEYS else value for key, value in service.items()}
    if found.get("networks") == {"default": None}:
        del found["networks"]
    return found


def _depends_on(value: Any) -> Any:
    return list(value) if isinstance(value, Mapping) else value


def _hosts(value: Any) -> Any:
    # A value in its original form may be a mapping.
    return [one.replace("=", ":", 1) for one in value] if isinstance(value, list) else value


def _ports(value: Any) -> list[Any]:
    return [one for port in value for one in (_port(port) if isinstance(port, Mapping) else [port])]


def _port(port: Mapping[str, Any]) -> list[Tree]:
    """One entry per port of a range; a port in mode host cannot be a range, which docker reports."""
    bounds = PortRange(port.get("published", "")).bounds
    if bounds is None or (bounds[0] < bounds[1] and port.get("mode") == "host"):
        return [dict(port)]
    return [{**port, "published": number} for number in range(bounds[0], bounds[1] + 1)]


def _files(folder: str) -> Callable[[Any], list[Any]]:
    def files(value: Any) -> list[Any]:
        return [_file(one, folder) if isinstance(one, Mapping) else one for one in value]

    return files


def _file(body: Mapping[str, Any], folder: str) -> Tree:
    found = {key: value for key, value in body.items() if (key, value) != ("target", f"{folder}{body.get('source')}")}
    mode = found.get("mode")
    if isinstance(mode, str) and mode.isdigit():
        found["mode"] = int(mode, 8)
    return found


def _volumes(value: Any) -> list[Any]:
    return [_volume(one) if isinstance(one, Mapping) else one for one in value]


def _volume(body: Mapping[str, Any]) -> Tree:
    found = dict(body)
    for kind in ("bind", "volume", "tmpfs"):
        options = found.pop(kind, None) or {}
        if kept := {key: value for key, value in options.items() if key != "create_host_path"}:
            found[kind] = kept
    return found


def _deploy(value: Any) -> Any:
    if not isinstance(value, Mapping) or not isinstance(value.get("resources"), Mapping):
        return value
    resources = {side: _resource(one) for side, one in value["resources"].items()}
    return {**value, "resources": resources}


def _resource(body: Any) -> Any:
    if not isinstance(body, Mapping) or not isinstance(body.get("cpus"), int | float):
        return body
    return {**body, "cpus": f"{body['cpus']:g}"}


_KEYS: Mapping[str, Callable[[Any], Any]] = {
    "depends_on": _depends_on,
    "deploy": _deploy,
    "extra_hosts": _hosts,
    "ports": _ports,
    "secrets": _files("/run/secrets/"),
    "configs": _files("/"),
    "volumes": _volumes,
}
