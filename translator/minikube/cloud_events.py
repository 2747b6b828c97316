"""What minikube says with `-o json`: one CloudEvent a line, other lines in between. Pure.

The types end in `.step`, `.info`, `.warning`, `.error`; an error with an `exitcode` is the verdict, one without only a
message (minikube, `pkg/minikube/out/register`).
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A step that begins: `number` of about `of`."""

    number: int
    of: int
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why it failed: the exit code, minikube's name for the case (`DRV_AS_ROOT`), its message and its advice."""

    code: int
    name: str
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Anything else it says; `is_warning` if it calls it one."""

    message: str
    is_warning: bool = False


Event = Step | Verdict | Remark


def event(line: str) -> Event | None:
    """What a line says; a line that is none of JSON is a remark, an empty one nothing."""
    text = line.strip()
    if not text:
        return None
    try:
        found = json.loads(text)
        kind, data = str(found["type"]), found.get("data") or {}
    except (ValueError, TypeError, KeyError):
        return Remark(text)
    return _event(kind.rpartition(".")[2], data)


def _event(kind: str, data: dict[str, Any]) -> Event | None:
    message = str(data.get("message", "")).strip()
    if kind == "step":
        return Step(_whole(data.get("currentstep")), _whole(data.get("totalsteps")), message)
    if kind == "error" and str(data.get("exitcode", "")).isdigit():
        return Verdict(int(data["exitcode"]), str(data.get("name", "")), message, str(data.get("advice", "")))
    return Remark(message, kind in ("warning", "error")) if message else None


def events(text: str) -> Iterator[Event]:
    """Those of a whole output."""
    for line in text.splitlines():
        found = event(line)
        if found is not None:
            yield found


def verdict(found: Iterable[Event]) -> Verdict | None:
    """The last one, which counts."""
    last = None
    for cloud_event in found:
        if isinstance(cloud_event, Verdict):
            last = cloud_event
    return last


def _whole(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isdigit() else 0
