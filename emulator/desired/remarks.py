"""Notes on single uses of unsupported keys, where no other module says more.

Part of `stack.py`. The table of fates lists these keys; this module looks them up in the model.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from stackferry.emulator.desired.findings import Findings
from stackferry.emulator.fates import FATES
from stackferry.grammar.compose.model.model import Project, Service
from stackferry.grammar.key_path import Path
from stackferry.grammar.notes import Kind, Note

_OF_SERVICES = "services.*."

_HINTS: Mapping[str, str] = {
    "pull_refresh_after": "docker pull fetches the newest image",
}

_PLAIN = {
    path.removeprefix(_OF_SERVICES): fate
    for path, fate in FATES.items()
    if path.startswith(_OF_SERVICES)
    and fate.kind is Kind.NOT_YET
    and "*" not in path.removeprefix(_OF_SERVICES)
    and "[]" not in path
}
"""Fates of keys that are not supported, as chains of the model's field names."""


def remark(project: Project, findings: Findings) -> None:
    """Note the keys that have no effect."""
    for service in project.services.values():
        findings.notes.found += _unsupported(service)
        path: Path
        for network, leg in service.networks.items():
            if leg is not None and leg.use_service_name_alias is False:
                path = ("services", service.name, "networks", network, "use_service_name_alias")
                findings.notes.later(path, "service-name-alias", "the service is reached by its name anyway")
        for key in ("post_start", "pre_stop"):
            for index, hook in enumerate(getattr(service, key)):
                if hook.privileged:
                    path = ("services", service.name, key, index, "privileged")
                    findings.notes.later(path, "hook-privileged", "a hook runs with the privileges of its container")


def _unsupported(service: Service) -> Iterator[Note]:
    for path, fate in _PLAIN.items():
        keys = path.split(".")
        value = _value(service, keys)
        # A number is meaningful even if it is zero.
        if value or type(value) is int:
            yield Note(("services", service.name, *keys), Kind.NOT_YET, "not-yet", fate.why, _HINTS.get(path, ""))


def _value(holder: Any, keys: list[str]) -> Any:
    for key in keys:
        if not dataclasses.is_dataclass(holder):
            return None
        holder = getattr(holder, key)
    return holder
