"""The include phase: imports other compose files, each loaded with its own directory and variables.

Per document, after `interpolate.py`, before `extends.py`: a service may extend an included service.
`compose/stack.py` loads the included files in turn.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stackferry.grammar.compose.phases.merge import identity, merge_imported
from stackferry.grammar.compose.syntax.short_forms import is_remote, join
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.path import drop_paths
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.files import Files
from stackferry.grammar.key_path import Path

IMPORTED = ("services", "jobs", "volumes", "networks", "secrets", "configs", "models")
LONGEST_PATH = 1_000
"""Longest project directory in characters: it becomes part of all paths below it."""
_NO_FILE = "/dev/null"
"""Stands for no env file: even the default env file is not read then."""
_KEYS = ("path", "env_file", "project_directory")


class Inclusion(NamedTuple):
    """One entry of `include`. Paths are as written until `locate` has resolved them.

    `directory` is the project directory as an absolute path, `prefix` the same relative to the including
    stack.
    """

    origin: Node
    paths: tuple[str, ...]
    env_files: tuple[str, ...]
    directory: str
    prefix: str


def inclusions(root: Node, report: Diagnostics) -> list[tuple[Node, dict[str, Node]]]:
    """The entries of `include` in long syntax; entries of a wrong type are reported and left out."""
    section = root.get("include")
    if section is None or section.value is None:
        return []
    if type(section.value) is not list:
        report.error("wrong-type", "include: expected a list", section.span, "write include: [other.yaml]")
        return []
    found = []
    for entry in section.value:
        if type(entry.value) is str:
            found.append((entry, {"path": entry}))
        elif type(entry.value) is dict:
            for name, child in entry.value.items():
                if name not in _KEYS:
                    hint = report.did_you_mean(name, _KEYS) or f"known are {', '.join(_KEYS)}"
                    report.warning("unknown-key", f"include: unknown key {name!r} is ignored", child.key_span, hint)
            found.append((entry, entry.value))
        else:
            report.error("wrong-type", "include: expected a path or a mapping with a path", entry.span)
    return found


def locate(
    origin: Node, fields: Mapping[str, Node], directory: str, files: Files, report: Diagnostics
) -> Inclusion | None:
    """The files and the directory of one entry, relative to `directory`; None if an error was reported."""
    paths = _strings(fields.get("path"), "include.path", report)
    if paths is None or not paths:
        if paths is not None:
            report.error("missing-key", "include: a path is required", origin.span)
        return None
    for path in paths:
        if is_remote(path):
            report.error(
                "remote-refused",
                f"include: {path} is remote, and remote files are not fetched",
                origin.span,
                "clone the repository, and include the path of the file in it",
            )
            return None
    absolute = tuple(path if path.startswith("/") else join(directory, path) for path in paths)
    chosen = fields.get("project_directory")
    if chosen is not None and chosen.value:
        if type(chosen.value) is not str or len(chosen.value) > LONGEST_PATH:
            report.error("wrong-type", "include.project_directory: expected a path", chosen.span)
            return None
        project = chosen.value if chosen.value.startswith("/") else join(directory, chosen.value)
        prefix = chosen.value if chosen.value.startswith("/") else relative(project, directory, files)
    else:
        project = join(absolute[0], "..")
        prefix = relative(project, directory, files)
    env_files = _strings(fields.get("env_file"), "include.env_file", report)
    if env_files is None:
        return None
    located = tuple(path if path.startswith("/") else join(directory, path) for path in env_files if path != _NO_FILE)
    if not env_files:
        default = join(project, ".env")
        located = (default,) if files.exists(default) and not files.is_dir(default) else ()
    return Inclusion(origin, absolute, located, project, prefix)


def relative(path: str, directory: str, files: Files) -> str:
    """`path` relative to `directory`; a path that is no directory stands for its parent."""
    if not files.is_dir(path):
        path = join(path, "..")
    here = [part for part in directory.split("/") if part]
    there = [part for part in path.split("/") if part]
    common = 0
    while common < min(len(here), len(there)) and here[common] == there[common]:
        common += 1
    return "/".join([".."] * (len(here) - common) + there[common:]) or "."


def _strings(node: Node | None, what: str, report: Diagnostics) -> list[str] | None:
    """A string or a list of strings; None if it is neither."""
    if node is None or node.value is None:
        return []
    items = node.value if type(node.value) is list else [node]
    if all(type(item.value) is str for item in items):
        return [item.value for item in items]
    report.error("wrong-type", f"{what}: expected a path or a list of paths", node.span)
    return None


def import_resources(imported: Node, root: Node, resets: Iterable[Path], report: Diagnostics) -> Node:
    """`root` merged over `imported`; what both define is merged, and `root` wins.

    `resets` are the paths that the including document resets.
    """
    entries = dict(root.value)
    for kind in IMPORTED:
        source = imported.get(kind)
        if source is None or type(source.value) is not dict:
            continue
        target = entries.get(kind)
        if target is None or target.value is None:
            target = Node({}, source.mark, source.key) if target is None else target._replace(value={})
        if type(target.value) is not dict:
            # Schema validation refuses it later; docker compose panics.
            continue
        known = dict(target.value)
        for name, child in source.value.items():
            own = known.get(name)
            if own is None:
                known[name] = child
            elif identity(own) != identity(child):
                # An identical resource, such as one included twice, is not merged: its lists would have every item
                # twice.
                below = [path[2:] for path in resets if path[:2] == (kind, name) and len(path) > 2]
                merged = merge_imported(drop_paths(child, below), own, (kind, name), report)
                known[name] = merged._replace(mark=own.mark, key=own.key)
        entries[kind] = target._replace(value=known)
    return root._replace(value=entries)
