"""Lists where a later entry redefines an earlier one: ports, mounts, variables, labels, files.

Runs after merging (entries of two files) and again after the long syntax is made (ranges can collide).
Each path of the table has a key function; of entries with equal keys the last replaces the first, in
its position. Paths and keys are those of compose-go's `override.EnforceUnicity`.
"""

from collections.abc import Callable, Sequence
from functools import partial

from stackferry.grammar.compose.syntax.mount import parse_mount
from stackferry.grammar.compose.syntax.short_forms import ShorthandError
from stackferry.grammar.compose.tree.node import Node
from stackferry.grammar.compose.tree.parted import pair_of, scalar, without_blank
from stackferry.grammar.compose.tree.path import compile_patterns, rewrite
from stackferry.grammar.diagnostics import Diagnostics
from stackferry.grammar.go_format import sprint
from stackferry.grammar.key_path import Path, dotted

KeyOf = Callable[[Node], str]


class _NoKeyError(Exception):
    """The entry lacks a part of its key; `hint` says what to type."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def unique(root: Node, report: Diagnostics) -> Node:
    """`root` with redefined entries removed; an entry without a key is reported and dropped."""
    return rewrite(root, _KEYS, partial(_unique, report=report))


def _unique(key_of: KeyOf, node: Node, path: Path, report: Diagnostics) -> Node:
    if type(node.value) is not list:
        return node
    entries = redefined(node.value, key_of, path, report)
    return node if len(entries) == len(node.value) else node._replace(value=entries)


def redefined(listed: Sequence[Node], key_of: KeyOf, path: Path, report: Diagnostics) -> list[Node]:
    """The entries; of those with equal keys, the last one in the position of the first."""
    entries: list[Node] = []
    places: dict[str, int] = {}
    for index, entry in enumerate(listed):
        try:
            key = key_of(entry)
        except _NoKeyError as error:
            report.error("missing-key", f"{dotted((*path, index))}: {error}", entry.span, error.hint)
            continue
        except ShorthandError as error:
            report.error("mount-syntax", f"{dotted((*path, index))}: {error}", entry.span, error.hint)
            continue
        if key in places:
            entries[places[key]] = entry
        else:
            places[key] = len(entries)
            entries.append(entry)
    return entries


def name_of(entry: Node) -> str:
    """`key=value`: the key."""
    if type(entry.value) is not str:
        pair = pair_of(entry)
        hint = f"write - {pair[0]}={pair[1]}" if pair else ""
        raise _NoKeyError("expected NAME=value; or write the whole list as a mapping, without dashes", hint)
    return entry.value.partition("=")[0]


def _text(entry: Node) -> str:
    """The same for a section that can only be a list."""
    if type(entry.value) is str:
        return entry.value.partition("=")[0]
    if type(entry.value) in (dict, list, type(None)):
        raise _NoKeyError("expected text", without_blank(entry, ()))
    raise _NoKeyError("expected text", f'quote it to make it text: "{scalar(entry.value)}"')


def _field(entry: Node, name: str, what: str, known: tuple[str, ...] = ()) -> str:
    child = entry.get(name)
    if child is None or type(child.value) is not str:
        raise _NoKeyError(what, without_blank(entry, (name, *known)))
    return child.value


def _mount(entry: Node) -> str:
    if type(entry.value) is str:
        return str(parse_mount(entry.value)["target"])
    return _field(
        entry, "target", "the mount has no target", ("type", "source", "read_only", "bind", "volume", "tmpfs", "image")
    )


def _device(entry: Node) -> str:
    if type(entry.value) is str:
        source, _, rest = entry.value.partition(":")
        return rest.partition(":")[0] if rest else source
    return _field(entry, "target", "the device has no target", ("source", "permissions"))


def _file(entry: Node, directory: str) -> str:
    if type(entry.value) is str:
        return f"{directory}/{entry.value}"
    target = entry.get("target")
    if target is not None:
        return str(target.value)
    source = entry.get("source")
    return f"{directory}/{source.value if source else '<nil>'}"


def _exposed(entry: Node) -> str:
    if type(entry.value) not in (str, int):
        raise _NoKeyError("expected a whole number, or text like 8000-8010")
    return sprint(entry.value)


def _port(entry: Node) -> str:
    if type(entry.value) is not dict:
        return sprint(entry.value)
    target = entry.get("target")
    if target is None:
        known = ("published", "protocol", "mode", "host_ip", "name", "app_protocol")
        raise _NoKeyError("the port has no target", without_blank(entry, known))

    def said(name: str, default: str) -> str:
        child = entry.get(name)
        return default if child is None else sprint(child.value)

    # As in compose-go, an absent value differs from an empty one, and a number from its text.
    published = entry.get("published")
    public = "" if published is None else f"{type(published.value).__name__} {sprint(published.value)}"
    address = said("host_ip", "0.0.0.0")  # noqa: S104 - the default's name
    return f"{address}:{public}:{sprint(target.value)}/{said('protocol', 'tcp')}"


def _env_file(entry: Node) -> str:
    return str(entry.value) if type(entry.value) is str else _field(entry, "path", "the env file has no path")


KEYS: dict[str, KeyOf] = {
    "networks.*.labels": name_of,
    "networks.*.ipam.options": name_of,
    "services.*.ports": _port,
    "services.*.volumes": _mount,
    "services.*.devices": _device,
    "services.*.expose": _exposed,
    "services.*.env_file": _env_file,
    "services.*.configs": partial(_file, directory=""),
    "services.*.secrets": partial(_file, directory="/run/secrets"),
    **dict.fromkeys(
        (
            f"services.*.{key}"
            for key in (
                *("annotations", "build.args", "build.additional_contexts", "build.labels", "deploy.labels"),
                *("environment", "labels", "sysctls"),
            )
        ),
        name_of,
    ),
    **dict.fromkeys(
        (
            f"services.*.{key}"
            for key in (
                *("build.platform", "build.tags", "cap_add", "cap_drop", "dns", "dns_opt", "dns_search", "links"),
                *("networks.*.aliases", "networks.*.link_local_ips", "profiles", "tmpfs"),
            )
        ),
        _text,
    ),
}
_KEYS = compile_patterns(KEYS)
