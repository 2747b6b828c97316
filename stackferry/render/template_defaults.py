"""Objects for templates, with the fields that JSON omits: `{{if .UpdateStatus}}` is no error before an update.

Docker's templates see structs with all fields: empty, zero or nil. Ours see the objects that `inspect` prints.
"""

from collections.abc import Mapping
from typing import Any

_PARTS: Mapping[str, Mapping[str, Any]] = {
    "Service": {"UpdateStatus": None, "PreviousSpec": None, "JobStatus": None},
    "Task": {"Slot": 0},
    "Node": {"ManagerStatus": None},
    "Spec": {"UpdateConfig": None, "RollbackConfig": None, "LogDriver": None, "Networks": []},
    "Mode": dict.fromkeys(("Replicated", "Global", "ReplicatedJob", "GlobalJob")),
    "TaskTemplate": {"LogDriver": None, "Networks": []},
    "ContainerSpec": {
        **dict.fromkeys(("Hostname", "Dir", "User", "StopSignal"), ""),
        **dict.fromkeys(("Command", "Args", "Env", "Groups", "Mounts", "Hosts", "Secrets", "Configs"), ()),
        **dict.fromkeys(("CapabilityAdd", "CapabilityDrop", "Ulimits"), ()),
        **dict.fromkeys(("TTY", "OpenStdin", "ReadOnly"), False),
        **dict.fromkeys(("Healthcheck", "DNSConfig", "Init")),
        "Labels": {},
        "Sysctls": {},
    },
    "Resources": {"Limits": None, "Reservations": None, "GenericResources": ()},
    "Limits": {"NanoCPUs": 0, "MemoryBytes": 0, "Pids": 0},
    "Reservations": {"NanoCPUs": 0, "MemoryBytes": 0, "GenericResources": ()},
    "RestartPolicy": {"Window": 0},
    "Placement": {"Constraints": (), "Preferences": (), "MaxReplicas": 0, "Platforms": ()},
    "UpdateConfig": {"Delay": 0},
    "RollbackConfig": {"Delay": 0},
    "EndpointSpec": {"Ports": ()},
    "Endpoint": {"Ports": (), "VirtualIPs": ()},
    "Ports": {"PublishedPort": 0},
    "PortStatus": {"Ports": ()},
    "Mounts": {"Source": "", "ReadOnly": False, "BindOptions": None, "VolumeOptions": None, "TmpfsOptions": None},
    "Networks": {"Aliases": ()},
    "Healthcheck": {"Test": (), "Interval": 0, "Timeout": 0, "StartPeriod": 0, "StartInterval": 0, "Retries": 0},
    "Status": {"Err": "", "ContainerStatus": None},
    "UpdateStatus": {"CompletedAt": None},
    "ManagerStatus": {"Leader": False},
}
_PARTS = {**_PARTS, "PreviousSpec": _PARTS["Spec"]}
_ROOTS = {"Endpoint": "Service", "ServiceID": "Task", "Description": "Node"}
"""The kind of an object by a field that only this kind has."""


class Sparse(dict[str, Any]):
    """A part of an object. Omitted fields can be read by name, but are not among its items."""

    def __init__(self, items: Mapping[str, Any], absent: Mapping[str, Any]) -> None:
        super().__init__(items)
        self._absent = absent

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self._absent

    def __missing__(self, name: str) -> Any:
        found = self._absent[name]
        return list(found) if isinstance(found, tuple) else found


def whole(value: Any, part: str = "") -> Any:
    """An object, or the part of an object under a name, with such defaults."""
    if isinstance(value, Mapping):
        kind = part or next((root for mark, root in _ROOTS.items() if mark in value), "")
        return Sparse({name: whole(one, name) for name, one in value.items()}, _PARTS.get(kind, {}))
    if isinstance(value, list):
        return [whole(one, part) for one in value]
    return value
