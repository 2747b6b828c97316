"""Converts short syntax to long: every value that can be written in two ways gets the longer form.

After merging, before defaults and validation: `ports: ["8080:80"]` becomes a list of mappings,
`depends_on: [db]` a mapping of mappings, and so on. One function per notation, one table row per path; the paths
are those of compose-go's `transform` package. All values made from one string share its position.
"""

from collections.abc import Callable
from functools import partial

from stackferry.grammar.compose.syntax.mount import cleaned, parse_mount
from stackferry.grammar.compose.syntax.port import parse_port
from stackferry.grammar.compose.syntax.short_forms import ShorthandError, parse_device
from stackferry.grammar.compose.tree.containers import CONTAINER_PATHS, WORKLOAD_PATHS, for_each
from stackferry.grammar.compose.tree.node import Node, lift
from stackferry.grammar.compose.tree.path import compile_patterns, rewrite
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.go_format import sprint
from stackferry.grammar.key_path import Path, dotted


class _UnfitError(Exception):
    """The value fits neither syntax."""


Longer = Callable[[Node], Node]

MOST_PORTS = 70_000
"""Most ports of one service: a few more than exist."""
_PORT_SIZE = 5
"""How many values a port in long syntax has."""


def longform(root: Node, report: Diagnostics, lenient: bool = False) -> Node:
    """`root` in long syntax. `lenient` leaves unparsable values alone: they may still contain a variable."""
    return rewrite(root, _RULES, partial(_apply, report=report, lenient=lenient))


def _apply(rule: Longer, node: Node, path: Path, report: Diagnostics, lenient: bool) -> Node:
    try:
        longer = rule(node)
        if type(longer.value) is type(node.value) is list and len(longer.value) > len(node.value):
            report.grow(_PORT_SIZE * (len(longer.value) - len(node.value)), "ranges of ports", node.key_span)
        return longer
    except ShorthandError as error:
        if not lenient:
            report.error("short-syntax", f"{dotted(path)}: {error}", _culprit(node, error).span, error.hint)
    except _UnfitError as error:
        if not lenient:
            report.error("wrong-type", f"{dotted(path)}: {error}", node.span)
    return node


def _culprit(node: Node, error: ShorthandError) -> Node:
    """The list item that an error quotes, to report its place instead of the list's."""
    if type(node.value) is list:
        return next((item for item in node.value if repr(sprint(item.value)) in str(error)), node)
    return node


def _made(value: object, origin: Node) -> Node:
    return lift(value, origin.mark, origin.key)


def _wrapped(key: str, node: Node) -> Node:
    """A string as a mapping with one key."""
    if type(node.value) is str:
        return node.holding({key: node._replace(key=None)})
    return node


def _strings(node: Node) -> Node:
    if type(node.value) is str:
        return node.holding([node._replace(key=None)])
    return node


def _text(node: Node) -> Node:
    return node if type(node.value) is str else node.holding(sprint(node.value))


def _pairs(node: Node) -> Node:
    """`key=value` items as a mapping; every item needs its `=`."""
    if type(node.value) is not list:
        return node
    entries = {}
    for item in node.value:
        key, equals, value = str(item.value).partition("=")
        if not equals:
            raise _UnfitError(f"expected key=value, got {item.value!r}")
        entries[key] = Node(value, item.mark, item.mark)
    return node.holding(entries)


def _named(node: Node) -> Node:
    """A list of names as a mapping to null."""
    if type(node.value) is not list:
        return node
    return node.holding({str(item.value): Node(None, item.mark, item.mark) for item in node.value})


def _depends_on(node: Node) -> Node:
    if type(node.value) is list:
        entries = {
            str(item.value): Node({"condition": Node("service_started"), "required": Node(True)}, item.mark, item.mark)
            for item in node.value
        }
        return node.holding(entries)
    if type(node.value) is not dict:
        raise _UnfitError("expected a list of services or a mapping")
    entries = {}
    for name, child in node.value.items():
        if type(child.value) is not dict:
            raise _UnfitError(f"{name}: expected a mapping with a condition")
        defaults = {"condition": Node("service_started"), "required": Node(True)}
        entries[name] = child.holding({**defaults, **child.value})
    return node.holding(entries)


def _env_files(node: Node) -> Node:
    items = [node._replace(key=None)] if type(node.value) is str else node.value
    if type(items) is not list:
        raise _UnfitError("expected a path or a list of files")
    return node.holding([_env_file(item) for item in items])


def _env_file(node: Node) -> Node:
    if type(node.value) is str:
        return node.holding({"path": node._replace(key=None), "required": Node(True)})
    if type(node.value) is not dict:
        raise _UnfitError("expected a path, or a mapping with a path")
    return node if "required" in node.value else node.holding({**node.value, "required": Node(True)})


def _gpus(node: Node) -> Node:
    if type(node.value) is str:
        return node.holding([_made({"count": "all"}, node)])
    if type(node.value) is not list:
        raise _UnfitError("expected `all` or a list of device requests")
    return node


def _mount(node: Node) -> Node:
    if type(node.value) is not str:
        return node
    return _made(cleaned(parse_mount(node.value)), node)


def _device(node: Node) -> Node:
    return _made(parse_device(node.value), node) if type(node.value) is str else node


def _ports(node: Node) -> Node:
    if type(node.value) is not list:
        raise _UnfitError("expected a list of ports")
    ports: list[Node] = []
    for item in node.value:
        kind = type(item.value)
        if kind is dict:
            ports.append(item)
        elif kind in (str, int):
            # Port 0 means no port: whoever asks for the target finds it missing.
            parsed = ({key: part for key, part in port.items() if part != 0} for port in parse_port(str(item.value)))
            ports.extend(_made(port, item) for port in parsed)
            if len(ports) > MOST_PORTS:
                raise _UnfitError(f"more than {MOST_PORTS:,} ports")
        else:
            raise _UnfitError(f"{sprint(item.value)} is not a port")
    return node.holding(ports)


def _ssh(node: Node) -> Node:
    if type(node.value) is not list:
        return node
    entries = {}
    for item in node.value:
        name, equals, path = str(item.value).partition("=")
        if not equals and name != "default":
            raise _UnfitError(f"invalid ssh key {name!r}: write default or id=path")
        entries[name] = Node(path if equals else None, item.mark, item.mark)
    return node.holding(entries)


def _ulimit(node: Node) -> Node:
    if type(node.value) not in (dict, int):
        raise _UnfitError(f"{sprint(node.value)} is not a limit: expected a number, or a mapping with soft and hard")
    return node


def _external(node: Node) -> Node:
    """`external: {name: x}`, the old way of naming an external resource, as `external: true` and `name`."""
    external = node.get("external")
    if external is None or type(external.value) is not dict:
        return node
    entries = {**node.value, "external": external.holding(True)}
    name, old = node.get("name"), external.get("name")
    if old is not None:
        if name is not None and name.value != old.value:
            raise _UnfitError("name and external.name differ: only use name")
        entries.setdefault("name", old)
    return node.holding(entries)


_CONTAINER: dict[str, Longer] = {
    "configs.*": partial(_wrapped, "source"),
    "devices.*": _device,
    "dns": _strings,
    "env_file": _env_files,
    "gpus": _gpus,
    "label_file": _strings,
    "models": _named,
    "networks": _named,
    "secrets.*": partial(_wrapped, "source"),
    "ulimits.*": _ulimit,
    "volumes.*": _mount,
}
_WORKLOAD: dict[str, Longer] = {
    "build": partial(_wrapped, "context"),
    "build.additional_contexts": _pairs,
    "build.provenance": _text,
    "build.sbom": _text,
    "build.secrets.*": partial(_wrapped, "source"),
    "build.ssh": _ssh,
    "build.ulimits.*": _ulimit,
    "depends_on": _depends_on,
    "extends": partial(_wrapped, "service"),
    "ports": _ports,
}
LONGER: dict[str, Longer] = {
    **for_each(CONTAINER_PATHS, _CONTAINER),
    **for_each(WORKLOAD_PATHS, _WORKLOAD),
    "services.*.develop.watch.*.ignore": _strings,
    "services.*.develop.watch.*.include": _strings,
    "jobs.*.triggers.schedule.*": partial(_wrapped, "cron"),
    "configs.*": _external,
    "networks.*": _external,
    "secrets.*": _external,
    "volumes.*": _external,
}
_RULES = compile_patterns(LONGER)


def drop_empty(root: Node) -> Node:
    """`root` without empty entries that have no meaning: those of `dns`."""
    return rewrite(root, _OMITTED, lambda _rule, node, _path: _without_empty(node))


def _without_empty(node: Node) -> Node:
    if type(node.value) is list and any(item.value in (None, "") for item in node.value):
        return node.holding([item for item in node.value if item.value not in (None, "")])
    return node


_OMITTED = compile_patterns({f"{path}.dns": True for path in WORKLOAD_PATHS})
