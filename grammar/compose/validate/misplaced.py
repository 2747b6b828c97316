"""Sections and services at a wrong level: reports them, and moves them where they belong.

Per file, before extends and merge; `shape.py` would report every key below the mistake instead of the mistake.
"""

from collections.abc import Callable, Mapping

from stackferry.grammar.compose.tree.letters import BLANKS
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.validate.schema import COMPOSE
from stackferry.grammar.compose.validate.shape import Shape
from stackferry.grammar.diagnostics import Diagnostics

_SECTIONS = ("volumes", "networks", "secrets", "configs", "models")
"""Keys that both a service and the top level have."""


def _has_jobs(node: Node) -> bool:
    return type(node.value) is dict and any(one.get("triggers") is not None for one in node.value.values())


_TOP: Mapping[str, Callable[[Node], bool]] = {
    "jobs": _has_jobs,
    "include": lambda node: type(node.value) is list,
    "name": lambda node: type(node.value) is str,
    "version": lambda node: type(node.value) is str,
}
"""Top-level keys, each with a test whether an entry of this name among the services was meant for the top level."""


def settle(new: Node, root: Node, report: Diagnostics) -> Node:
    """`new`, before it is merged over `root`, with misplaced parts reported and moved where they belong."""
    if type(new.value) is not dict:
        return new
    before = root.get("services")
    return _from_services(_to_services(new, report), (before or Node({})).value, report)


def _service_keys() -> Mapping[str, Shape]:
    star = COMPOSE.keys["services"].star
    return star.keys if star is not None else {}


def _is_service(node: Node) -> bool:
    """Whether the node looks like a service: a mapping with a key of a service."""
    return type(node.value) is dict and not _service_keys().keys().isdisjoint(node.value)


def _from_services(root: Node, known: Mapping[str, Node], report: Diagnostics) -> Node:
    """Move sections among the services to the top level; keys of a service are only reported."""
    services = root.get("services")
    if services is None or type(services.value) is not dict:
        return root
    top = {name: child for name, child in services.value.items() if name in _TOP and _TOP[name](child)}
    for name, child in top.items():
        hint = f"move it to the top level: give {name}: the same indentation as services:"
        report.error("misplaced-key", f"{name!r} is indented as if it were a service", child.key_span, hint)
    if top:
        left = {name: child for name, child in services.value.items() if name not in top}
        jobs = {"jobs": _joined(root.get("jobs"), top["jobs"])} if "jobs" in top else {}
        root = root._replace(value={**root.value, **jobs, "services": services._replace(value=left)})
        services = root.value["services"]
    if services.value.keys().isdisjoint(_service_keys()):
        return root
    entries = dict(root.value)
    left = dict(services.value)
    owner = ""
    for name, child in services.value.items():
        if name not in _service_keys() and child.value is None:
            owner = name
        elif owner and name in _service_keys() and type(child.value) is not dict:
            report.error(
                "misplaced-key",
                f"{name!r} is at the same level as {owner}:, not below it",
                child.key_span,
                f"indent {name!r} by one more level",
            )
            del left[name]
            left[owner] = left[owner]._replace(value={**(left[owner].value or {"image": Node("image")}), name: child})
            continue
        elif name not in _service_keys():
            owner = ""
        if name not in _service_keys() or name in known or _may_be_service(name, child):
            continue
        section = name in _SECTIONS
        hint = (
            f"move it to the top level: give {name}: the same indentation as services:"
            if section
            else f"indent {name!r} by one more level"
        )
        report.error("misplaced-key", f"{name!r} is indented as if it were a service", child.key_span, hint)
        del left[name]
        if section:
            entries[name] = _joined(entries.get(name), child if child.value is not None else Node({}))
    return root._replace(value={**entries, "services": services._replace(value=left)})


def _may_be_service(name: str, child: Node) -> bool:
    """Whether a key is meant as the name of a service; an empty entry may become one."""
    if child.value is None:
        return name not in _SECTIONS
    return type(child.value) is not dict or not child.value or _is_service(child)


def _joined(first: Node | None, second: Node) -> Node:
    if first is None or type(first.value) is not dict:
        return second if first is None else first
    if type(second.value) is not dict:
        return first
    return first._replace(value={**second.value, **first.value})


def _to_services(root: Node, report: Diagnostics) -> Node:
    """Move services beside `services:`, or without it, below it; keys of a service there are reported once."""
    known = COMPOSE.keys
    odd = {name: child for name, child in root.value.items() if name not in known and name[:2] != "x-"}
    if not odd:
        return root
    services = root.get("services")
    if services is not None and services.value is None and any(BLANKS.match(name) for name in odd):
        # Indented, but with blanks that YAML does not accept, each of which is reported elsewhere.
        return root._replace(value={**root.value, "services": services._replace(value={})})
    stray = {name: child for name, child in odd.items() if _is_service(child)}
    if stray and (services is None or type(services.value) in (dict, type(None))):
        _tell_stray(stray, services, report)
        held = {**stray, **(services.value or {})} if services is not None else stray
        entries = {name: child for name, child in root.value.items() if name not in stray}
        return root._replace(value={**entries, "services": (services or Node({}))._replace(value=held)})
    bare = {name: child for name, child in odd.items() if name in _service_keys()}
    if bare and (services is None or services.value is None):
        name, child = next(iter(bare.items()))
        report.error(
            "misplaced-key",
            f"{name!r} is a key of services, but is not inside a service",
            child.key_span,
            f"put it below a service: services:, then web: indented by 2 spaces, then {name}: indented by 4",
        )
        # An empty key is probably the name of a service at the wrong level.
        entries = {key: child for key, child in root.value.items() if key not in bare and child.value is not None}
        return root._replace(value={**entries, "services": Node({"web": Node({**bare, "image": Node("web")})})})
    return root


def _tell_stray(stray: Mapping[str, Node], services: Node | None, report: Diagnostics) -> None:
    name, child = next(iter(stray.items()))
    if services is None:
        report.error(
            "misplaced-key",
            f"services: is missing above {name!r}",
            child.key_span,
            f"write services: on its own line, and indent {_listed(stray)} below it",
        )
        return
    for name, child in stray.items():
        report.error(
            "misplaced-key",
            f"{name!r} is at the same level as services:, not below it",
            child.key_span,
            f"indent {name}: and everything below it by 2 more spaces",
        )


def _listed(names: Mapping[str, Node]) -> str:
    shown = [f"{name}:" for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:3])}{'…' if len(shown) > 3 else ''}"
