"""The key paths of a JSON schema, in the notation of our own table."""

from collections.abc import Iterator
from typing import Any


def paths(schema: dict[str, Any]) -> set[str]:
    """Every key path of a JSON schema: `[]` for items, `*` for names that users choose, without extensions."""

    def walk(node: dict[str, Any], path: str, seen: tuple[str, ...]) -> Iterator[str]:
        reference = node.get("$ref")
        if reference is not None:
            if reference in seen:
                return
            target: Any = schema
            for part in reference.lstrip("#/").split("/"):
                target = target[part]
            yield from walk(target, path, (*seen, reference))
        for word in ("oneOf", "anyOf", "allOf"):
            for option in node.get(word, ()):
                yield from walk(option, path, seen)
        children = list(node.get("properties", {}).items())
        children += [("*", child) for name, child in node.get("patternProperties", {}).items() if name != "^x-"]
        if isinstance(node.get("additionalProperties"), dict):
            children.append(("*", node["additionalProperties"]))
        for name, child in children:
            below = f"{path}.{name}" if path else name
            yield below
            yield from walk(child, below, seen)
        if isinstance(node.get("items"), dict):
            yield from walk(node["items"], f"{path}[]", seen)

    return set(walk(schema, "", ()))


def kinds(schema: dict[str, Any]) -> dict[str, set[str]]:
    """The types that a JSON schema takes at each of its key paths, items of lists included."""
    found: dict[str, set[str]] = {}

    def resolved(node: dict[str, Any]) -> dict[str, Any]:
        target: Any = schema
        for part in node["$ref"].lstrip("#/").split("/"):
            target = target[part]
        return resolved(target) if "$ref" in target else target

    def walk(node: dict[str, Any], path: str) -> None:
        if "$ref" in node:
            node = resolved(node)
        for word in ("oneOf", "allOf"):
            for option in node.get(word, ()):
                walk(option, path)
        types = node.get("type", ())
        if path and types:
            found.setdefault(path, set()).update([types] if isinstance(types, str) else types)
        children = [*node.get("properties", {}).items()]
        children += [("*", child) for name, child in node.get("patternProperties", {}).items() if name != "^x-"]
        for name, child in children:
            walk(child, f"{path}.{name}" if path else name)
        if isinstance(node.get("items"), dict):
            walk(node["items"], f"{path}[]")

    walk(schema, "")
    return {path: types - {"integer"} if "number" in types else types for path, types in found.items()}
