"""Parses the output of minikube's `-o json`: one CloudEvent a line, other lines in between. Pure.

The types end in `.step`, `.info`, `.warning`, `.error`; an error with an `exitcode` is the verdict, one without is only
a message (minikube, `pkg/minikube/out/register`).
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from stackferry.grammar.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """The start of a step: `number` of about `of`."""

    number: int
    of: int
    message: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why minikube failed: the exit code, its name for the case (`DRV_AS_ROOT`), its message and its advice."""

    code: int
    name: str
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Any other message; `is_warning` if minikube calls it a warning."""

    message: str
    is_warning: bool = False


Event = Step | Verdict | Remark


def event(line: str) -> Event | None:
    """The event in a line; a line that is not JSON is a remark, an empty line is None."""
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
    """The events of a whole output."""
    for line in text.splitlines():
        found = event(line)
        if found is not None:
            yield found


def verdict(found: Iterable[Event]) -> Verdict | None:
    """The last verdict, which counts."""
    last = None
    for cloud_event in found:
        if isinstance(cloud_event, Verdict):
            last = cloud_event
    return last


def _whole(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isdigit() else 0
