"""Hints for values and keys that `shape.py` refuses: what to type instead.

Only a run that found a mistake comes here. Text with a missing or odd character is left to `mistyped.py`.
"""

from collections.abc import Iterator

from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.parted import pair_of, scalar, without_blank
from stackferry.grammar.compose.validate.mistyped import Typed, hint_for_text, typed_word
from stackferry.grammar.compose.validate.schema import SERVICE
from stackferry.grammar.compose.validate.shape import Shape
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.key_path import Path

_ONE_VALUE = {
    "configs": "file",
    "jobs": "image",
    "pre_start": "command",
    "secrets": "file",
    "services": "image",
    "depends_on": "condition",
    "healthcheck": "test",
    "logging": "driver",
    "placement": "constraints",
    "restart_policy": "condition",
    "triggers": "schedule",
}
"""What people mean when they write one value where a mapping belongs."""
_WITH_COLONS = ("ports", "volumes", "devices", "extra_hosts", "security_opt", "links", "volumes_from")
"""Lists whose short form has colons."""
_MEANT = {
    "cmd": "command",
    "env": "environment",
    "envs": "environment",
    "env_vars": "environment",
    "init_container": "pre_start",
    "init_containers": "pre_start",
    "initcontainers": "pre_start",
    "mounts": "volumes",
    "name": "container_name",
    "tz": "timezone",
    "cpu": "cpus",
    "mem": "mem_limit",
    "memory": "mem_limit",
    "memory_limit": "mem_limit",
    "log_driver": "logging",
    "log_opt": "logging",
    "workdir": "working_dir",
}
"""Names that other tools use for a key, in lower case."""
_AS_TEXT = "if it is meant as text, quote the whole value"
_OWN = "custom keys must start with x-"


def hint_for_kind(node: Node, kind: str, shape: Shape, path: Path) -> Typed:
    """What to type instead of a value of a wrong type."""
    value = node.value
    if "text" in shape.kinds and kind in ("boolean", "integer", "number", "date"):
        return Typed(0, f'quote it to make it text: "{scalar(value)}"')
    if kind == "null":
        return Typed(0, "remove the key, or give it a value")
    if kind in ("integer", "number") and "list" in shape.kinds and "text" not in shape.kinds:
        return Typed(0, f"write a list, with a dash before each item: - {scalar(value)}")
    if kind == "text" and (typed := hint_for_text(value, shape.kinds)):
        return typed
    further = f"indent {path[-1]!r} by one more level" if path and path[-1] in shape.keys else ""
    if kind == "text":
        return Typed(0, further or _for_one_value(value, shape, path))
    if kind == "list":
        return Typed(0, _for_list(node, shape, path) or further)
    return Typed(0, (_for_mapping(node, shape, path) if kind == "mapping" else "") or further)


def _for_one_value(text: str, shape: Shape, path: Path) -> str:
    if "mapping" not in shape.kinds or not text.strip():
        return ""
    text = typed_word(text)
    if shape.star is not None and not shape.keys:
        return f"write a colon after the name: {text}:"
    key = next((_ONE_VALUE[str(part)] for part in reversed(path[-2:]) if part in _ONE_VALUE), "")
    if key not in shape.keys:
        return ""
    if text in shape.keys and "boolean" in shape.keys[text].kinds:
        return f"write it on its own line, indented: {text}: true"
    if type(path[-1]) is int:
        return f"write - {key}: {text}"
    listed = "list" in shape.keys[key].kinds and "text" not in shape.keys[key].kinds
    return f"write it on its own line, indented: {key}: {f'[{text}]' if listed else text}"


def _for_list(node: Node, shape: Shape, path: Path) -> str:
    items = [item.value for item in node.value]
    if "mapping" not in shape.kinds:
        return _AS_TEXT if "text" in shape.kinds else ""
    if path and (key := _ONE_VALUE.get(str(path[-1]), "")) in shape.keys and "list" in shape.keys[key].kinds:
        return f"put all of it below {key}:, indented"
    if all(type(item) is dict for item in items):
        return "write a mapping: remove the dashes"
    if shape.star is not None and type(items[0]) is str:
        name, equals, value = items[0].partition("=")
        return f"write a mapping: no dashes, and a colon after each name: {typed_word(name)}:{equals and ' '}{value}"
    return ""


def _for_mapping(node: Node, shape: Shape, path: Path) -> str:
    pair = pair_of(node)
    if "list" in shape.kinds and shape.item is not None and node.value:
        name, child = next(iter(node.value.items()))
        if "mapping" in shape.item.kinds and name in shape.item.keys:
            return f"write a list, with a dash before each item: - {name}: {_shown(child)}".rstrip()
        if "text" in shape.item.kinds and child.value is None:
            return f"write a list, with a dash before each item: - {name}"
        if path and path[-1] in _WITH_COLONS and type(child.value) not in (dict, list):
            return f"write a list, with a dash before each item: - {name}:{scalar(child.value)}"
    if path and type(path[-1]) is int and "text" in shape.kinds and node.value:
        if len(path) > 1 and path[-2] in _WITH_COLONS and pair is not None:
            return without_blank(node, ())
        if pair is None:
            return "write a mapping: remove the dashes"
        return f'quote it: "{pair[0]}: {pair[1]}"' if pair[1] else f"remove the colon: - {pair[0]}"
    return _AS_TEXT if "text" in shape.kinds and "list" not in shape.kinds else ""


def _shown(child: Node) -> str:
    return "" if type(child.value) in (dict, list) else typed_word(scalar(child.value))


def hint_for_unknown(name: str, node: Node, shape: Shape, path: Path, report: Diagnostics) -> str:
    """What to type instead of an unknown key."""
    meant = _MEANT.get(name.lower().replace("-", "_"), "")
    return (
        _empty_above(name, node, shape)
        or _elsewhere(name, path)
        or (f"did you mean {meant!r}?" if meant in shape.keys else "")
        or _closest(name, shape, report, 0.8)
        or _further_in(name, shape)
        or _closest(name, shape, report, 0.6)
        or _OWN
    )


def _closest(name: str, shape: Shape, report: Diagnostics, least: float) -> str:
    close = report.suggestions.closest(name, shape.keys, least)
    return f"did you mean {close!r}?" if close else ""


def _empty_above(name: str, node: Node, shape: Shape) -> str:
    """A hint for a key that belongs below the preceding key, which is empty."""
    above, names = "", list(node.value)
    for other in names[: names.index(name)]:
        inner = shape.keys.get(other)
        if node.value[other].value is None and inner is not None and (name in inner.keys or inner.star is not None):
            above = other
        elif other in shape.keys:
            above = ""
    return f"it belongs to {above!r}: indent it below that key" if above else ""


def _elsewhere(name: str, path: Path) -> str:
    """A hint for a key that a similar mapping elsewhere has."""
    if not path:
        if name in ("apiVersion", "kind"):
            return "this is a Kubernetes manifest; a compose file needs a top-level services:"
        return "it is a key of services: put it below a service" if name in SERVICE.keys else ""
    if path[0] == "services" and len(path) == 2 and name in ("triggers", "schedule", "cron"):
        return "only jobs can have it: put what runs on a schedule under the top-level jobs:"
    if path[0] == "jobs" and len(path) == 2 and name in SERVICE.keys:
        return "remove it: a job cannot have it, nor can a service that a job extends"
    if path[0] == "services" and path[2:3] == ("pre_start",) and len(path) == 4 and name in SERVICE.keys:
        return "only the service itself can have it"
    return ""


def _further_in(name: str, shape: Shape) -> str:
    """A hint for a key that belongs one or two levels further in."""
    found = list(dict.fromkeys(_owners(name, shape)))
    return f"put it below {' or '.join(map(repr, found))}" if 0 < len(found) < 3 else ""


def _owners(name: str, shape: Shape) -> Iterator[str]:
    for key, inner in shape.keys.items():
        below = [inner, *inner.keys.values(), *filter(None, (inner.item, inner.star))]
        if any(name in one.keys or (one.item is not None and name in one.item.keys) for one in below):
            yield key
