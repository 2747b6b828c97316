"""Merges one file over another, and one service over the service it extends.

Mappings merge key by key, lists are appended without duplicates, scalars are replaced; the
exceptions are in the `MERGES` table. `unique` then removes list entries that a later entry redefines.
Rules and paths are those of compose-go's `override` package.
"""

from collections.abc import Callable

from stackferry.grammar.compose.phases.unique import name_of, redefined
from stackferry.grammar.compose.tree.containers import WORKLOAD_PATHS, for_each
from stackferry.grammar.compose.tree.node import Node, plain
from stackferry.grammar.compose.tree.path import Patterns, compile_patterns
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.go_format import sprint
from stackferry.grammar.key_path import Path, dotted

Merge = Callable[[Node, Node, Path, "Patterns[Merge] | None", Diagnostics], Node]


def merge(base: Node, over: Node, report: Diagnostics) -> Node:
    """`over` merged over `base`, both whole documents."""
    return _merge(base, over, (), _MERGES, report)


def merge_imported(base: Node, over: Node, path: Path, report: Diagnostics) -> Node:
    """A service or other resource at `path`, merged over the included one of the same name."""
    rules: Patterns[Merge] | None = _MERGES
    for part in path:
        rules = rules.below(part) if rules is not None else None
    return _merge(base, over, path, rules, report)


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
        return _append(base, over, path, rules, report)
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
    report.error(
        "merge-kind",
        f"cannot override {dotted(path)}: {_kind(base)} cannot be merged with {_kind(over)}",
        over.span,
        f"write it in the same form as at {base.span}, or tag it !override" if base.span else "",
    )
    return base


def _kind(node: Node) -> str:
    kinds: dict[type, str] = {dict: "a mapping", list: "a list"}
    return kinds.get(type(node.value), "a value")


def _override(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    return over


def _append(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    """The items of `base`, followed by those of `over` that are not duplicates."""
    items = list(_sequence(base))
    said = {identity(item) for item in items}
    for item in _sequence(over):
        if (same := identity(item)) not in said:
            said.add(same)
            items.append(item)
    # Without items, a base that is no list stays null, which docker compose refuses.
    value = items if items or type(base.value) is list else None
    return base._replace(value=value, mark=base.mark or over.mark)


def identity(node: Node) -> object:
    """A hashable value, equal for nodes that Go's DeepEqual finds equal: types matter, the order of keys does not."""
    value = node.value
    if type(value) is dict:
        return frozenset((name, identity(child)) for name, child in value.items())
    if type(value) is list:
        return tuple(identity(child) for child in value)
    return type(value), value


def _variables(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    """`NAME=value` items: the last of a name replaces the first, in its position."""
    items = redefined([*_sequence(base), *_sequence(over)], name_of, path, report)
    return base._replace(value=items, mark=base.mark or over.mark)


def _sequence(node: Node) -> list[Node]:
    """A mapping as `key=value` items, a string as one item; any other scalar as no items."""
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


def _as_mapping(node: Node, default: dict[str, Node], path: Path, report: Diagnostics) -> Node:
    """One or several names as a mapping from each name to `default` (null if that is empty)."""
    value = node.value
    if type(value) is dict:
        return node
    if value is None:
        return node._replace(value={})
    entries = {}
    for item in value if type(value) is list else [node]:
        if type(item.value) is str:
            entries[item.value] = Node(dict(default) if default else None, item.mark, item.mark)
        else:
            report.error("wrong-type", f"{dotted(path)}: expected a name, got {_kind(item)}", item.span)
    return node._replace(value=entries)


def _build(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    return _mappings(_build_mapping(base), _build_mapping(over), path, rules, report)


def _build_mapping(node: Node) -> Node:
    if type(node.value) is str:
        return node._replace(value={"context": node})
    return node if type(node.value) is dict else node._replace(value={})


_STARTED = {"condition": Node("service_started"), "required": Node(True)}


def _depends_on(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    old, new = (_as_mapping(node, _STARTED, path, report) for node in (base, over))
    return _mappings(old, new, path, rules, report)


def _names(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    old, new = (_as_mapping(node, {}, path, report) for node in (base, over))
    return _mappings(old, new, path, rules, report)


def _limit(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    """Merge soft and hard limits separately; a number stands for both."""
    both = type(base.value) is type(over.value) is dict
    return _mappings(base, over, path, rules, report) if both else over


def _logging(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    """Replace the whole section if the driver differs: options of one log driver mean nothing to another."""
    if type(base.value) is not dict or type(over.value) is not dict:
        return _refuse(base, over, path, report)
    old, new = base.get("driver"), over.get("driver")
    if old is None or new is None or old.value == new.value:
        return _mappings(base, over, path, rules, report)
    return over


def _ipam_pools(base: Node, over: Node, path: Path, rules: "Patterns[Merge] | None", report: Diagnostics) -> Node:
    """Merge pools with the same subnet, append others."""
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

    additions = [_as_mapping(addition, {}, path, report) for addition in over.value]
    for original in base.value:
        old = _as_mapping(original, {}, path, report)
        for new in additions:
            subnet = _plain(new.get("subnet"))
            # A pool already merged in an earlier round is merged again, as compose-go does.
            known = any(_plain(pool.get("subnet")) == subnet for pool in pools)
            if subnet != _plain(old.get("subnet")) and not known:
                put(new, replace=False)
                continue
            old = _mappings(old, new, path, None, report)
            put(old, replace=True)
    return base._replace(value=pools)


def _plain(node: Node | None) -> object:
    return plain(node) if node is not None else None


_WORKLOAD: dict[str, Merge] = {
    "build": _build,
    "command": _override,
    "entrypoint": _override,
    "healthcheck.test": _override,
    "depends_on": _depends_on,
    "logging": _logging,
    "models": _names,
    "networks": _names,
    "ulimits.*": _limit,
    **dict.fromkeys(
        ("build.extra_hosts", "dns", "dns_opt", "dns_search", "env_file", "extra_hosts", "label_file", "tmpfs"), _append
    ),
    **dict.fromkeys(
        (
            *("annotations", "build.additional_contexts", "build.args", "build.labels", "environment", "labels"),
            *("sysctls", "volumes.*.volume.labels"),
        ),
        _variables,
    ),
}
MERGES: dict[str, Merge] = {
    "networks.*.ipam.config": _ipam_pools,
    **{f"{kind}.*.labels": _variables for kind in ("networks", "volumes", "secrets", "configs")},
    **for_each(WORKLOAD_PATHS, _WORKLOAD),
    "services.*.deploy.labels": _variables,
}
_MERGES = compile_patterns(MERGES)
_SERVICE = compile_patterns(
    {key.removeprefix("services.*."): rule for key, rule in MERGES.items() if key.startswith("services.*.")}
)
