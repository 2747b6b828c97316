"""The differences between two objects, in the form shown to people: `spec.replicas: 2 -> 3`. Pure."""

from collections.abc import Iterator
from typing import Any

_NOT_COMPARED = frozenset(("managedFields", "resourceVersion", "generation", "creationTimestamp", "uid"))


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """The fields that differ, as shown to people. The data of a Secret is never shown."""
    if path in ("status", "kind", "apiVersion"):
        return
    secret = path in ("data", "stringData")
    if secret:
        before, after = before or {}, after or {}
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            if path == "metadata" and key in _NOT_COMPARED:
                continue
            below = f"{path}.{key}" if path else str(key)
            if secret:
                if before.get(key) != after.get(key):
                    yield below
            else:
                yield from differences(before.get(key), after.get(key), below)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{path}[{index}]")
    elif before != after:
        yield f"{path}: {_short(before)} -> {_short(after)}"


def _short(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
