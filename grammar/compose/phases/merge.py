"""Merging one file over another, and one service over the service it extends.

Mappings merge key by key, lists are appended, scalars replaced; what differs from that stands in the
`MERGES` table. `unique` then removes what a later entry of a list redefines. Rules and paths are those
of compose-go's `override` package.
"""

from collections.abc import Callable

from stackferry.grammar.compose.tree.node import Node, plain
from stackferry.grammar.compose.tree.path import Patterns, compile_patterns
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.go_format import sprint
from stackferry.grammar.key_path import Path, dotted

Merge = Callable[[Node, Node, Path, "Patterns[Merge] | None", Diagnostics], Node]


def merge(base: Node, over: Node, report: Diagnostics) -> Node:
    """`over` merged over `base`, both whole documents."""
    return _merge(base, over, (), _MERGES, report)


def merge_service(base: Node, over: Node, name: str, report: Diagnostics) -> Node:
    """A service merged over the one it extends."""
    return _merge(base, over, ("services", name), _SERVICE, report)


def _merge(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    if rules is not None and rules.rule is not None:
        return rules.rule(base, over, path, rules, report)
    if over.value is None:
        return base
    kind = type(base.value)
    if kind is dict:
        if type(over.value) is not dict:
            return _refuse(base, over, path, report)
        return _mappings(base, over, path, rules, report)
    if kind is list:
        if type(over.value) is not list:
            return _refuse(base, over, path, report)
        return base._replace(value=[*base.value, *over.value], mark=base.mark or over.mark)
    return over


def _mappings(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    entries = dict(base.value)
    for name, child in over.value.items():
        old = entries.get(name)
        if old is None:
            entries[name] = child
        else:
            below = rules.below(name) if rules is not None else None
            entries[name] = _merge(old, child, (*path, name), below, report)
    return base._replace(value=entries)


def _refuse(base: Node, over: Node, path: Path, report: Diagnostics) -> Node:
    kinds: dict[type, str] = {dict: "a mapping", list: "a list"}
    report.error(
        "merge-kind",
        f"cannot override {dotted(path)}: {kinds.get(type(base.value), 'a value')} cannot be merged with"
        f" {kinds.get(type(over.value), 'a value')}",
        over.span,
        f"write it in the same form as at {base.span}, or tag it !override" if base.span else "",
    )
    return base


def _override(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    return over


def _append(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    return base._replace(value=[*_sequence(base), *_sequence(over)], mark=base.mark or over.mark)


def _append_new(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    known = _sequence(base)
    said = {repr(plain(item)) for item in known}
    new = [item for item in _sequence(over) if repr(plain(item)) not in said]
    return base._replace(value=[*known, *new], mark=base.mark or over.mark)


def _sequence(node: Node) -> list[Node]:
    """A mapping as `key=value` items, a string as one item; anything else has none."""
    value = node.value
    if type(value) is list:
        return value
    if type(value) is str:
        return [node._replace(key=None)]
    if type(value) is not dict:
        return []
    items: list[tuple[str, Node]] = []
    for name, child in value.items():
        if child.value is None:
            items.append((name, child))
        elif type(child.value) is list:
            items.extend((f"{name}={sprint(item.value)}", item) for item in child.value)
        else:
            items.append((f"{name}={sprint(child.value)}", child))
    return [Node(text, child.key or child.mark, None) for text, child in sorted(items, key=lambda item: item[0])]


def _as_mapping(node: Node, default: dict[str, Node]) -> Node:
    """A list of names as a mapping, each with `default` (null if that is empty)."""
    if type(node.value) is not list:
        return node if type(node.value) is dict else node._replace(value={})
    entries = {str(item.value): Node(dict(default) if default else None, item.mark, item.mark) for item in node.value}
    return node._replace(value=entries)


def _build(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    return _mappings(_build_mapping(base), _build_mapping(over), path, rules, report)


def _build_mapping(node: Node) -> Node:
    if type(node.value) is str:
        return node._replace(value={"context": node})
    return node if type(node.value) is dict else node._replace(value={})


_STARTED = {"condition": Node("service_started"), "required": Node(True)}


def _depends_on(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    return _mappings(_as_mapping(base, _STARTED), _as_mapping(over, _STARTED), path, rules, report)


def _names(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    return _mappings(_as_mapping(base, {}), _as_mapping(over, {}), path, rules, report)


def _logging(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    """Options of one log driver mean nothing to another: a different driver replaces the whole."""
    if type(base.value) is not dict or type(over.value) is not dict:
        return _refuse(base, over, path, report)
    old, new = base.get("driver"), over.get("driver")
    if old is None or new is None or old.value == new.value:
        return _mappings(base, over, path, rules, report)
    return over


def _ipam_pools(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    """Pools with the same subnet merge, others are added."""
    if type(base.value) is not list or type(over.value) is not list:
        return _refuse(base, over, path, report)
    report.grow(len(base.value) * len(over.value), "address pools", over.key_span)
    pools: list[Node] = []

    def put(pool: Node, replace: bool) -> None:
        subnet = _plain(pool.get("subnet"))
        for index, other in enumerate(pools):
            if _plain(other.get("subnet")) == subnet:
                if replace:
                    pools[index] = pool
                return
        pools.append(pool)

    for original in base.value:
        old = _as_mapping(original, {})
        for addition in over.value:
            new = _as_mapping(addition, {})
            subnet = _plain(new.get("subnet"))
            # A pool that is there already from an earlier round is merged, as compose-go does.
            known = any(_plain(pool.get("subnet")) == subnet for pool in pools)
            if subnet != _plain(old.get("subnet")) and not known:
                put(new, replace=False)
                continue
            old = _mappings(old, new, path, None, report)
            put(old, replace=True)
    return base._replace(value=pools)


def _plain(node: Node | None) -> object:
    return plain(node) if node is not None else None


MERGES: dict[str, Merge] = {
    "networks.*.ipam.config": _ipam_pools,
    "networks.*.labels": _append,
    "volumes.*.labels": _append,
    "services.*.build": _build,
    "services.*.build.extra_hosts": _append_new,
    "services.*.extra_hosts": _append_new,
    "services.*.command": _override,
    "services.*.entrypoint": _override,
    "services.*.healthcheck.test": _override,
    "services.*.depends_on": _depends_on,
    "services.*.logging": _logging,
    "services.*.models": _names,
    "services.*.networks": _names,
    "services.*.ulimits.*": _override,
    **dict.fromkeys(
        (
            f"services.*.{key}"
            for key in (
                *("annotations", "build.args", "build.additional_contexts", "build.labels", "deploy.labels"),
                *("dns", "dns_opt", "dns_search", "env_file", "label_file", "environment", "labels"),
                *("volumes.*.volume.labels", "sysctls", "tmpfs"),
            )
        ),
        _append,
    ),
}
_MERGES = compile_patterns(MERGES)
_SERVICE = compile_patterns(
    {key.removeprefix("services.*."): rule for key, rule in MERGES.items() if key.startswith("services.*.")}
)
