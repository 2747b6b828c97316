"""Where a key went: the places of the table of fates, looked up in the manifests that were made.

A place that is not there is not shown, so nothing is said to have gone where it is not.
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from translator.notes import Path
from translator.ports import protocol
from translator.translation import Translation

_TEMPLATE = "spec.template"
_PREFIXES = {
    "template": ("workload", _TEMPLATE),
    "pod": ("workload", f"{_TEMPLATE}.spec"),
    "container": ("workload", f"{_TEMPLATE}.spec.containers[0]"),
}
_SEGMENT = re.compile(r"([^\[\]]*)(?:\[(?:(\d+)|(.*))\])?", re.DOTALL)


def look_up(place: str, path: Path, translation: Translation) -> Iterator[str]:
    """The place as it is in the manifests, nothing if it is not there."""
    role, _, fields = place.partition(".")
    owner = str(path[1]) if len(path) > 1 else ""
    if role == "aliases":
        yield from (f"Service/{alias}" for alias in translation.naming.aliases.get(owner, ()))
        return
    role, prefix = _PREFIXES.get(role, (role, ""))
    identifier = translation.made.get((role, owner))
    body = translation.index.get(identifier or "")
    if body is None:
        return
    words = _words_of(path, translation)
    segments = [part for part in f"{prefix}.{fields}".split(".") if part]
    text = ""
    value: Any = body.body
    for segment in segments:
        step = _step(value, segment, words)
        if step is None:
            return
        value, text = step[0], f"{text}{step[1]}"
    yield f"{identifier} {text.lstrip('.')}".rstrip()


def _step(value: Any, segment: str, words: dict[str, str]) -> tuple[Any, str] | None:
    """One segment further down: the value there and how it is written."""
    match = _SEGMENT.fullmatch(segment)
    if match is None or not isinstance(value, dict):
        return None
    name = match[1].format_map(words) if match[1].startswith("{") else match[1]
    if name not in value:
        return None
    value, text = value[name], f'["{name}"]' if re.search(r"[^\w-]", name) else f".{name}"
    if match[2] is None and match[3] is None:
        return value, text
    for index, item in enumerate(value):
        if index == int(match[2]) if match[2] else _is(item, match[3], words):
            return item, f"{text}[{index}]"
    return None


def _is(item: dict[str, Any], conditions: str, words: dict[str, str]) -> bool:
    """Whether the item of a list is the one that `port={target},protocol={protocol}` picks."""
    for condition in conditions.split(","):
        key, _, wanted = condition.partition("=")
        held, text = item.get(key), wanted.format_map(words)
        if text not in held if isinstance(held, list) else str(held) != text:
            return False
    return True


def _words_of(path: Path, translation: Translation) -> dict[str, str]:
    """What the placeholders of a place stand for at `path`."""
    words = {"key": str(path[-1]), "target": "", "protocol": ""}
    service = translation.project.services.get(str(path[1])) if len(path) > 3 and path[0] == "services" else None
    if service is None or not isinstance(path[3], int):
        return words
    if path[2] == "ports":
        port = service.ports[path[3]]
        words.update(target=str(port.target), protocol=protocol(port))
    elif path[2] == "volumes":
        words["target"] = posixpath.normpath("/" + service.volumes[path[3]].target.lstrip("/"))
    elif path[2] in ("configs", "secrets"):
        reference = (service.configs if path[2] == "configs" else service.secrets)[path[3]]
        target = reference.target or reference.source
        folder = "" if target.startswith("/") else "/" if path[2] == "configs" else "/run/secrets/"
        words["target"] = posixpath.normpath(folder + target)
    return words
