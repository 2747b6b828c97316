"""Makes relative paths absolute: builds, mounts, env files, configs, secrets, watched folders.

Per document, against the directory that its paths are relative to. That may itself be relative: for an
included or extended file it is resolved again with the file that refers to it. Paths of the table and
their rules as in compose-go's `paths` package.
"""

from collections.abc import Callable
from functools import partial

from stackferry.grammar.compose.syntax.short_forms import absolute, host_path
from stackferry.grammar.compose.tree.containers import CONTAINER_PATHS, WORKLOAD_PATHS, for_each
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.path import compile_patterns, rewrite
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.files import Files
from stackferry.grammar.key_path import Path, dotted

Resolve = Callable[[str], str]
Rule = Callable[[Node, "_Base"], Node]

_REMOTE = ("https://", "http://", "git://", "ssh://", "github.com/", "git@")


class _NoSourceError(Exception):
    """A bind mount without a source."""


class _Base:
    """The directory that paths are joined to."""

    def __init__(self, directory: str, files: Files) -> None:
        self.directory = directory
        self.files = files

    def join(self, path: str) -> str:
        """The joined path: absolute, or relative to the same place as `directory`; `~` is the home directory."""
        return absolute(path, self.directory, self.files.home)


def resolve_paths(root: Node, directory: str, files: Files, report: Diagnostics) -> Node:
    """`root` with the paths of the table joined to `directory`."""
    return rewrite(root, _RULES, partial(_apply, base=_Base(directory, files), report=report))


def _apply(rule: Rule, node: Node, path: Path, base: _Base, report: Diagnostics) -> Node:
    try:
        return rule(node, base)
    except _NoSourceError:
        report.error("bind-source", f"{dotted(path)}: a bind mount needs a source", node.key_span or node.span)
    return node


def _path(node: Node, base: _Base) -> Node:
    return node._replace(value=base.join(node.value)) if type(node.value) is str else node


def _host_path(node: Node, base: _Base) -> Node:
    if type(node.value) is not str:
        return _path(node, base)
    return node._replace(value=host_path(node.value, base.directory, base.files.home))


def _context(node: Node, base: _Base) -> Node:
    value = node.value
    if type(value) is not str or "://" in value or value.startswith(("service:", *_REMOTE)):
        return node
    return _path(node, base)


def _watched(node: Node, base: _Base) -> Node:
    absolute = _path(node, base)
    if type(absolute.value) is not str:
        return node
    return absolute._replace(value=base.files.resolve_link(absolute.value))


def _mount(node: Node, base: _Base) -> Node:
    kind = node.get("type")
    if kind is None or kind.value != "bind":
        return node
    source = node.get("source")
    if source is None:
        raise _NoSourceError
    return node._replace(value={**node.value, "source": _host_path(source, base)})


def _volume(node: Node, base: _Base) -> Node:
    """With `o: bind`, the local driver makes a volume of a host directory."""
    driver, options = node.get("driver"), node.get("driver_opts")
    if driver is None or driver.value != "local" or options is None:
        return node
    kind, device = options.get("o"), options.get("device")
    if kind is None or kind.value != "bind" or device is None:
        return node
    entries = {**options.value, "device": _host_path(device, base)}
    return node._replace(value={**node.value, "driver_opts": options._replace(value=entries)})


RULES: dict[str, Rule] = {
    **for_each(CONTAINER_PATHS, {"env_file.*.path": _path, "label_file.*": _path, "volumes.*": _mount}),
    **for_each(
        WORKLOAD_PATHS,
        {
            "build.context": _context,
            "build.additional_contexts.*": _context,
            "build.ssh.*": _host_path,
            "extends.file": _path,
        },
    ),
    "services.*.develop.watch.*.path": _watched,
    "configs.*.file": _host_path,
    "secrets.*.file": _host_path,
    "volumes.*": _volume,
}
_RULES = compile_patterns(RULES)
