"""Where keys went in the manifests: looks up the places of the table of fates. For `explanation.py`.

A place (`container.ports[containerPort={target}].hostPort`) that does not exist is not shown, so that the report names
no place in vain. List items are found by an index of the list rather than by a search: every key of a compose file may
ask for an item of the same list.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache
from itertools import product
from typing import Any

from stackferry.grammar.compose.model.container import Container, Workload
from stackferry.grammar.lazy_dataclass import dataclass
from stackferry.grammar.regex import regex
from stackferry.translator.notes import Path
from stackferry.translator.order.restarts import MARK
from stackferry.translator.services.ports import protocol
from stackferry.translator.translation import Translation

_POD = "{template}.spec"
_PREFIXES = {
    "template": ("workload", "{template}"),
    "pod": ("workload", _POD),
    "container": ("workload", f"{_POD}.containers[name={{container}}]"),
    "before": ("before", f"{_POD}.initContainers[name={{container}}]"),
    "last": ("before", f"{_POD}.containers[name={{container}}]"),
}
_TEMPLATES = {"CronJob": "spec.jobTemplate.spec.template"}
"""Where a workload has its pod template, if not at `spec.template`."""


_SEGMENT = regex(r"([^\[\]]*)(?:\[(?:(\d+)|(.*))\])?", re.DOTALL)


Index = Mapping[tuple[str, ...], int]
"""The position in a list of the first item with certain values of some keys."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One step down: a field, then nothing, a position in its list, or the values that `keys` of the item must have."""

    name: str
    position: int | None
    keys: tuple[str, ...]
    wanted: tuple[str, ...]


@cache
def role_of(place: str) -> str:
    """The role of the object that contains a place."""
    role = place.partition(".")[0]
    return _PREFIXES.get(role, (role,))[0]


@cache
def parsed(place: str, kind: str) -> tuple[Segment, ...]:
    """The steps down from an object of that kind. Cached without limit: the table has a few hundred places."""
    role, _, fields = place.partition(".")
    _, prefix = _PREFIXES.get(role, (role, ""))
    prefix = prefix.replace("{template}", _TEMPLATES.get(kind, "spec.template"))
    return tuple(_segment(part) for part in f"{prefix}.{fields}".split(".") if part)


def _segment(text: str) -> Segment:
    match = _SEGMENT.fullmatch(text)
    if match is None:
        raise ValueError(f"not a segment of a place: {text}")
    conditions = [part.partition("=") for part in match[3].split(",")] if match[3] is not None else []
    return Segment(
        match[1],
        int(match[2]) if match[2] else None,
        tuple(key for key, _, _ in conditions),
        tuple(wanted for _, _, wanted in conditions),
    )


def index_of(items: Sequence[Mapping[str, Any]], keys: tuple[str, ...]) -> Index:
    """The index of a list by `keys`; an item with a list under a key is in it once for each of the list's values."""
    found: dict[tuple[str, ...], int] = {}
    for position, item in enumerate(items):
        if all(key in item for key in keys):
            for values in product(*(_texts(item[key]) for key in keys)):
                found.setdefault(values, position)
    return found


def _texts(held: Any) -> list[str]:
    return [str(one) for one in held] if isinstance(held, list) else [str(held)]


_PLAIN = regex(r"[\w-]*")


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one translation, whose objects do not change: lists are indexed when first asked for."""

    translation: Translation
    _indexes: dict[tuple[int, tuple[str, ...]], Index] = field(default_factory=dict, init=False)

    def look_up(self, place: str, path: Path) -> Iterator[str]:
        """The place as it is in the manifests; nothing if it does not exist."""
        role, owner = role_of(place), _owner(path)
        if role == "aliases":
            further = self.translation.naming.further
            domain = (further.domains[owner][1],) if owner in further.domains else ()
            yield from (f"Service/{alias}" for alias in (*further.aliases.get(owner, ()), *domain))
            return
        identifier = self.translation.made.get((role, owner))
        made = self.translation.index.get(identifier or "")
        if made is None:
            return
        segments = parsed(place, made.kind)
        words = _words_of(path, self.translation)
        text = ""
        value: Any = made.body
        for segment in segments:
            step = self._step(value, segment, words)
            if step is None:
                return
            value, text = step[0], f"{text}{step[1]}"
        yield f"{identifier} {text.lstrip('.')}".rstrip()

    def _step(self, value: Any, segment: Segment, words: Mapping[str, str]) -> tuple[Any, str] | None:
        """One segment further down: the value there and its path."""
        name = segment.name.format_map(words) if segment.name.startswith("{") else segment.name
        if not isinstance(value, dict) or name not in value:
            return None
        value, text = value[name], f".{name}" if _PLAIN.fullmatch(name) else f'["{name}"]'
        position = segment.position
        if segment.keys:
            position = self._index(value, segment.keys).get(tuple(one.format_map(words) for one in segment.wanted))
        elif position is None:
            return value, text
        if position is None or position >= len(value):
            return None
        return value[position], f"{text}[{position}]"

    def _index(self, items: list[dict[str, Any]], keys: tuple[str, ...]) -> Index:
        # The list belongs to the translation and outlives this object, so its id is unique.
        known = id(items), keys
        if known not in self._indexes:
            self._indexes[known] = index_of(items, keys)
        return self._indexes[known]


_ITEMS: Mapping[Path, int] = {("services", "pre_start"): 3, ("jobs", "triggers"): 4}
"""The part of a path that holds the index of such an item, by the first and the third part."""


def _item(path: Path) -> int | None:
    """The index of an item with objects or a container of its own: a schedule of a job, a `pre_start` container."""
    at = _ITEMS.get((path[0], path[2])) if len(path) > 2 else None
    index = path[at] if at is not None and len(path) > at else None
    return index if isinstance(index, int) else None


def _owner(path: Path) -> str:
    """The owner of the roles: a service or job, one of its items (`web[0]`), or a top-level name."""
    index = _item(path)
    owner = str(path[1]) if len(path) > 1 else ""
    return owner if index is None else f"{owner}[{index}]"


def _container(path: Path, translation: Translation) -> tuple[Container, str, Path] | None:
    """The container to which a key belongs, its name, and the key's path from there."""
    project, name = translation.project, str(path[1]) if len(path) > 1 else ""
    if path[0] == "jobs" and name in project.jobs:
        return project.jobs[name], translation.naming.containers[name], path[2:]
    if path[0] != "services" or name not in project.services:
        return None
    service, index = project.services[name], _item(path)
    if index is None:
        return service, translation.naming.containers[name], path[2:]
    return service.pre_start[index], translation.naming.pre_start[name][index], path[4:]


def _words_of(path: Path, translation: Translation) -> dict[str, str]:
    """The values of the placeholders of a place at `path`."""
    words = {"key": str(path[-1]), "target": "", "protocol": ""}
    found = _container(path, translation)
    if found is None:
        return words
    container, words["container"], path = found
    if len(path) > 1 and path[0] == "depends_on":
        words.update(wait=translation.naming.waits.get(str(path[1]), ""), restarted=MARK)
    if len(path) < 2 or not isinstance(path[1], int):
        return words
    if path[0] == "ports" and isinstance(container, Workload):
        port = container.ports[path[1]]
        words.update(target=str(port.target), protocol=protocol(port))
    elif path[0] == "volumes":
        words["target"] = posixpath.normpath("/" + container.volumes[path[1]].target.lstrip("/"))
    elif path[0] in ("configs", "secrets"):
        reference = (container.configs if path[0] == "configs" else container.secrets)[path[1]]
        target = reference.target or reference.source
        folder = "" if target.startswith("/") else "/" if path[0] == "configs" else "/run/secrets/"
        words["target"] = posixpath.normpath(folder + target)
    return words
