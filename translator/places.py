"""Where a key went: the places of the table of fates, looked up in the manifests that were made.

A place that is not there is not shown, so nothing is said to have gone where it is not.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stackferry.translator.notes import Path
from stackferry.translator.place import Index, Segment, index_of, parsed
from stackferry.translator.services.ports import protocol
from stackferry.translator.translation import Translation

_PLAIN = re.compile(r"[\w-]*")


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one translation, whose objects stay as they are: lists are indexed when first asked for."""

    translation: Translation
    _indexes: dict[tuple[int, tuple[str, ...]], Index] = field(default_factory=dict, init=False)

    def look_up(self, place: str, path: Path) -> Iterator[str]:
        """The place as it is in the manifests, nothing if it is not there."""
        role, segments = parsed(place)
        owner = str(path[1]) if len(path) > 1 else ""
        if role == "aliases":
            yield from (f"Service/{alias}" for alias in self.translation.naming.aliases.get(owner, ()))
            return
        identifier = self.translation.made.get((role, owner))
        made = self.translation.index.get(identifier or "")
        if made is None:
            return
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
        """One segment further down: the value there and how it is written."""
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
        # The list is the translation's and lives as long as we do, so that its id is nobody else's.
        known = id(items), keys
        if known not in self._indexes:
            self._indexes[known] = index_of(items, keys)
        return self._indexes[known]


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
